//! Whether a network fits the chip, and how it would be set up there.

use core::fmt;
use std::fmt::Write as _;

use ndarray::ArrayView2;

use super::bias::{BiasCode, BiasGenerator, chip_name};
use super::translation::Currents;
use super::weights::{WeightFit, fit_weights};
use crate::error::{BuildError, Result};

/// What a board with chips has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChipLimits {
    /// Neurons of a core.
    pub neurons_per_core: usize,
    /// Cores of a chip.
    pub cores_per_chip: usize,
    /// Chips of the board.
    pub chips: usize,
    /// Incoming synapses of a neuron, all gates together.
    pub synapses: usize,
    /// Destinations of a neuron: chips that it sends its events to, each to any of its cores.
    pub destinations: usize,
}

impl Default for ChipLimits {
    /// The DYNAP-SE2 board: 4 chips of 4 cores of 256 neurons, 64 synapses and 4 destinations a neuron.
    fn default() -> Self {
        Self { neurons_per_core: 256, cores_per_chip: 4, chips: 4, synapses: 64, destinations: 4 }
    }
}

/// A core of a network: its neurons, and the currents that all of them share.
#[derive(Clone, Debug, PartialEq)]
struct Core {
    name: String,
    neurons: usize,
    currents: Currents,
}

/// A network to be put on the chip: cores, one after the other, and the weights between all of their neurons.
///
/// ```
/// use binnet::models::dynapsim::{ChipNetwork, Currents};
/// use binnet::ndarray::Array2;
///
/// let weights = Array2::from_shape_fn((80, 80), |(pre, post)| if pre == post { 0.0 } else { 0.3 });
/// let report = ChipNetwork::new().core("ring", 80, Currents::default()).recurrent(weights.view())?.fit()?;
/// assert!(report.check().unwrap_err().to_string().contains("neuron 0 of `ring` has 79 incoming synapses"));
/// # Ok::<(), binnet::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChipNetwork<'a> {
    cores: Vec<Core>,
    limits: ChipLimits,
    /// Of each neuron: the weights of its synapses from inputs, and from neurons.
    external: Vec<Vec<f64>>,
    recurrent: Vec<Vec<f64>>,
    /// The neurons that each neuron sends its events to.
    targets: Vec<Vec<usize>>,
    generator: Option<&'a BiasGenerator>,
    i_scale: f64,
    tolerance: f64,
}

