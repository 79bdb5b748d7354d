//! The neurons of `models::neurons` against what is known of them in closed form or from their papers.

use binnet::integrate::{Euler, Exact, ExponentialEuler, Rk4};
use binnet::models::neurons::*;
use binnet::neuron::{Advance, Single};
use binnet::prelude::*;

/// The times of spikes in ms, for an input that `set` gave before.
fn spikes<M: Advance<I>, I>(mut neuron: Single<M, I>, ms: f64) -> Vec<f64> {
    let mut times = Vec::new();
    while neuron.time().ms() < ms - 1e-9 {
        let t = neuron.time().ms();
        if neuron.step().any() {
            times.push(t);
        }
    }
    times
}

/// The mean interval of spikes after the first.
fn interval(times: &[f64]) -> f64 {
    (times[times.len() - 1] - times[0]) / (times.len() - 1) as f64
}

#[test]
fn lif_fires_at_the_rate_of_its_formula() {
    for i in [0.1, 0.1499, 0.16, 0.3, 0.6] {
        let neuron: Single<Lif, Exact> = Single::new(Lif { i, ..Lif::default() }, 0.01.ms());
        let times = spikes(neuron, 2000.0);
        if i < 0.15 {
            assert!(times.is_empty());
            continue;
        }
        let expected = 2.0 + 10.0 * (100.0 * i / (100.0 * i - 15.0)).ln();
        assert!((interval(&times) - expected).abs() < 0.02, "{i} nA: {}, not {expected}", interval(&times));
    }
}

#[test]
fn a_weight_onto_v_is_a_jump_that_decays() {
    let mut neuron: Single<LifDelta> = Single::new(Lif::default(), 0.1.ms());
    neuron.v += 3.0;
    neuron.run(10.ms());
    assert!((neuron.v - (-65.0 + 3.0 * (-1.0_f64).exp())).abs() < 1e-12);
}

/// A synaptic current of amplitude w and time constant s gives a potential of
/// w / c (e^(-t/s) - e^(-t/tau)) / (1/tau - 1/s).
#[test]
fn a_synaptic_current_gives_the_potential_of_its_formula() {
    let mut neuron: Single<LifCurrent> = Single::new(LifCurrent::default(), 0.1.ms());
    neuron.i_exc = 87.8;
    for k in 0..300 {
        let t = 0.1 * f64::from(k);
        let expected = 87.8 / 250.0 * ((-t / 0.5).exp() - (-t / 10.0).exp()) / (0.1 - 2.0);
        assert!((neuron.v + 65.0 - expected).abs() < 1e-12, "{t} ms: {}", neuron.v);
        neuron.step();
    }
}

#[test]
fn conductances_pull_towards_their_reversal_potentials() {
    let fixed = LifConductance { tau_inh: 1e12, v_th: 0.0, g_inh: 10.0, ..LifConductance::default() };
    let mut neuron: Single<LifConductance> = Single::new(fixed, 0.1.ms());
    neuron.run(500.ms());
    assert!((neuron.v + 70.0).abs() < 1e-8, "{}", neuron.v);
}

/// Above its rheobase the neuron runs from -infinity to infinity in tau pi / sqrt(d), with d the distance from it;
/// resets that are finite leave out the ends.
#[test]
fn qif_fires_above_its_rheobase() {
    let with = |i| Single::<Qif, Rk4>::new(Qif { i, ..Qif::default() }, 0.005.ms());
    assert!(spikes(with(0.0374), 1000.0).is_empty());
    // With x = v + 57.5 mV: 15 tau x' = x^2 + b^2.
    let b = (15.0_f64 * 100.0 * (0.05 - 0.0375)).sqrt();
    let expected = 10.0 * 15.0 / b * ((87.5 / b).atan() + (22.5 / b).atan());
    let found = interval(&spikes(with(0.05), 2000.0));
    assert!((found - expected).abs() < 0.02, "{found}, not {expected}");
}

