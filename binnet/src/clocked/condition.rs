//! Conditions at which a run stops: what neurons do, put into words and looked up in a network.

use core::fmt;
use core::ops::Range;

use super::chosen::{Chosen, Which};
use super::{Cohort, Populations, Step};
use crate::error::{BuildError, Result};
use crate::population::{Values, find};

/// A condition at which runs stop, for [`Clocked::stop_when`](super::Clocked::stop_when). `network!` writes it for
/// `stop when any(exc.v > 20 mV);`.
///
/// Limits are in the unit of their variable. Values that are NaN meet no condition.
///
/// ```
/// use binnet::clocked::Condition;
/// let runaway = Condition::any("exc", "v").neurons(0..100).above(20.0).or(Condition::all_spike("inh"));
/// assert_eq!(runaway.to_string(), "any(exc.v[0..100] > 20) || all(inh.spikes)");
/// let named = runaway.named("runaway");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    name: Option<String>,
    test: Test,
}

/// Neurons and their variable, before they are compared with something.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a variable is no condition until it is compared: `.above(20.0)`"]
pub struct Watched {
    all: bool,
    population: String,
    variable: String,
    neurons: Which,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Compared(Watched, Comparison, f64),
    Spike(Watched),
    And(Box<[Test; 2]>),
    Or(Box<[Test; 2]>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Condition {
    fn new(test: Test) -> Self {
        Self { name: None, test }
    }

    /// Some neuron of a population, by a field of its model or an observable.
    pub fn any(population: impl Into<String>, variable: impl Into<String>) -> Watched {
        Watched { all: false, population: population.into(), variable: variable.into(), neurons: Which::All }
    }

    /// Each neuron of a population.
    pub fn all(population: impl Into<String>, variable: impl Into<String>) -> Watched {
        Watched { all: true, ..Self::any(population, variable) }
    }

    /// Some neuron of a population spiked in the step.
    pub fn any_spike(population: impl Into<String>) -> Self {
        Self::any(population, "spikes").spike()
    }

    /// Each neuron of a population spiked in the step.
    pub fn all_spike(population: impl Into<String>) -> Self {
        Self::all(population, "spikes").spike()
    }

    /// Both this and another one.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { name: self.name, test: Test::And(Box::new([self.test, other.test])) }
    }

    /// This, another one, or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { name: self.name, test: Test::Or(Box::new([self.test, other.test])) }
    }

    /// Under this name; by default it is called as it is written.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Looks it up in a network.
    pub(super) fn find(&self, populations: &impl Populations) -> Result<Stop> {
        let name = self.name.clone().unwrap_or_else(|| self.to_string());
        Ok(Stop { name, test: self.test.find(populations)? })
    }
}

impl Watched {
    /// Only these neurons.
    pub fn neurons(mut self, neurons: Range<usize>) -> Self {
        self.neurons = Which::Neurons(neurons);
        self
    }

    /// Only these neurons, which need not be neighbours.
    pub fn only(mut self, neurons: impl IntoIterator<Item = usize>) -> Self {
        self.neurons = Which::List(neurons.into_iter().collect());
        self
    }

    /// Only these rows and columns of a population with two dimensions.
    pub fn patch(mut self, rows: Range<usize>, columns: Range<usize>) -> Self {
        self.neurons = Which::Patch(rows, columns);
        self
    }

    /// `>`
    #[must_use]
    pub fn above(self, limit: f64) -> Condition {
        self.compared(Comparison::Above, limit)
    }

    /// `>=`
    #[must_use]
    pub fn at_least(self, limit: f64) -> Condition {
        self.compared(Comparison::AtLeast, limit)
    }

    /// `<`
    #[must_use]
    pub fn below(self, limit: f64) -> Condition {
        self.compared(Comparison::Below, limit)
    }

    /// `<=`
    #[must_use]
    pub fn at_most(self, limit: f64) -> Condition {
        self.compared(Comparison::AtMost, limit)
    }

    /// A spike in the step, whatever the variable is.
    #[must_use]
    pub fn spike(self) -> Condition {
        Condition::new(Test::Spike(Self { variable: "spikes".to_owned(), ..self }))
    }

    fn compared(self, comparison: Comparison, limit: f64) -> Condition {
        Condition::new(Test::Compared(self, comparison, limit))
    }
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quantifier = if self.all { "all" } else { "any" };
        write!(f, "{quantifier}({}.{}{}", self.population, self.variable, self.neurons)
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compared(watched, comparison, limit) => write!(f, "{watched} {} {limit})", comparison.text()),
            Self::Spike(watched) => write!(f, "{watched})"),
            Self::And(both) => {
                let each =
                    |test: &Self| if matches!(test, Self::Or(_)) { format!("({test})") } else { test.to_string() };
                write!(f, "{} && {}", each(&both[0]), each(&both[1]))
            }
            Self::Or(either) => write!(f, "{} || {}", either[0], either[1]),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.test.fmt(f)
    }
}

impl Comparison {
    fn text(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }

    #[inline(always)]
    fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Above => value > limit,
            Self::AtLeast => value >= limit,
            Self::Below => value < limit,
            Self::AtMost => value <= limit,
        }
    }
}