impl Default for ChipNetwork<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> ChipNetwork<'a> {
    /// A network without cores.
    #[must_use]
    pub fn new() -> Self {
        Self {
            cores: Vec::new(),
            limits: ChipLimits::default(),
            external: Vec::new(),
            recurrent: Vec::new(),
            targets: Vec::new(),
            generator: None,
            i_scale: 1e4,
            tolerance: 0.05,
        }
    }

    /// Adds a core. Four of them make a chip, in order.
    #[must_use]
    pub fn core(mut self, name: impl Into<String>, neurons: usize, currents: Currents) -> Self {
        self.cores.push(Core { name: name.into(), neurons, currents });
        self
    }

    /// Another board than the stock one.
    #[must_use]
    pub fn limits(mut self, limits: ChipLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The current (pA) of a weight of 1: `i_scale` of the neurons, 10 nA at first.
    #[must_use]
    pub fn scale(mut self, i_scale: f64) -> Self {
        self.i_scale = i_scale;
        self
    }

    /// How far a weight may be from what four bits give, as a share of the largest weight of its core; 5 % at first.
    #[must_use]
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The bias generator of the chip: with it, codes are looked up and ranges checked.
    #[must_use]
    pub fn generator(mut self, generator: &'a BiasGenerator) -> Self {
        self.generator = Some(generator);
        self
    }

    fn neurons(&self) -> usize {
        self.cores.iter().fold(0, |all: usize, core| all.saturating_add(core.neurons))
    }

    /// Weights of input channels, `[input][post]`, dimensionless; 0 is no synapse. Cores are added before.
    ///
    /// # Errors
    /// For another number of columns than neurons.
    pub fn inputs(mut self, weights: ArrayView2<'_, f64>) -> Result<Self> {
        let expected = (weights.nrows(), self.neurons());
        if weights.dim() != expected {
            let what = "the weights of inputs [input][post]".to_owned();
            return Err(BuildError::Shape { what, expected, found: weights.dim() }.into());
        }
        self.external = vec![Vec::new(); self.neurons()];
        weights.indexed_iter().for_each(|((_, post), weight)| self.add_input(post, *weight));
        Ok(self)
    }

    /// Weights between neurons, `[pre][post]`, dimensionless; 0 is no synapse. Cores are added before.
    ///
    /// # Errors
    /// For another shape than neurons times neurons.
    pub fn recurrent(mut self, weights: ArrayView2<'_, f64>) -> Result<Self> {
        let expected = (self.neurons(), self.neurons());
        if weights.dim() != expected {
            let what = "recurrent weights [pre][post]".to_owned();
            return Err(BuildError::Shape { what, expected, found: weights.dim() }.into());
        }
        (self.recurrent, self.targets) = (vec![Vec::new(); self.neurons()], vec![Vec::new(); self.neurons()]);
        weights.indexed_iter().for_each(|((pre, post), weight)| self.add_recurrent(pre, post, *weight));
        Ok(self)
    }

    /// A synapse of an input onto a neuron of those so far, if its weight is not 0.
    pub(crate) fn add_input(&mut self, post: usize, weight: f64) {
        self.external.resize(self.neurons(), Vec::new());
        if let Some(synapses) = self.external.get_mut(post).filter(|_| weight != 0.0) {
            synapses.push(weight);
        }
    }

    /// A synapse between two neurons of those so far, if its weight is not 0.
    pub(crate) fn add_recurrent(&mut self, pre: usize, post: usize, weight: f64) {
        self.recurrent.resize(self.neurons(), Vec::new());
        self.targets.resize(self.neurons(), Vec::new());
        if let (Some(synapses), Some(targets), true) =
            (self.recurrent.get_mut(post), self.targets.get_mut(pre), weight != 0.0)
        {
            synapses.push(weight);
            targets.push(post);
        }
    }

    /// Compares the network with the limits, fits its weights, and looks its biases up.
    ///
    /// # Errors
    /// For weights that are not finite. What does not fit is part of the report.
    pub fn fit(&self) -> Result<FitReport> {
        let mut report = FitReport { cores: Vec::new(), limits: self.limits, misfits: Vec::new() };
        let room = self.limits.cores_per_chip * self.limits.chips;
        if self.cores.len() > room {
            report.misfits.push(Misfit::Cores { found: self.cores.len(), limit: room });
        }
        let mut first = 0_usize;
        for core in &self.cores {
            let neurons = first..first.saturating_add(core.neurons);
            first = neurons.end;
            let fit = self.core_fit(core, neurons, &mut report.misfits)?;
            report.cores.push(fit);
        }
        Ok(report)
    }

    fn core_fit(&self, core: &Core, neurons: core::ops::Range<usize>, misfits: &mut Vec<Misfit>) -> Result<CoreFit> {
        let name = &core.name;
        if core.neurons > self.limits.neurons_per_core {
            let limit = self.limits.neurons_per_core;
            misfits.push(Misfit::Neurons { core: name.clone(), found: core.neurons, limit });
        }
        let mut fit = CoreFit {
            name: name.clone(),
            neurons: core.neurons,
            synapses: 0,
            destinations: 0,
            weights: None,
            biases: Vec::new(),
        };
        let mut weights = Vec::new();
        // Neurons behind these have no synapses.
        let connected = self.external.len().max(self.recurrent.len()).max(self.targets.len());
        for (index, neuron) in (neurons.start..neurons.end.min(connected)).enumerate() {
            let before = weights.len();
            for all in [&self.external, &self.recurrent] {
                weights.extend(all.get(neuron).into_iter().flatten());
            }
            let (found, limit) = (weights.len() - before, self.limits.synapses);
            fit.synapses = fit.synapses.max(found);
            if found > limit {
                misfits.push(Misfit::Synapses { core: name.clone(), neuron: index, found, limit });
            }
            let (found, limit) = (self.destinations(neuron), self.limits.destinations);
            fit.destinations = fit.destinations.max(found);
            if found > limit {
                misfits.push(Misfit::Destinations { core: name.clone(), neuron: index, found, limit });
            }
        }
        let mut currents: Vec<(&'static str, f64)> = core.currents.named().to_vec();
        if !weights.is_empty() {
            let fitted = fit_weights(&weights)?;
            if fitted.relative() > self.tolerance {
                let (share, limit) = (fitted.relative(), self.tolerance);
                misfits.push(Misfit::Weights { core: name.clone(), share, limit });
            }
            let used = |bit: usize| fitted.codes.iter().any(|code| code >> bit & 1 == 1);
            let base = ["i_w_0", "i_w_1", "i_w_2", "i_w_3"].into_iter().zip(fitted.base.0).enumerate();
            currents
                .extend(base.filter(|(bit, _)| used(*bit)).map(|(_, (bias, weight))| (bias, weight * self.i_scale)));
            fit.weights = Some(fitted);
        }
        for (bias, wanted) in currents {
            let code = self.code(name, bias, wanted, misfits)?;
            fit.biases.push(BiasFit { bias, wanted, code });
        }
        Ok(fit)
    }

    /// The chips that a neuron sends its events to.
    fn destinations(&self, neuron: usize) -> usize {
        let Some(targets) = self.targets.get(neuron) else { return 0 };
        let (mut first, mut chips) = (0, Vec::new());
        for (position, core) in self.cores.iter().enumerate() {
            let chip = position / self.limits.cores_per_chip.max(1);
            let own = first..first + core.neurons;
            first = own.end;
            if !chips.contains(&chip) && targets.iter().any(|post| own.contains(post)) {
                chips.push(chip);
            }
        }
        chips.len()
    }

    /// The code of a bias and its current, if there is a generator.
    fn code(
        &self,
        core: &str,
        bias: &'static str,
        wanted: f64,
        misfits: &mut Vec<Misfit>,
    ) -> Result<Option<(BiasCode, f64)>> {
        let mut misfit =
            |range: Option<(f64, f64)>| misfits.push(Misfit::Bias { core: core.to_owned(), bias, wanted, range });
        if !(wanted.is_finite() && wanted > 0.0) {
            misfit(None);
            return Ok(None);
        }
        let (Some(generator), Some(chip)) = (self.generator, chip_name(bias)) else { return Ok(None) };
        let (low, high) = generator.range(chip)?;
        if wanted < low || wanted > high {
            misfit(Some((low, high)));
        }
        generator.code(chip, wanted).map(Some)
    }
}

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Misfit {
    /// More cores than the board has.
    Cores {
        /// Cores of the network.
        found: usize,
        /// Cores of the board.
        limit: usize,
    },
    /// More neurons than a core has.
    Neurons {
        /// The core.
        core: String,
        /// Its neurons.
        found: usize,
        /// Neurons of a core.
        limit: usize,
    },
    /// More incoming synapses than a neuron has.
    Synapses {
        /// The core.
        core: String,
        /// The neuron, its position in the core.
        neuron: usize,
        /// Its incoming synapses.
        found: usize,
        /// Synapses of a neuron.
        limit: usize,
    },
    /// More destinations than a neuron has.
    Destinations {
        /// The core.
        core: String,
        /// The neuron, its position in the core.
        neuron: usize,
        /// The chips that it sends to.
        found: usize,
        /// Destinations of a neuron.
        limit: usize,
    },
    /// A bias that the chip cannot give.
    Bias {
        /// The core.
        core: String,
        /// The bias.
        bias: &'static str,
        /// Its current, pA.
        wanted: f64,
        /// The smallest and largest current that the generator can give; `None` for what is no current above 0.
        range: Option<(f64, f64)>,
    },
    /// Weights that four bits do not give.
    Weights {
        /// The core.
        core: String,
        /// The largest difference, as a share of the largest weight.
        share: f64,
        /// The share that is allowed.
        limit: f64,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cores { found, limit } => write!(f, "there are {found} cores, the board has {limit}"),
            Self::Neurons { core, found, limit } => {
                write!(f, "core `{core}` has {found} neurons, a core has room for {limit}")
            }
            Self::Synapses { core, neuron, found, limit } => {
                write!(f, "neuron {neuron} of `{core}` has {found} incoming synapses, the limit is {limit}")
            }
            Self::Destinations { core, neuron, found, limit } => {
                write!(f, "neuron {neuron} of `{core}` sends to {found} chips, the limit is {limit}")
            }
            Self::Bias { core, bias, wanted, range: None } => {
                write!(f, "`{bias}` of `{core}` is {wanted} pA, a bias is above 0 pA")
            }
            Self::Bias { core, bias, wanted, range: Some((low, high)) } => {
                write!(f, "`{bias}` of `{core}` is {wanted} pA, the chip can give {low:.3} to {high:.0} pA")
            }
            Self::Weights { core, share, limit } => write!(
                f,
                "a weight onto `{core}` is {:.1} % of the largest one away from what four bits give, {:.1} % are allowed",
                100.0 * share,
                100.0 * limit
            ),
        }
    }
}

