//! What the neurons of a record belong to: populations and their clusters.

use std::ops::Range;

use crate::error::{BuildError, RecordError, Result};

/// One population: name, number of neurons, clusters, mean update interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The name.
    pub name: String,
    /// The number of neurons.
    pub size: usize,
    /// The number of equal clusters of consecutive neurons.
    pub clusters: usize,
    /// The mean update interval of a neuron, in ms.
    pub tau: f64,
}

impl Section {
    /// A population of one cluster whose neurons are updated every 10 ms on average.
    pub fn new(name: impl Into<String>, size: usize) -> Self {
        Self { name: name.into(), size, clusters: 1, tau: 10.0 }
    }

    /// Splits it into equal clusters of consecutive neurons.
    #[must_use]
    pub fn clusters(mut self, clusters: usize) -> Self {
        self.clusters = clusters;
        self
    }

    /// The mean update interval of a neuron, in ms.
    #[must_use]
    pub fn tau(mut self, ms: f64) -> Self {
        self.tau = ms;
        self
    }
}

/// How neurons are grouped for rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// One group a population.
    Population,
    /// One group a cluster; a population without clusters is one group.
    Cluster,
}

/// Consecutive neurons under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The name: of the population, or of the population with the number of the cluster.
    pub name: String,
    /// The neurons.
    pub neurons: Range<u32>,
}

/// The populations of a network in order; neuron ids run over them from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Sections {
    sections: Vec<Section>,
    neurons: u32,
    ms_per_update: f64,
}

impl Sections {
    /// The populations of a network, in order of declaration.
    ///
    /// # Errors
    /// Without populations, for an empty one, for clusters that do not divide the neurons, for a
    /// `tau` that is no positive time, and above 2^31 neurons.
    pub fn new(sections: impl IntoIterator<Item = Section>) -> Result<Self> {
        let sections: Vec<Section> = sections.into_iter().collect();
        if sections.is_empty() {
            return Err(RecordError::Inconsistent("there are no populations".to_owned()).into());
        }
        let mut neurons = 0_u64;
        let mut updates_per_ms = 0.0;
        for Section { name, size, clusters, tau } in &sections {
            let fail = |problem: String| RecordError::Inconsistent(format!("population `{name}` {problem}"));
            if *size == 0 {
                return Err(fail("has no neurons".to_owned()).into());
            }
            if *clusters == 0 || size % clusters != 0 {
                return Err(fail(format!("of {size} neurons cannot be split into {clusters} equal clusters")).into());
            }
            if !(tau.is_finite() && *tau > 0.0) {
                return Err(fail(format!("has a tau of {tau} ms; it must be finite and above 0")).into());
            }
            neurons = neurons.saturating_add(*size as u64);
            updates_per_ms += *size as f64 / tau;
        }
        if neurons > 1 << 31 {
            return Err(RecordError::Inconsistent(format!("{neurons} neurons; a record holds up to 2^31")).into());
        }
        Ok(Self { sections, neurons: neurons as u32, ms_per_update: 1.0 / updates_per_ms })
    }

    /// The number of neurons.
    #[must_use]
    pub fn neurons(&self) -> usize {
        self.neurons as usize
    }

    /// The time that one update stands for, in ms: 1 / sum(N / tau).
    #[must_use]
    pub fn ms_per_update(&self) -> f64 {
        self.ms_per_update
    }

    /// The number of updates nearest to a time in ms, at least 1.
    #[must_use]
    pub fn updates_in(&self, ms: f64) -> u64 {
        ((ms / self.ms_per_update).round() as u64).max(1)
    }

    /// The populations.
    #[must_use]
    pub fn populations(&self) -> &[Section] {
        &self.sections
    }

    /// All groups of a kind, in the order of the neurons.
    #[must_use]
    pub fn groups(&self, by: By) -> Vec<Group> {
        (0..self.sections.len())
            .flat_map(|population| match by {
                By::Population => vec![self.population_group(population)],
                By::Cluster => self.clusters_of(population),
            })
            .collect()
    }

    /// The clusters of population number `population`; none if there is no such population.
    #[must_use]
    pub fn clusters_of(&self, population: usize) -> Vec<Group> {
        let Some(Section { name, size, clusters, .. }) = self.sections.get(population) else { return Vec::new() };
        if *clusters == 1 {
            return vec![self.population_group(population)];
        }
        let (start, part) = (self.start(population), (size / clusters) as u32);
        (0..*clusters as u32)
            .map(|c| Group { name: format!("{name}{c}"), neurons: start + c * part..start + (c + 1) * part })
            .collect()
    }

    /// The group of a name: a population (`e`) or a cluster (`e3`).
    ///
    /// # Errors
    /// If there is none of that name.
    pub fn group(&self, name: &str) -> Result<Group> {
        let mut groups = self.groups(By::Population);
        groups.extend(self.groups(By::Cluster));
        if let Some(group) = groups.iter().find(|group| group.name == name) {
            return Ok(group.clone());
        }
        let known: Vec<&str> = self.sections.iter().map(|section| section.name.as_str()).collect();
        Err(BuildError::unknown("population or cluster", name, &known).into())
    }

    /// The first neuron of a population.
    fn start(&self, population: usize) -> u32 {
        self.sections[..population].iter().map(|section| section.size as u32).sum()
    }

    fn population_group(&self, population: usize) -> Group {
        let start = self.start(population);
        let Section { name, size, .. } = &self.sections[population];
        Group { name: name.clone(), neurons: start..start + *size as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_cover_the_neurons_in_order() {
        let sections = Sections::new([Section::new("e", 8000).clusters(20), Section::new("i", 2000).tau(5.0)]).unwrap();
        assert_eq!(sections.neurons(), 10_000);
        assert_eq!(sections.ms_per_update(), 1.0 / 1200.0);
        assert_eq!(sections.updates_in(1.0), 1200);
        assert_eq!(sections.updates_in(f64::NAN), 1);
        let clusters = sections.groups(By::Cluster);
        assert_eq!(clusters.len(), 21);
        assert_eq!((clusters[3].name.as_str(), clusters[3].neurons.clone()), ("e3", 1200..1600));
        assert_eq!(sections.group("i").unwrap().neurons, 8000..10_000);
        assert_eq!(sections.group("e19").unwrap().neurons, 7600..8000);
        assert!(sections.group("e20").is_err());
        assert!(sections.clusters_of(2).is_empty());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let error = |sections: Vec<Section>| Sections::new(sections).unwrap_err().to_string();
        assert!(error(vec![]).contains("no populations"));
        assert!(error(vec![Section::new("e", 0)]).contains("`e` has no neurons"));
        assert!(error(vec![Section::new("e", 8000).clusters(7)]).contains("7 equal clusters"));
        assert!(error(vec![Section::new("e", 8).clusters(0)]).contains("0 equal clusters"));
        assert!(error(vec![Section::new("e", 8).tau(f64::NAN)]).contains("NaN ms"));
        assert!(error(vec![Section::new("e", 1 << 31), Section::new("i", 1)]).contains("2^31"));
    }
}
