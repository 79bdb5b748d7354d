//! What runs, whatever its engine.

use std::path::{Path, PathBuf};

use super::Setting;
use crate::error::Result;
use crate::run::Ended;
use crate::units::Time;

/// A network that runs: asynchronous, or with a clock. Command line and sweeps are written for this.
///
/// Every struct that `network!` declares derefs to one. `&mut dyn Simulation` is one whatever its engine.
pub trait Simulation: Send {
    /// The name of the network.
    fn name(&self) -> &str;

    /// The seed of its random numbers.
    fn seed(&self) -> u64;

    /// The biological time so far.
    fn time(&self) -> Time;

    /// The number of neurons.
    fn neurons(&self) -> usize;

    /// The number of neurons of each population, in order of declaration.
    fn sizes(&self) -> Vec<usize>;

    /// The number of synapses, or contacts; the expected number where they are not stored.
    fn synapses(&self) -> u64;

    /// Bytes that connections and synapses take.
    fn bytes(&self) -> usize;

    /// The steps, or updates of single neurons, that a run of this duration makes from here.
    ///
    /// # Errors
    /// For a negative or infinite time.
    fn steps_for(&self, duration: Time) -> Result<u64>;

    /// Makes so many steps, or updates; fewer if a condition of the network is met.
    ///
    /// # Errors
    /// When something goes wrong on the way; what was recorded is kept.
    fn run_steps(&mut self, n: u64) -> Result<Ended>;

    /// Runs for a time.
    ///
    /// # Errors
    /// As for [`steps_for`](Self::steps_for) and [`run_steps`](Self::run_steps).
    fn run(&mut self, duration: Time) -> Result<Ended> {
        self.run_steps(self.steps_for(duration)?)
    }

    /// Writes all that decides the future into a file; see [`snapshot`](crate::snapshot).
    ///
    /// # Errors
    /// If writing fails.
    fn save(&mut self, path: &Path) -> Result<()>;

    /// Goes on from a file that [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// For a file that cannot be read, is damaged, or of another network; the network is as before then.
    fn load(&mut self, path: &Path) -> Result<()>;

    /// Times the stages of each step from now on, or no longer; [`summary`](Self::summary) shows them.
    ///
    /// # Errors
    /// For asynchronous networks, which make no steps.
    fn profile(&mut self, on: bool) -> Result<()>;

    /// Sets something by name, from now on; see [`Clocked::set`](crate::clocked::Clocked::set) and
    /// [`Asynchronous::set`](crate::asynchronous::Asynchronous::set).
    ///
    /// # Errors
    /// For unknown names (with the nearest one), a wrong unit, and what is fixed.
    fn set(&mut self, name: &str, value: Setting) -> Result<()>;

    /// The parameters and locals of all populations as they are now.
    fn entries(&self) -> Vec<Entry>;

    /// Forgets what was recorded so far, after a transient, and remembers where measuring begins.
    ///
    /// # Errors
    /// None for a network that was built.
    fn begin(&mut self) -> Result<Begin>;

    /// Measures of each population since then.
    ///
    /// | measure | is |
    /// | --- | --- |
    /// | `exc.rate` | spikes of a neuron per second, in Hz (with a clock) |
    /// | `exc.cv` | the coefficient of variation of intervals between spikes, averaged over the neurons with four of them or more; not a number where there are none, left out where spikes are not recorded (with a clock) |
    /// | `e.active` | the mean share of active neurons, sampled every ms; left out without `record flips;` (asynchronous) |
    /// | `flips` | changes of state per update (asynchronous) |
    ///
    /// # Errors
    /// If there is not enough memory.
    fn measures(&self, since: &Begin) -> Result<Vec<Measure>>;

    /// Sizes, rates, time and speed, as text.
    fn summary(&self) -> String;

    /// How the network is stored and computed, as text.
    fn explain(&self) -> String;

    /// Writes what was recorded as an `.npz` file.
    ///
    /// # Errors
    /// If nothing is recorded, or writing fails.
    fn save_npz(&self, path: &Path) -> Result<()>;

    /// Writes what was recorded as `.csv` files into a folder, each named `stem.record.csv`; returns their paths.
    ///
    /// # Errors
    /// If nothing is recorded, or writing fails.
    fn save_csv(&self, folder: &Path, stem: &str) -> Result<Vec<PathBuf>>;

    /// Draws the recorded spikes or onsets into an `.svg` or `.png` file; `Ok(false)` if there is nothing to draw.
    ///
    /// # Errors
    /// If writing fails.
    #[cfg(feature = "plot")]
    fn save_raster(&self, path: &Path, title: &str) -> Result<bool>;
}

/// Where measuring began: see [`Simulation::begin`].
#[derive(Clone, Debug, Default)]
pub struct Begin {
    pub(crate) ms: f64,
    /// Spikes of each population up to there, or flips of the network.
    pub(crate) counts: Vec<u64>,
    pub(crate) steps: u64,
}

/// A number that a run gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its name: `exc.rate`.
    pub name: String,
    /// Its unit; `1` where it has none.
    pub unit: String,
    /// Its value.
    pub value: f64,
}

impl Measure {
    /// A number without a unit.
    pub fn new(name: impl Into<String>, value: f64) -> Self {
        Self { name: name.into(), unit: "1".to_owned(), value }
    }
}

/// A parameter or local of a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name: `exc.tau_exc`.
    pub name: String,
    /// Its unit; `1` where it has none.
    pub unit: &'static str,
    /// The smallest value over the neurons.
    pub min: f64,
    /// The largest value.
    pub max: f64,
}

impl Entry {
    /// Parameters and locals of a population.
    pub(crate) fn of(
        population: &str,
        fields: &[crate::population::FieldInfo],
        values: impl Fn(usize) -> Vec<f64>,
    ) -> Vec<Self> {
        use crate::population::Role;
        let own = fields.iter().enumerate().filter(|(_, field)| matches!(field.role, Role::Param | Role::Local));
        own.map(|(i, field)| {
            let values = values(i);
            Self {
                name: format!("{population}.{}", field.name),
                unit: field.unit,
                min: values.iter().copied().fold(f64::INFINITY, f64::min),
                max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            }
        })
        .collect()
    }
}
