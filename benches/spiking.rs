//! Networks of spiking neurons: seconds of computing a second of biological time.
//!
//! `cargo bench --bench spiking [-- coba|cuba|coba_fed|cuba_fed|brunel|gamma] [--json] [--repeats=5]`; those that end in
//! `fed` are the same networks with receptors in the place of equations of the neuron. `benches/compare/` has the same
//! networks in other simulators; its `networks.py` reads what `--json` prints.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::time::Instant;

use binnet::clocked::{Cells, Clocked, ClockedOptions, Cohort, PoissonInput, Projection, Record, Threads};
use binnet::connect::{all_to_all, fixed_in_degree, fixed_prob};
use binnet::integrate::ExponentialEuler;
use binnet::models::receptors::{Exponential, ExponentialConductance};
use binnet::neuron::{Advance, Real};
use binnet::population::{Init, RUN_TIME};
use binnet::prelude::*;
use binnet::receptor::{Fed, Feed};
use binnet::rng::Streams;
use binnet_benches::timing::{peak_megabytes, processor_seconds};

neuron! {
    /// Leaky integrate-and-fire neuron with conductance-based synapses.
    pub struct CobaLif {
        param c_m = 200 pF;
        param g_leak = 10 nS;
        param v_rest = -60 mV;
        param v_th = -50 mV;
        param i_ext = 200 pA;
        param e_exc = 0 mV;
        param e_inh = -80 mV;
        param tau_exc = 5 ms;
        param tau_inh = 10 ms;
        state v = v_rest;
        state g_exc = 0 nS;
        state g_inh = 0 nS;
        dg_exc/dt = -g_exc / tau_exc;
        dg_inh/dt = -g_inh / tau_inh;
        let i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v);
        dv/dt = (g_leak * (v_rest - v) + i_syn + i_ext) / c_m;
        spike when v > v_th { v = -60 mV; refractory 5 ms holding v; }
    }
}

neuron! {
    /// Leaky integrate-and-fire neuron with exponential currents.
    pub struct CubaLif {
        param tau = 20 ms;
        param tau_exc = 5 ms;
        param tau_inh = 10 ms;
        state v = -60 mV;
        state i_exc = 0 mV;
        state i_inh = 0 mV;
        di_exc/dt = -i_exc / tau_exc;
        di_inh/dt = -i_inh / tau_inh;
        dv/dt = (-49 mV - v + i_exc + i_inh) / tau;
        spike when v > -50 mV { v = -60 mV; refractory 5 ms holding v; }
    }
}

neuron! {
    /// The neuron of CUBA without its synapses, which are receptors.
    pub struct CubaFed {
        param tau = 20 ms;
        input i: mV;
        state v = -60 mV;
        dv/dt = (-49 mV - v + i) / tau;
        spike when v > -50 mV { v = -60 mV; refractory 5 ms holding v; }
    }
}

neuron! {
    /// The neuron of COBA without its synapses, which are receptors.
    pub struct CobaFed {
        param c_m = 200 pF;
        param g_leak = 10 nS;
        param v_rest = -60 mV;
        param v_th = -50 mV;
        param i_ext = 200 pA;
        input i: pA;
        state v = v_rest;
        dv/dt = (g_leak * (v_rest - v) + i + i_ext) / c_m;
        spike when v > v_th { v = -60 mV; refractory 5 ms holding v; }
    }
}

/// How receptors feed a neuron.
macro_rules! feeds {
    ($($feed:ident: $receptor:ident, $label:literal;)*) => {$(
        #[derive(Clone, Copy, Debug)]
        struct $feed;

        impl Feed for $feed {
            type Receptor<S: Real> = $receptor<S>;
            const LABEL: &'static str = $label;
            const TARGET: &'static str = "i";
            const POTENTIAL: &'static str = "v";
        }
    )*};
}

feeds! {
    ExcitatoryCurrent: Exponential, "exc";
    InhibitoryCurrent: Exponential, "inh";
    Excitation: ExponentialConductance, "exc";
    Inhibition: ExponentialConductance, "inh";
}

type FedCuba<S> = Fed<Fed<CubaFed<S>, ExcitatoryCurrent, S>, InhibitoryCurrent, S>;
type FedCoba<S> = Fed<Fed<CobaFed<S>, Excitation, S>, Inhibition, S>;

neuron! {
    /// Brunel's (2000): delta synapses.
    pub struct DeltaLif {
        param tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
        spike when v > 20 mV { v = 10 mV; refractory 2 ms holding v; }
    }
}

