//! The dynamics for a given order of updates, with real weights and with integer classes.

use std::collections::BTreeMap;

use binnet::asynchronous::{BuildOptions, Precision, Refresh};
use binnet::record::By;
use ndarray::{Array1, Array2, ArrayView1};
use serde::Deserialize;
use serde_json::Value;

use super::Result;
use super::network::{Network, Wiring};
use super::numbers::{largest, states};
use super::output::Output;
use super::report::Case;

/// A case.
#[derive(Deserialize)]
pub(crate) struct Replay {
    dtype: Dtype,
    populations: Vec<Population>,
    thresholds: Vec<f64>,
    weights: Weights,
    pub(crate) initial_state: String,
    initial_field: Vec<f64>,
    updates: Vec<u32>,
    deltas: Vec<i8>,
    flips: u64,
    updates_at_threshold: u64,
    final_state: String,
    final_field: Vec<f64>,
    samples: BTreeMap<String, Sample>,
    onset_times: Vec<f64>,
    onset_ids: Vec<u32>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Dtype {
    Float32,
    Float64,
}

#[derive(Deserialize)]
struct Population {
    name: String,
    size: usize,
    tau: f64,
}

#[derive(Deserialize)]
#[serde(tag = "format", rename_all = "snake_case")]
enum Weights {
    DenseRows { rows: Vec<Vec<f64>> },
    Triplets { row: Vec<usize>, col: Vec<usize>, value: Vec<f64> },
    RowsPalette { palette: Vec<f64>, rows: Vec<Vec<usize>> },
}

#[derive(Deserialize)]
struct Sample {
    states: Vec<String>,
    rates: Vec<Vec<f64>>,
}

impl Weights {
    /// The matrix `[post][pre]`.
    fn matrix(&self, n: usize) -> Result<Array2<f64>> {
        let mut matrix = Array2::zeros((n, n));
        let mut set = |post: usize, pre: usize, weight: f64| {
            *matrix.get_mut((post, pre)).ok_or_else(|| format!("a weight at [{post}][{pre}] of {n} x {n}"))? = weight;
            Ok::<_, super::Error>(())
        };
        match self {
            Self::DenseRows { rows } => {
                for (post, row) in rows.iter().enumerate() {
                    row.iter().enumerate().try_for_each(|(pre, w)| set(post, pre, *w))?;
                }
            }
            Self::Triplets { row, col, value } => {
                row.iter().zip(col).zip(value).try_for_each(|((post, pre), w)| set(*post, *pre, *w))?;
            }
            Self::RowsPalette { palette, rows } => {
                for (post, row) in rows.iter().enumerate() {
                    for pair in row.chunks_exact(2) {
                        set(post, pair[0], *palette.get(pair[1]).ok_or("a weight beyond the palette")?)?;
                    }
                }
            }
        }
        Ok(matrix)
    }
}

impl Replay {
    /// The network of the case.
    pub(crate) fn wiring(&self) -> Result<Wiring> {
        Ok(Wiring {
            populations: self.populations.iter().map(|p| (p.name.clone(), p.size, p.tau)).collect(),
            thresholds: self.thresholds.clone(),
            weights: self.weights.matrix(self.thresholds.len())?,
            single: self.dtype == Dtype::Float32,
        })
    }
}

fn options(precision: Precision) -> BuildOptions {
    let mut options = BuildOptions::default();
    options.precision = precision;
    options.refresh = Refresh::Never;
    options
}

pub(super) fn run(value: &Value, case: &mut Case, output: &mut Output) -> Result<()> {
    let replay = Replay::deserialize(value)?;
    let wiring = replay.wiring()?;
    real_weights(&replay, &wiring, case, output)?;
    integer_classes(&replay, &wiring, case, output)
}

/// A network with real weights in the arithmetic of the case, in its states and fields.
fn reference_network(replay: &Replay, wiring: &Wiring) -> Result<Network> {
    let precision = if wiring.single { Precision::F32 } else { Precision::F64 };
    let mut network = wiring.build(options(precision))?;
    network.set_states(&states(&replay.initial_state)?)?;
    network.set_fields(&replay.initial_field)?;
    Ok(network)
}

/// Everything must agree bit for bit: each field changes by one addition a flip.
fn real_weights(replay: &Replay, wiring: &Wiring, case: &mut Case, output: &mut Output) -> Result<()> {
    let mut network = reference_network(replay, wiring)?;
    network.record_flips()?;
    let deltas = network.apply_updates(&replay.updates)?;
    case.check("deltas", differing(&deltas, &replay.deltas), 0.0);
    output.list("deltas", &deltas)?;

    let log = network.log()?;
    case.check("flips", (log.len() as f64 - replay.flips as f64).abs(), 0.0);
    output.scalar("flips", log.len() as i64)?;

    let at_threshold = updates_at_threshold(replay, wiring)?;
    case.check("updates_at_threshold", (at_threshold as f64 - replay.updates_at_threshold as f64).abs(), 0.0);
    output.scalar("updates_at_threshold", at_threshold as i64)?;

    let final_state = network.states();
    case.check("final_state", differing(&final_state, &states(&replay.final_state)?), 0.0);
    output.list("final_state", &final_state)?;
    let final_field = network.fields();
    case.check("final_field", largest(final_field.iter().copied(), replay.final_field.iter().copied()), 0.0);
    if wiring.single {
        output.array("final_field", &Array1::from_iter(final_field.iter().map(|h| *h as f32)))?;
    } else {
        output.list("final_field", &final_field)?;
    }

    for (stride, sample) in &replay.samples {
        let every = stride.parse::<i64>()?.max(1) as u64;
        let own = log.states_every(every)?;
        let reference = sample.states.iter().map(|row| states(row)).collect::<Result<Vec<_>>>()?;
        let rows = (own.nrows() as f64 - reference.len() as f64).abs();
        let worst = largest(own.iter().map(|s| f64::from(*s)), reference.iter().flatten().map(|s| f64::from(*s)));
        case.check(&format!("states every {stride}"), worst.max(rows), 0.0);
        let rates = log.rates_every(every, By::Population)?.values;
        let worst = largest(rates.iter().map(|r| f64::from(*r)), sample.rates.iter().flatten().copied());
        case.check(&format!("rates every {stride}"), worst, 0.0);
        output.array(&format!("samples/{stride}/states"), &own)?;
        output.array(&format!("samples/{stride}/rates"), &rates)?;
    }

    let (times, ids) = log.onsets();
    let times: Vec<f64> = times.into_iter().map(|t| t as f64).collect();
    case.check("onset_times", largest(times.iter().copied(), replay.onset_times.iter().copied()), 0.0);
    case.check("onset_ids", differing(&ids, &replay.onset_ids), 0.0);
    output.list("onset_times", &times)?;
    output.list("onset_ids", &ids)
}

/// Updates of a neuron whose field equals its threshold.
fn updates_at_threshold(replay: &Replay, wiring: &Wiring) -> Result<u64> {
    let mut network = reference_network(replay, wiring)?;
    let thresholds = network.thresholds();
    let mut count = 0;
    for &id in &replay.updates {
        let fields = network.fields();
        count += u64::from(fields.get(id as usize) == thresholds.get(id as usize));
        network.apply_updates(&[id])?;
    }
    Ok(count)
}

/// Integers for each class of weights may only decide otherwise where the field meets the threshold
/// in real arithmetic, so that nothing but rounding tells the two apart. After such an update the
/// states are put back to those of the reference, so that each update is judged by itself.
fn integer_classes(replay: &Replay, wiring: &Wiring, case: &mut Case, output: &mut Output) -> Result<()> {
    let mut network = wiring.build(options(Precision::Exact))?;
    let mut reference = states(&replay.initial_state)?;
    network.set_states(&reference)?;
    let initial_field = network.fields();
    let tolerance = Tolerance { wiring };
    case.check("initial field, integer", tolerance.excess(&initial_field, &reference), 1.0);

    let (mut deltas, mut at_threshold, mut elsewhere) = (Vec::new(), 0_u32, 0_u32);
    for (&id, &expected) in replay.updates.iter().zip(&replay.deltas) {
        let field = network.fields().get(id as usize).copied().unwrap_or(f64::NAN);
        let delta = network.apply_updates(&[id])?.first().copied().unwrap_or_default();
        deltas.push(delta);
        if delta != expected {
            let distance = (field - wiring.thresholds[id as usize]).abs();
            if distance <= tolerance.of(id as usize, &reference) {
                at_threshold += 1;
            } else {
                elsewhere += 1;
            }
        }
        let state = &mut reference[id as usize];
        *state = state.saturating_add_signed(expected);
        if delta != expected {
            network.set_states(&reference)?;
        }
    }
    let note = if at_threshold == 0 {
        String::new()
    } else {
        format!("{at_threshold} differ where the field meets the threshold")
    };
    case.check_with("deltas, integer", f64::from(elsewhere), 0.0, note);
    let final_field = network.fields();
    case.check("final field, integer", tolerance.excess(&final_field, &reference), 1.0);
    output.list("deltas_integer", &deltas)?;
    output.list("initial_field_exact", &initial_field)?;
    output.list("final_field_exact", &final_field)
}

/// How far apart two fields may be that differ by the rounding of the weights only.
struct Tolerance<'a> {
    wiring: &'a Wiring,
}