/// The bifurcation to firing is at g_leak (v_t - v_rest - delta_t) = 0.162 uA/cm2.
#[test]
fn eif_fires_above_its_rheobase() {
    let with = |i| Single::<Eif>::new(Eif { i, ..Eif::default() }, 0.02.ms());
    assert!(spikes(with(0.16), 1000.0).is_empty());
    assert!(!spikes(with(0.17), 1000.0).is_empty());
}

#[test]
fn adex_adapts() {
    let times = spikes(Single::<AdEx, Rk4>::new(AdEx { i: 1000.0, ..AdEx::default() }, 0.05.ms()), 500.0);
    let intervals: Vec<f64> = times.windows(2).map(|t| t[1] - t[0]).collect();
    assert!(intervals.len() > 5 && intervals[intervals.len() - 1] > 2.0 * intervals[0], "{intervals:?}");
}

#[test]
fn izhikevich_types_differ() {
    let with = |a, b, c, d| {
        let mut neuron = Izhikevich { a, b, c, d, i: 10.0, ..Izhikevich::default() };
        neuron.settle();
        assert_eq!(neuron.u, b * -65.0);
        spikes(Single::<_, Rk4>::new(neuron, 0.1.ms()), 500.0).len()
    };
    let (regular, fast) = (with(0.02, 0.2, -65.0, 8.0), with(0.1, 0.2, -65.0, 2.0));
    assert!(fast > 3 * regular && regular > 5, "{regular}, {fast}");
}

/// 68 to 69 Hz for 10 uA/cm2 at 6.3 degrees, and rest at -65 mV.
#[test]
fn hodgkin_huxley_rests_and_fires() {
    let mut resting: Single<HodgkinHuxley> = Single::new(HodgkinHuxley::default(), 0.05.ms());
    assert!((resting.m - 0.05293).abs() < 1e-5 && (resting.h - 0.59612).abs() < 1e-5, "{resting:?}");
    assert!((resting.n - 0.31768).abs() < 1e-5);
    (0..2000).for_each(|_| assert!(!resting.step().any()));
    assert!((resting.v + 65.0).abs() < 0.02, "{}", resting.v);

    let driven = Single::<_, Rk4>::new(HodgkinHuxley { i: 10.0, ..HodgkinHuxley::default() }, 0.02.ms());
    let rate = 1e3 / interval(&spikes(driven, 1000.0)[1..]);
    assert!((68.0..69.0).contains(&rate), "{rate} Hz");
}

#[test]
fn conductance_models_rest_and_fire() {
    let traub = |i| Single::<_, ExponentialEuler>::new(TraubMiles { i, ..TraubMiles::default() }, 0.01.ms());
    assert!(spikes(traub(0.0), 200.0).is_empty());
    assert!(spikes(traub(2.0), 200.0).len() > 5);

    let wang = |i| Single::<_, Rk4>::new(WangBuzsaki { i, ..WangBuzsaki::default() }, 0.02.ms());
    assert!(spikes(wang(0.1), 500.0).is_empty());
    assert!(spikes(wang(1.0), 500.0).len() > 20);

    // Rest at -60.9 mV; a limit cycle between the Hopf bifurcations near 94 and 212 uA/cm2.
    let morris = |i: f64| Single::<_, Rk4>::new(MorrisLecar { i, ..MorrisLecar::default() }, 0.05.ms());
    let mut resting = morris(0.0);
    resting.run(1.s());
    assert!((resting.v + 60.855).abs() < 0.01, "{}", resting.v);
    assert!(spikes(morris(80.0), 3000.0).len() < 3);
    assert!(spikes(morris(120.0), 3000.0).len() > 10);
    assert!(spikes(morris(230.0), 3000.0).len() < 10);
}

