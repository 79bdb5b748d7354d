//! A ready layer of DPI neurons: feed-forward or recurrent, with what Rockpool's users expect of it.

#[allow(unreachable_pub, reason = "the populations of a block are part of the trait `Precision`")]
#[allow(clippy::double_must_use, reason = "written by a macro")]
mod block;
mod builder;
mod evolve;
mod values;

pub use block::Precision;
pub use builder::DynapSimBuilder;
pub use evolve::{BatchEvolution, Evolution, TimeSeries};
pub use values::{Family, LayerState};

use core::fmt;

use super::chip::{ChipNetwork, FitReport};
use super::translation::Currents;
use crate::clocked::Clocked;
use crate::error::Result;
use crate::units::Time;
use values::Fields;

/// `N` [`DpiNeuron`](super::DpiNeuron)s on `CORES` cores of the chip, in `f64` or `f32`: what `DynapSim` is in Rockpool.
///
/// It is a [`network!`](crate::network!) block like any other (neurons, a channel of events for each, and projections), with
/// methods for whole rasters, for batches, for its state and for its parameters. For anything beyond that, write the
/// block: see the [module](super).
///
/// Neurons stand in cores of `N / CORES`, rounded up. More than 256 neurons a core do not compile.
///
/// ```
/// use binnet::models::dynapsim::{DynapSim, Family};
/// use binnet::ndarray::{Array2, Array3};
/// use binnet::prelude::*;
///
/// # fn main() -> binnet::Result<()> {
/// let mut layer = DynapSim::<64>::builder()
///     .seed(1)
///     .default_recurrent()                       // uniform within +-sqrt(6 / N), as Rockpool draws
///     .set("i_w_ahp", 10_000.0)                  // pA
///     .mismatch(0.3, 3.0)                        // 30 % are three standard deviations
///     .record(["i_mem", "i_ahp"])
///     .build()?;
///
/// let counts = Array2::from_shape_fn((200, 64), |(t, i)| u32::from((t + 3 * i) % 40 == 0));
/// let evolution = layer.evolve(counts.view())?;  // (T, N)
/// assert_eq!(evolution.spikes.dim(), (200, 64));
/// assert_eq!(evolution.series("i_mem")?.values.dim(), (200, 64));
///
/// let batch = Array3::from_shape_fn((4, 200, 64), |(b, t, i)| u32::from((t + 3 * i) % (30 + b) == 0));
/// let trials = layer.evolve_batch(batch.view(), 2)?; // on two threads, each trial from the state of now
/// assert_eq!(trials.spikes.dim(), (4, 200, 64));
///
/// layer.reset_state()?;
/// layer.set("i_tau_mem", 6.0)?;
/// assert_eq!(layer.family(Family::Taus)?.len(), 3);
/// println!("{}", layer.fit()?);                  // whether it fits the chip, and how
/// # Ok(())
/// # }
/// ```
///
/// # Shapes
/// `[pre][post]` for weights, (T, N) for rasters and states, (B, T, N) for batches; a wrong one is an error that names
/// both.
///
/// # Units
/// Those of the fields of [`DpiNeuron`](super::DpiNeuron): pA, pF, mV, ms.
///
/// # Time
/// Row t of a result is the state after step t, as in Rockpool: `i_mem` after the reset of a spike, `v_mem` before.
pub struct DynapSim<const N: usize = 256, const CORES: usize = 1, S: Precision<N> = f64> {
    net: Clocked<S::Populations>,
    /// Channels of input, and the source that they are.
    channels: usize,
    source: &'static str,
    recorded: Vec<String>,
    /// What was asked for, before mismatch, and what was drawn.
    nominal: Fields,
    drawn: Fields,
    start: LayerState,
    /// The weights of the projections, as they were built.
    weights: Vec<(&'static str, Vec<f64>)>,
}

impl<const N: usize, const CORES: usize, S: Precision<N>> DynapSim<N, CORES, S> {
    /// What must be known when compiling: cores that the board has, and neurons that they have room for.
    const FITS: () = {
        assert!(N > 0, "a layer without neurons: give it 1 at least");
        assert!(CORES > 0 && CORES <= 16, "a board has 16 cores: give it 1 to 16 of them");
        assert!(
            N.div_ceil(CORES) <= 256,
            "a core has room for 256 neurons\nhelp: spread them over more cores: `DynapSim::<N, CORES>` has N / CORES each"
        );
    };

