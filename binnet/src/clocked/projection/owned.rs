//! Projections by the name that they have in a block, where one may stand for several pairs of populations.

use super::wiring::Wiring;
use crate::population::FieldInfo;

impl Wiring {
    /// The projections of a name: itself, or the pairs `name/pre->post` that it stands for.
    pub(in crate::clocked) fn links_of(&self, owner: &str) -> Vec<usize> {
        let is = |label: &str| label.strip_prefix(owner).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        (0..self.links.len()).filter(|link| is(&self.links[*link].label)).collect()
    }

    /// Those names.
    pub(in crate::clocked) fn owners(&self) -> impl Iterator<Item = String> {
        let mut owners: Vec<String> = Vec::new();
        for link in &self.links {
            let owner = link.label.split('/').next().unwrap_or_default();
            if !owners.iter().any(|other| other == owner) {
                owners.push(owner.to_owned());
            }
        }
        owners.into_iter()
    }

    /// The name of a projection.
    pub(in crate::clocked) fn label(&self, link: usize) -> &str {
        &self.links[link].label
    }

    /// Its presynaptic side (behind the populations: a source), its population and field.
    pub(in crate::clocked) fn target(&self, link: usize) -> (usize, usize, usize) {
        let link = &self.links[link];
        let port = &self.ports[link.port];
        (link.pre, port.population, port.field)
    }

    /// The fields of its synapses, if they have equations.
    pub(in crate::clocked) fn synapse_fields(&self, link: usize) -> Option<&'static [FieldInfo]> {
        self.links[link].plastic.map(|i| self.plastics[i].synapses.fields())
    }
}
