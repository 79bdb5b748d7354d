//! Stochastic equations: paths for given increments, and moments with random numbers of our own.

use binnet::integrate::EulerMaruyama;
use binnet::neuron::{Advance, Single};
use binnet::prelude::*;
use ndarray::ArrayView1;
use serde_json::Value;

use super::methods::by_stochastic_method;
use super::reference::Reference;
use crate::conformance::{Error, Result};

/// For paths with given increments.
const TOLERANCE: f64 = 1e-12;
/// For moments, in standard errors.
const ERRORS: f64 = 4.0;

binnet::neuron! {
    /// The process of Ornstein and Uhlenbeck. Time has no unit in the cases; here it is in ms.
    struct OrnsteinUhlenbeck {
        param theta = 1 / ms;
        param mu    = 0;
        param sigma = 1;
        state x = 0;

        dx/dt = theta * (mu - x) + sigma * xi / sqrt(1 ms);
    }
}

binnet::neuron! {
    /// Geometric Brownian motion.
    struct Geometric {
        param mu    = 0 / ms;
        param sigma = 1;
        state x = 1;

        dx/dt = mu * x + sigma * x * xi / sqrt(1 ms);
    }
}

/// The variable before each step and after the last.
fn path<M, I>(model: M, dt: f64, increments: ArrayView1<'_, f64>, x: impl Fn(&M) -> f64) -> Vec<f64>
where
    M: Advance<I, Noise = [f64; 1], Real = f64>,
{
    let mut single = Single::<M, I>::new(model, dt.ms());
    let mut path = vec![x(&single)];
    for &increment in increments {
        single.step_with(&[increment]);
        path.push(x(&single));
    }
    path
}

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt")?;
    let increments = reference.array("dW")?.clone().into_dimensionality::<ndarray::Ix2>()?;
    reference.write("dW", increments.shape(), &increments.iter().copied().collect::<Vec<_>>())?;
    let shape = [increments.nrows(), increments.ncols() + 1];

    let set = params.set("ou")?;
    let start =
        OrnsteinUhlenbeck { theta: set.get("theta")?, mu: set.get("mu")?, sigma: set.get("sigma")?, x: set.get("x0")? };
    for method in reference.endings("ou_") {
        let mut paths = Vec::new();
        for row in increments.rows() {
            paths.extend(by_stochastic_method!(method.as_str(), I => {
                Ok::<_, Error>(path::<_, I>(start.clone(), dt, row, |n| n.x))
            })?);
        }
        reference.put(&format!("ou_{method}"), &shape, &paths, TOLERANCE)?;
    }

    let set = params.set("gbm")?;
    let start = Geometric { mu: set.get("mu")?, sigma: set.get("sigma")?, x: set.get("x0")? };
    for method in reference.endings("gbm_") {
        let mut paths = Vec::new();
        for row in increments.rows() {
            paths.extend(match method.as_str() {
                "exact_ito" => exact(&start, start.mu - 0.5 * start.sigma.powi(2), dt, row),
                "exact_stratonovich" => exact(&start, start.mu, dt, row),
                name => by_stochastic_method!(name, I => {
                    Ok::<_, Error>(path::<_, I>(start.clone(), dt, row, |n| n.x))
                })?,
            });
        }
        reference.put(&format!("gbm_{method}"), &shape, &paths, TOLERANCE)?;
    }
    if params.set("stats").is_ok() { moments(reference) } else { Ok(()) }
}

/// The closed form x0 exp(growth t + sigma W).
fn exact(start: &Geometric, growth: f64, dt: f64, increments: ArrayView1<'_, f64>) -> Vec<f64> {
    let mut w = 0.0;
    let mut path = vec![start.x];
    for (k, increment) in (1..).zip(increments) {
        w += increment;
        path.push(start.x * (growth * (f64::from(k) * dt) + start.sigma * w).exp());
    }
    path
}

/// Moments of a population of independent processes, dx = (mu - x)/tau dt + sigma sqrt(2/tau) dW.
fn moments(reference: &mut Reference<'_>) -> Result<()> {
    let set = reference.params()?.set("stats")?;
    let (dt, tau, sigma, mu) = (set.get("dt_ms")?, set.get("tau_ms")?, set.get("sigma")?, set.get("mu")?);
    let (n, seed) = (set.get("n")? as usize, set.find("seed").unwrap_or(0.0) as u64);
    let every = ((set.get("every_ms")? / dt).round() as usize).max(1);
    let samples = set.steps(dt)? / every;
    let lags: Vec<usize> = set.list("lags_ms")?.iter().map(|lag| (lag / dt / every as f64).round() as usize).collect();
    if lags.iter().any(|&lag| lag >= samples) {
        return Err("a lag beyond the duration".into());
    }

    // One row for each process: its mean, and its squares and products, over time.
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(n);
    let model = OrnsteinUhlenbeck { theta: 1.0 / tau, mu, sigma: sigma * (2.0 / tau).sqrt(), x: mu };
    for k in 0..n {
        let streams = seed.wrapping_mul(1_000_003).wrapping_add(k as u64);
        let mut process = Single::<_, EulerMaruyama>::new(model.clone(), dt.ms()).seed(streams);
        process.run((20.0 * tau).ms());
        let x: Vec<f64> = (0..samples)
            .map(|_| {
                let x = process.x - mu;
                process.run((every as f64 * dt).ms());
                x
            })
            .collect();
        let mut row = vec![mu + x.iter().sum::<f64>() / samples as f64];
        let product = |lag: usize| x.iter().zip(&x[lag..]).map(|(a, b)| a * b).sum::<f64>() / (samples - lag) as f64;
        row.push(product(0));
        row.extend(lags.iter().map(|&lag| product(lag)));
        rows.push(row);
    }

    let theory = reference.value.pointer("/moments/theory_euler_maruyama_chain");
    let known = |name: &str| theory.and_then(|theory| theory.get(name)).and_then(Value::as_f64);
    let decay = 1.0 - dt / tau;
    let variance = sigma * sigma / (1.0 - dt / (2.0 * tau));
    let listed = theory.and_then(|theory| theory.get("autocov")).and_then(Value::as_array);
    let mut expected = vec![known("mean").unwrap_or(mu), known("var").unwrap_or(variance)];
    expected.extend(lags.iter().enumerate().map(|(k, &lag)| {
        let listed = listed.and_then(|list| list.get(k)).and_then(Value::as_f64);
        listed.unwrap_or_else(|| variance * decay.powi((lag * every) as i32))
    }));
    let mut means = Vec::new();
    for (k, expected) in expected.iter().enumerate() {
        let values: Vec<f64> = rows.iter().map(|row| row[k]).collect();
        let sample = binnet::analysis::Sample::of(&values).ok_or("too few processes")?;
        means.push(sample.mean);
        let error = sample.deviation / (sample.n as f64).sqrt();
        let name = match k {
            0 => "mean".to_owned(),
            1 => "var".to_owned(),
            _ => format!("autocov[{}]", k - 2),
        };
        reference.case.check_with(&name, (sample.mean - expected).abs() / error, ERRORS, "standard errors".to_owned());
    }
    reference.write("mean", &[], &means[..1])?;
    reference.write("var", &[], &means[1..2])?;
    reference.write("autocov", &[lags.len()], &means[2..])
}
