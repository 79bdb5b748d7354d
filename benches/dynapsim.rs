//! A recurrent core of DPI neurons: millions of neurons and steps a second.
//!
//! `cargo bench --bench dynapsim [-- 256 f32 --json --repeats=20]`. 1000 steps of 1 ms, a tenth of the recurrent weights, 20 input events
//! a second and neuron, all that Rockpool records. `benches/compare/dynapsim.py` does the same with Rockpool.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]
#![allow(clippy::double_must_use, reason = "written by a macro")]

use std::time::Instant;

use binnet::models::dynapsim::{DpiNeuron, DynapSim};
use binnet::ndarray::{Array2, Array3, ArrayView2};
use binnet::prelude::*;
use binnet::rng::Streams;
use rand::RngExt as _;
use rand_distr::{Distribution as _, Normal};

const STEPS: usize = 1000;
const DENSITY: f64 = 0.1;
/// Input events a second and neuron.
const RATE: f64 = 20.0;

macro_rules! core {
    ($name:ident, $precision:ident) => {
        network! {
            /// The core that is timed.
            pub struct $name<const N: usize = 256> {
                clock 1 ms;
                precision $precision;
                given w_rec: [N][N];
                source events: external[N];
                population core: DpiNeuron[N] {};
                projection events -> core { target: x, connect: one_to_one, weight: 0.35 };
                projection core -> core { target: x, connect: sparse, weight: w_rec };
                record core.spikes;
                record core.i_syn;
                record core.i_ahp;
                record core.i_mem;
                record core.v_mem;
            }
        }
    };
}

core!(Double, f64);
core!(Single, f32);

/// Weights of which a tenth is not 0: normal, with a deviation of 0.5 over the root of the number of inputs.
fn weights(n: usize) -> Array2<f64> {
    let mut rng = Streams::new(1).named("weights");
    let normal = Normal::new(0.0, 0.5 / (DENSITY * n as f64).sqrt()).expect("a deviation above 0");
    Array2::from_shape_fn((n, n), |_| if rng.random::<f64>() < DENSITY { normal.sample(&mut rng) } else { 0.0 })
}

fn events(n: usize) -> Array2<u32> {
    let mut rng = Streams::new(1).named("events");
    Array2::from_shape_fn((STEPS, n), |_| u32::from(rng.random::<f64>() < RATE * 1e-3))
}

/// What is asked for.
struct Wish {
    /// Sizes and precisions; all, if none.
    names: Vec<String>,
    json: bool,
    repeats: usize,
}

impl Wish {
    fn read() -> Self {
        let mut wish = Self { names: Vec::new(), json: false, repeats: 20 };
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

    /// Runs a core again and again. `give` hands in events and forgets what was recorded; the first run is not
    /// counted, as what it records is written into memory that the system has yet to provide.
    fn measure(&self, n: usize, precision: &str, net: &mut impl Core) -> binnet::Result<()> {
        let asked = |name: &str| self.names.iter().any(|other| other == name);
        let of = |all: [&str; 2], own: &str| asked(own) || !all.into_iter().any(asked);
        if !(of(["256", "1024"], &n.to_string()) && of(["f32", "f64"], precision)) {
            return Ok(());
        }
        let events = events(n);
        let mut wall = Vec::new();
        let mut spikes = 0;
        for repeat in 0..=self.repeats {
            net.give(events.view())?;
            let start = Instant::now();
            net.run()?;
            if repeat > 0 {
                wall.push(start.elapsed().as_secs_f64());
            }
            spikes = net.spikes();
        }
        wall.sort_by(f64::total_cmp);
        let (best, median) = (wall[0], wall[wall.len() / 2]);
        let rate = spikes as f64 / n as f64 * 1e3 / STEPS as f64;
        if self.json {
            println!(
                "{{\"tool\": \"binnet\", \"version\": \"{}\", \"precision\": \"{precision}\", \"n\": {n}, \"steps\": {STEPS}, \
                 \"seconds_best\": {best}, \"seconds_median\": {median}, \"rate_hz\": {rate}}}",
                env!("CARGO_PKG_VERSION")
            );
            return Ok(());
        }
        let speed = |seconds: f64| (n * STEPS) as f64 / seconds * 1e-6;
        println!(
            "{:<12} {:6.1} M neuron-steps/s at best, {:6.1} in the median; {rate:.1} Hz",
            format!("{n}, {precision}"),
            speed(best),
            speed(median),
        );
        Ok(())
    }
}

/// How much longer 64 trials take on two threads than one on one, in the median.
fn batch(wish: &Wish) -> binnet::Result<()> {
    const TRIALS: usize = 64;
    if wish.json || !wish.names.is_empty() {
        return Ok(());
    }
    let mut layer = DynapSim::<256>::builder().w_rec(weights(256)).w_event(0.35).build()?;
    let trial = events(256);
    let all = Array3::from_shape_fn((TRIALS, STEPS, 256), |(b, t, i)| trial[[(t + 13 * b) % STEPS, i]]);
    let time = |run: &mut dyn FnMut() -> binnet::Result<()>| -> binnet::Result<f64> {
        let start = Instant::now();
        run()?;
        Ok(start.elapsed().as_secs_f64())
    };
    // By turns, so that both meet the machine in the same moods; as many trials one by one as are run at once.
    let (mut one, mut many) = (Vec::new(), Vec::new());
    for _ in 0..wish.repeats {
        let mut each = Vec::new();
        for _ in 0..TRIALS {
            each.push(time(&mut || layer.evolve(trial.view()).map(drop))?);
        }
        one.push(median(each));
        many.push(time(&mut || layer.evolve_batch(all.view(), 2).map(drop))?);
    }
    let ratio = median(many.iter().zip(&one).map(|(many, one)| many / one).collect());
    println!(
        "one trial of 256 neurons, f64: {:.2} ms; {TRIALS} on two threads: {:.1} ms, {ratio:.1} times as long",
        1e3 * median(one),
        1e3 * median(many),
    );
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The cores of both precisions and all sizes.
trait Core {
    fn give(&mut self, events: ArrayView2<'_, u32>) -> binnet::Result<()>;
    fn run(&mut self) -> binnet::Result<()>;
    fn spikes(&self) -> usize;
}

macro_rules! impl_core {
    ($($name:ident),*) => {$(
        impl<const N: usize> Core for $name<N> {
            fn give(&mut self, events: ArrayView2<'_, u32>) -> binnet::Result<()> {
                self.clear_records();
                self.source_mut("events")?.give(events)
            }

            fn run(&mut self) -> binnet::Result<()> {
                self.run_steps(STEPS as u64).map(drop)
            }

            fn spikes(&self) -> usize {
                self.records().core.spikes.len()
            }
        }
    )*};
}

impl_core!(Double, Single);

fn main() -> binnet::Result<()> {
    let wish = Wish::read();
    let (small, large) = (weights(256), weights(1024));
    wish.measure(256, "f32", &mut Single::<256>::builder().w_rec(&small).threads(1).build()?)?;
    wish.measure(1024, "f32", &mut Single::<1024>::builder().w_rec(&large).threads(1).build()?)?;
    wish.measure(256, "f64", &mut Double::<256>::builder().w_rec(&small).threads(1).build()?)?;
    wish.measure(1024, "f64", &mut Double::<1024>::builder().w_rec(&large).threads(1).build()?)?;
    batch(&wish)
}
