//! The networks that are saved and restored: one of each kind, small.

use std::path::Path;

use binnet::asynchronous::{Asynchronous, Gains};
use binnet::clocked::{Clocked, PoissonInput, Populations, Stimulus, Threads};
use binnet::models::ClusteredEi;
use binnet::models::dynapsim::{DpiNeuron, default_weights};
use binnet::models::synapses::{PairStdp, TsodyksMarkram};
use binnet::prelude::*;
use binnet::snapshot::Snapshot;
use ndarray::Array2;

/// What the tests do with a network of either engine.
pub(crate) trait Sim {
    fn advance(&mut self, n: u64);
    fn at(&self) -> u64;
    fn save(&mut self, path: &Path);
    fn load(&mut self, path: &Path) -> binnet::Result<()>;
    fn snapshot(&self) -> Snapshot;
    fn restore(&mut self, snapshot: &Snapshot) -> binnet::Result<()>;
    /// What users see of it, in bits.
    fn seen(&self) -> Vec<u64>;
}

impl<P: Populations + Clone> Sim for Clocked<P> {
    fn advance(&mut self, n: u64) {
        self.run_steps(n).unwrap();
    }
    fn at(&self) -> u64 {
        self.steps()
    }
    fn save(&mut self, path: &Path) {
        Self::save(self, path).unwrap();
    }
    fn load(&mut self, path: &Path) -> binnet::Result<()> {
        Self::load(self, path)
    }
    fn snapshot(&self) -> Snapshot {
        Self::snapshot(self)
    }
    fn restore(&mut self, snapshot: &Snapshot) -> binnet::Result<()> {
        Self::restore(self, snapshot)
    }
    fn seen(&self) -> Vec<u64> {
        let mut seen = vec![self.steps()];
        for p in 0..self.populations().count() {
            let cohort = self.populations().at(p);
            seen.push(self.spike_count(p));
            for field in 0..cohort.fields().len() {
                seen.extend(cohort.values(field).to_vec(cohort.size()).into_iter().map(f64::to_bits));
            }
        }
        for projection in self.projections() {
            seen.extend(self.synapses(&projection.name).unwrap().iter().map(|synapse| synapse.weight.to_bits()));
        }
        for train in self.records().all_spikes() {
            seen.extend(train.steps());
            seen.extend(train.ids().iter().map(|id| u64::from(*id)));
        }
        for trace in self.records().all_traces() {
            seen.extend(trace.values().iter().chain(&trace.times()).map(|value| value.to_bits()));
        }
        seen
    }
}

impl<G: Gains> Sim for Asynchronous<G> {
    fn advance(&mut self, n: u64) {
        // As far as one step of other networks.
        self.run_updates(100 * n).unwrap();
    }
    fn at(&self) -> u64 {
        self.updates() / 100
    }
    fn save(&mut self, path: &Path) {
        Self::save(self, path).unwrap();
    }
    fn load(&mut self, path: &Path) -> binnet::Result<()> {
        Self::load(self, path)
    }
    fn snapshot(&self) -> Snapshot {
        Self::snapshot(self)
    }
    fn restore(&mut self, snapshot: &Snapshot) -> binnet::Result<()> {
        Self::restore(self, snapshot)
    }
    fn seen(&self) -> Vec<u64> {
        let mut seen = vec![self.updates(), self.flips()];
        seen.extend(self.states().iter().map(|state| u64::from(*state)));
        seen.extend(self.fields().iter().map(|field| field.to_bits()));
        for flip in self.log().unwrap() {
            seen.extend([flip.update, u64::from(flip.neuron)]);
        }
        seen
    }
}

/// All networks that a run is interrupted of.
pub(crate) const NAMES: [&str; 12] = [
    "clustered_ei",
    "clustered_ei_waiting",
    "clustered_ei_real",
    "sigmoid",
    "coba",
    "gamma",
    "core",
    "plastic",
    "delays",
    "driven",
    "small",
    "small_flips",
];

