//! The order of the stages of a step: hand-computed cases, and orders that must agree.

use binnet::clocked::Stage::{Deliver, Neurons, Record as Read, Reset, Threshold};
use binnet::clocked::{Clocked, ClockedOptions, Populations, Projection, Schedule, Stage};
use binnet::connect::fixed_prob;
use binnet::prelude::*;

/// Climbs by 1 mV a step, spikes at 3 mV, and starts from 0 again.
#[derive(Population, Clone)]
pub struct Climber {
    #[state(0 mV)]
    v: f64,
    #[input(mV)]
    x: f64,
}

impl Neuron for Climber {
    fn step(&mut self, _: &StepContext) -> Spikes {
        self.v += 1.0 + self.x;
        (self.v >= 3.0).into()
    }

    fn reset(&mut self, _: &StepContext, _: Spikes) {
        self.v = 0.0;
    }
}

network! {
    /// Neurons that spike in step 2, in which 0.5 mV arrives.
    pub struct Two {
        clock 1 ms;
        schedule [record, neurons, threshold, reset, deliver];
        source kick: spike_times[1] { spikes: [(0, 1.ms()), (0, 2.ms())] };
        population state: Climber[1];
        population input: Climber[1];
        projection kick -> state { target: v, connect: all_to_all, weight: 0.5 mV, delay: 1 ms };
        projection kick -> input { target: x, connect: all_to_all, weight: 0.5 mV, delay: 1 ms };
        record state.v;
        record input.x;
        record state.spikes;
        record input.spikes;
    }
}

/// Samples of `v` of one population and `x` of the other one, and labels of the spikes of both.
fn run(order: Option<[Stage; 5]>) -> (Vec<f64>, Vec<f64>, [Vec<u64>; 2]) {
    let change = |o: &mut ClockedOptions| {
        if let Some(order) = order {
            o.schedule = Schedule::new(order).expect("an order of the stages");
        }
    };
    let mut net = Two::builder().options(change).build().unwrap();
    net.run_steps(7).unwrap();
    let r = net.records();
    let column = |trace: &binnet::clocked::Trace| trace.values().column(0).to_vec();
    (column(r.state.v), column(r.input.x), [r.state.spikes.steps().to_vec(), r.input.spikes.steps().to_vec()])
}

#[test]
fn what_arrives_in_the_step_of_a_spike() {
    // The spikes of steps 1 and 2 arrive in steps 2 and 3; the neuron spikes in step 2.
    let (v, x, spikes) = run(Some(Stage::ALL));
    assert_eq!(v, [0.0, 1.0, 2.0, 0.0, 1.5, 2.5, 0.0], "what arrives with the spike is overwritten");
    assert_eq!(x, [0.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.0]);
    assert_eq!(spikes, [vec![2, 5], vec![2, 4]]);
    let (v, x, spikes) = run(None);
    assert_eq!(v, [0.0, 1.0, 2.0, 0.5, 2.0, 0.0, 1.0], "the order of the block: reset, then delivery");
    assert_eq!(x, [0.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.0], "an input does not care");
    assert_eq!(spikes, [vec![2, 4], vec![2, 4]]);
}

#[test]
fn where_records_are_read() {
    let (v, x, _) = run(Some([Neurons, Threshold, Deliver, Reset, Read]));
    assert_eq!(v, [1.0, 2.0, 0.0, 1.5, 2.5, 0.0, 1.0], "the results of the steps");
    assert_eq!(x, [0.0, 0.0, 0.5, 0.5, 0.0, 0.0, 0.0]);
    let (v, _, _) = run(Some([Neurons, Threshold, Read, Deliver, Reset]));
    assert_eq!(v, [1.0, 2.0, 3.0, 1.0, 2.5, 3.5, 1.0], "the values that crossed the threshold");
    let (v, _, _) = run(Some([Neurons, Threshold, Deliver, Read, Reset]));
    assert_eq!(v, [1.0, 2.0, 3.5, 1.5, 2.5, 3.5, 1.0], "with what arrived");
}

#[test]
fn stages_before_the_neurons_work_on_the_spikes_of_the_step_before() {
    let (v, _, spikes) = run(Some([Read, Deliver, Reset, Neurons, Threshold]));
    assert_eq!(v, [0.0, 1.0, 2.0, 3.0, 1.0, 2.5, 3.5]);
    assert_eq!(spikes, [vec![2, 5], vec![2, 4]], "labels stay");
    assert_eq!(run(Some([Deliver, Reset, Read, Neurons, Threshold])), run(Some(Stage::ALL)));
    assert_eq!(run(Some([Reset, Deliver, Read, Neurons, Threshold])), run(None));
    assert_eq!(run(Some([Reset, Read, Neurons, Threshold, Deliver])), run(Some(Stage::ALL)));
}

