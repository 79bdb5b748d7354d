//! Trajectories of the oscillator of FitzHugh and Nagumo.

use binnet::models::neurons::FitzHughNagumo;

use super::methods::by_method;
use super::reference::Reference;
use super::trace::Trace;
use crate::conformance::{Error, Result};

const TOLERANCE: f64 = 1e-10;

pub(super) fn run(reference: &mut Reference<'_>) -> Result<()> {
    let params = reference.params()?;
    let dt = params.get("dt")?;
    let steps = (params.get("duration")? / dt).round() as usize;
    let (a, b, tau, i) = (params.get("a")?, params.get("b")?, params.get("tau")?, params.get("I")?);
    let starts = params.list("init")?;
    reference.times("t", dt, steps)?;
    for method in reference.endings("vw_") {
        let mut rows = Vec::new();
        for start in starts.as_chunks().0 {
            let [v, w] = *start;
            let neuron = FitzHughNagumo { a, b, tau, i, v, w };
            let trace: Trace<2> = by_method!(method.as_str(), I => {
                let set = |n: &mut FitzHughNagumo, i| n.i = i;
                Ok::<_, Error>(Trace::run::<_, I>(neuron, dt, &vec![i; steps], set, |n| [n.v, n.w]))
            })?;
            rows.extend(trace.rows());
        }
        reference.put(&format!("vw_{method}"), &[starts.len() / 2, steps, 2], &rows, TOLERANCE)?;
    }
    Ok(())
}