neuron! {
    /// The interneuron of Wang and Buzsaki (1996), with the gate of its graded synapses.
    pub struct Interneuron {
        input g: mS/cm2;
        state v = -64 mV;
        state s = 0;
        output s;
        let alpha_m = 1 / ms / exprel(-(v + 35 mV) / 10 mV);
        let beta_m = 4 / ms * exp(-(v + 60 mV) / 18 mV);
        let m_inf = alpha_m / (alpha_m + beta_m);
        let alpha_h = 0.07 / ms * exp(-(v + 58 mV) / 20 mV);
        let beta_h = 1 / ms * sigmoid((v + 28 mV) / 10 mV);
        let alpha_n = 0.1 / ms / exprel(-(v + 34 mV) / 10 mV);
        let beta_n = 0.125 / ms * exp(-(v + 44 mV) / 80 mV);
        state h = alpha_h / (alpha_h + beta_h);
        state n = alpha_n / (alpha_n + beta_n);
        let i_na = 35 mS/cm2 * m_inf^3 * h * (v - 55 mV);
        let i_k = 9 mS/cm2 * n^4 * (v + 90 mV);
        let i_leak = 0.1 mS/cm2 * (v + 65 mV);
        dv/dt = (1.2 uA/cm2 - i_na - i_k - i_leak - g * (v + 75 mV)) / (1 uF/cm2);
        dh/dt = 5 * (alpha_h * (1 - h) - beta_h * h);
        dn/dt = 5 * (alpha_n * (1 - n) - beta_n * n);
        ds/dt = 12 / ms * sigmoid(v / 2 mV) * (1 - s) - 0.1 / ms * s;
        spike when v rises through 0 mV;
    }
}

/// Steps that are timed together: short enough that some of them run undisturbed on a busy machine.
const WINDOW: u64 = 20;

type Net = Clocked<Vec<Box<dyn Cohort>>>;

/// Two populations of one model with the network between them.
fn network<M, const E: usize, const I: usize>(
    name: &str,
    threads: usize,
    sizes: [usize; 2],
    v: (f64, f64),
    projections: &[Projection],
) -> binnet::Result<Net>
where
    M: Model + Advance<<M as Model>::Method>,
    M::Method: binnet::neuron::Method,
{
    network_with::<M, E, I>(name, threads, sizes, v, &[], projections)
}

