//! Networks of spiking neurons: seconds of computing a second of biological time.
//!
//! `cargo bench --bench spiking [-- coba|cuba|brunel]`. `benches/compare/` has the same networks in other
//! simulators.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::time::Instant;

use binnet::clocked::{Cells, Clocked, ClockedOptions, Cohort, PoissonInput, Projection, Record, Threads};
use binnet::connect::{fixed_in_degree, fixed_prob};
use binnet::neuron::{Advance, Real};
use binnet::population::Init;
use binnet::prelude::*;
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
    /// Brunel's (2000): delta synapses.
    pub struct DeltaLif {
        param tau = 20 ms;
        state v = 0 mV;
        dv/dt = -v / tau;
        spike when v > 20 mV { v = 10 mV; refractory 2 ms holding v; }
    }
}

type Net = Clocked<Vec<Box<dyn Cohort>>>;

/// Two populations of one model with the network between them.
fn network<M, const E: usize, const I: usize>(
    name: &str,
    threads: usize,
    v: (f64, f64),
    projections: &[Projection],
) -> binnet::Result<Net>
where
    M: Model + Advance<<M as Model>::Method>,
    M::Method: binnet::neuron::Method,
{
    let mut options = ClockedOptions::seeded(1);
    options.threads = Threads::Exactly(threads);
    let streams = Streams::new(1);
    let start = || vec![("v", Init::Uniform(v.0, v.1))];
    let exc = Cells::<M, M::Method, E>::build("exc", start(), &streams)?;
    let inh = Cells::<M, M::Method, I>::build("inh", start(), &streams)?;
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
    let wires = balanced(["g_exc", "g_inh"], [6.0, 67.0], 0.1, |a, b, _| Projection::new(a, b, fixed_prob(0.02)));
    network::<CobaLif<S>, 3200, 800>("coba", threads, (-60.0, -50.0), &wires)
}

fn cuba<S: Real>(threads: usize) -> binnet::Result<Net>
where
    CubaLif<S>: Advance<<CubaLif<S> as Model>::Method>,
    <CubaLif<S> as Model>::Method: binnet::neuron::Method,
{
    let wires = balanced(["i_exc", "i_inh"], [1.62, -9.0], 0.1, |a, b, _| Projection::new(a, b, fixed_prob(0.02)));
    network::<CubaLif<S>, 3200, 800>("cuba", threads, (-60.0, -50.0), &wires)
}

fn brunel<S: Real>(threads: usize) -> binnet::Result<Net>
where
    DeltaLif<S>: Advance<<DeltaLif<S> as Model>::Method>,
    <DeltaLif<S> as Model>::Method: binnet::neuron::Method,
{
    let wires = balanced(["v", "v"], [0.1, -0.5], 1.5, |a, b, i| {
        Projection::new(a, b, fixed_in_degree([1000_usize, 250][i])).autapses(true)
    });
    let mut net = network::<DeltaLif<S>, 10_000, 2500>("brunel", threads, (0.0, 15.0), &wires)?;
    for population in ["exc", "inh"] {
        net.poisson_input(&PoissonInput::new(population, "v", 1000, 20.0, 0.1))?;
    }
    Ok(net)
}

fn measure(label: &str, make: impl Fn() -> binnet::Result<Net>) -> binnet::Result<()> {
    let start = Instant::now();
    let mut net = make()?;
    let build = start.elapsed().as_secs_f64();
    let synapses: u64 = net.projections().iter().map(|projection| projection.synapses).sum();
    let bytes: usize = net.projections().iter().map(|projection| projection.bytes).sum();
    let (mut best, mut busy) = (f64::INFINITY, f64::INFINITY);
    let mut rate = 0.0;
    for _ in 0..5 {
        let before = net.spike_count(0);
        let (start, used) = (Instant::now(), processor_seconds().unwrap_or(f64::NAN));
        net.run(1.s())?;
        best = best.min(start.elapsed().as_secs_f64());
        busy = busy.min(processor_seconds().unwrap_or(f64::NAN) - used);
        rate = (net.spike_count(0) - before) as f64 / net.populations()[0].size() as f64;
        net.clear_records();
    }
    println!(
        "{label:<24} {best:8.4} s a second (first thread {busy:.4} s on a processor), {rate:6.2} Hz; {:.1} M synapses built in {build:.2} s, {:.2} bytes each",
        synapses as f64 * 1e-6,
        bytes as f64 / synapses as f64
    );
    Ok(())
}

fn main() -> binnet::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let on = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    for threads in [1, 2] {
        let label = |what: &str| format!("{what}, {threads} thread{}", if threads == 1 { "" } else { "s" });
        if on("coba") && threads == 1 {
            measure(&label("coba f64"), || coba::<f64>(threads))?;
            measure(&label("coba f32"), || coba::<f32>(threads))?;
        }
        if on("cuba") && threads == 1 {
            measure(&label("cuba f64"), || cuba::<f64>(threads))?;
            measure(&label("cuba f32"), || cuba::<f32>(threads))?;
        }
        if on("brunel") {
            measure(&label("brunel f64"), || brunel::<f64>(threads))?;
            measure(&label("brunel f32"), || brunel::<f32>(threads))?;
        }
    }
    if let Some(peak) = peak_megabytes() {
        println!("peak memory {peak:.0} MB");
    }
    Ok(())
}
