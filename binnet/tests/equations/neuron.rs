//! Neurons by their equations.

use binnet::neuron::{Equations as _, Neuron, StepContext};

binnet::neuron! {
    /// Leaky integrate-and-fire neuron with conductance-based synapses.
    pub struct CobaLif {
        param c_m     = 200 pF;
        param g_leak  = 10 nS;
        param v_rest  = -60 mV;
        param v_th    = -50 mV;
        param v_reset = -60 mV;
        param t_ref   = 5 ms;
        param i_ext   = 200 pA;
        param e_exc   = 0 mV;
        param e_inh   = -80 mV;
        param tau_exc = 5 ms;
        param tau_inh = 10 ms;

        state v     = v_rest;
        state g_exc = 0 nS;
        state g_inh = 0 nS;

        dg_exc/dt = -g_exc / tau_exc;
        dg_inh/dt = -g_inh / tau_inh;
        let i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v);
        dv/dt = (g_leak * (v_rest - v) + i_syn + i_ext) / c_m;

        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}

#[test]
fn a_neuron_alone() {
    let mut n: CobaLif = CobaLif { i_ext: 300.0, ..CobaLif::default() };
    let mut spikes = Vec::new();
    for k in 0..3000 {
        let cx = StepContext { t: 0.1 * f64::from(k), ..StepContext::new(0.1) };
        let s = Neuron::step(&mut n, &cx);
        if s.any() {
            spikes.push(k);
            Neuron::reset(&mut n, &cx, s);
        }
    }
    // -60 + 30 (1 - exp(-t/20)) reaches -50 after 20 ln(1.5) = 8.1 ms; then every 8.1 + 5 ms.
    assert_eq!(spikes[0], 81);
    assert_eq!(spikes[1] - spikes[0], 81 + 50, "{spikes:?}");
}

#[test]
fn a_neuron_says_what_it_computes() {
    let text = CobaLif::equations();
    assert!(text.markdown().contains("| `c_m` | param | 200 | pF |"));
    assert!(text.latex().contains(r"\frac{\mathrm{d}v}{\mathrm{d}t}"));
    assert!(text.explain().contains("i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v)   [pA]"), "{}", text.explain());
    assert!(text.explain().contains("v: (-g_leak + (-g_exc - g_inh)) / c_m"), "{}", text.explain());
}

mod bounded {
    use binnet::prelude::*;

    neuron! {
        /// A gate that may be driven out of its bounds, and one that is clipped.
        pub struct Gate {
            local tau = 5 ms > 0 ms;
            param goal = 0.8;
            state m = 0.5 within 0..=1;
            state n = 0.5 in 0..=1;
            dm/dt = (goal - m) / tau;
            dn/dt = (goal - n) / tau;
        }
    }

    network! {
        /// Some of them.
        pub struct Gates {
            clock 0.1 ms;
            population gates: Gate[100] { tau: uniform(4 ms, 6 ms), m: 0.25 };
            record gates.m every 1 ms;
        }
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        let mut net = Gates::builder().seed(1).build().unwrap();
        net.run(20.ms()).unwrap();
        let message = net.set_values("gates", "tau", Init::Value(-1.0)).unwrap_err().to_string();
        assert!(message.contains("`tau` of `Gate` is -1 ms") && message.contains("above 0 ms"), "{message}");
        let mut gates = Population::<Gate, 3>::new();
        let mut rng = binnet::rng::Streams::new(1).named("x");
        assert!(gates.init("m", Init::Value(1.5), &mut rng).unwrap_err().to_string().contains("in 0..=1"));
        gates.init("n", Init::Value(1.5), &mut rng).expect("it will be clipped");
    }

