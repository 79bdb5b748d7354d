//! What a network declares, as constants: for listings, and for setting by name.

use super::param::ParamInfo;
use super::setting::Place;
use crate::neuron::ModelText;
use crate::population::{Bound, FieldInfo, find};
use crate::units::{Dimension, Unit};

/// What a network declares, for listings and for setting by name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetworkInfo {
    /// The name of the struct.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Its parameters in order of declaration.
    pub params: &'static [ParamInfo],
    /// The clock as it is written; none for asynchronous networks.
    pub clock: Option<&'static str>,
    /// Its populations in order of declaration.
    pub populations: &'static [DeclaredPopulation],
    /// Its sources.
    pub sources: &'static [DeclaredSource],
    /// Its projections.
    pub projections: &'static [DeclaredProjection],
    /// What it records and the stimuli that it gets, as they are written.
    pub others: &'static [(&'static str, &'static str)],
    /// A hash of the block, comments and spaces left out.
    pub block: u64,
}

impl NetworkInfo {
    /// A network that declares nothing but its name and parameters.
    #[must_use]
    pub const fn of(name: &'static str, doc: &'static str, params: &'static [ParamInfo]) -> Self {
        Self { name, doc, params, clock: None, populations: &[], sources: &[], projections: &[], others: &[], block: 0 }
    }

    /// A hash of the structure of the network: its block, the fields of its models with their units, and their
    /// equations. Values that are set by name do not change it.
    #[must_use]
    pub fn structural_hash(&self) -> u64 {
        let mut hash = Hash::new();
        hash.text(self.name);
        hash.number(self.block);
        for population in self.populations {
            hash.text(population.name);
            hash.number(population.size as u64);
            hash.model(population.model, population.fields, population.text);
        }
        for projection in self.projections {
            if let Some(synapse) = projection.synapse {
                hash.model(synapse.model, synapse.fields, synapse.text);
            }
        }
        hash.0
    }
}

/// A hash of bytes that is the same on all machines.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut hash = Hash::new();
    hash.bytes(bytes);
    hash.0
}

/// Fowler-Noll-Vo, 64 bits, variant 1a: the same on all machines.
struct Hash(u64);

impl Hash {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    /// With its length, so that "ab" and "c" differ from "a" and "bc".
    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn model(&mut self, name: &str, fields: &[FieldInfo], text: Option<ModelText>) {
        self.text(name);
        for field in fields {
            self.text(field.name);
            self.text(field.unit);
            self.number(field.role as u64);
            self.number(field.default.to_bits());
        }
        self.text(text.map_or("", |text| text.markdown()));
    }
}

/// A population as it is declared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeclaredPopulation {
    /// Its name.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// The name of its model.
    pub model: &'static str,
    /// The number of neurons; [`RUN_TIME`](crate::population::RUN_TIME) if it is said when the network is built.
    pub size: usize,
    /// Its clusters, as written; empty without.
    pub clusters: &'static str,
    /// What stands in its braces, as written.
    pub keys: &'static [(&'static str, &'static str)],
    /// The fields of its model.
    pub fields: &'static [FieldInfo],
    /// The values that these may have.
    pub bounds: &'static [Bound],
    /// The equations of its model, if it is given by equations.
    pub text: Option<ModelText>,
}

/// A source as it is declared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeclaredSource {
    /// Its name.
    pub name: &'static str,
    /// What it is, as written: `poisson[1000]`.
    pub kind: &'static str,
    /// What stands in its braces, as written.
    pub keys: &'static [(&'static str, &'static str)],
}

/// The model of the synapses of a projection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeclaredSynapse {
    /// Its name.
    pub model: &'static str,
    /// Its fields.
    pub fields: &'static [FieldInfo],
    /// The values that these may have.
    pub bounds: &'static [Bound],
    /// Its equations.
    pub text: Option<ModelText>,
}

/// A projection as it is declared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeclaredProjection {
    /// Its name, if it has one.
    pub name: Option<&'static str>,
    /// Where it starts, as written.
    pub pre: &'static str,
    /// Where it ends, as written.
    pub post: &'static str,
    /// `same cluster`, `other cluster`, or nothing.
    pub pairs: &'static str,
    /// What stands in its braces, as written.
    pub keys: &'static [(&'static str, &'static str)],
    /// The model of its synapses, if they have equations.
    pub synapse: Option<DeclaredSynapse>,
    /// The field that it adds to, in the first of its targets; none in asynchronous networks.
    pub target: Option<FieldInfo>,
    /// What its weights multiply, where it starts from rate neurons.
    pub output: Option<FieldInfo>,
}

impl DeclaredProjection {
    /// What stands behind a key, if it is there.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&'static str> {
        self.keys.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    /// The fields of its synapses; none where they have no equations.
    pub(crate) fn fields(&self) -> &'static [FieldInfo] {
        self.synapse.map_or(&[], |synapse| synapse.fields)
    }

    /// Whether the rule brings a weight for each synapse.
    pub(crate) fn brings_weights(&self) -> bool {
        let rule = self.key("connect").unwrap_or_default();
        let word = rule.split('(').next().unwrap_or_default().trim();
        ["dense", "sparse", "dense_post_pre", "weighted_edges"].contains(&word)
    }
}

/// The unit of weights onto a field, of the output that they multiply; a pure number in asynchronous networks.
pub(crate) struct WeightUnit {
    spelling: String,
    unit: Unit,
}

impl WeightUnit {
    pub(crate) fn new(target: Option<&FieldInfo>, output: Option<&FieldInfo>) -> Self {
        let unit = |field: &FieldInfo| Unit { dimension: field.dimension, scale: field.scale };
        match (target, output) {
            (None, _) => Self { spelling: "1".to_owned(), unit: Unit::ONE },
            (Some(target), None) => Self { spelling: target.unit.to_owned(), unit: unit(target) },
            (Some(target), Some(output)) => {
                let spelling = match output.unit {
                    "1" => target.unit.to_owned(),
                    per => format!("{}/{per}", target.unit),
                };
                Self { spelling, unit: unit(target).per(unit(output)) }
            }
        }
    }

    /// Weights in this unit, by the name of their projection.
    pub(crate) fn place<'a>(&'a self, name: &'a str) -> Place<'a> {
        let Self { spelling, unit } = self;
        let unit_text = if unit.dimension == Dimension::ONE { "1" } else { spelling };
        Place { name, unit: unit_text, dimension: unit.dimension, scale: unit.scale }
    }
}

/// For `network!`: the field of that name, if the model has it.
#[doc(hidden)]
#[must_use]
pub const fn field_of(fields: &'static [FieldInfo], name: &str) -> Option<FieldInfo> {
    match find(fields, name) {
        Some(i) => Some(fields[i]),
        None => None,
    }
}

/// For `network!`: a copy of the output of rate neurons.
#[doc(hidden)]
#[must_use]
pub const fn copied(field: Option<&'static FieldInfo>) -> Option<FieldInfo> {
    match field {
        Some(field) => Some(*field),
        None => None,
    }
}
