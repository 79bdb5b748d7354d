//! Records as `.npz` files.

use std::path::Path;

use super::Records;
use super::tally::Kind;
use super::trace::Samples;
use crate::error::Result;
use crate::record::Npz;

impl Records {
    /// Writes all records as an `.npz` file for `numpy.load`.
    ///
    /// | array | holds |
    /// | --- | --- |
    /// | `exc.v` | a variable, `[time, neuron]`, in its unit and precision |
    /// | `exc.v.times`, `exc.v.neurons` | times in ms, neurons |
    /// | `ee.w.pre`, `ee.w.post` | of synapses, in the place of `neurons`: those at both ends |
    /// | `exc.spikes.times`, `exc.spikes.steps`, `exc.spikes.neurons` | time in ms, label and neuron of each spike |
    /// | `names`, `units` | the names and units of all variables |
    /// | `n.counts` | `counts`: the spikes of each neuron |
    /// | `n.times`, `n.rate` | `rate`: the beginning of each bin in ms, the mean rate in Hz |
    /// | `n.intervals`, `n.mean`, `n.cv` | `intervals`: number, mean in ms, and coefficient of variation; NaN for none |
    /// | `n.edges`, `n.counts`, `n.outside` | `histogram`: edges of the bins, values in each, values below and above |
    /// | `n.mean`, `n.variance` | `over_time` |
    /// | `n.covariance` | `autocorrelation`, by lag |
    ///
    /// # Errors
    /// If writing fails.
    pub fn save_npz(&self, path: impl AsRef<Path>) -> Result<()> {
        let mut file = Npz::create(path)?;
        for train in &self.trains {
            let (name, n) = (&train.name, train.len());
            file.array(&format!("{name}.times"), &[n], train.times())?;
            file.array(&format!("{name}.steps"), &[n], train.steps.iter().map(|step| *step as i64))?;
            file.array(&format!("{name}.neurons"), &[n], train.ids.iter().map(|id| i64::from(*id)))?;
        }
        for trace in &self.traces {
            let (name, shape) = (&trace.name, [trace.len(), trace.width]);
            match &trace.samples {
                Samples::F32(x) => file.array(name, &shape, x.iter().copied())?,
                Samples::F64(x) => file.array(name, &shape, x.iter().copied())?,
            }
            file.array(&format!("{name}.times"), &shape[..1], trace.times())?;
            if trace.ends().is_empty() {
                let columns = trace.columns();
                file.array(&format!("{name}.neurons"), &[columns.len()], columns.into_iter().map(|i| i as i64))?;
            } else {
                file.array(&format!("{name}.pre"), &shape[1..], trace.ends().iter().map(|ends| i64::from(ends.0)))?;
                file.array(&format!("{name}.post"), &shape[1..], trace.ends().iter().map(|ends| i64::from(ends.1)))?;
            }
        }
        for tally in &self.tallies {
            save(&mut file, &tally.name, &tally.kind)?;
        }
        let names: Vec<_> = self.traces.iter().map(|trace| trace.name.as_str()).collect();
        let units: Vec<_> = self.traces.iter().map(|trace| trace.unit.as_str()).collect();
        file.strings("names", &names)?;
        file.strings("units", &units)?;
        file.finish()
    }
}

fn save(file: &mut Npz, name: &str, kind: &Kind) -> Result<()> {
    let mut real = |what: &str, values: Vec<f64>| file.array(&format!("{name}.{what}"), &[values.len()], values);
    let known = |values: Vec<Option<f64>>| values.into_iter().map(|x| x.unwrap_or(f64::NAN)).collect();
    match kind {
        Kind::Rate(rate) => {
            real("times", rate.times())?;
            real("rate", rate.hertz())?;
        }
        Kind::Intervals(intervals) => {
            real("mean", known(intervals.means()))?;
            real("cv", known(intervals.cvs(2)))?;
        }
        Kind::Histogram(histogram) => real("edges", histogram.edges())?,
        Kind::OverTime(over) => {
            real("mean", over.means())?;
            real("variance", over.variances())?;
        }
        Kind::Autocorrelation(series) => real("covariance", series.covariances())?,
        Kind::Counts(_) => {}
    }
    let mut whole = |what: &str, values: &[u64]| {
        file.array(&format!("{name}.{what}"), &[values.len()], values.iter().map(|n| *n as i64))
    };
    match kind {
        Kind::Counts(counts) => whole("counts", counts.counts()),
        Kind::Intervals(intervals) => whole("intervals", &intervals.counts()),
        Kind::Histogram(histogram) => {
            whole("counts", histogram.counts())?;
            whole("outside", &histogram.outside())
        }
        Kind::Rate(_) | Kind::OverTime(_) | Kind::Autocorrelation(_) => Ok(()),
    }
}