    #[test]
    fn a_state_that_leaves_its_bounds_stops_the_run() {
        let mut net = Gates::builder().seed(1).build().unwrap();
        net.set_values("gates", "goal", Init::Value(1.2)).unwrap();
        let message = net.run(1.s()).unwrap_err().to_string();
        assert!(message.contains("`m` of neuron") && message.contains("it must be in 0..=1"), "{message}");
        assert!(net.values("gates", "n").unwrap().iter().all(|n| (0.0..=1.0).contains(n)), "clipped");
        assert!(net.explain().contains("dm/dt = (goal - m) / tau"), "{}", net.explain());
        net.set_sentinel(false);
        net.run(1.s()).unwrap();
        assert_eq!(net.values("gates", "n").unwrap(), [1.0; 100]);
    }
}

/// A function of the user's in an equation, and methods of single equations.
mod own_functions {
    use binnet::integrate::{Euler, ExponentialEulerDiagJac, Rk4};
    use binnet::neuron::{Scalar, Single};
    use binnet::prelude::*;

    /// Saturates at 1.
    fn saturating<T: Scalar>(x: T) -> T {
        x / (T::of(1.0) + x)
    }

    neuron! {
        /// A rate with a gain of the user's.
        pub struct Rate {
            param tau = 10 ms;
            param drive = 2.0;
            state r = 0.1;
            state slow = 0.0;
            dr/dt = (self::saturating(drive + 0.5 * r) - r) / tau;
            dslow/dt = (r - slow) / (2 * tau) by euler;
            output r;
        }
    }

    fn ends<I>(dt: f64) -> [f64; 2]
    where
        Rate: binnet::neuron::Advance<I>,
    {
        let mut neuron = Single::<Rate, I>::new(Rate::default(), Time::from_ms(dt));
        (0..(10.0 / dt).round() as u32).for_each(|_| _ = neuron.step());
        [neuron.r, neuron.slow]
    }

    #[test]
    fn each_equation_has_its_method() {
        let exact = ends::<Rk4>(0.01);
        type Own = <Rate as Model>::Method;
        let (own, rk4, euler) = (ends::<Own>(1.0), ends::<Rk4>(1.0), ends::<Euler>(1.0));
        let far = |x: [f64; 2]| [(x[0] - exact[0]).abs(), (x[1] - exact[1]).abs()];
        assert_eq!(own[0], rk4[0], "`r` does not depend on `slow`");
        assert!(far(own)[0] < 1e-3 * far(euler)[0]);
        assert!(far(own)[1] > 100.0 * far(rk4)[1], "`slow` is advanced by euler");
    }

    #[test]
    fn slopes_go_through_the_function() {
        // With the slope by dual numbers, the exponential method is second order near the fixed point: much
        // better than Euler.
        let exact = ends::<Rk4>(0.01)[0];
        let far = |x: f64| (x - exact).abs();
        assert!(far(ends::<ExponentialEulerDiagJac>(1.0)[0]) < 0.3 * far(ends::<Euler>(1.0)[0]));
    }
}

binnet::neuron! {
    /// Intermediate values that are used more than once each.
    struct Chain {
        param p = 0.3;
        state x = 0.7;
        state y = 0.2;
        let a = tanh(x) * x + p * y;
        let b = a * a + a / (1 + a);
        let c = if b > y { b * b - a } else { b };
        dx/dt = (c * b - x) / 1 ms;
        dy/dt = (max(c, x) * y - sqrt(1 + b)) / 1 ms;
    }
}

#[test]
fn slopes_through_intermediate_values_are_those_of_the_right_sides() {
    let (n, cx) = (<Chain>::default(), StepContext::new(0.1));
    let step = 1e-6;
    let slopes = n.slopes(&[n.x, n.y], 0.0, &cx, false);
    for (i, slope) in slopes.into_iter().enumerate() {
        let at = |change: f64| {
            let mut x = [n.x, n.y];
            x[i] += change;
            n.drift(&x, 0.0, &cx)[i]
        };
        let difference = (at(step) - at(-step)) / (2.0 * step);
        assert!((slope - difference).abs() < 1e-7, "{i}: {slope} {difference}");
    }
}

