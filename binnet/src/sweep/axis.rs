//! What is varied, and the points of a sweep.

use rand::RngExt as _;

use crate::error::{BuildError, Result};
use crate::network::split_top_level;
use crate::population::ratio;
use crate::rng::Streams;
use crate::units::Unit;

/// A name and the values that it takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) values: Values,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    /// As text that `set` takes.
    Each(Vec<String>),
    /// Between two numbers of a unit, drawn at random.
    Between(f64, f64, String),
}

/// How the values of several names are combined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Design {
    /// All combinations; the last name changes fastest.
    #[default]
    Grid,
    /// The first values together, then the second ones, and so on.
    Paired,
    /// So many points, drawn at random.
    Random(usize),
}

/// Which seeds the networks have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seeds {
    /// Each of them at each point.
    Same(Vec<u64>),
    /// So many runs of each point; all runs of the sweep count on from the first seed.
    Fresh(u64, usize),
}

/// One network to run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Point {
    /// One value for each axis.
    pub(super) values: Vec<String>,
    pub(super) seed: u64,
}

/// The most points of a sweep: their list is kept in memory.
const MOST: usize = 10_000_000;

impl Axis {
    /// Reads `a,b,c`, `a..b/n` (n values from a to b) or `a..b` (for random points).
    pub(super) fn parse(name: &str, text: &str) -> Result<Self> {
        let wrong = |problem: String, help: &str| BuildError::Value {
            what: format!("the values of `{name}`"),
            problem,
            help: help.to_owned(),
        };
        const FORMS: &str = "write `a,b,c`, `a..b/5` for five values from a to b, or `a..b` with random points";
        let values = if let Some((low, high)) = text.split_once("..") {
            let count = high.rsplit_once('/').and_then(|(high, n)| Some((high, n.trim().parse::<usize>().ok()?)));
            let (high, count) = count.map_or((high, None), |(high, n)| (high, Some(n)));
            let (from, unit, spelling) = quantity(low).ok_or_else(|| wrong(format!("start at `{low}`"), FORMS))?;
            let (to, other, _) = quantity(high).ok_or_else(|| wrong(format!("end at `{high}`"), FORMS))?;
            if unit.dimension != other.dimension {
                let problem = format!("go from {} to {}", unit.dimension.describe(), other.dimension.describe());
                return Err(wrong(problem, "give both ends in one unit").into());
            }
            let to = to * ratio(other.scale, unit.scale);
            match count {
                None => Values::Between(from, to, spelling.to_owned()),
                Some(n) if n < 2 => {
                    return Err(wrong(format!("are {n} from `{low}` to `{high}`"), "take 2 or more").into());
                }
                Some(n) if n > MOST => {
                    return Err(wrong(format!("are {n} from `{low}` to `{high}`"), "take fewer").into());
                }
                Some(n) => {
                    let at = |k: usize| from + (to - from) * (k as f64 / (n - 1) as f64);
                    Values::Each((0..n).map(|k| written(at(k), spelling)).collect())
                }
            }
        } else {
            Values::Each(split_top_level(text).into_iter().map(|part| part.trim().to_owned()).collect())
        };
        Self::new(name, values)
    }

    pub(super) fn new(name: &str, values: Values) -> Result<Self> {
        let ordered = match &values {
            Values::Each(values) => !values.is_empty() && values.iter().all(|value| !value.is_empty()),
            Values::Between(low, high, _) => low.is_finite() && high.is_finite() && low <= high,
        };
        if ordered {
            return Ok(Self { name: name.to_owned(), values });
        }
        Err(BuildError::Value {
            what: format!("the values of `{name}`"),
            problem: "are none".to_owned(),
            help: "give at least one; a range goes from the lower to the higher end".to_owned(),
        }
        .into())
    }

    /// The unit of its column, and the numbers in it; nothing for values that are no numbers.
    pub(super) fn column(&self, values: &[&str]) -> Option<(String, Vec<f64>)> {
        let mut numbers = Vec::with_capacity(values.len());
        let mut first: Option<(Unit, &str)> = None;
        for text in values {
            let (value, unit, spelling) = quantity(text)?;
            let (own, _) = *first.get_or_insert((unit, spelling));
            numbers.push(value * ratio(unit.scale, own.scale));
        }
        Some((first.map_or("", |(_, spelling)| spelling).to_owned(), numbers))
    }
}

