//! Many runs of a network: over a grid, a list or random points of its parameters, times seeds, on all cores.
//!
//! ```
//! use binnet::prelude::*;
//! use binnet::sweep::Sweep;
//!
//! network! {
//!     /// Neurons that inhibit each other.
//!     pub struct Ring {
//!         asynchronous;
//!         param drive = 0.5;
//!         population e: Binary[100] { threshold: 0.2 - drive, tau: 10 ms };
//!         projection ee: e -> e { connect: fixed_prob(0.1), weight: -0.1 };
//!         record flips;
//!     }
//! }
//!
//! # fn main() -> binnet::Result<()> {
//! let table = Sweep::new(Ring::builder())
//!     .vary("drive", [0.3, 0.5])?
//!     .vary("ee.weight", [-0.1, -0.2, -0.4])?
//!     .seeds([1, 2])
//!     .warmup(20.ms())
//!     .duration(100.ms())
//!     .run()?;
//! assert_eq!(table.len(), 2 * 3 * 2);
//! let active = table.numbers("e.active").unwrap();
//! assert!(active[6] > active[10], "more inhibition, less activity");
//! println!("{}", table.csv());
//! # Ok(())
//! # }
//! ```
//!
//! With [`journal`](Sweep::journal), each finished point is on disk before the next one begins: an interrupted sweep goes
//! on where it stopped, and gives the same table, bit for bit.

mod axis;
mod journal;
mod table;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axis::{Axis, Design, Point, Seeds, Values};
use journal::{Journal, Outcome};
pub use table::{Cells, Column, Table};

use crate::error::{BuildError, Result, RunError};
use crate::network::{Measure, Network, NetworkBuilder, Setting, Simulation as _};
use crate::units::Time;

type Measuring<N> = Arc<dyn Fn(&mut N) -> Result<Vec<Measure>> + Send + Sync>;
type Watching = Arc<dyn Fn(usize, usize) + Send + Sync>;

/// A sweep over the values of a network; see the [module](self).
#[derive(Clone)]
pub struct Sweep<N: Network> {
    builder: N::Builder,
    axes: Vec<Axis>,
    design: Design,
    seeds: Seeds,
    first_seed: u64,
    warmup: Time,
    duration: Time,
    threads: Option<usize>,
    shard: (usize, usize),
    journal: Option<PathBuf>,
    measure: Option<(String, Measuring<N>)>,
    watch: Option<Watching>,
}

impl<N: Network> std::fmt::Debug for Sweep<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { axes, design, seeds, shard, .. } = self;
        write!(f, "a sweep of {} over {axes:?}, {design:?}, {seeds:?}, shard {shard:?}", N::INFO.name)
    }
}

impl<N: Network> Sweep<N> {
    /// A sweep from a builder, whose values are those of all points where nothing else is said. One second with seed 1
    /// is measured.
    pub fn new<B: NetworkBuilder<Network = N>>(builder: B) -> Self
    where
        N: Network<Builder = B>,
    {
        Self {
            builder,
            axes: Vec::new(),
            design: Design::Grid,
            seeds: Seeds::Same(vec![1]),
            first_seed: 1,
            warmup: Time::from_ms(0.0),
            duration: Time::from_ms(1000.0),
            threads: None,
            shard: (0, 1),
            journal: None,
            measure: None,
            watch: None,
        }
    }

    /// Varies something that the builder can `set`: all combinations are run, the last name changes fastest.
    ///
    /// # Errors
    /// For no values, unknown names, and values that do not fit.
    pub fn vary(self, name: &str, values: impl IntoIterator<Item = impl Into<Setting>>) -> Result<Self> {
        let values = values.into_iter().map(|value| Into::<Setting>::into(value).to_string()).collect();
        self.with(Axis::new(name, Values::Each(values))?)
    }

    /// As [`vary`](Self::vary), from text: `4ms,5ms,6ms`, `4ms..6ms/5` (five values from 4 to 6 ms), or `4ms..6ms` for
    /// [random](Self::random) points.
    ///
    /// # Errors
    /// As for [`vary`](Self::vary), and for text of another form.
    pub fn vary_text(self, name: &str, values: &str) -> Result<Self> {
        self.with(Axis::parse(name, values)?)
    }

    fn with(mut self, axis: Axis) -> Result<Self> {
        if self.axes.iter().any(|other| other.name == axis.name) {
            return Err(BuildError::Value {
                what: format!("`{}`", axis.name),
                problem: "is varied twice".to_owned(),
                help: "give all its values at once".to_owned(),
            }
            .into());
        }
        let examples: Vec<String> = match &axis.values {
            Values::Each(values) => values.clone(),
            Values::Between(low, high, unit) => vec![format!("{low} {unit}"), format!("{high} {unit}")],
        };
        for value in examples {
            self.builder.clone().set(&axis.name, value)?;
        }
        self.axes.push(axis);
        Ok(self)
    }

    /// Takes the first values of all names together, then the second ones, and so on, instead of all combinations.
    #[must_use]
    pub fn paired(mut self) -> Self {
        self.design = Design::Paired;
        self
    }

