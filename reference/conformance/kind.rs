//! Which kind of case a file holds, told from its content.

use serde_json::Value;

use super::dynapsim;
use super::spiking::Spiking;

/// A kind of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The dynamics for a given order of updates.
    Replay,
    /// States, rates and onsets from a log.
    Logs,
    /// Parameters of the clustered network.
    Parameters,
    /// Stationary laws of tiny networks.
    Chains,
    /// Moments of connection rules.
    Samplers,
    /// Start states.
    Initialisers,
    /// Layers of DPI neurons.
    DynapSim,
    /// Traces of spiking neurons.
    Spiking(Spiking),
}

/// A case of a file: the suffix of its output, its name if it has one, and its content.
pub(super) type Entry<'a> = (Option<String>, Option<&'a str>, &'a Value);

fn has(value: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| value.get(key).is_some())
}

impl Kind {
    /// The kind of a file, or why it is skipped.
    pub(super) fn of(value: &Value) -> Result<Self, &'static str> {
        match Self::of_one(value) {
            Some(Self::Spiking(Spiking::Other)) => return Err("a kind of case that this program does not run"),
            Some(kind) => return Ok(kind),
            None => {}
        }
        let of_all = |mut values: Box<dyn Iterator<Item = &Value> + '_>| {
            let first = values.next().and_then(Self::of_one)?;
            values.all(|value| Self::of_one(value) == Some(first)).then_some(first)
        };
        let inner = match value {
            Value::Array(list) => of_all(Box::new(list.iter())),
            Value::Object(map) => of_all(Box::new(map.values())),
            _ => None,
        };
        match inner {
            Some(kind) => Ok(kind),
            None if has(value, &["rows"])
                && value["rows"].get(0).is_some_and(|row| has(row, &["sampler", "closed_mean"])) =>
            {
                Ok(Self::Samplers)
            }
            None if value
                .get("clustered")
                .and_then(|list| list.get(0))
                .is_some_and(|case| has(case, &["spec", "sizes"])) =>
            {
                Ok(Self::Initialisers)
            }
            None if has(value, &["sets"]) => Err("statistics of random networks: see the example `statistics`"),
            None => Err("a kind of case that this program does not know"),
        }
    }

    /// The kind of a single case.
    fn of_one(value: &Value) -> Option<Self> {
        if has(value, &["weights", "initial_state", "initial_field", "updates", "deltas"]) {
            Some(Self::Replay)
        } else if has(value, &["sizes", "initial", "updates", "deltas", "results"]) {
            Some(Self::Logs)
        } else if has(value, &["parameter", "p_plus", "j_plus"]) {
            Some(Self::Parameters)
        } else if has(value, &["weights", "thresholds", "tau", "recurrent_states", "stationary"]) {
            Some(Self::Chains)
        } else if dynapsim::is_case(value) {
            Some(Self::DynapSim)
        } else {
            Spiking::of(value).map(Self::Spiking)
        }
    }

    /// The cases of a file of this kind.
    pub(super) fn cases(self, value: &Value) -> Vec<Entry<'_>> {
        if Self::of_one(value).is_some() {
            return vec![(None, None, value)];
        }
        match (self, value) {
            (Self::Samplers | Self::Initialisers, Value::Object(map)) => map
                .iter()
                .filter(|(key, _)| *key != "population")
                .flat_map(|(key, list)| {
                    // The main list is numbered as in any file of a list; the others bear their names.
                    let prefix = if key == "rows" { String::new() } else { format!("{key}.") };
                    match list {
                        Value::Array(list) => (0..)
                            .zip(list)
                            .map(|(k, v): (usize, _)| (Some(format!("{prefix}{k}")), label(v), v))
                            .collect(),
                        _ if self == Self::Initialisers => vec![(Some(key.clone()), None, value)],
                        _ => Vec::new(),
                    }
                })
                .collect(),
            (_, Value::Array(list)) => {
                (0..).zip(list).map(|(k, v): (usize, _)| (Some(k.to_string()), label(v), v)).collect()
            }
            (_, Value::Object(map)) => {
                (0..).zip(map).map(|(k, (name, v)): (usize, _)| (Some(k.to_string()), Some(name.as_str()), v)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The name that a case gives itself.
fn label(value: &Value) -> Option<&str> {
    ["name", "case", "sampler", "kind"].iter().find_map(|key| value.get(key).and_then(Value::as_str))
}
