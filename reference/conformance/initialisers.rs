//! Start states.

use binnet::asynchronous::{BuildOptions, NetworkPlan, PopulationSpec, Runtime};
use binnet::population::{Binary, Init};
use serde::Deserialize;
use serde_json::Value;

use super::Result;
use super::output::Output;
use super::report::Case;

#[derive(Deserialize)]
struct Clustered {
    #[serde(default)]
    spec: Value,
    sizes: Vec<usize>,
    #[serde(default)]
    mean_ones: Vec<f64>,
    #[serde(default)]
    std_ones: Vec<f64>,
    #[serde(default)]
    error: Option<String>,
}

/// Networks drawn for each case; the reference drew as many.
const DRAWS: u64 = 200;
/// Accepted deviation, in standard errors.
const TOLERANCE: f64 = 4.0;

pub(super) fn run(value: &Value, case: &mut Case, output: &mut Output) -> Result<()> {
    if value.get("spec").is_some() {
        clustered(&Clustered::deserialize(value)?, case, output)
    } else {
        let share = value.get("default_share_of_ones_n100000").and_then(Value::as_f64);
        default_share(share.ok_or("neither a case of clusters nor the default share")?, case, output)
    }
}

/// The states of populations of the given sizes and initialisers.
fn states(populations: &[(usize, Init)], seed: u64) -> Result<Vec<u8>> {
    let options = BuildOptions::seeded(seed);
    let mut plan = NetworkPlan::new("states", options);
    for (k, (size, init)) in populations.iter().enumerate() {
        plan.population(PopulationSpec::new(format!("p{k}"), *size).init(init.clone()));
    }
    let neurons = populations.iter().map(|(size, _)| vec![Binary { threshold: 0.0 }; *size]).collect();
    Ok(plan.build(Runtime::new(neurons))?.states())
}

fn default_share(reference: f64, case: &mut Case, output: &mut Output) -> Result<()> {
    const N: usize = 100_000;
    let mut plan = NetworkPlan::new("states", BuildOptions::default());
    plan.population(PopulationSpec::new("p", N));
    let states = plan.build(Runtime::new(vec![vec![Binary { threshold: 0.0 }; N]]))?.states();
    let own = states.iter().map(|s| f64::from(*s)).sum::<f64>() / N as f64;
    let error = (2.0 * reference * (1.0 - reference) / N as f64).sqrt();
    case.check("default_share_of_ones", (own - reference).abs() / error, TOLERANCE);
    output.scalar("default_share_of_ones_n100000", own)
}

fn clustered(given: &Clustered, case: &mut Case, output: &mut Output) -> Result<()> {
    let inits = match (activity(&given.spec, given.sizes.len() / 2), &given.error) {
        (Ok(inits), None) => inits,
        (Err(error), Some(_)) => {
            case.check_with("refused", 0.0, 0.0, error.to_string());
            return output.text("refused", &error.to_string());
        }
        (Err(error), None) => return Err(error),
        (Ok(_), Some(error)) => return Err(format!("accepted, but the reference raises {error}").into()),
    };
    let populations: Vec<_> = given.sizes.iter().copied().zip(inits).collect();
    for attempt in 0..2 {
        case.clear();
        let mut ones = vec![Vec::new(); populations.len()];
        for seed in 0..DRAWS {
            let states = states(&populations, 1 + attempt * DRAWS + seed)?;
            let mut rest = &states[..];
            for (ones, size) in ones.iter_mut().zip(&given.sizes) {
                let (part, after) = rest.split_at(*size);
                ones.push(part.iter().map(|s| f64::from(*s)).sum::<f64>());
                rest = after;
            }
        }
        let moments: Vec<_> = ones.into_iter().map(binnet::analysis::Moments::of).collect();
        let reference = given.mean_ones.iter().zip(&given.std_ones);
        let worst = moments.iter().zip(reference).map(|(own, (mean, std))| {
            let difference = (own.mean - mean).abs();
            if difference < 1e-12 { 0.0 } else { difference / ((own.second + std * std) / DRAWS as f64).sqrt() }
        });
        let fits = moments.len() == given.mean_ones.len() && moments.len() == given.std_ones.len();
        case.check("mean_ones", if fits { worst.fold(0.0, f64::max) } else { f64::INFINITY }, TOLERANCE);
        if case.passed() || attempt == 1 {
            output.list("mean_ones", &moments.iter().map(|m| m.mean).collect::<Vec<_>>())?;
            output.list("std_ones", &moments.iter().map(binnet::analysis::Moments::deviation).collect::<Vec<_>>())?;
            break;
        }
    }
    Ok(())
}

/// What the reference makes of `initial_activity`: an initialiser for each of `q` excitatory, then
/// inhibitory clusters. Later keys win, nothing given is Bernoulli(0.2), unknown keys are ignored.
fn activity(spec: &Value, q: usize) -> Result<Vec<Init>> {
    let mut inits = vec![Init::Bernoulli(0.2); 2 * q];
    let Value::Object(map) = spec else {
        set(&mut inits[..q], spec, "bernoulli")?;
        set(&mut inits[q..], spec, "bernoulli")?;
        return Ok(inits);
    };
    let mode = map.get("mode").and_then(Value::as_str).unwrap_or("bernoulli");
    let keys = [
        ("default", 0..2 * q),
        ("excitatory", 0..q),
        ("inhibitory", q..2 * q),
        ("excitatory_by_cluster", 0..q),
        ("inhibitory_by_cluster", q..2 * q),
    ];
    for (key, range) in keys {
        let Some(entry) = map.get(key) else { continue };
        for part in inits[range].chunks_mut(q.max(1)) {
            set(part, entry, mode)?;
        }
    }
    Ok(inits)
}

/// Sets the clusters of one type from a number, a list, or an entry with a mode of its own.
fn set(inits: &mut [Init], entry: &Value, mode: &str) -> Result<()> {
    let (entry, mode) = match entry {
        Value::Object(own) => (
            own.get("value").or_else(|| own.get("values")).unwrap_or(&Value::Null),
            own.get("mode").and_then(Value::as_str).unwrap_or(mode),
        ),
        other => (other, mode),
    };
    let init = |value: &Value| -> Result<Option<Init>> {
        if value.is_null() {
            return Ok(None);
        }
        let share = value.as_f64().ok_or_else(|| format!("`{value}` is no activity"))?.clamp(0.0, 1.0);
        match mode {
            "bernoulli" => Ok(Some(Init::Bernoulli(share))),
            "deterministic" => Ok(Some(Init::Exact(share))),
            other => Err(format!("no mode `{other}` of initial activity").into()),
        }
    };
    let values: Vec<&Value> = match entry {
        Value::Array(list) if list.len() == inits.len() => list.iter().collect(),
        Value::Array(list) if list.len() == 1 => vec![&list[0]; inits.len()],
        Value::Array(list) => return Err(format!("{} activities for {} clusters", list.len(), inits.len()).into()),
        single => vec![single; inits.len()],
    };
    for (slot, value) in inits.iter_mut().zip(values) {
        if let Some(init) = init(value)? {
            *slot = init;
        }
    }
    Ok(())
}