pub(crate) fn build(name: &str, threads: usize) -> Box<dyn Sim> {
    use binnet::asynchronous::{Precision, Scheme};
    let on = Threads::Exactly(threads);
    let model = ClusteredEi { q: 4, n_e: 400, n_i: 100, r_e_plus: 3.0, m_x: 0.13, ..ClusteredEi::default() };
    let binary = |change: &dyn Fn(&mut binnet::asynchronous::BuildOptions)| -> Box<dyn Sim> {
        let mut options = binnet::asynchronous::BuildOptions::seeded(3);
        options.record_flips = true;
        change(&mut options);
        Box::new(model.build_with(options).unwrap())
    };
    match name {
        "clustered_ei" => binary(&|_| {}),
        "clustered_ei_waiting" => binary(&|options| options.scheme = Scheme::RejectionFree),
        "clustered_ei_real" => binary(&|options| options.precision = Precision::F32),
        "sigmoid" => Box::new(Sigmoid::builder().seed(4).build().unwrap().into_inner()),
        "small_flips" => Box::new(Flips::builder().seed(4).build().unwrap().into_inner()),
        "coba" => Box::new(Coba::builder().seed(1).options(|o| o.threads = on).build().unwrap().into_inner()),
        "gamma" => Box::new(Gamma::builder().seed(1).options(|o| o.threads = on).build().unwrap().into_inner()),
        "core" => {
            let weights = default_weights(64, 3);
            let core = <Core>::builder().seed(2).options(|o| o.threads = on).w_rec(&weights);
            let mut core = core.build().unwrap();
            let events = Array2::from_shape_fn((4_000, 64), |(t, i)| u32::from((7 * t + 13 * i) % 97 == 0));
            core.source_mut("events").unwrap().give(events.view()).unwrap();
            Box::new(core.into_inner())
        }
        "plastic" => Box::new(Plastic::builder().seed(1).options(|o| o.threads = on).build().unwrap().into_inner()),
        "delays" => {
            let mut net = Delays::builder().seed(1).options(|o| o.threads = on).build().unwrap();
            let n = net.synapses("each").unwrap().len();
            net.set_weights("each", &(0..n).map(|i| 0.1 * (i % 7) as f64).collect::<Vec<_>>()).unwrap();
            Box::new(net.into_inner())
        }
        "driven" => {
            let mut net = Driven::builder().seed(1).options(|o| o.threads = on).build().unwrap();
            drive(&mut net);
            Box::new(net.into_inner())
        }
        "small" => Box::new(Small::builder().seed(1).options(|o| o.threads = on).build().unwrap().into_inner()),
        other => panic!("no network {other}"),
    }
}

/// Adds what cannot be written in the block.
pub(crate) fn drive(net: &mut Driven) {
    net.stimulate("b", "i", Stimulus::white_noise(0.1, 0.5).on(0..5)).unwrap();
    net.stimulate("b", "i", Stimulus::rows(Array2::from_shape_fn((2_000, 20), |(t, i)| (t + i) as f64 * 1e-4)))
        .unwrap();
    net.stimulate("b", "tau", Stimulus::pulses(3.0, 20.ms(), 200.ms())).unwrap();
    net.set_increments("c", |step, neuron, _| ((step * 7 + neuron as u64) % 11) as f64 - 5.0).unwrap();
    net.poisson_input(&PoissonInput::new("a", "g", 1_000, 400.0, 0.01)).unwrap();
    net.source_mut("noise").unwrap().set_rates(&[90.0]).unwrap();
    net.set_values("a", "tau", 12.0).unwrap();
    let events = Array2::from_shape_fn((2_500, 2), |(t, i)| u32::from((t + i) % 17 == 0));
    net.source_mut("events").unwrap().give(events.view()).unwrap();
}

/// Computes the checksums of a snapshot again, whatever is in it; the layout is that of `snapshot/file.rs`.
pub(crate) fn seal(bytes: &mut [u8]) {
    use xxhash_rust::xxh3::xxh3_64;
    let number = |bytes: &[u8], at: usize, n: usize| -> Option<usize> {
        let mut value = [0; 8];
        value[..n].copy_from_slice(bytes.get(at..at + n)?);
        usize::try_from(u64::from_le_bytes(value)).ok()
    };
    let Some(count) = number(bytes, 20, 4) else { return };
    let (mut at, mut sections) = (24, Vec::new());
    for _ in 0..count.min(1_000) {
        let Some(name) = number(bytes, at, 4) else { return };
        at = at.saturating_add(4).saturating_add(name);
        let Some(length) = number(bytes, at, 8) else { return };
        sections.push((at + 8, length));
        at += 16;
    }
    let table = at;
    let mut start = at + 8;
    for (place, length) in sections {
        let Some(content) = start.checked_add(length).and_then(|end| bytes.get(start..end)) else { return };
        let sum = xxh3_64(content).to_le_bytes();
        bytes[place..place + 8].copy_from_slice(&sum);
        start += length;
    }
    for end in [table, start] {
        if end + 8 <= bytes.len() {
            let sum = xxh3_64(&bytes[..end]).to_le_bytes();
            bytes[end..end + 8].copy_from_slice(&sum);
        }
    }
}

