//! What a snapshot is of: the structure of a network, as lines of text that can be compared.

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::Writer;
use super::error::SnapshotError;
use super::persist::Persist;

/// The structure of a network, or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Structure {
    /// What it is of: "a network", "a population", "a projection".
    pub(crate) of: String,
    /// What the model says: names, models, fields, sizes, clock, ends and rules of projections.
    pub(crate) model: Vec<String>,
    /// What building it made of that: seed, synapses, stimuli, records.
    pub(crate) built: Vec<String>,
}

impl Structure {
    pub(crate) fn of(of: &str) -> Self {
        Self { of: of.to_owned(), ..Self::default() }
    }

    /// A line of the model.
    pub(crate) fn model(&mut self, line: impl AsRef<str>) {
        self.model.push(line.as_ref().replace('\n', " "));
    }

    /// A line about what was built.
    pub(crate) fn built(&mut self, line: impl AsRef<str>) {
        self.built.push(line.as_ref().replace('\n', " "));
    }

    /// A hash of the model.
    pub(crate) fn hash(&self) -> u64 {
        xxh3_64(self.model.join("\n").as_bytes())
    }

    pub(super) fn to_text(&self) -> String {
        format!("{}\n{}\n\n{}", self.of, self.model.join("\n"), self.built.join("\n"))
    }

    pub(super) fn from_text(text: &str) -> Self {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        let (of, rest) = text.split_once('\n').unwrap_or((text, ""));
        let (model, built) = rest.split_once("\n\n").unwrap_or((rest, ""));
        Self { of: of.to_owned(), model: lines(model), built: lines(built) }
    }

    /// Refuses what was saved of another network. `self` is the network.
    pub(super) fn check(&self, saved: &Self) -> Result<(), SnapshotError> {
        if self.of != saved.of {
            let help =
                "what `save` wrote is read by `load`, what `save_population` wrote by `load_population`, and so on";
            return Err(SnapshotError::Part { found: saved.of.clone(), expected: self.of.clone(), help });
        }
        let help = "load it into a network of the same model and the same sizes";
        difference(&saved.model, &self.model, help)?;
        let help = "build the network from the same seed and with the same options, and add the same stimuli, records and \
                    projections in the same order; then load";
        difference(&saved.built, &self.built, help)
    }
}

fn difference(saved: &[String], own: &[String], help: &'static str) -> Result<(), SnapshotError> {
    let line = |lines: &[String], i: usize| lines.get(i).map_or("nothing more".to_owned(), |line| format!("`{line}`"));
    match (0..saved.len().max(own.len())).find(|i| saved.get(*i) != own.get(*i)) {
        None => Ok(()),
        Some(i) => {
            let difference = format!("it has {}, this one {}", line(saved, i), line(own, i));
            Err(SnapshotError::Model { difference, help })
        }
    }
}

/// A hash of values, to compare connections that are too many to be stored.
#[derive(Debug, Default)]
pub(crate) struct Fingerprint(Writer);

impl Fingerprint {
    /// Takes values in account, and how many they are.
    pub(crate) fn add<T: Persist>(&mut self, values: &[T]) {
        // Hashed as they come, so that no more than one list is held.
        let mut list = Writer::new();
        values.save(&mut list);
        xxh3_64(&list.finish()).save(&mut self.0);
    }

    /// Takes a number in account.
    pub(crate) fn number(&mut self, value: usize) {
        value.save(&mut self.0);
    }

    pub(crate) fn finish(self) -> u64 {
        xxh3_64(&self.0.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told() {
        let mut saved = Structure::of("a network");
        saved.model("network A");
        saved.model("population e: Lif[3]");
        saved.built("seed 1");
        assert_eq!(Structure::from_text(&saved.to_text()), saved);
        let empty = Structure::of("a network");
        assert_eq!(Structure::from_text(&empty.to_text()).built, empty.built);
        saved.check(&saved).unwrap();
        let mut other = saved.clone();
        other.model[1] = "population e: Lif[4]".to_owned();
        let error = other.check(&saved).unwrap_err().to_string();
        assert!(error.contains("it has `population e: Lif[3]`, this one `population e: Lif[4]`"), "{error}");
        assert_ne!(other.hash(), saved.hash());
        let mut other = saved.clone();
        other.built.clear();
        let error = other.check(&saved).unwrap_err().to_string();
        assert!(error.contains("it has `seed 1`, this one nothing more\nhelp: build"), "{error}");
        assert_eq!(other.hash(), saved.hash());
        let error = Structure::of("a population").check(&saved).unwrap_err().to_string();
        assert!(error.contains("is of a network, not of a population"), "{error}");
    }
}