    /// Neurons of a core, but for the last one, which may have fewer.
    pub const CORE: usize = N.div_ceil(CORES);

    /// A builder: a feed-forward layer with the stock parameters, until told otherwise.
    #[must_use]
    pub fn builder() -> DynapSimBuilder<N, CORES, S> {
        const { Self::FITS };
        DynapSimBuilder::new()
    }

    /// The network: for records, reports, and whatever else it can do.
    #[must_use]
    pub fn network(&self) -> &Clocked<S::Populations> {
        &self.net
    }

    /// The network, to be changed between steps. Its populations are `core`, its sources `events` and `inputs`, its
    /// projections `events -> core`, `w_in` and `w_rec`.
    pub fn network_mut(&mut self) -> &mut Clocked<S::Populations> {
        &mut self.net
    }

    /// The length of a step.
    #[must_use]
    pub fn clock(&self) -> Time {
        self.net.clock()
    }

    /// The channels of input: neurons, or rows of `w_in`.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Whether it fits the board, and how it would be set up there: cores one after the other, each with the mean over its
    /// neurons of the currents that were asked for, since a core shares them. (Mismatch is what the chip adds.) Where there is
    /// no `w_in`, the events of each neuron take one synapse.
    ///
    /// # Errors
    /// For weights that are not finite. What does not fit is part of the report; its `check` makes it an error.
    pub fn fit(&self) -> Result<FitReport> {
        self.chip()?.fit()
    }

    /// The layer as one to be put on the chip: to compare with other limits, or with a table of biases.
    ///
    /// # Errors
    /// Never, for weights that could be built.
    pub fn chip<'a>(&self) -> Result<ChipNetwork<'a>> {
        let mut chip = ChipNetwork::<'a>::new().scale(self.nominal.mean("i_scale", 0..1).unwrap_or(1e4));
        for core in 0..N.div_ceil(Self::CORE) {
            let neurons = core * Self::CORE..N.min((core + 1) * Self::CORE);
            let currents = Currents::read(|name| self.nominal.mean(name, neurons.clone()));
            chip = chip.core(format!("core {core}"), neurons.len(), currents);
        }
        let inputs = if self.source == "inputs" { "w_in" } else { "events -> core" };
        for synapse in self.net.synapses(inputs)? {
            chip.add_input(synapse.post, synapse.weight);
        }
        if self.weights.iter().any(|(name, _)| *name == "w_rec") {
            for synapse in self.net.synapses("w_rec")? {
                chip.add_recurrent(synapse.pre, synapse.post, synapse.weight);
            }
        }
        Ok(chip)
    }

    /// How it is computed, and whether it fits the chip, as text.
    #[must_use]
    pub fn explain(&self) -> String {
        let fit = self.fit().map_or_else(|error| format!("{error}\n"), |fit| fit.to_string());
        self.net.explain_computing() + &fit
    }
}

impl<const N: usize, const CORES: usize, S: Precision<N>> Clone for DynapSim<N, CORES, S> {
    fn clone(&self) -> Self {
        Self {
            net: self.net.clone(),
            recorded: self.recorded.clone(),
            nominal: self.nominal.clone(),
            drawn: self.drawn.clone(),
            start: self.start.clone(),
            weights: self.weights.clone(),
            ..*self
        }
    }
}

impl<const N: usize, const CORES: usize, S: Precision<N>> fmt::Debug for DynapSim<N, CORES, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DynapSim<{N}, {CORES}, {}>", S::NAME)
    }
}
