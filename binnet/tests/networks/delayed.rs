//! Variables that synapses read some time later: closed forms, plain loops, and what was before the first step.

use binnet::clocked::{Cells, Clocked, ClockedOptions, Projection, SynapseSpec};
use binnet::connect::all_to_all;
use binnet::neuron::Own;
use binnet::prelude::*;
use binnet::rng::Streams;

neuron! {
    /// x' = i.
    pub struct Line {
        state x = 1 mV;
        input i: mV/ms;
        dx/dt = i;
    }
}

synapse! {
    /// Half of the feedback is read on either side: for a neuron and itself, it is the same.
    pub struct Feedback {
        param tau = 10 ms;
        pre x: mV;
        post x: mV;
        deliver -(pre.x delayed 5 ms) / (2 * tau) - (post.x delayed 0.005 s) / (2 * tau);
    }
}

network! {
    /// x'(t) = -x(t - 5 ms) / 10 ms, x = 1 until 0.
    pub struct Alone {
        clock 0.01 ms;
        population a: Line[1];
        projection a -> a { synapse: Feedback, target: i, connect: all_to_all(autapses: true) };
        record a.x;
    }
}

#[test]
fn delayed_feedback_follows_its_closed_form() {
    let mut net = Alone::builder().build().unwrap();
    net.run(20.ms()).unwrap();
    let trace = net.records().a.x;
    for (t, x) in trace.times().iter().zip(trace.values().column(0)) {
        // The method of steps: a polynomial on each interval of the delay.
        let (mut sum, mut factorial) = (1.0, 1.0);
        for k in 1..=5_i32 {
            factorial *= f64::from(k);
            let since = t - f64::from(k - 1) * 5.0;
            if since > 0.0 {
                sum += (-since / 10.0).powi(k) / factorial;
            }
        }
        // Steps of 0.01 ms: an error of their order.
        assert!((x - sum).abs() < 1e-3, "{t} ms: {x}, {sum}");
    }
    assert!(net.explain().contains("a.x: its past is kept"));
    assert_eq!(net.explain().matches("its past is kept").count(), 1, "once, though both sides read it");
}

neuron! {
    /// FitzHugh-Nagumo.
    pub struct Excitable {
        local drive = 0.5;
        state v = -1;
        state w = 0.2;
        input i: 1;
        dv/dt = (v - v^3 / 3 - w + drive + i) / (1 ms);
        dw/dt = (v + 0.7 - 0.8 * w) / (12.5 ms);
    }
}

synapse! {
    /// Diffusive coupling to the past of the other cell.
    pub struct Diffusive {
        param d = 2 ms;
        local g = 0.05;
        pre v: 1;
        post v: 1;
        deliver g * (pre.v delayed d - post.v);
    }
}

network! {
    /// Coupled oscillators, and one that is read with another delay.
    pub struct Oscillators {
        clock 0.1 ms;
        population cells: Excitable[4] { v: [-1, 0, 1, 1.5], method: euler };
        projection near: cells[..2] -> cells { synapse: Diffusive, target: i, connect: all_to_all };
        projection far: cells[2..] -> cells { synapse: Diffusive { d: 3.04 ms, g: 0.1 }, target: i, connect: all_to_all };
    }
}

#[test]
fn delayed_diffusion_is_the_plain_loop() {
    let mut net = Oscillators::builder().build().unwrap();
    let mut past: Vec<[[f64; 2]; 4]> = vec![[[-1.0, 0.2], [0.0, 0.2], [1.0, 0.2], [1.5, 0.2]]];
    for step in 0..2000_usize {
        let now = past[step];
        // 3.04 ms are rounded to 30 steps.
        let old = |cell: usize| past[step.saturating_sub(if cell < 2 { 20 } else { 30 })][cell][0];
        past.push(core::array::from_fn(|post| {
            let [v, w] = now[post];
            let others = (0..4).filter(|pre| *pre != post);
            let i: f64 = others.map(|pre| if pre < 2 { 0.05 } else { 0.1 } * (old(pre) - v)).sum();
            [v + 0.1 * (v - v.powi(3) / 3.0 - w + 0.5 + i), w + 0.1 * (v + 0.7 - 0.8 * w) / 12.5]
        }));
        net.step().unwrap();
        let v = net.values("cells", "v").unwrap();
        for (cell, (found, [expected, _])) in v.iter().zip(past[step + 1]).enumerate() {
            assert!((found - expected).abs() < 1e-9, "step {step}, cell {cell}: {found} {expected}");
        }
    }
    let crossings = past.windows(2).filter(|pair| pair[0][0][0] < 0.0 && pair[1][0][0] >= 0.0).count();
    assert!(crossings >= 3, "they oscillate");
    let problem = net.set_synapse_param("near", "d", 3.0).unwrap_err().to_string();
    assert!(problem.contains("fixed once the synapses are drawn"), "{problem}");
}