/// The same with values for some fields.
fn network_with<M, const E: usize, const I: usize>(
    name: &str,
    threads: usize,
    sizes: [usize; 2],
    v: (f64, f64),
    values: &[(&'static str, f64)],
    projections: &[Projection],
) -> binnet::Result<Net>
where
    M: Model + Advance<<M as Model>::Method>,
    M::Method: binnet::neuron::Method,
{
    let mut options = ClockedOptions::seeded(1);
    options.threads = Threads::Exactly(threads);
    let streams = Streams::new(1);
    let start = || {
        let values = values.iter().map(|(field, value)| (*field, Init::Value(*value)));
        values.chain([("v", Init::Uniform(v.0, v.1))]).collect()
    };
    let exc = Cells::<M, M::Method, E>::build_sized("exc", sizes[0], start(), &streams)?;
    let inh = Cells::<M, M::Method, I>::build_sized("inh", sizes[1], start(), &streams)?;
    let populations: Vec<Box<dyn Cohort>> = vec![Box::new(exc), Box::new(inh)];
    let mut net = Clocked::new(name, 0.1.ms(), options, populations)?;
    net.connect_all(projections)?;
    net.record(Record::spikes("exc"))?;
    net.record(Record::spikes("inh"))?;
    Ok(net)
}

/// A projection from each population to both.
fn balanced(
    target: [&str; 2],
    weight: [f64; 2],
    delay: f64,
    make: impl Fn(&str, &str, usize) -> Projection,
) -> Vec<Projection> {
    let mut all = Vec::new();
    for (i, pre) in ["exc", "inh"].into_iter().enumerate() {
        for post in ["exc", "inh"] {
            all.push(make(pre, post, i).onto(target[i]).weight(weight[i]).delay(Time::from_ms(delay)));
        }
    }
    all
}

fn coba<S: Real>(threads: usize) -> binnet::Result<Net>
where
    CobaLif<S>: Advance<<CobaLif<S> as Model>::Method>,
    <CobaLif<S> as Model>::Method: binnet::neuron::Method,
{
    coba_of::<S, 3200, 800>(threads)
}

/// As [`coba`], of populations whose sizes the compiler does not know.
fn coba_sized<S: Real>(threads: usize) -> binnet::Result<Net>
where
    CobaLif<S>: Advance<<CobaLif<S> as Model>::Method>,
    <CobaLif<S> as Model>::Method: binnet::neuron::Method,
{
    coba_of::<S, RUN_TIME, RUN_TIME>(threads)
}

fn coba_of<S: Real, const E: usize, const I: usize>(threads: usize) -> binnet::Result<Net>
where
    CobaLif<S>: Advance<<CobaLif<S> as Model>::Method>,
    <CobaLif<S> as Model>::Method: binnet::neuron::Method,
{
    let wires = balanced(["g_exc", "g_inh"], [6.0, 67.0], 0.1, |a, b, _| Projection::new(a, b, fixed_prob(0.02)));
    network::<CobaLif<S>, E, I>("coba", threads, [3200, 800], (-60.0, -50.0), &wires)
}

fn cuba<S: Real>(threads: usize) -> binnet::Result<Net>
where
    CubaLif<S>: Advance<<CubaLif<S> as Model>::Method>,
    <CubaLif<S> as Model>::Method: binnet::neuron::Method,
{
    let wires = balanced(["i_exc", "i_inh"], [1.62, -9.0], 0.1, |a, b, _| Projection::new(a, b, fixed_prob(0.02)));
    network::<CubaLif<S>, 3200, 800>("cuba", threads, [3200, 800], (-60.0, -50.0), &wires)
}

/// CUBA with receptors.
fn cuba_fed<S: Real>(threads: usize) -> binnet::Result<Net>
where
    FedCuba<S>: Advance<<FedCuba<S> as Model>::Method>,
    <FedCuba<S> as Model>::Method: binnet::neuron::Method,
{
    let wires = balanced(["g_exc", "g_inh"], [1.62, -9.0], 0.1, |a, b, _| Projection::new(a, b, fixed_prob(0.02)));
    let values = [("tau_exc", 5.0), ("tau_inh", 10.0)];
    network_with::<FedCuba<S>, 3200, 800>("cuba", threads, [3200, 800], (-60.0, -50.0), &values, &wires)
}

/// COBA with receptors.
fn coba_fed<S: Real>(threads: usize) -> binnet::Result<Net>
where
    FedCoba<S>: Advance<<FedCoba<S> as Model>::Method>,
    <FedCoba<S> as Model>::Method: binnet::neuron::Method,
{
    let wires = balanced(["g_exc", "g_inh"], [6.0, 67.0], 0.1, |a, b, _| Projection::new(a, b, fixed_prob(0.02)));
    let values = [("tau_exc", 5.0), ("tau_inh", 10.0), ("e_inh", -80.0)];
    network_with::<FedCoba<S>, 3200, 800>("coba", threads, [3200, 800], (-60.0, -50.0), &values, &wires)
}

fn brunel<S: Real>(threads: usize) -> binnet::Result<Net>
where
    DeltaLif<S>: Advance<<DeltaLif<S> as Model>::Method>,
    <DeltaLif<S> as Model>::Method: binnet::neuron::Method,
{
    let wires = balanced(["v", "v"], [0.1, -0.5], 1.5, |a, b, i| {
        Projection::new(a, b, fixed_in_degree([1000_usize, 250][i])).autapses(true)
    });
    let mut net = network::<DeltaLif<S>, 10_000, 2500>("brunel", threads, [10_000, 2500], (0.0, 15.0), &wires)?;
    for population in ["exc", "inh"] {
        net.poisson_input(&PoissonInput::new(population, "v", 1000, 20.0, 0.1))?;
    }
    Ok(net)
}

fn gamma<S: Real>(threads: usize) -> binnet::Result<Net>
where
    Interneuron<S>: Advance<ExponentialEuler>,
{
    let mut options = ClockedOptions::seeded(1);
    options.threads = Threads::Exactly(threads);
    let start = vec![("v", Init::Uniform(-70.0, -50.0))];
    let cells = Cells::<Interneuron<S>, ExponentialEuler, 100>::build("cells", start, &Streams::new(1))?;
    let mut net = Clocked::new("gamma", 0.04.ms(), options, vec![Box::new(cells) as Box<dyn Cohort>])?;
    net.connect(Projection::new("cells", "cells", all_to_all()).onto("g").weight(0.001))?;
    net.record(Record::spikes("cells"))?;
    Ok(net)
}

/// What is asked for.
struct Wish {
    /// All networks, if none.
    names: Vec<String>,
    /// Lines for `networks.py`, of one thread only.
    json: bool,
    repeats: usize,
}

impl Wish {
    fn read() -> Self {
        let mut wish = Self { names: Vec::new(), json: false, repeats: 5 };
        for arg in std::env::args().skip(1) {
            match (arg.as_str(), arg.strip_prefix("--repeats=")) {
                ("--json", _) => wish.json = true,
                (_, Some(n)) => wish.repeats = n.parse().unwrap_or(wish.repeats).max(1),
                // What cargo adds.
                (flag, _) if flag.starts_with('-') => {}
                _ => wish.names.push(arg),
            }
        }
        wish
    }

    /// Builds a network and runs it, each time from its start.
    fn measure(
        &self,
        name: &str,
        precision: &str,
        threads: usize,
        make: fn(usize) -> binnet::Result<Net>,
    ) -> binnet::Result<()> {
        if !(self.names.is_empty() || self.names.iter().any(|word| word == name)) || (self.json && threads > 1) {
            return Ok(());
        }
        let ms = if name == "gamma" { 500.0 } else { 1000.0 };
        let (mut builds, mut wall, mut busy, mut spikes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut neurons, mut synapses, mut bytes) = (0_usize, 0_u64, 0_usize);
        // The same steps of all runs: the fastest of each.
        let mut windows: Vec<f64> = Vec::new();
        for _ in 0..self.repeats {
            let start = Instant::now();
            let mut net = make(threads)?;
            builds.push(start.elapsed().as_secs_f64());
            neurons = net.populations().iter().map(|population| population.size()).sum();
            synapses = net.projections().iter().map(|projection| projection.synapses).sum();
            bytes = net.projections().iter().map(|projection| projection.bytes).sum();
            let (start, used) = (Instant::now(), processor_seconds().unwrap_or(f64::NAN));
            let mut left = net.steps_for(Time::from_ms(ms))?;
            for window in 0.. {
                let (part, start) = (left.min(WINDOW), Instant::now());
                net.run_steps(part)?;
                let took = start.elapsed().as_secs_f64();
                match windows.get_mut(window) {
                    Some(fastest) => *fastest = took.min(*fastest),
                    None => windows.push(took),
                }
                left -= part;
                if left == 0 {
                    break;
                }
            }
            wall.push(start.elapsed().as_secs_f64());
            busy.push(processor_seconds().map_or(f64::NAN, |now| now - used));
            spikes.push((0..net.populations().len()).map(|p| net.spike_count(p)).sum::<u64>());
        }
        let least = |times: &[f64]| times.iter().fold(f64::INFINITY, |least, time| least.min(*time));
        let build = least(&builds);
        if self.json {
            let busy = if busy[0].is_finite() { &busy } else { &wall };
            println!(
                "{{\"simulator\": \"binnet\", \"version\": \"{}\", \"model\": \"{name}\", \"precision\": \"{precision}\", \
                 \"ms\": {ms}, \"neurons\": {neurons}, \"synapses\": {synapses}, \"build_s\": {build}, \
                 \"cpu_s\": {busy:?}, \"spikes\": {spikes:?}}}",
                env!("CARGO_PKG_VERSION")
            );
            return Ok(());
        }
        let seconds = ms * 1e-3;
        println!(
            "{:<24} {:8.4} s a second (first thread {:.4} s on a processor; undisturbed {:.4} s), \
             {:6.2} Hz; {:.1} M synapses built in \
             {build:.2} s, {:.2} bytes each",
            format!("{name} {precision}, {threads} thread{}", if threads == 1 { "" } else { "s" }),
            least(&wall) / seconds,
            least(&busy) / seconds,
            windows.iter().sum::<f64>() / seconds,
            spikes[0] as f64 / (neurons as f64 * seconds),
            synapses as f64 * 1e-6,
            bytes as f64 / synapses as f64
        );
        Ok(())
    }
}

fn main() -> binnet::Result<()> {
    let wish = Wish::read();
    wish.measure("coba", "f64", 1, coba::<f64>)?;
    wish.measure("coba", "f32", 1, coba::<f32>)?;
    if !wish.json {
        wish.measure("coba", "f64, sizes known at run time", 1, coba_sized::<f64>)?;
        wish.measure("coba", "f32, sizes known at run time", 1, coba_sized::<f32>)?;
    }
    wish.measure("cuba", "f64", 1, cuba::<f64>)?;
    wish.measure("cuba", "f32", 1, cuba::<f32>)?;
    wish.measure("coba_fed", "f64", 1, coba_fed::<f64>)?;
    wish.measure("coba_fed", "f32", 1, coba_fed::<f32>)?;
    wish.measure("cuba_fed", "f64", 1, cuba_fed::<f64>)?;
    wish.measure("cuba_fed", "f32", 1, cuba_fed::<f32>)?;
    wish.measure("gamma", "f64", 1, gamma::<f64>)?;
    wish.measure("gamma", "f32", 1, gamma::<f32>)?;
    wish.measure("coba", "f64", 2, coba::<f64>)?;
    for threads in [1, 2] {
        wish.measure("brunel", "f64", threads, brunel::<f64>)?;
        wish.measure("brunel", "f32", threads, brunel::<f32>)?;
    }
    if let Some(peak) = peak_megabytes().filter(|_| !wish.json) {
        println!("peak memory {peak:.0} MB");
    }
    Ok(())
}