/// How a bias would be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BiasFit {
    /// The bias.
    pub bias: &'static str,
    /// The current asked for, pA.
    pub wanted: f64,
    /// The nearest code and its current (pA), if there is a generator.
    pub code: Option<(BiasCode, f64)>,
}

/// How a core would be set up.
#[derive(Clone, Debug, PartialEq)]
pub struct CoreFit {
    /// Its name.
    pub name: String,
    /// Its neurons.
    pub neurons: usize,
    /// The most incoming synapses that a neuron of it has.
    pub synapses: usize,
    /// The most chips that a neuron of it sends to.
    pub destinations: usize,
    /// The weights of all incoming synapses, neuron by neuron, inputs first; `None` if there are none.
    pub weights: Option<WeightFit>,
    /// Its biases.
    pub biases: Vec<BiasFit>,
}

/// How a network fits the chip; printed, it is a table.
#[derive(Clone, Debug, PartialEq)]
pub struct FitReport {
    /// Each core.
    pub cores: Vec<CoreFit>,
    /// What was compared with.
    pub limits: ChipLimits,
    /// What does not fit.
    pub misfits: Vec<Misfit>,
}

impl FitReport {
    /// Refuses a network that does not fit.
    ///
    /// # Errors
    /// With the first misfit, and how many there are.
    pub fn check(&self) -> Result<()> {
        let Some(first) = self.misfits.first() else { return Ok(()) };
        let more = match self.misfits.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let help = match first {
            Misfit::Cores { .. } | Misfit::Neurons { .. } => "spread the network over other cores, or make it smaller",
            Misfit::Synapses { .. } => "connect more sparsely: weights of 0 need no synapse",
            Misfit::Destinations { .. } => "put neurons that share targets onto the same chip",
            Misfit::Bias { .. } => "choose another time constant, gain or current",
            Misfit::Weights { .. } => "use weights that are sums of four currents, or allow more with `tolerance`",
        };
        let (what, problem) = ("the network does not fit the chip:".to_owned(), format!("{first}{more}"));
        Err(BuildError::Value { what, problem, help: help.to_owned() }.into())
    }
}