/// A number, its unit, and how that is spelt.
fn quantity(text: &str) -> Option<(f64, Unit, &str)> {
    let text = text.trim();
    let (value, unit) = Unit::parse_quantity(text).ok()?;
    let spelling = text.trim_start_matches(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    // What is left of `1e-3 mV` begins with its power of ten.
    let spelling = match spelling.strip_prefix(['e', 'E']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit() || "+-".contains(c)) => {
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || "+-".contains(c))
        }
        _ => spelling,
    };
    Some((value, unit, spelling.trim()))
}

fn written(value: f64, unit: &str) -> String {
    if unit.is_empty() { value.to_string() } else { format!("{value} {unit}") }
}

/// All points, in order.
pub(super) fn points(axes: &[Axis], design: Design, seeds: &Seeds, random_seed: u64) -> Result<Vec<Point>> {
    let wrong = |problem: String, help: &str| BuildError::Value {
        what: "the sweep".to_owned(),
        problem,
        help: help.to_owned(),
    };
    let lists: Option<Vec<&Vec<String>>> = axes
        .iter()
        .map(|axis| match &axis.values {
            Values::Each(values) => Some(values),
            Values::Between(..) => None,
        })
        .collect();
    let each = match seeds {
        Seeds::Same(seeds) => seeds.len(),
        Seeds::Fresh(_, runs) => *runs,
    };
    let count = match (design, &lists) {
        (Design::Random(n), _) => n,
        (Design::Grid, Some(lists)) => lists.iter().fold(1, |all: usize, list| all.saturating_mul(list.len())),
        _ => lists.iter().flatten().map(|list| list.len()).max().unwrap_or(0),
    };
    if count.saturating_mul(each) > MOST {
        let help = "vary fewer names at once, or take fewer values and seeds";
        return Err(wrong(format!("has more than {MOST} points"), help).into());
    }
    let combinations: Vec<Vec<String>> = match (design, lists) {
        (Design::Random(n), _) => {
            let mut rng = Streams::new(random_seed).named("sweep/points");
            let mut draw = |axis: &Axis| match &axis.values {
                Values::Between(low, high, unit) => written(low + (high - low) * rng.random::<f64>(), unit),
                Values::Each(values) => values[rng.random_range(0..values.len())].clone(),
            };
            (0..n).map(|_| axes.iter().map(&mut draw).collect()).collect()
        }
        (_, None) => {
            return Err(wrong(
                "has a range without a number of values".to_owned(),
                "say how many values, as in `0..1/5`, or how many points to draw",
            )
            .into());
        }
        (Design::Grid, Some(lists)) => {
            let mut rows = vec![Vec::new()];
            for list in lists {
                let longer = |row: &Vec<String>| {
                    list.iter().map(|value| [&row[..], core::slice::from_ref(value)].concat()).collect()
                };
                rows = rows.iter().flat_map(|row| -> Vec<Vec<String>> { longer(row) }).collect();
            }
            rows
        }
        (Design::Paired, Some(lists)) => {
            let n = lists.first().map_or(0, |list| list.len());
            if let Some((axis, list)) = axes.iter().zip(&lists).find(|(_, list)| list.len() != n) {
                let problem = format!("pairs {n} values of `{}` with {} of `{}`", axes[0].name, list.len(), axis.name);
                return Err(wrong(problem, "give each name as many").into());
            }
            (0..n).map(|k| lists.iter().map(|list| list[k].clone()).collect()).collect()
        }
    };
    let mut points = Vec::new();
    for values in combinations {
        match seeds {
            Seeds::Same(seeds) => points.extend(seeds.iter().map(|seed| Point { values: values.clone(), seed: *seed })),
            Seeds::Fresh(first, runs) => {
                for _ in 0..*runs {
                    let seed = first.wrapping_add(points.len() as u64);
                    points.push(Point { values: values.clone(), seed });
                }
            }
        }
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(text: &str) -> Vec<String> {
        match Axis::parse("x", text).unwrap().values {
            Values::Each(values) => values,
            Values::Between(low, high, unit) => vec![format!("{low}"), format!("{high}"), unit],
        }
    }

    #[test]
    fn values_of_an_axis() {
        assert_eq!(each("4ms, 5 ms,0.006 s"), ["4ms", "5 ms", "0.006 s"]);
        assert_eq!(each("4ms..6ms/5"), ["4 ms", "4.5 ms", "5 ms", "5.5 ms", "6 ms"]);
        assert_eq!(each("-70 mV..-0.06 V/3"), ["-70 mV", "-65 mV", "-60 mV"]);
        assert_eq!(each("0..1/2"), ["0", "1"]);
        assert_eq!(each("1 mV/ms..3 mV/ms/3")[1], "2 mV/ms");
        assert_eq!(each("1 ms..2 ms"), ["1", "2", "ms"]);
        assert_eq!(each("uniform(1 mV, 2 mV),3 mV"), ["uniform(1 mV, 2 mV)", "3 mV"]);
        for bad in ["", "1..2mV/3", "a..b/3", "1..2/1", "2..1", "1,,2"] {
            assert!(Axis::parse("x", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn columns_are_in_the_first_unit() {
        let axis = Axis::parse("x", "4 ms,1e-2 s").unwrap();
        assert_eq!(axis.column(&["4 ms", "1e-2 s"]), Some(("ms".to_owned(), vec![4.0, 10.0])));
        assert_eq!(axis.column(&["1e-2 s"]), Some(("s".to_owned(), vec![0.01])));
        assert_eq!(axis.column(&["4 ms", "normal(1, 2)"]), None);
    }

    #[test]
    fn designs() {
        let axes = [Axis::parse("x", "1,2").unwrap(), Axis::parse("y", "3,4").unwrap()];
        let of = |design, seeds: Seeds| -> Vec<(String, u64)> {
            let points = points(&axes, design, &seeds, 1).unwrap();
            points.into_iter().map(|point| (point.values.join(" "), point.seed)).collect()
        };
        let pair = |text: &str, seed| (text.to_owned(), seed);
        assert_eq!(of(Design::Grid, Seeds::Same(vec![7]))[..3], [pair("1 3", 7), pair("1 4", 7), pair("2 3", 7)]);
        assert_eq!(of(Design::Paired, Seeds::Same(vec![1, 5]))[1..3], [pair("1 3", 5), pair("2 4", 1)]);
        assert_eq!(of(Design::Paired, Seeds::Fresh(3, 2))[1..3], [pair("1 3", 4), pair("2 4", 5)]);
        let random = of(Design::Random(50), Seeds::Same(vec![1]));
        assert_eq!(random.len(), 50);
        assert_eq!(random, of(Design::Random(50), Seeds::Same(vec![1])));
        assert!(["1 3", "1 4", "2 3", "2 4"].iter().all(|both| random.iter().any(|(text, _)| text == both)));
        let ranges = [Axis::parse("x", "-1 mV..1 mV").unwrap()];
        assert!(points(&ranges, Design::Grid, &Seeds::Same(vec![1]), 1).is_err());
        let error = Axis::parse("a", "0..1/1000000000000").map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("take fewer"), "{error}");
        for (design, seeds) in [
            (Design::Random(usize::MAX), Seeds::Same(vec![1, 2])),
            (Design::Paired, Seeds::Fresh(0, usize::MAX)),
            (Design::Grid, Seeds::Fresh(0, usize::MAX)),
        ] {
            let axes = [Axis::parse("a", "0..1/5").unwrap()];
            let error = points(&axes, design, &seeds, 1).map(|_| ()).unwrap_err().to_string();
            assert!(error.contains("more than 10000000 points"), "{error}");
        }
        let drawn = points(&ranges, Design::Random(100), &Seeds::Same(vec![1]), 1).unwrap();
        let values = ranges[0].column(&drawn.iter().map(|point| &point.values[0][..]).collect::<Vec<_>>()).unwrap().1;
        assert!(values.iter().all(|value| (-1.0..1.0).contains(value)) && values.iter().any(|value| *value < -0.5));
        let uneven = [Axis::parse("x", "1,2").unwrap(), Axis::parse("y", "3").unwrap()];
        assert!(points(&uneven, Design::Paired, &Seeds::Same(vec![1]), 1).is_err());
    }
}