/// Equations with many functions, under every set of vector instructions.
mod same_bits {
    use binnet::asynchronous::Instructions;
    use binnet::clocked::{Cells, Clocked, ClockedOptions};
    use binnet::integrate::{EulerMaruyama, Exact, ExponentialEuler, Rk4};
    use binnet::models::neurons::{HodgkinHuxley, LifCurrent, TraubMiles};
    use binnet::neuron::{Advance, Method};
    use binnet::prelude::*;
    use binnet::rng::Streams;

    neuron! {
        /// A noisy neuron.
        pub struct Noisy {
            param tau = 10 ms;
            state v = 0 mV;
            dv/dt = -v / tau + 5 mV * sqrt(2 / tau) * xi;
            spike when v > 6 mV { v = 0 mV; refractory 1 ms holding v; }
        }
    }

    /// All states after some steps, as bits.
    fn run<M: Advance<I>, I: Method>(instructions: Instructions, state: &str) -> (Vec<u64>, u64) {
        let mut options = ClockedOptions::seeded(3);
        options.instructions = instructions;
        let values = vec![(state, Init::Uniform(-70.0, 5.0))];
        // Not a multiple of a tile.
        let cells = Cells::<M, I, 150>::build("cells", values, &Streams::new(options.seed)).unwrap();
        let mut net = Clocked::new("cells", 0.01.ms(), options, cells).unwrap();
        net.run_steps(2000).unwrap();
        let states = net.values("cells", state).unwrap();
        (states.into_iter().map(f64::to_bits).collect(), net.spike_count(0))
    }

    fn check<M: Advance<I>, I: Method>(state: &str) {
        let best = run::<M, I>(Instructions::Detect, state);
        assert!(best.1 > 0, "spikes");
        for instructions in [Instructions::UpToAvx2, Instructions::Baseline] {
            assert_eq!(run::<M, I>(instructions, state), best, "{}", M::NAME);
        }
    }

    #[test]
    fn whatever_the_instructions() {
        check::<HodgkinHuxley, ExponentialEuler>("v");
        check::<HodgkinHuxley<f32>, Rk4>("v");
        check::<TraubMiles, Rk4>("v");
        check::<LifCurrent, Exact>("v");
        check::<Noisy, EulerMaruyama>("v");
    }
}

mod stepped {
    use binnet::clocked::Operator;
    use binnet::neuron::{Advance, Scalar, Update};
    use binnet::prelude::*;

    neuron! {
        /// A current that decays and is fed by its own spikes; `half` is a value that nobody can compute before.
        pub struct Leak {
            local tau = 10 ms > 0 ms;
            local pulse = 1 us > 0 ms;
            param gain = 3;
            state i = 0 in 0..=2;
            state out = 0;
            input x: 1;
            let decay = exp(-dt / tau);
            let charge = 1 - exp(-pulse / tau);
            let fast = gain * charge;
            let half = self::halved(gain);
            let now = i * half;
            update {
                out = now;
                i = decay * i + fast * x;
            }
            spike count 2.5 * x { i += 0.5; }
        }
    }

    fn halved<T: Scalar>(x: T) -> T {
        x / T::of(2.0)
    }

    network! {
        /// Neurons that agree in all that is computed before, and neurons that do not.
        struct Both {
            clock 1 ms;
            precision f32;
            population same: Leak[70];
            population each: Leak[70] { tau: |i| 10.0 + i as f64, gain: 5 };
            stimulus same.x += pulses(2, 3 ms, 1 ms);
            stimulus each.x += pulses(1e4, 3 ms, 1 ms);
            record same.spikes;
        }
    }

    #[test]
    fn what_follows_from_parameters_is_computed_before() {
        let text = Leak::equations().explain();
        let before = text.split_once("are set:\n").map(|(_, values)| values).unwrap();
        assert_eq!(before.lines().count(), 3, "a function of the user's may do anything: {before}");
        assert!(before.contains("decay = exp(-(dt / tau))") && before.contains("fast = gain * charge"), "{before}");
        // In double precision, though the fields are in single precision: 1 - exp(-1e-4) would lose four digits.
        let [_, fast] = Advance::<Update>::prepare(&Leak::<f32>::default(), 1.0);
        assert!((f64::from(fast) / (3.0 * (1.0 - (-1e-4_f64).exp())) - 1.0).abs() < 1e-7);
    }