impl fmt::Display for FitReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ChipLimits { neurons_per_core, cores_per_chip, synapses, destinations, .. } = self.limits;
        for (position, core) in self.cores.iter().enumerate() {
            let chip = position / cores_per_chip.max(1);
            writeln!(f, "core `{}` on chip {chip}: {} of {neurons_per_core} neurons", core.name, core.neurons)?;
            writeln!(f, "  synapses      at most {} of {synapses} a neuron", core.synapses)?;
            writeln!(f, "  destinations  at most {} of {destinations} a neuron", core.destinations)?;
            if let Some(weights) = &core.weights {
                let [a, b, c, d] = weights.base.0;
                let share = 100.0 * weights.relative();
                writeln!(f, "  weights       sums of {a:.4}, {b:.4}, {c:.4}, {d:.4}; at most {share:.1} % off")?;
            }
            for BiasFit { bias, wanted, code } in &core.biases {
                let mut line = format!("  {bias:<12}  {wanted:.4} pA");
                if let Some((BiasCode { coarse, fine }, own)) = code {
                    write!(line, ", code ({coarse}, {fine}) gives {own:.4} pA")?;
                }
                writeln!(f, "{line}")?;
            }
        }
        match self.misfits.len() {
            0 => writeln!(f, "fits the chip")?,
            count => writeln!(f, "does not fit the chip: {count}")?,
        }
        self.misfits.iter().try_for_each(|misfit| writeln!(f, "  {misfit}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::dynapsim::BiasTable;
    use ndarray::Array2;

    fn generator() -> BiasGenerator {
        let table = |top: f64| {
            let row = |coarse: i32| {
                (0..256).map(|fine| top * 8.0_f64.powi(coarse) * (f64::from(fine) + 1.0) / 256.0).collect()
            };
            BiasTable::new((0..6).map(row).collect()).unwrap()
        };
        BiasGenerator::new(table(70.0), table(66.0))
    }

    /// 16 cores of 4 neurons, on 4 chips; neuron `from` projects to the first neuron of each core in `to`.
    fn weights(from: usize, to: &[usize]) -> Array2<f64> {
        let mut weights = Array2::zeros((64, 64));
        to.iter().for_each(|core| weights[[from, 4 * core]] = -0.8);
        weights
    }

    fn cores<'a>(count: usize, neurons: usize) -> ChipNetwork<'a> {
        (0..count).fold(ChipNetwork::new(), |network, k| network.core(format!("c{k}"), neurons, Currents::default()))
    }

    #[test]
    fn what_fits_has_a_report() {
        let (generator, weights) = (generator(), weights(3, &[0, 1, 5]));
        let inputs = Array2::from_elem((2, 64), 0.4);
        let network = cores(16, 4).recurrent(weights.view()).unwrap().inputs(inputs.view()).unwrap();
        let report = network.generator(&generator).fit().unwrap();
        report.check().unwrap();
        assert_eq!(report.cores.len(), 16);
        assert_eq!((report.cores[0].destinations, report.cores[1].destinations), (2, 0), "two chips, three cores");
        assert_eq!((report.cores[5].synapses, report.cores[4].synapses), (3, 2));
        let text = report.to_string();
        assert!(text.contains("core `c4` on chip 1: 4 of 256 neurons") && text.ends_with("fits the chip\n"), "{text}");
        let leak = report.cores[0].biases.iter().find(|bias| bias.bias == "i_tau_mem").unwrap();
        let (code, current) = leak.code.unwrap();
        assert_eq!(generator.current("SOIF_LEAK_N", code).unwrap(), current);
        assert!((current / leak.wanted - 1.0).abs() < 0.03);
        let base: Vec<_> = report.cores[5].biases.iter().filter(|bias| bias.bias.starts_with("i_w_")).collect();
        assert!(base.iter().any(|bias| (bias.wanted - 4000.0).abs() < 1e-6), "0.4 of 10 nA: {base:?}");
    }

    #[test]
    fn each_limit_is_named_with_its_neuron() {
        let problem = |report: &FitReport| report.check().unwrap_err().to_string();
        let report = cores(1, 257).fit().unwrap();
        assert!(problem(&report).contains("core `c0` has 257 neurons, a core has room for 256"));
        assert!(problem(&cores(17, 1).fit().unwrap()).contains("17 cores, the board has 16"));

        let mut inputs = Array2::zeros((65, 4));
        inputs.column_mut(2).fill(1.0);
        let report = cores(1, 4).inputs(inputs.view()).unwrap().fit().unwrap();
        assert_eq!(report.misfits.len(), 1);
        assert!(problem(&report).contains("neuron 2 of `c0` has 65 incoming synapses, the limit is 64"));
        inputs[[0, 2]] = 0.0;
        cores(1, 4).inputs(inputs.view()).unwrap().fit().unwrap().check().unwrap();

        let far = weights(6, &[0, 3, 4, 8, 12, 15]);
        let report = cores(16, 4).recurrent(far.view()).unwrap().fit().unwrap();
        report.check().unwrap();
        let board = ChipLimits { destinations: 3, ..ChipLimits::default() };
        let report = cores(16, 4).limits(board).recurrent(far.view()).unwrap().fit().unwrap();
        assert!(problem(&report).contains("neuron 2 of `c1` sends to 4 chips, the limit is 3"), "{report}");
    }

    #[test]
    fn biases_and_weights_must_be_representable() {
        let problem = |report: &FitReport| report.check().unwrap_err().to_string();
        let core = |currents| ChipNetwork::new().core("c", 2, currents);
        let report = core(Currents { i_ref: 0.0, ..Currents::default() }).fit().unwrap();
        assert!(problem(&report).contains("`i_ref` of `c` is 0 pA, a bias is above 0 pA"));
        let generator = generator();
        let fast = Currents { i_pulse_ahp: 1e7, ..Currents::default() };
        let report = core(fast).generator(&generator).fit().unwrap();
        assert!(problem(&report).contains("`i_pulse_ahp` of `c` is 10000000 pA, the chip can give"), "{report}");
        core(fast).fit().unwrap().check().unwrap();

        let weights = Array2::from_shape_fn((30, 2), |(i, j)| 0.01 * (i * i + j) as f64);
        let network = core(Currents::default()).inputs(weights.view()).unwrap().tolerance(1e-3);
        assert!(problem(&network.fit().unwrap()).contains("of the largest one away from what four bits give"));
        let help = problem(&network.fit().unwrap());
        assert!(help.contains("help: "), "{help}");
    }

    #[test]
    fn wrong_shapes_are_refused() {
        let weights = Array2::<f64>::zeros((3, 4));
        assert!(cores(1, 4).recurrent(weights.view()).is_err());
        assert!(cores(1, 3).inputs(weights.view()).is_err());
        let bad = Array2::from_elem((4, 4), f64::NAN);
        assert!(cores(1, 4).recurrent(bad.view()).unwrap().fit().is_err());
    }

    #[test]
    fn any_number_of_neurons_is_compared() {
        let network = ChipNetwork::new().core("a", usize::MAX, Currents::default());
        let report = network.core("b", 3, Currents::default()).fit().unwrap();
        assert!(matches!(report.misfits[..], [Misfit::Neurons { found: usize::MAX, .. }]), "{:?}", report.misfits);
    }
}