    /// Takes so many random points instead of all combinations: uniform between the ends of a range, or any of the
    /// values. They follow from the first seed.
    #[must_use]
    pub fn random(mut self, points: usize) -> Self {
        self.design = Design::Random(points);
        self
    }

    /// Runs each point with each of these seeds.
    #[must_use]
    pub fn seeds(mut self, seeds: impl IntoIterator<Item = u64>) -> Self {
        let seeds: Vec<u64> = seeds.into_iter().collect();
        self.first_seed = seeds.first().copied().unwrap_or(1);
        self.seeds = Seeds::Same(seeds);
        self
    }

    /// Runs each point so many times, no two runs of the sweep with the same seed: they count on from the first one.
    #[must_use]
    pub fn fresh_seeds(mut self, first: u64, runs: usize) -> Self {
        (self.first_seed, self.seeds) = (first, Seeds::Fresh(first, runs));
        self
    }

    /// The time to run before measuring.
    #[must_use]
    pub fn warmup(mut self, time: Time) -> Self {
        self.warmup = time;
        self
    }

    /// The time to measure.
    #[must_use]
    pub fn duration(mut self, time: Time) -> Self {
        self.duration = time;
        self
    }

    /// How many networks are run at the same time, each on one thread; as many as there are cores otherwise. Results
    /// are the same.
    #[must_use]
    pub fn threads(mut self, count: usize) -> Self {
        self.threads = Some(count.max(1));
        self
    }

    /// Runs only part `i` of `n`: each n-th point from point i on. Several processes, on one or several machines, can so
    /// share a sweep and its journal.
    ///
    /// # Errors
    /// If `i` is not below `n`.
    pub fn shard(mut self, i: usize, n: usize) -> Result<Self> {
        if i >= n {
            return Err(BuildError::Value {
                what: format!("shard {i} of {n}"),
                problem: "does not exist".to_owned(),
                help: "shards are counted from 0: the first of 4 is 0/4, the last 3/4".to_owned(),
            }
            .into());
        }
        self.shard = (i, n);
        Ok(self)
    }

    /// Keeps a journal in a folder, where each point is durable once it is finished. If the folder has one of the same
    /// sweep, only the points that are missing are run.
    #[must_use]
    pub fn journal(mut self, folder: impl AsRef<Path>) -> Self {
        self.journal = Some(folder.as_ref().to_path_buf());
        self
    }

    /// Runs and measures each network as you say, instead of for warm-up and duration: `run` gets the network as it was
    /// built. The name of the method belongs to the sweep: give it another one when you change it, so that points of an
    /// old journal are not taken for those of the new one.
    #[must_use]
    pub fn measure(mut self, name: &str, run: impl Fn(&mut N) -> Result<Vec<Measure>> + Send + Sync + 'static) -> Self {
        self.measure = Some((name.to_owned(), Arc::new(run)));
        self
    }

    /// Calls `watch` with the number of finished points, and of all points to run, whenever one is finished.
    #[must_use]
    pub fn watch(mut self, watch: impl Fn(usize, usize) + Send + Sync + 'static) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// Runs all points that are not finished yet. A point that fails has its error in the table; the others are run.
    ///
    /// # Errors
    /// If the points don't fit together, the journal is that of another sweep, or cannot be written.
    pub fn run(&self) -> Result<Table> {
        for time in [self.warmup, self.duration] {
            if !(time.ms() >= 0.0 && time.ms().is_finite()) {
                return Err(RunError::Duration(time.ms()).into());
            }
        }
        let points = axis::points(&self.axes, self.design, &self.seeds, self.first_seed)?;
        let fingerprint = self.fingerprint(&points);
        let mut done: BTreeMap<usize, Outcome> = BTreeMap::new();
        let mut journal = None;
        if let Some(folder) = &self.journal {
            journal = Some(Journal::open(folder, self.shard, fingerprint)?);
            done.extend(journal::finished(folder, fingerprint)?);
        }
        let (i, n) = self.shard;
        let to_do: Vec<usize> = (i..points.len()).step_by(n).filter(|point| !done.contains_key(point)).collect();
        let finished = Finished { journal, done, failure: None };
        let finished = self.work(&points, &to_do, finished)?;
        self.table(&points, &finished)
    }

    /// Runs points side by side.
    fn work(&self, points: &[Point], to_do: &[usize], finished: Finished) -> Result<BTreeMap<usize, Outcome>> {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = self.threads.unwrap_or_else(cores).clamp(1, to_do.len().max(1));
        let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let finished = Mutex::new(finished);
        // Connections are drawn on the threads of a pool: each worker brings one of its own, so that a sweep takes as
        // many cores as it is told.
        let pools = (0..threads).map(|_| rayon::ThreadPoolBuilder::new().num_threads(1).build());
        let pools = pools.collect::<std::result::Result<Vec<_>, _>>().map_err(|error| BuildError::Value {
            what: format!("{threads} threads"),
            problem: format!("could not be started: {error}"),
            help: "ask for fewer".to_owned(),
        })?;
        std::thread::scope(|scope| {
            for pool in &pools {
                let (next, stop, finished) = (&next, &stop, &finished);
                scope.spawn(move || {
                    while let Some(point) = to_do.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let outcome = pool.install(|| self.point(&points[*point])).map_err(|error| error.to_string());
                        let mut finished = finished.lock().unwrap_or_else(PoisonError::into_inner);
                        if !finished.take(*point, outcome) {
                            stop.store(true, Ordering::Relaxed);
                        }
                        let count = finished.done.len();
                        drop(finished);
                        if let Some(watch) = &self.watch {
                            watch(count, points.len());
                        }
                    }
                });
            }
        });
        let Finished { done, failure, .. } = finished.into_inner().unwrap_or_else(PoisonError::into_inner);
        failure.map_or(Ok(done), Err)
    }