#[test]
fn oscillators_without_units() {
    let nagumo = |i: f64| Single::<_, Rk4>::new(FitzHughNagumo { i, ..FitzHughNagumo::default() }, 0.02.ms());
    let mut resting = nagumo(0.0);
    resting.run(100.ms());
    assert!((resting.v + 1.199_408_035).abs() < 1e-8 && (resting.w + 0.624_260_044).abs() < 1e-8);
    assert!(spikes(nagumo(0.32), 2000.0).len() < 3);
    // Between the ends of the unstable interval it fires for good.
    assert!(spikes(nagumo(0.5), 2000.0).len() > 40);

    let rose = Single::<_, Rk4>::new(HindmarshRose { i: 2.0, ..HindmarshRose::default() }, 0.01.ms());
    let times: Vec<f64> = spikes(rose, 1500.0).into_iter().filter(|&t| t > 200.0).collect();
    let gaps: Vec<f64> = times.windows(2).map(|t| t[1] - t[0]).collect();
    let bursts = gaps.iter().filter(|&&gap| gap > 80.0).count();
    assert!(bursts > 8 && gaps.iter().filter(|&&gap| gap < 20.0).count().abs_diff(bursts) <= 1, "{gaps:?}");
}

#[test]
fn a_regular_source_keeps_its_rate() {
    for (rate, dt, first) in [(10.0, 0.1, 999), (40.0, 0.1, 249), (12_500.0, 0.1, 0)] {
        let mut source = Single::<RegularSource>::new(RegularSource { rate, ..Default::default() }, Time::from_ms(dt));
        let counts: Vec<u32> = (0..10_000).map(|_| source.step().0).collect();
        assert_eq!(counts.iter().position(|n| *n > 0), Some(first), "{rate}");
        assert_eq!(f64::from(counts.iter().sum::<u32>()), rate, "spikes in 1 s");
    }
}

#[test]
fn rates_follow_their_input() {
    let mut linear: Single<LinearRate> = Single::new(LinearRate { gain: 2.0, i: 1.5, ..LinearRate::default() }, 1.ms());
    linear.run(10.ms());
    assert!((linear.r - 3.0 * (1.0 - (-1.0_f64).exp())).abs() < 1e-14);
    let mut sigmoid: Single<SigmoidRate> = Single::new(SigmoidRate { i: 2.8, ..SigmoidRate::default() }, 1.ms());
    sigmoid.run(500.ms());
    assert!((sigmoid.r - 0.5).abs() < 1e-14);
}

#[test]
fn a_changed_parameter_takes_effect_at_once() {
    let mut neuron: Single<Lif, Exact> = Single::new(Lif { v: -55.0, ..Lif::default() }, 1.ms());
    neuron.step();
    neuron.tau_m = 5.0;
    neuron.step();
    assert!((neuron.v - (-65.0 + 10.0 * (-0.3_f64).exp())).abs() < 1e-12, "{}", neuron.v);
}

#[test]
fn both_precisions() {
    let double = spikes(Single::<Lif, Euler>::new(Lif { i: 0.3, ..Lif::default() }, 0.1.ms()), 200.0);
    let single = Single::<Lif<f32>, Euler>::new(Lif { i: 0.3, ..Lif::default() }, 0.1.ms());
    assert_eq!(spikes(single, 200.0), double);
}

binnet::neuron! {
    struct Noisy {
        param tau = 10 ms;
        param sigma = 1 mV;
        state v = 0 mV;
        dv/dt = -v / tau + sigma * sqrt(2 / tau) * xi;
    }
}

/// The variance of the chain is sigma^2 / (1 - dt / (2 tau)); 60 000 ms are 3000 independent values or more, so
/// the standard error is 2.6 %.
#[test]
fn noise_has_its_variance_and_seed() {
    let run = |seed| {
        let mut neuron: Single<Noisy> = Single::new(Noisy::default(), 1.ms()).seed(seed);
        let squares: f64 = (0..60_000)
            .map(|_| {
                neuron.step();
                neuron.v * neuron.v
            })
            .sum();
        squares / 60_000.0
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
    assert!((run(3) - 1.0 / 0.95).abs() < 0.12, "{}", run(3));
}