impl Tolerance<'_> {
    /// 8 rounding units of the sum of absolute weights and threshold.
    fn of(&self, neuron: usize, states: &[u8]) -> f64 {
        let unit = if self.wiring.single { f64::from(f32::EPSILON) } else { f64::EPSILON };
        let row = self.wiring.weights.row(neuron);
        let sum: f64 = row.iter().zip(states).filter(|(_, s)| **s == 1).map(|(w, _)| w.abs()).sum();
        8.0 * unit * (sum + self.wiring.thresholds[neuron].abs())
    }

    /// The largest distance from W s, in units of what is tolerated.
    fn excess(&self, fields: &[f64], states: &[u8]) -> f64 {
        let active =
            |row: ArrayView1<'_, f64>| row.iter().zip(states).filter(|(_, s)| **s == 1).map(|(w, _)| *w).sum::<f64>();
        let rows = self.wiring.weights.rows();
        largest(
            rows.into_iter().zip(fields).enumerate().map(|(k, (row, field))| match (field - active(row)).abs() {
                0.0 => 0.0,
                distance => distance / self.of(k, states),
            }),
            fields.iter().map(|_| 0.0),
        )
    }
}

/// The largest difference of two lists of small integers.
fn differing<T: Copy + Into<f64>>(own: &[T], reference: &[T]) -> f64 {
    largest(own.iter().map(|x| (*x).into()), reference.iter().map(|x| (*x).into()))
}
