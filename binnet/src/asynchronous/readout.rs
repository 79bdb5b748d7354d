//! What can be read of a network: weights, fields along a trace, and words about it.

use ndarray::Array2;
use sprs::{CsMat, TriMat};

use super::aligned::AlignedVec;
use super::fields::Reals;
use super::gain::Gains;
use super::network::{Asynchronous, constant_drive};
use super::plan::{Precision, Scheme};
use super::spec::PopulationSpec;
use super::trajectory::Trajectory;
use crate::error::{Error, RecordError, Result, RunError};
use crate::rng::Streams;

impl<G: Gains> Asynchronous<G> {
    /// The fields of chosen neurons along a recorded trace, after updates 0, k, 2k, ... of the log:
    /// one row a sample, one column a neuron. The log is replayed against the connections.
    ///
    /// # Errors
    /// When nothing is recorded, and for ids beyond the last neuron.
    pub fn fields_along(&self, every: u64, neurons: &[u32]) -> Result<Array2<f64>> {
        if let Some(id) = neurons.iter().find(|id| **id as usize >= self.len()) {
            return Err(RunError::Neuron { id: u64::from(*id), size: self.len() }.into());
        }
        let log = self.log()?;
        let shared = &self.shared;
        let every = every.max(1);
        let updates = log.updates();
        let samples = if updates == 0 { 0 } else { (updates - 1) / every + 1 };
        let mut replay = Trajectory::new(&shared.net, shared.options.precision == Precision::F32, &Streams::new(0));
        replay.set_states(&shared.net, &log.initial_state());
        let mut flips = log.iter().peekable();
        let mut fields = Vec::with_capacity(samples as usize * neurons.len());
        let drives: Vec<_> = shared.populations.iter().map(constant_drive).collect();
        for sample in 0..samples {
            while let Some(flip) = flips.next_if(|f| f.update <= sample * every) {
                replay.flip(&shared.net, flip.neuron as usize, self.refresh);
            }
            fields.extend(neurons.iter().map(|&k| {
                let p = usize::from(self.population_of[k as usize]);
                replay.field(&shared.net, p, k as usize) + drives[p]
            }));
        }
        Array2::from_shape_vec((samples as usize, neurons.len()), fields)
            .map_err(|e| Error::Record(RecordError::Inconsistent(e.to_string())))
    }

    /// Visits the weights of each presynaptic neuron: its id and its summed weight onto every neuron.
    fn for_each_row(&self, mut f: impl FnMut(usize, &[f64])) {
        let net = &self.shared.net;
        let mut scratch = AlignedVec::<i32>::zeroed(net.slots * net.stride);
        let mut row = vec![0.0; net.n];
        for pre in 0..net.n {
            net.weights_of(pre, &self.population_of, &mut scratch, &mut row);
            f(pre, &row);
        }
    }

    /// All weights as a full matrix `w[pre][post]`; needs 8 N^2 bytes.
    #[must_use]
    pub fn weights(&self) -> Array2<f64> {
        let mut matrix = Array2::zeros((self.len(), self.len()));
        self.for_each_row(|pre, row| matrix.row_mut(pre).iter_mut().zip(row).for_each(|(w, r)| *w = *r));
        matrix
    }

    /// All weights as a sparse matrix `w[pre][post]`, row by row (CSR); its `to_csc()` is the other
    /// order, its `transpose_view()` the orientation of `W s`.
    #[must_use]
    pub fn weights_csr(&self) -> CsMat<f64> {
        let mut triplets = TriMat::new((self.len(), self.len()));
        self.for_each_row(|pre, row| {
            for (post, w) in row.iter().enumerate().filter(|(_, w)| **w != 0.0) {
                triplets.add_triplet(pre, post, *w);
            }
        });
        triplets.to_csr()
    }

    /// What was built: for each projection its rule, contacts, layout, bytes and expected cost of a
    /// flip; the arithmetic, the instructions, the scheme.
    #[must_use]
    pub fn explain(&self) -> String {
        let mut text = format!("{}: {} neurons, {} updates/ms\n", self.shared.name, self.len(), self.updates_per_ms());
        for population in self.shared.populations.iter().filter(|p| !p.drives.is_empty()) {
            let drives: Vec<_> = population.drives.iter().map(|d| format!("{} x {:?}", d.weight, d.source)).collect();
            text += &format!("drive of {}: {} at each update\n", population.name, drives.join(" + "));
        }
        text += &self.shared.report.table();
        let net = &self.shared.net;
        if net.has_reals {
            let bound = self.drift_bound();
            text += &format!("real fields: recomputed every {} flips, drift below {bound:.1e}\n", self.refresh);
        } else {
            text += &format!("fields: {} integer counters a neuron, one a weight class (exact, no drift)\n", net.slots);
        }
        let scheme = match self.shared.options.scheme {
            _ if !self.only_flips_possible() => {
                "every update is drawn: gains or drives are stochastic or change in time"
            }
            Scheme::Auto => "every update is drawn; where flips become rare, only they are",
            Scheme::EveryUpdate => "every update is drawn, as asked for",
            Scheme::RejectionFree => "only flips are drawn, as asked for",
        };
        text + &format!("instructions: {}\nscheme: {scheme}\n", net.kernels.name())
    }

    /// What the network is and what it did: sizes, synapses, bytes, time, flips, active neurons.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = format!("{}\n", self.shared.name);
        let mut first = 0;
        for population in &self.shared.populations {
            let states = &self.trajectory.states[first..first + population.size];
            first += population.size;
            let active = states.iter().filter(|s| **s != 0).count();
            let PopulationSpec { name, size, clusters, tau, .. } = population;
            let clusters = if *clusters > 1 { format!(" in {clusters} clusters") } else { String::new() };
            let share = 100.0 * active as f64 / *size as f64;
            text += &format!("  population {name}: {size} neurons{clusters}, tau {tau} ms, {share:.2} % active\n");
        }
        text += &format!("  synapses   {} in {:.1} MB\n", self.synapses(), self.shared.net.bytes() as f64 * 1e-6);
        let (updates, flips) = (self.updates(), self.flips());
        let share = 100.0 * flips as f64 / updates.max(1) as f64;
        text += &format!("  time       {:.3} s in {updates} updates\n", self.time().seconds());
        text += &format!("  flips      {flips} ({share:.2} % of updates)\n");
        if self.is_absorbed() {
            text += "  absorbed   no neuron can change its state any more\n";
        }
        text
    }

    /// A bound on the rounding error of any field: 0 for integer fields.
    #[must_use]
    pub fn drift_bound(&self) -> f64 {
        let unit = match self.trajectory.reals {
            Reals::None => return 0.0,
            Reals::F32(_) => f64::from(f32::EPSILON) / 2.0,
            Reals::F64(_) => f64::EPSILON / 2.0,
        };
        let flips = if self.refresh == u64::MAX { self.trajectory.flips } else { self.refresh };
        (flips as f64 + self.len() as f64) * unit * self.shared.net.largest_real_sum
    }
}
