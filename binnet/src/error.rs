//! Errors: one enum per area, each saying what is wrong, where, and how to mend it.

/// The result of everything that can fail in binnet.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Any error of this crate.
///
/// Its `Debug` is its `Display`, so that `fn main() -> binnet::Result<()>` prints what is wrong and how
/// to mend it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A network could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A run could not be started or went wrong.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A record could not be read or written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A snapshot could not be written, read, or restored.
    #[error(transparent)]
    Snapshot(#[from] crate::snapshot::SnapshotError),
    /// Spikes could not be analysed.
    #[error(transparent)]
    Spikes(#[from] crate::analysis::SpikeDataError),
    /// A file of the user's could not be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A figure could not be drawn.
    #[error("cannot draw {path}: {problem}")]
    Plot {
        /// The file.
        path: String,
        /// What went wrong.
        problem: String,
    },
}

impl core::fmt::Debug for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self, f)
    }
}

/// Why a network could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A name that does not exist.
    #[error("no {kind} `{name}`; there is {known}{hint}")]
    Unknown {
        /// What kind of thing was looked up.
        kind: String,
        /// The name given.
        name: String,
        /// The names there are.
        known: String,
        /// "did you mean", or nothing.
        hint: String,
    },
    /// A list or array of the wrong length.
    #[error("{what}: expected {expected} values, found {found}")]
    Length {
        /// What the values are for.
        what: String,
        /// The right length.
        expected: usize,
        /// The length given.
        found: usize,
    },
    /// A matrix of the wrong shape.
    #[error("{what}: expected a matrix of {} x {}, found {} x {}", expected.0, expected.1, found.0, found.1)]
    Shape {
        /// What the matrix is for, with the meaning of its axes.
        what: String,
        /// Rows and columns wanted.
        expected: (usize, usize),
        /// Rows and columns given.
        found: (usize, usize),
    },
    /// A value out of its range.
    #[error("{what} {problem}\nhelp: {help}")]
    Value {
        /// The thing that has the value.
        what: String,
        /// What is wrong with it.
        problem: String,
        /// How to mend it.
        help: String,
    },
    /// A value in a unit of the wrong dimension.
    #[error("`{name}` is {expected} ({unit}), but `{written}` is {found}\nhelp: write it in {unit}")]
    Unit {
        /// The parameter.
        name: String,
        /// Its dimension in words.
        expected: String,
        /// Its unit.
        unit: String,
        /// What was written.
        written: String,
        /// The dimension of that, in words.
        found: String,
    },
    /// A connection rule that cannot be applied.
    #[error("projection {projection}: {problem}\nhelp: {help}")]
    Connect {
        /// The projection, as `pre -> post`.
        projection: String,
        /// What is wrong.
        problem: String,
        /// How to mend it.
        help: String,
    },
    /// The network would need more memory than it may.
    #[error("the network needs {needed} MB, the budget is {budget} MB\n{parts}help: {help}")]
    Memory {
        /// Megabytes needed.
        needed: u64,
        /// Megabytes allowed.
        budget: u64,
        /// The largest parts, one a line.
        parts: String,
        /// How to mend it.
        help: String,
    },
    /// A `let` of the model failed.
    #[error("`let {name}` of `{network}` failed: {source}")]
    Let {
        /// The network.
        network: &'static str,
        /// The name being computed.
        name: &'static str,
        /// What it returned.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Data that was declared `given` and not handed to the builder.
    #[error(
        "`{name}` of `{network}` is declared `given` and was not handed in\nhelp: call `.{name}(array)` on the builder"
    )]
    Given {
        /// The network.
        network: &'static str,
        /// The name of the data.
        name: &'static str,
    },
}

impl BuildError {
    /// An unknown name, with the names there are and the nearest one.
    pub fn unknown(kind: impl Into<String>, name: impl Into<String>, known: &[&str]) -> Self {
        let name = name.into();
        let hint = binnet_units::nearest(&name, known.iter().copied())
            .map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
        let known = if known.is_empty() {
            "none".to_owned()
        } else {
            known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")
        };
        Self::Unknown { kind: kind.into(), name, known, hint }
    }
}

