//! Stationary laws of tiny networks, against long runs.

use binnet::asynchronous::{BuildOptions, Precision, Scheme};
use binnet::record::FlipLog;
use ndarray::Array2;
use serde::Deserialize;
use serde_json::Value;

use super::Result;
use super::network::Wiring;
use super::numbers::flat;
use super::output::Output;
use super::report::Case;

#[derive(Deserialize)]
struct Chain {
    weights: Vec<Vec<f64>>,
    thresholds: Vec<f64>,
    tau: Vec<f64>,
    recurrent_states: Vec<usize>,
    stationary: Vec<f64>,
    mean_activity: Vec<f64>,
    flip_fraction: f64,
}

/// Updates of a run, and of each of the blocks whose spread gives the standard errors. A block is
/// much longer than any correlation of these networks.
const UPDATES: u64 = 4_000_000;
const BLOCK: u64 = 20_000;
/// Accepted deviation, in standard errors.
const TOLERANCE: f64 = 4.0;

/// All ways in which updates are simulated.
const WAYS: [(&str, Precision, Scheme); 3] = [
    ("", Precision::Auto, Scheme::EveryUpdate),
    (", rejection-free", Precision::Auto, Scheme::RejectionFree),
    (", real weights", Precision::F64, Scheme::EveryUpdate),
];

pub(super) fn run(value: &Value, case: &mut Case, output: &mut Output) -> Result<()> {
    let chain = Chain::deserialize(value)?;
    let n = chain.thresholds.len();
    if n > 16 {
        return Err(format!("a network of {n} neurons has too many states to list").into());
    }
    let weights = flat(&value["weights"]).ok_or("weights that are no numbers")?;
    if chain.weights.len() != n || chain.tau.len() != n {
        return Err("weights and time constants for other numbers of neurons".into());
    }
    let wiring = Wiring {
        populations: chain.tau.iter().enumerate().map(|(k, tau)| (format!("p{k}"), 1, *tau)).collect(),
        thresholds: chain.thresholds.clone(),
        weights: Array2::from_shape_vec((n, n), weights)?,
        single: false,
    };
    for (number, (suffix, precision, scheme)) in WAYS.into_iter().enumerate() {
        // Hundreds of states are compared at 4 standard errors, so a sound simulator is outside now
        // and then: what is outside must be so again with other random numbers.
        let mut found = None;
        for attempt in 0..2 {
            let mut options = BuildOptions::seeded(1 + attempt);
            (options.precision, options.scheme) = (precision, scheme);
            let mut judged = Case::new(String::new());
            let occupation = Occupation::simulate(&wiring, options)?;
            occupation.judge(&chain, suffix, &mut judged);
            let passed = judged.passed();
            found = Some((occupation, judged));
            if passed {
                break;
            }
        }
        let Some((occupation, judged)) = found else { continue };
        case.append(judged);
        if number == 0 {
            let total = occupation.totals();
            let pick: Vec<f64> =
                chain.recurrent_states.iter().map(|x| total.states.get(*x).copied().unwrap_or(f64::NAN)).collect();
            output.list("stationary", &pick)?;
            output.list("mean_activity", &total.activity(n))?;
            output.scalar("flip_fraction", total.flips)?;
        }
    }
    Ok(())
}

/// Shares of updates: after which the network is in each state, and which are flips.
#[derive(Clone)]
struct Shares {
    states: Vec<f64>,
    flips: f64,
}

impl Shares {
    /// The share of updates after which each neuron is active.
    fn activity(&self, n: usize) -> Vec<f64> {
        (0..n).map(|k| self.states.iter().enumerate().filter(|(x, _)| x >> k & 1 == 1).map(|(_, p)| p).sum()).collect()
    }
}

/// The shares in each block of a run.
struct Occupation {
    blocks: Vec<Shares>,
}

impl Occupation {
    fn simulate(wiring: &Wiring, options: BuildOptions) -> Result<Self> {
        let mut network = wiring.build(options)?;
        network.run_updates(BLOCK)?;
        network.record_flips()?;
        network.run_updates(UPDATES)?;
        Ok(Self::of(network.log()?))
    }

    fn of(log: &FlipLog) -> Self {
        let initial = log.initial_state();
        let mut state = initial.iter().enumerate().fold(0, |code, (k, s)| code | usize::from(*s) << k);
        let empty = Shares { states: vec![0.0; 1 << initial.len()], flips: 0.0 };
        let mut blocks = vec![empty; (log.updates() / BLOCK) as usize];
        let mut since = 0;
        let mut stay = |state: usize, from: u64, to: u64| {
            let mut from = from;
            while from < to {
                let end = to.min((from / BLOCK + 1) * BLOCK);
                if let Some(block) = blocks.get_mut((from / BLOCK) as usize) {
                    block.states[state] += (end - from) as f64 / BLOCK as f64;
                }
                from = end;
            }
        };
        for flip in log {
            stay(state, since, flip.update);
            (state, since) = (state ^ 1 << flip.neuron, flip.update);
        }
        stay(state, since, log.updates());
        for flip in log {
            if let Some(block) = blocks.get_mut((flip.update / BLOCK) as usize) {
                block.flips += 1.0 / BLOCK as f64;
            }
        }
        Self { blocks }
    }

    fn totals(&self) -> Shares {
        let n = self.blocks.len() as f64;
        let mean = |f: &dyn Fn(&Shares) -> f64| self.blocks.iter().map(f).sum::<f64>() / n;
        let states = self.blocks.first().map_or(0, |block| block.states.len());
        Shares {
            states: (0..states).map(|x| mean(&|block| block.states[x])).collect(),
            flips: mean(&|block| block.flips),
        }
    }

    /// The distance of a mean over blocks from the exact share `p`, in standard errors. The error is
    /// never taken below that of independent updates: a rare state may be missing in all blocks.
    fn distance(&self, p: f64, f: impl Fn(&Shares) -> f64) -> f64 {
        let values: Vec<f64> = self.blocks.iter().map(f).collect();
        let Some(sample) = binnet::analysis::Sample::of(&values) else { return f64::INFINITY };
        let independent = (p * (1.0 - p) / UPDATES as f64).max(0.0).sqrt();
        let error = (sample.deviation / (sample.n as f64).sqrt()).max(independent);
        // States that are never left have no error but that of the exact law's own digits.
        let difference = (sample.mean - p).abs();
        if difference < 1e-12 { 0.0 } else { difference / error }
    }

    fn judge(&self, chain: &Chain, suffix: &str, case: &mut Case) {
        let n = chain.thresholds.len();
        let recurrent = chain.recurrent_states.iter().zip(&chain.stationary);
        let worst = recurrent
            .map(|(x, p)| self.distance(*p, |block| block.states.get(*x).copied().unwrap_or(f64::NAN)))
            .fold(0.0, worse);
        case.check(&format!("stationary{suffix}"), worst, TOLERANCE);
        let transient =
            (0..1 << n).filter(|x| !chain.recurrent_states.contains(x)).map(|x| self.totals().states[x]).sum();
        case.check(&format!("transient states{suffix}"), transient, 0.0);
        let worst = chain
            .mean_activity
            .iter()
            .enumerate()
            .map(|(k, p)| self.distance(*p, |block| block.activity(n)[k]))
            .fold(0.0, worse);
        case.check(&format!("mean_activity{suffix}"), worst, TOLERANCE);
        case.check(
            &format!("flip_fraction{suffix}"),
            self.distance(chain.flip_fraction, |block| block.flips),
            TOLERANCE,
        );
    }
}

/// The larger of two, and what is no number above all.
fn worse(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::INFINITY } else { a.max(b) }
}