#[derive(Population, Clone)]
pub(crate) struct SigmoidBinary {
    #[local(1)]
    threshold: f64,
    #[param(0.3)]
    width: f64,
}

impl BinaryNeuron for SigmoidBinary {
    fn probability(&self, field: f64) -> f64 {
        1.0 / (1.0 + (-(field - self.threshold) / self.width).exp())
    }
}

network! {
    /// Neurons of a gain of their own, driven by noise.
    pub(crate) struct Sigmoid {
        asynchronous;
        source events: poisson(1.5);
        source noise: normal(0, 1);
        population e: SigmoidBinary[80] { tau: 10 ms };
        population i: Binary[20] { threshold: 0.1, tau: 5 ms };
        projection e -> (e, i) { connect: fixed_prob(0.2), weight: 0.25 };
        projection i -> (e, i) { connect: fixed_prob(0.2), weight: -1.2 };
        projection events -> e { weight: 0.2 };
        projection noise -> e { weight: 0.1 };
        record flips;
    }
}

network! {
    /// A small network of thresholds.
    pub(crate) struct Flips {
        asynchronous;
        population e: Binary[80] { threshold: -0.2, tau: 10 ms };
        population i: Binary[20] { threshold: 0.1, tau: 5 ms };
        projection e -> (e, i) { connect: fixed_prob(0.2), weight: 0.25 };
        projection i -> (e, i) { connect: fixed_prob(0.2), weight: -1.2 };
        record flips;
    }
}

neuron! {
    /// Leaky integrate-and-fire neuron with conductance-based synapses.
    pub(crate) struct CobaLif {
        param v_rest  = -60 mV;
        param i_ext   = 200 pA;
        state v     = v_rest;
        state g_exc = 0 nS;
        state g_inh = 0 nS;
        dg_exc/dt = -g_exc / (5 ms);
        dg_inh/dt = -g_inh / (10 ms);
        let i_syn = g_exc * (0 mV - v) + g_inh * (-80 mV - v);
        dv/dt = (10 nS * (v_rest - v) + i_syn + i_ext) / (200 pF);
        spike when v > -50 mV {
            v = -60 mV;
            refractory 5 ms holding v;
        }
    }
}

network! {
    /// Balanced network of Vogels & Abbott (2005), a tenth of it.
    pub(crate) struct Coba {
        clock 0.1 ms;
        population exc: CobaLif[320] { v: uniform(-60 mV, -50 mV), method: exponential_euler };
        population inh: CobaLif[80]  { v: uniform(-60 mV, -50 mV), method: exponential_euler };
        projection exc -> (exc, inh) { target: g_exc, connect: fixed_prob(0.1), weight: 6 nS,  delay: 0.1 ms };
        projection inh -> (exc, inh) { target: g_inh, connect: fixed_prob(0.1), weight: 67 nS, delay: 0.3 ms };
        record exc.spikes;
        record inh.spikes;
        record exc.v[0..4] every 1 ms;
    }
}