    #[test]
    fn each_neuron_has_its_own_values() {
        let mut net = Both::builder().build().unwrap();
        net.run(4.ms()).unwrap();
        let spikes = net.records().same.spikes;
        assert_eq!(spikes.len(), 5 * 70, "a count is rounded down, 2.5 * 2 is 5");
        let state = |net: &Both, name: &str| net.values(name, "i").unwrap();
        assert!(state(&net, "same").iter().all(|i| *i == state(&net, "same")[0]));
        let values = state(&net, "each");
        for (i, value) in values.iter().enumerate() {
            // Clipped after the step, before what the spikes add.
            let jump = (5.0 * 1e4 * (1.0 - (-1e-3 / (10.0 + i as f64)).exp())).min(2.0) + 0.5 * 25_000.0 / 25_000.0;
            assert!((value / jump - 1.0).abs() < 1e-6, "{i}: {value} {jump}");
        }
        // Other parameters, other values from the next step on.
        net.set_values("each", "tau", Init::Value(1.0)).unwrap();
        net.run(1.ms()).unwrap();
        let decay = (-1.0_f64).exp();
        for (before, after) in values.iter().zip(state(&net, "each")) {
            assert!((after / (decay * before).min(2.0) - 1.0).abs() < 1e-6);
        }
        assert_eq!(net.values("each", "out").unwrap()[3], f64::from(2.5_f32 * values[3] as f32));
        // As does a stimulus.
        net.stimulate("same", "tau", binnet::clocked::Stimulus::of(|_, _| 0.1).by(Operator::Multiply)).unwrap();
        let before = state(&net, "same")[0];
        net.run(1.ms()).unwrap();
        assert!((state(&net, "same")[0] / (decay * before) - 1.0).abs() < 1e-6);
    }
}

mod exact_solutions {
    use binnet::integrate::{Exact, Rk4};
    use binnet::neuron::{Equations as _, Single};
    use binnet::prelude::*;

    neuron! {
        /// A chain: `g` drives `v`, and `w` follows it, also while it is held.
        pub struct Chain {
            param tau = 20 ms;
            local drive = 20 mV;
            state v = 0 mV;
            state w = 1 mV;
            state g = 2 mV;
            state u = 0 mV;
            let decay = g / 5 ms;
            dv/dt = (drive + g - v) / tau;
            dw/dt = (0.5 * v - w) / 30 ms;
            dg/dt = -decay;
            du/dt = (1 mV - u) / 10 ms;
            spike when v > 15 mV { v = 5 mV; refractory 3 ms holding v; }
        }
    }

    #[test]
    fn what_can_be_left_out_is_known() {
        let known = <Chain as binnet::neuron::Equations>::STRUCTURE;
        let rows: Vec<Vec<i32>> =
            known.influence.chunks(4).map(|row| row.iter().map(|x| i32::from(*x)).collect()).collect();
        assert_eq!(rows, [vec![1, 0, 1, 0], vec![1, 1, 1, 0], vec![0, 0, 1, 0], vec![0, 0, 0, 1]]);
        assert_eq!(known.driven, [true, false, false, true]);
        assert_eq!(known.held, [true, false, false, false]);
    }

    #[test]
    fn what_is_left_out_is_not_missed() {
        let mut exact = Single::<Chain, Exact>::new(Chain::default(), 0.1.ms());
        let mut other = Single::<Chain, Rk4>::new(Chain::default(), 0.1.ms());
        let mut spikes = 0;
        for k in 0..2000 {
            let (a, b) = (exact.step(), other.step());
            assert_eq!(a, b, "step {k}");
            spikes += a.0;
            for (x, y) in exact.state().into_iter().zip(other.state()) {
                assert!((x - y).abs() < 1e-8, "step {k}: {:?} and {:?}", exact.state(), other.state());
            }
        }
        assert!(spikes > 5, "{spikes}");
    }
}