/// Climbs by 1 mV a step; spikes in steps 1 and 5.
#[derive(Population, Clone)]
pub struct Ramp {
    #[state(10 mV)]
    v: f64,
    #[state(0 mV)]
    total: f64,
}

impl Neuron for Ramp {
    fn step(&mut self, _: &StepContext) -> Spikes {
        self.v += 1.0;
        (self.v == 12.0 || self.v == 16.0).into()
    }
}

synapse! {
    /// Delivers the potential of 0.3 ms before the spike arrives.
    pub struct Probe {
        local w = 1;
        pre v: mV;
        on pre { deliver w * (pre.v delayed 0.3 ms); }
    }
}

network! {
    /// A spike of step k acts at its end: at the time of sample k+1.
    pub struct Probes {
        clock 0.1 ms;
        precision f64;
        population a: Ramp[3] { v: [10 mV, 110 mV, 10 mV] };
        population b: Ramp[2] { v: 200 mV };
        population c: Ramp[2] { v: 200 mV };
        projection a[2..] -> b { synapse: Probe, target: total, connect: all_to_all };
        projection a[2..] -> c { synapse: Probe, target: total, connect: all_to_all, delay: 0.2 ms };
    }
}

#[test]
fn spikes_read_the_past_of_their_arrival() {
    let mut net = Probes::builder().build().unwrap();
    net.run_steps(10).unwrap();
    // Sample k is 10 + k. Spikes of steps 1 and 5 arrive at samples 2 and 6, and read samples -1 (the first one) and 3.
    assert_eq!(net.values("b", "total").unwrap(), [10.0 + 13.0; 2]);
    // Two steps later, samples 1 and 5.
    assert_eq!(net.values("c", "total").unwrap(), [11.0 + 15.0; 2]);
    // A projection that is added later knows what others keep, and its own first step.
    net.connect(
        Projection::new("b", "c", all_to_all()).onto("total").with_synapses(SynapseSpec::of::<Probe>()).named("late"),
    )
    .unwrap();
    net.run_steps(1).unwrap();
    assert!(net.explain().contains("b.v: its past is kept"));
}

#[test]
fn delays_are_checked_when_built() {
    let refused = |clock: f64, synapses: SynapseSpec| {
        let cells = Cells::<Line, binnet::integrate::Euler, 2>::build("a", vec![], &Streams::new(1)).unwrap();
        let mut net = Clocked::new("test", clock.ms(), ClockedOptions::default(), cells).unwrap();
        let wire = Projection::new("a", "a", all_to_all()).onto("i").with_synapses(synapses);
        net.connect(wire).map_err(|e| e.to_string())
    };
    assert_eq!(refused(0.1, SynapseSpec::of::<Feedback>()), Ok(()));
    let problem = refused(0.3, SynapseSpec::of::<Feedback>()).unwrap_err();
    assert!(problem.contains("`Feedback` reads `pre.x` of 5 ms ago, no multiple of 0.3 ms"), "{problem}");
    let cells = Cells::<Excitable, binnet::integrate::Euler, 2>::build("a", vec![], &Streams::new(1)).unwrap();
    let mut net = Clocked::new("test", 0.1.ms(), ClockedOptions::default(), cells).unwrap();
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        let synapses = SynapseSpec::of::<Diffusive>().with("d", bad);
        let wire = Projection::new("a", "a", all_to_all()).onto("i").with_synapses(synapses);
        assert!(net.connect(wire).is_err(), "{bad}");
    }
    let ramp = Cells::<Ramp, Own, 2>::build("r", vec![], &Streams::new(1)).unwrap();
    let mut net = Clocked::new("test", 0.1.ms(), ClockedOptions::default(), ramp).unwrap();
    let wire = Projection::new("r", "r", all_to_all()).onto("total").with_synapses(SynapseSpec::of::<Probe>());
    net.connect(wire).unwrap();
}