neuron! {
    /// The interneuron of Wang and Buzsaki, with the gate of the synapses that it makes.
    pub(crate) struct Interneuron {
        param i = 1.2 uA/cm2;
        input g: mS/cm2;
        state v = -64 mV;
        state s = 0;
        output s;
        let m_inf   = 1 / (1 + 4 * exp(-(v + 60 mV) / 18 mV) * exprel(-(v + 35 mV) / 10 mV));
        let alpha_h = 0.07 / ms * exp(-(v + 58 mV) / 20 mV);
        let beta_h  = 1 / ms * sigmoid((v + 28 mV) / 10 mV);
        let alpha_n = 0.1 / ms / exprel(-(v + 34 mV) / 10 mV);
        let beta_n  = 0.125 / ms * exp(-(v + 44 mV) / 80 mV);
        state h = alpha_h / (alpha_h + beta_h);
        state n = alpha_n / (alpha_n + beta_n);
        let i_na  = 35 mS/cm2 * m_inf^3 * h * (v - 55 mV);
        let i_k   = 9 mS/cm2 * n^4 * (v + 90 mV);
        dv/dt = (i - i_na - i_k - 0.1 mS/cm2 * (v + 65 mV) - g * (v + 75 mV)) / (1 uF/cm2);
        dh/dt = 5 * (alpha_h * (1 - h) - beta_h * h);
        dn/dt = 5 * (alpha_n * (1 - n) - beta_n * n);
        ds/dt = 12 / ms * sigmoid(v / 2 mV) * (1 - s) - 0.1 / ms * s;
        spike when v rises through 0 mV;
    }
}

network! {
    /// Interneurons, all to all, in single precision.
    pub(crate) struct Gamma {
        clock 0.04 ms;
        precision f32;
        population cells: Interneuron[100] { v: uniform(-70 mV, -50 mV), method: exponential_euler };
        projection cells -> cells { target: g, connect: all_to_all, weight: 0.001 mS/cm2, delay: 0.2 ms };
        record cells.spikes;
        record cells.v[0..3] every 0.2 ms;
    }
}

network! {
    /// Program 3: a recurrent core of DPI neurons.
    pub(crate) struct Core<const N: usize = 64> {
        clock 1 ms;
        given w_rec: [N][N];
        source events: external[N];
        population core: DpiNeuron[N] { i_tau_mem: mismatch(20 %), i_w_ahp: 10 nA, i_pulse_ahp: 35 nA };
        projection events -> core { target: x, connect: one_to_one, weight: 1 };
        projection core -> core   { target: x, connect: dense, weight: w_rec };
        record core.spikes;
        record core.i_mem every 1 ms;
    }
}

neuron! {
    /// A leaky neuron with a conductance and noise.
    pub(crate) struct Cell {
        param tau = 20 ms;
        local gain = 1;
        state v = 0 mV;
        state g = 0 nS;
        input i: mV/ms;
        dv/dt = -v / tau + g * gain * 0.5 mV / ms / 1 nS + i + 0.5 mV / sqrt(1 ms) * xi;
        dg/dt = -g / 5 ms;
        spike when v > 10 mV { v = 0 mV; refractory 1 ms holding v; }
    }
}

network! {
    /// Synapses that change, with one delay and with delays of their own.
    pub(crate) struct Plastic {
        clock 0.1 ms;
        source noise: poisson[40] { rate: 60 Hz };
        population a: Cell[40] { gain: uniform(0.5, 1.5) };
        population b: Cell[30];
        projection noise -> a { target: g, connect: one_to_one, weight: 9 nS, delay: 0.7 ms };
        projection plain: a -> b { target: g, connect: fixed_prob(0.2), weight: 1 nS };
        projection learning: a -> b { synapse: PairStdp { g_max: 2 nS }, target: g, connect: fixed_prob(0.4), delay: 1.5 ms };
        projection spread: b -> a { synapse: PairStdp { g_max: 1 nS, w: uniform(0, 1) }, target: g, connect: fixed_prob(0.3), delay: uniform(0.2 ms, 4 ms) };
        projection tired: b -> a { synapse: TsodyksMarkram { w: uniform(0.5 nS, 2 nS) }, target: g, connect: fixed_prob(0.3), delay: uniform(0.2 ms, 5 ms) };
        projection own: a -> b { synapse: TsodyksMarkram { u: uniform(0.1, 0.9) }, target: g, connect: fixed_prob(0.2) };
        record a.spikes;
        record b.spikes;
    }
}