    /// Builds, runs and measures one network.
    fn point(&self, point: &Point) -> Result<Vec<Measure>> {
        let mut builder = self.builder.clone().seed(point.seed).threads(1);
        for (axis, value) in self.axes.iter().zip(&point.values) {
            builder = builder.set(&axis.name, value)?;
        }
        let mut net = builder.build()?;
        if let Some((_, measure)) = &self.measure {
            return measure(&mut net);
        }
        let net = &mut *net;
        net.run(self.warmup)?;
        let begin = net.begin()?;
        net.run(self.duration)?;
        net.measures(&begin)
    }

    /// What makes two sweeps the same: network, values, points, times, measures.
    fn fingerprint(&self, points: &[Point]) -> u64 {
        let measure = self.measure.as_ref().map_or("", |(name, _)| name);
        let names: Vec<_> = self.axes.iter().map(|axis| &axis.name).collect();
        let text = format!(
            "{:016x} {:?} {names:?} {points:?} {} {} {measure}",
            N::INFO.structural_hash(),
            self.builder.written(),
            self.warmup.ms(),
            self.duration.ms()
        );
        crate::network::hash(text.as_bytes())
    }

    fn table(&self, points: &[Point], done: &BTreeMap<usize, Outcome>) -> Result<Table> {
        let column = |name: &str, unit: &str, cells| Column { name: name.to_owned(), unit: unit.to_owned(), cells };
        let rows: Vec<&Point> = done.keys().filter_map(|point| points.get(*point)).collect();
        let mut columns = vec![column("point", "", Cells::Whole(done.keys().map(|point| *point as u64).collect()))];
        for (k, axis) in self.axes.iter().enumerate() {
            // All points decide what a column is, so that shards agree.
            let all: Vec<&str> = points.iter().map(|point| &point.values[k][..]).collect();
            columns.push(match axis.column(&all) {
                Some((unit, numbers)) => {
                    let own = done.keys().filter_map(|point| numbers.get(*point).copied()).collect();
                    column(&axis.name, &unit, Cells::Numbers(own))
                }
                None => {
                    let own = rows.iter().map(|point| point.values[k].clone()).collect();
                    column(&axis.name, "", Cells::Text(own))
                }
            });
        }
        columns.push(column("seed", "", Cells::Whole(rows.iter().map(|point| point.seed).collect())));
        let measured: Vec<&Vec<Measure>> = done.values().filter_map(|outcome| outcome.as_ref().ok()).collect();
        let first = measured.first().map_or(&[][..], |measures| &measures[..]);
        for (k, Measure { name, unit, .. }) in first.iter().enumerate() {
            let mut cells = Vec::with_capacity(done.len());
            for outcome in done.values() {
                cells.push(match outcome {
                    Err(_) => f64::NAN,
                    Ok(measures) if measures.len() == first.len() && measures[k].name == *name => measures[k].value,
                    Ok(_) => return Err(uneven(name)),
                });
            }
            columns.push(column(name, if unit == "1" { "" } else { unit }, Cells::Numbers(cells)));
        }
        if done.values().any(Result::is_err) {
            let errors = done.values().map(|outcome| outcome.as_ref().err().cloned().unwrap_or_default()).collect();
            columns.push(column("error", "", Cells::Text(errors)));
        }
        Ok(Table { columns, points: points.len() })
    }
}

fn uneven(name: &str) -> crate::Error {
    BuildError::Value {
        what: "the measures of a sweep".to_owned(),
        problem: format!("differ from point to point: some have no `{name}`"),
        help: "return the same ones, in the same order, at each point".to_owned(),
    }
    .into()
}

/// What is finished, and where it is written down.
struct Finished {
    journal: Option<Journal>,
    done: BTreeMap<usize, Outcome>,
    /// The journal could not be written.
    failure: Option<crate::Error>,
}

impl Finished {
    /// Takes a point; false if it could not be written down.
    fn take(&mut self, point: usize, outcome: Outcome) -> bool {
        if let Some(journal) = &mut self.journal
            && let Err(error) = journal.append(point, &outcome)
        {
            self.failure.get_or_insert(error);
            return false;
        }
        self.done.insert(point, outcome);
        true
    }
}
