//! States, rates and onsets from a log that the case gives.

use std::collections::BTreeMap;

use binnet::record::{By, FlipLog, Section, Sections};
use ndarray::{ArrayD, Axis};
use serde::Deserialize;
use serde_json::Value;

use super::Result;
use super::numbers::{flat, largest, nested};
use super::output::Output;
use super::report::Case;

#[derive(Deserialize)]
struct Log {
    sizes: Vec<usize>,
    initial: Vec<u8>,
    updates: Value,
    deltas: Value,
    results: BTreeMap<String, Sampled>,
    onset_times: Vec<f64>,
    onset_ids: Vec<f64>,
}

#[derive(Deserialize)]
struct Sampled {
    states: Value,
    states_shape: Vec<usize>,
    rates: Value,
    rates_shape: Vec<usize>,
}

pub(super) fn run(value: &Value, case: &mut Case, output: &mut Output) -> Result<()> {
    let given = Log::deserialize(value)?;
    let sections =
        Sections::new((0..).zip(&given.sizes).map(|(k, size): (u32, _)| Section::new(format!("p{k}"), *size)))?;
    let (updates, deltas) = (nested(&given.updates)?, nested(&given.deltas)?);
    let log = FlipLog::from_dense(sections, &given.initial, &updates, &deltas);
    // The package answers contradictions with empty or clipped arrays; here they are errors.
    let sound = is_sound(&given, &updates, &deltas);
    let log = match (log, sound) {
        (Ok(log), true) => log,
        (Err(error), false) => {
            case.check_with("refused", 0.0, 0.0, error.to_string());
            return output.text("refused", &error.to_string());
        }
        (Ok(_), false) => return Err("the log contradicts itself and was accepted".into()),
        (Err(error), true) => return Err(error.into()),
    };

    for (stride, expected) in &given.results {
        // The interface takes no negative interval; the package counts those as 1.
        let every = stride.parse::<i64>()?.max(1) as u64;
        let states = log.states_every(every)?;
        let rates = log.rates_every(every, By::Population)?.values;
        let shapes = states.shape() == expected.states_shape && rates.shape() == expected.rates_shape;
        case.check(&format!("shapes every {stride}"), f64::from(u8::from(!shapes)), 0.0);
        let compare = |own: Vec<f64>, expected: &Value| flat(expected).map_or(f64::INFINITY, |e| largest(own, e));
        case.check(
            &format!("states every {stride}"),
            compare(states.iter().map(|s| f64::from(*s)).collect(), &expected.states),
            0.0,
        );
        case.check(
            &format!("rates every {stride}"),
            compare(rates.iter().map(|r| f64::from(*r)).collect(), &expected.rates),
            0.0,
        );
        output.array(&format!("results/{stride}/states"), &states)?;
        output.array(&format!("results/{stride}/rates"), &rates)?;
    }
    let (times, ids) = log.onsets();
    let times: Vec<f64> = times.into_iter().map(|t| t as f64).collect();
    case.check("onset_times", largest(times.iter().copied(), given.onset_times), 0.0);
    case.check("onset_ids", largest(ids.iter().map(|id| f64::from(*id)), given.onset_ids), 0.0);
    output.list("onset_times", &times)?;
    output.list("onset_ids", &ids)
}

/// Whether a log fits itself and the start states, found without the library.
fn is_sound(given: &Log, updates: &ArrayD<i64>, deltas: &ArrayD<i64>) -> bool {
    if updates.shape() != deltas.shape() || !(1..=2).contains(&updates.ndim()) {
        return false;
    }
    let rows = |array: &ArrayD<i64>| if array.ndim() == 1 { array.clone().insert_axis(Axis(0)) } else { array.clone() };
    let (updates, deltas) = (rows(updates), rows(deltas));
    let mut states: Vec<i64> = given.initial.iter().map(|s| i64::from(*s)).collect();
    // Step by step, and within a step row by row: the transposed order in memory.
    updates.t().iter().zip(deltas.t().iter()).all(|(id, delta)| {
        let Some(state) = usize::try_from(*id).ok().and_then(|id| states.get_mut(id)) else { return false };
        *state += delta;
        (0..=1).contains(state)
    })
}
