//! What records cost: the balanced network of Vogels & Abbott with and without them, in turns.
//!
//! `cargo bench --bench recording [-- --repeats=9]`. Prints the least seconds of a processor for a second of the network,
//! which other work on the machine disturbs least, and what records add to it.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use binnet::clocked::{Record, Threads};
use binnet::prelude::*;
use binnet_benches::timing::{peak_megabytes, processor_seconds};

neuron! {
    /// Leaky integrate-and-fire neuron with conductance-based synapses.
    pub struct CobaLif {
        param tau_exc = 5 ms;
        param tau_inh = 10 ms;
        state v = -60 mV;
        state g_exc = 0 nS;
        state g_inh = 0 nS;
        dg_exc/dt = -g_exc / tau_exc;
        dg_inh/dt = -g_inh / tau_inh;
        let i_syn = g_exc * (0 mV - v) + g_inh * (-80 mV - v);
        dv/dt = (10 nS * (-60 mV - v) + i_syn + 200 pA) / 200 pF;
        spike when v > -50 mV { v = -60 mV; refractory 5 ms holding v; }
    }
}

network! {
    /// Benchmark 1 of Brette et al. (2007), without records.
    pub struct Coba {
        clock 0.1 ms;
        population exc: CobaLif[3200] { v: uniform(-60 mV, -50 mV), method: exponential_euler };
        population inh: CobaLif[800]  { v: uniform(-60 mV, -50 mV), method: exponential_euler };
        projection exc -> (exc, inh) { target: g_exc, connect: fixed_prob(0.02), weight: 6 nS,  delay: 0.1 ms };
        projection inh -> (exc, inh) { target: g_inh, connect: fixed_prob(0.02), weight: 67 nS, delay: 0.1 ms };
    }
}

/// Seconds for one second of the network after half a second of warm-up.
fn seconds(records: &[Record], streamed: bool) -> binnet::Result<f64> {
    let mut net = Coba::builder().seed(1).options(|o| o.threads = Threads::Exactly(1)).build()?;
    net.run(500.ms())?;
    for record in records {
        net.record(record.clone())?;
    }
    let path = std::env::temp_dir().join(format!("binnet-bench-{}", std::process::id()));
    if streamed {
        net.stream_records(&path, 8 << 20)?;
    }
    let start = processor_seconds();
    let wall = std::time::Instant::now();
    net.run(1.s())?;
    let wall = wall.elapsed().as_secs_f64();
    let took = start.zip(processor_seconds()).map_or(wall, |(start, end)| end - start);
    if streamed {
        net.finish_stream()?;
        std::fs::remove_file(&path)
            .map_err(|source| binnet::RecordError::Io { path: path.display().to_string(), source })?;
    }
    Ok(took)
}

fn main() -> binnet::Result<()> {
    let repeats = std::env::args().find_map(|arg| arg.strip_prefix("--repeats=")?.parse().ok()).unwrap_or(9);
    let spikes = || vec![Record::spikes("exc"), Record::spikes("inh")];
    let with = |more: [Record; 2]| spikes().into_iter().chain(more).collect::<Vec<_>>();
    let one = |population| Record::of(population, "v").neurons(0..1);
    let cases = [
        ("no records", Vec::new(), false),
        ("all spikes", spikes(), false),
        ("and the voltage of one neuron of each population, each step", with([one("exc"), one("inh")]), false),
        (
            "and the voltage of all neurons, each ms",
            with(["exc", "inh"].map(|population| Record::of(population, "v").every(1.ms()))),
            false,
        ),
        (
            "and the mean voltage of both populations, each step",
            with(["exc", "inh"].map(|population| Record::of(population, "v").mean())),
            false,
        ),
        (
            "all spikes and the voltage of all neurons, each step",
            with(["exc", "inh"].map(|p| Record::of(p, "v"))),
            false,
        ),
        (
            "the same to a file, with 8 MB of memory",
            with(["exc", "inh"].map(|population| Record::of(population, "v"))),
            true,
        ),
    ];
    let mut least = [f64::INFINITY; 7];
    for _ in 0..repeats {
        for (least, (_, records, streamed)) in least.iter_mut().zip(&cases) {
            *least = least.min(seconds(records, *streamed)?);
        }
    }
    for ((name, ..), seconds) in cases.iter().zip(least) {
        println!("{seconds:.4} s, {:+5.1} %: {name}", 100.0 * (seconds / least[0] - 1.0));
    }
    if let Some(megabytes) = peak_megabytes() {
        println!("most memory of all: {megabytes:.0} MB");
    }
    Ok(())
}