/// Why a run could not be started or went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// A duration that is no time to simulate.
    #[error("cannot run for {0} ms\nhelp: a duration is finite and not negative")]
    Duration(f64),
    /// A run that is to start at another time than now.
    #[error(
        "cannot run from {from} ms: it is {now} ms now\nhelp: start at {now} ms, or go back to 0 ms with `reset(Reset::STATE)`"
    )]
    NotNow {
        /// The start asked for, in ms.
        from: f64,
        /// The time, in ms.
        now: f64,
    },
    /// A callback at a time that a run does not reach.
    #[error(
        "a callback at {at} ms: it is {now} ms already\nhelp: times of `at` are those of the network, not of the run"
    )]
    Passed {
        /// The time of the callback, in ms.
        at: f64,
        /// The time, in ms.
        now: f64,
    },
    /// A period that is no multiple of the clock.
    #[error(
        "a callback every {period} ms, which is no multiple of the clock, {dt} ms\nhelp: choose a multiple of the clock"
    )]
    Period {
        /// The period in ms.
        period: f64,
        /// The length of a step in ms.
        dt: f64,
    },
    /// Records that would take more memory than they may.
    #[error(
        "the records of this run need {needed:.1} MB, the budget is {budget:.1} MB\n{parts}help: record fewer neurons or less \
         often, write them to a file with `stream_records`, or raise `memory_budget`"
    )]
    Memory {
        /// Megabytes needed.
        needed: f64,
        /// Megabytes allowed.
        budget: f64,
        /// The largest parts, one a line.
        parts: String,
    },
    /// An id beyond the last neuron.
    #[error("neuron {id} does not exist: the network has {size} neurons")]
    Neuron {
        /// The id given.
        id: u64,
        /// The number of neurons.
        size: usize,
    },
    /// A list of states or fields of the wrong length.
    #[error("{what}: expected {expected} values, one a neuron, found {found}")]
    Length {
        /// What the values are.
        what: &'static str,
        /// Neurons of the network.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// A gain that returned NaN.
    #[error(
        "the gain of neuron {neuron} is no number (NaN) for the field {field}, near {ms} ms\nhelp: check `probability` for \
         0/0 and for parameters that are 0"
    )]
    Gain {
        /// The neuron.
        neuron: usize,
        /// Its field, drive included.
        field: f64,
        /// The time at which the run stopped.
        ms: f64,
    },
    /// A state that is NaN or infinite.
    #[error(
        "`{variable}` of neuron {neuron} of `{population}` is {value} at {ms} ms\nhelp: the step of {dt} ms may be too long \
         for the method, a parameter may be 0 that something is divided by, or a stimulus or weight far too large; to run on \
         all the same, call `set_sentinel(false)`"
    )]
    NotFinite {
        /// The population.
        population: String,
        /// The neuron, its position in the population.
        neuron: usize,
        /// The state.
        variable: &'static str,
        /// Its value.
        value: f64,
        /// The end of the step that gave this value.
        ms: f64,
        /// The length of a step in ms.
        dt: f64,
    },
    /// A state out of the bounds that its model declares.
    #[error(
        "`{variable}` of neuron {neuron} of `{population}` is {value} at {ms} ms; it must be {bound}\nhelp: the step may be \
         too long for the method; write `in` instead of `within` to have it clipped"
    )]
    OutOfBounds {
        /// The population.
        population: String,
        /// The neuron, its position in the population.
        neuron: usize,
        /// The state.
        variable: &'static str,
        /// Its value.
        value: f64,
        /// The end of the step that gave this value.
        ms: f64,
        /// The bound in words.
        bound: &'static str,
    },
    /// A state that is neither 0 nor 1.
    #[error("the state of neuron {neuron} is {value}; a binary neuron is 0 or 1")]
    NotBinary {
        /// The neuron.
        neuron: usize,
        /// The value given.
        value: i64,
    },
    /// Equations without a solution up to the end of the time asked for.
    #[error("the equations could not be solved beyond {ms} ms: {problem}\nhelp: {help}")]
    Solve {
        /// The time up to which there is a solution.
        ms: f64,
        /// What happened there.
        problem: String,
        /// How to mend it.
        help: String,
    },
    /// A time that a solution does not reach.
    #[error("{ms} ms is outside the solution, which reaches from {from} to {to} ms")]
    OutsideSolution {
        /// The time asked for.
        ms: f64,
        /// Where the solution begins.
        from: f64,
        /// Where it ends.
        to: f64,
    },
    /// Something the layout of this network does not allow.
    #[error("{problem}\nhelp: {help}")]
    Unsupported {
        /// What was asked for.
        problem: String,
        /// How to get it.
        help: String,
    },
}

/// Why a record could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// Writing records failed while the network ran.
    #[error(
        "{path}: {source}\nhelp: what was written can be read by `Records::open`, the rest is in memory; make room and go on"
    )]
    Stream {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A log that contradicts itself or its network.
    #[error("the log is inconsistent: {0}")]
    Inconsistent(String),
    /// Something sampled too finely to fit into memory.
    #[error("this needs {megabytes} MB\nhelp: sample less often, or take a part of the log with `slice`")]
    Memory {
        /// Megabytes needed.
        megabytes: u128,
    },
    /// Nothing was recorded in memory.
    #[error(
        "no flips are recorded in memory\nhelp: write `record flips;` in the network, or call `record_flips()` before the \
         run; flips that were streamed to a folder are read by `FlipLog::open(folder)`"
    )]
    NotRecorded,
    /// A file that is no record of binnet.
    #[error("{path}: {problem}")]
    Format {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl RecordError {
    /// An error of the operating system on a file.
    pub(crate) fn io(path: impl AsRef<std::path::Path>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.as_ref().display().to_string();
        move |source| Self::Io { path, source }
    }
}