network! {
    /// Synapses with delays and weights of their own, and others that are stored otherwise or not at all.
    pub(crate) struct Delays {
        clock 0.1 ms;
        source noise: poisson[50] { rate: 100 Hz };
        population a: Cell[50];
        projection noise -> a { target: g, connect: one_to_one, weight: 8 nS };
        projection each: a -> a { target: g, connect: fixed_prob(0.2), weight: normal(0.5 nS, 0.1 nS), delay: uniform(0.1 ms, 20 ms) };
        projection equal: a -> a { target: g, connect: fixed_prob(0.02), weight: 0.1 nS, delay: 3 ms };
        projection bits: a[..20] -> a { target: g, connect: fixed_prob(0.5), weight: 0.05 nS, delay: 1 ms };
        projection again: a -> a { target: g, connect: fixed_prob(0.1, procedural: true), weight: 0.05 nS };
        projection weighed: noise -> a { target: i, connect: fixed_prob(0.1), weight: uniform(0 mV/ms, 1 mV/ms) };
        record a.spikes;
        record a.g every 0.5 ms;
    }
}

network! {
    /// All sources and stimuli.
    pub(crate) struct Driven {
        clock 0.1 ms;
        source noise: poisson[20] { rate: 80 Hz, rate_factor: |t| 1.0 + 0.5 * (0.01 * t).sin() };
        source uneven: poisson[2] { rate: [10 Hz, 300 Hz] };
        source beat: regular[3] { rate: 130 Hz };
        source clicks: spike_times[2] { spikes: [(1, 2.5.ms()), (0, 140.ms()), (1, 250.ms())] };
        source events: external[2];
        population a: Cell[20];
        population b: Cell[20] { gain: normal(1, 0.1) };
        population c: Cell[3];
        projection noise -> a { target: g, connect: one_to_one, weight: 5 nS };
        projection uneven -> b[..2] { target: g, connect: one_to_one, weight: 5 nS, delay: 2 ms };
        projection beat -> c { target: g, connect: one_to_one, weight: 4 nS, delay: 3 ms };
        projection clicks -> c[1..] { target: g, connect: one_to_one, weight: 40 nS, delay: uniform(1 ms, 9 ms) };
        projection events -> c[..2] { target: g, connect: one_to_one, weight: 9 nS };
        projection a -> b { target: g, connect: fixed_prob(0.3), weight: 1 nS, delay: 1 ms };
        stimulus a.i += ornstein_uhlenbeck(0.2 mV/ms, 0.3 mV/ms, 5 ms);
        stimulus a.i[3..9] += sine(0.4 mV/ms, 20 Hz, 0);
        stimulus a.i += |t, i| 0.01 * (t * i as f64).sin();
        stimulus b.i += ramp(0 mV/ms, 1 mV/ms, 10 ms, 200 ms);
        stimulus b.gain *= pulses(2, 50 ms, 90 ms);
        stimulus c.i += steps [(0.5 mV/ms, 100 ms), (0.7 mV/ms, 1 s)];
        stimulus b.g += poisson_input(n: 100, rate: 30 Hz, weight: 0.2 nS);
        record a.spikes;
        record b.spikes;
        record c.spikes;
        record noise.spikes;
        record b.tau;
        record c.v[1] every 0.3 ms;
    }
}

network! {
    /// A little of everything, in few bytes.
    pub(crate) struct Small {
        clock 0.1 ms;
        source noise: poisson[4] { rate: [300 Hz, 100 Hz, 200 Hz, 900 Hz] };
        source events: external[2];
        population a: Cell[4];
        projection noise -> a { target: g, connect: one_to_one, weight: 9 nS, delay: 0.7 ms };
        projection events -> a[..2] { target: g, connect: one_to_one, weight: 9 nS };
        projection plain: a -> a { target: g, connect: all_to_all, weight: uniform(0.5 nS, 1 nS), delay: uniform(0.2 ms, 1 ms) };
        projection learning: a -> a { synapse: PairStdp { g_max: 2 nS }, target: g, connect: all_to_all, delay: 0.3 ms };
        projection tired: a -> a { synapse: TsodyksMarkram, target: g, connect: all_to_all, delay: uniform(0.2 ms, 1 ms) };
        stimulus a.i += ornstein_uhlenbeck(0.2 mV/ms, 0.3 mV/ms, 5 ms);
        stimulus a.tau += pulses(2 ms, 5 ms, 90 ms);
        record a.spikes;
        record a.v[1] every 1 ms;
    }
}