impl Test {
    fn find(&self, populations: &impl Populations) -> Result<Found> {
        Ok(match self {
            Self::Compared(watched, comparison, limit) => {
                let (population, neurons) = watched.place(populations)?;
                if !limit.is_finite() {
                    return Err(BuildError::Value {
                        what: format!("the condition `{self}`"),
                        problem: format!("compares with {limit}"),
                        help: "a limit is a finite number in the unit of the variable".to_owned(),
                    }
                    .into());
                }
                let from = watched.variable(populations.at(population))?;
                Found::Compared { all: watched.all, population, from, neurons, comparison: *comparison, limit: *limit }
            }
            Self::Spike(watched) => {
                let (population, neurons) = watched.place(populations)?;
                Found::Spike { all: watched.all, population, neurons }
            }
            Self::And(both) => Found::And(Box::new([both[0].find(populations)?, both[1].find(populations)?])),
            Self::Or(either) => Found::Or(Box::new([either[0].find(populations)?, either[1].find(populations)?])),
        })
    }
}

impl Watched {
    fn place(&self, populations: &impl Populations) -> Result<(usize, Chosen)> {
        let names: Vec<&str> = (0..populations.count()).map(|p| populations.at(p).name()).collect();
        let found = names.iter().position(|name| *name == self.population);
        let p = found.ok_or_else(|| BuildError::unknown("population", &self.population, &names))?;
        let cohort = populations.at(p);
        let whose = format!("`{}`", self.population);
        let neurons = self.neurons.choose(cohort.size(), cohort.grid(), "is of", &whose);
        let neurons = neurons.map_err(|(problem, help)| {
            let what = format!("the condition `{self})`");
            BuildError::Value { what, problem, help }
        })?;
        Ok((p, neurons))
    }

    fn variable(&self, cohort: &dyn Cohort) -> Result<Variable> {
        if let Some(field) = find(cohort.fields(), &self.variable) {
            return Ok(Variable::Field(field));
        }
        find(cohort.observables(), &self.variable).map(Variable::Observable).ok_or_else(|| {
            let known: Vec<_> = cohort.fields().iter().chain(cohort.observables()).map(|field| field.name).collect();
            BuildError::unknown(format!("variable of `{}`", cohort.model()), &self.variable, &known).into()
        })
    }
}

/// A condition that was looked up.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) name: String,
    test: Found,
}

#[derive(Clone, Copy, Debug)]
enum Variable {
    Field(usize),
    Observable(usize),
}

#[derive(Clone, Debug)]
enum Found {
    Compared { all: bool, population: usize, from: Variable, neurons: Chosen, comparison: Comparison, limit: f64 },
    Spike { all: bool, population: usize, neurons: Chosen },
    And(Box<[Found; 2]>),
    Or(Box<[Found; 2]>),
}

impl Stop {
    /// Whether it is met; `now` is the step that would come next.
    pub(super) fn is_met(&self, populations: &impl Populations, now: &Step) -> bool {
        self.test.is_met(populations, now)
    }
}

impl Found {
    fn is_met(&self, populations: &impl Populations, now: &Step) -> bool {
        match self {
            Self::Compared { all, population, from, neurons, comparison, limit } => {
                let cohort = populations.at(*population);
                let holds = |value: f64| comparison.holds(value, *limit);
                match *from {
                    Variable::Field(field) => match cohort.values(field) {
                        Values::SharedF64(x) => holds(*x),
                        Values::SharedF32(x) => holds(f64::from(*x)),
                        Values::EachF64(x) => over(x, neurons, *all, holds),
                        Values::EachF32(x) => over(x, neurons, *all, |x| holds(f64::from(x))),
                    },
                    Variable::Observable(which) => {
                        met(*all, neurons.iter().map(|neuron| holds(cohort.observe(which, neuron, now))))
                    }
                }
            }
            Self::Spike { all, population, neurons } => {
                let spiked = populations.at(*population).spiked();
                let here = spiked.iter().filter(|spiked| neurons.place(spiked.neuron as usize).is_some()).count();
                if *all { here == neurons.len() } else { here > 0 }
            }
            Self::And(both) => both.iter().all(|test| test.is_met(populations, now)),
            Self::Or(either) => either.iter().any(|test| test.is_met(populations, now)),
        }
    }
}

/// Whether any or all are true.
fn met(all: bool, mut each: impl Iterator<Item = bool>) -> bool {
    if all { each.all(|met| met) } else { each.any(|met| met) }
}

/// Whether any or all of the chosen values hold, a few hundred neighbours at once without branches between.
fn over<T: Copy>(values: &[T], neurons: &Chosen, all: bool, holds: impl Fn(T) -> bool) -> bool {
    let each = |part: &[T]| part.iter().fold(all, |met, x| if all { met & holds(*x) } else { met | holds(*x) });
    match neurons {
        Chosen::Range(range) => met(all, values[range.clone()].chunks(256).map(each)),
        Chosen::List(list) => met(all, list.iter().map(|neuron| holds(values[*neuron]))),
    }
}