neuron! {
    /// Leaky integrate-and-fire neuron that holds its potential after a spike.
    pub struct Held {
        param tau = 10 ms;
        state v = 0 mV;
        input i: mV/ms;
        dv/dt = -v / tau + i;
        spike when v > 10 mV { v = 0 mV; refractory 2 ms holding v; }
    }
}

synapse! {
    /// Depresses with each spike.
    pub struct Depressing {
        param tau_d = 50 ms;
        local w = 1 mV;
        state x = 1;
        dx/dt = (1 - x) / tau_d;
        on pre { deliver w * x; x *= 0.7; }
    }
}

synapse! {
    /// A gap junction.
    pub struct Gap {
        local g = 0.02 / ms;
        pre v: mV;
        post v: mV;
        deliver g * (pre.v - post.v);
    }
}

network! {
    /// Something of everything that happens in a step.
    pub struct Everything {
        clock 0.1 ms;
        source noise: poisson[20] { rate: 400 Hz };
        population a: Held[60] { v: uniform(0 mV, 10 mV), method: exact };
        population b: Held[30] { method: exact };
        projection noise -> a { target: v, connect: fixed_prob(0.3), weight: 1 mV, delay: uniform(0 ms, 2 ms) };
        projection a -> a { target: v, connect: fixed_prob(0.1), weight: -0.2 mV, delay: 1 ms };
        projection a -> b { synapse: Depressing { w: uniform(1 mV, 3 mV) }, target: v, connect: fixed_prob(0.4) };
        projection a -> b { synapse: Gap, target: i, connect: fixed_prob(0.1) };
        stimulus a.v += poisson_input(n: 10, rate: 500 Hz, weight: 0.5 mV);
        stimulus b.i += sine(1 mV/ms, 40 Hz, 0);
        record a.v;
        record b.i;
        record b.v;
        record a.spikes;
        record b.spikes;
    }
}

fn everything(order: [Stage; 5]) -> Everything {
    let schedule = Schedule::new(order).unwrap();
    let mut net = Everything::builder().seed(5).options(|o| o.schedule = schedule).build().unwrap();
    net.run(50.ms()).unwrap();
    // Longer delays than any so far, while spikes are under way.
    let late = Projection::new("b", "a", fixed_prob(0.5)).onto("v").weight(0.5).delay(Init::Uniform(0.0, 5.0));
    net.connect(late).unwrap();
    net.run(150.ms()).unwrap();
    net
}

#[test]
fn the_same_circle_of_stages_gives_the_same_bits() {
    for (one, other) in [
        (Stage::ALL, [Deliver, Reset, Read, Neurons, Threshold]),
        ([Read, Neurons, Threshold, Reset, Deliver], [Reset, Deliver, Read, Neurons, Threshold]),
        ([Read, Neurons, Threshold, Reset, Deliver], [Deliver, Read, Neurons, Threshold, Reset]),
    ] {
        let (one, other) = (everything(one), everything(other));
        let (r, s) = (one.records(), other.records());
        assert!(r.b.spikes.len() > 100, "{} spikes", r.b.spikes.len());
        assert!(r.a.spikes == s.a.spikes && r.b.spikes == s.b.spikes);
        assert!(r.a.v == s.a.v && r.b.i == s.b.i && r.b.v == s.b.v);
    }
    // A neuron that holds its potential discards what arrives with its spike, in either order.
    let (one, other) = (everything(Stage::ALL), everything([Read, Neurons, Threshold, Reset, Deliver]));
    assert!(one.records().a.spikes == other.records().a.spikes && one.records().a.v == other.records().a.v);
}

#[test]
fn the_order_is_told() {
    fn told<P: Populations>(net: &Clocked<P>) -> [bool; 2] {
        let text = "order of a step: record, neurons, threshold, reset, deliver\n";
        [net.explain().contains(text), net.summary().contains(text)]
    }
    assert_eq!(told(&Two::builder().build().unwrap()), [true; 2]);
    assert_eq!(told(&Everything::builder().build().unwrap()), [false; 2]);
}
