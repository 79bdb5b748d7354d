//! Where each state is kept: once for each presynaptic or postsynaptic neuron, or for each synapse.

use super::model::{Advances, Side, Synapse};
use crate::population::Role;

/// Where the values of a field are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// One value for all synapses.
    Shared,
    /// One for each presynaptic neuron.
    Pre,
    /// One for each postsynaptic neuron.
    Post,
    /// One for each synapse.
    Synapse,
}

impl Kept {
    /// The place with the neurons of a side.
    pub(super) fn at(side: Side) -> Self {
        match side {
            Side::Pre => Self::Pre,
            Side::Post => Self::Post,
        }
    }
}

/// The place of each field of a synapse, where `differs` says which fields have a value of their own in each synapse.
///
/// A state belongs to a side if its spikes and variables alone change it, together with states that belong to this
/// side, and with what is the same for all synapses. The synapses of one neuron then agree in it forever.
pub(super) fn placement<Y: Synapse>(differs: &[bool]) -> Vec<Kept> {
    const PRE: u8 = 1;
    const POST: u8 = 2;
    let differs = |field: usize| differs.get(field).copied().unwrap_or(false);
    let mut sides: Vec<u8> = (0..Y::FIELDS.len()).map(|field| if differs(field) { PRE | POST } else { 0 }).collect();
    for state in Y::STATES {
        let pre = if state.on_pre || state.reads_pre { PRE } else { 0 };
        let post = if state.on_post || state.reads_post { POST } else { 0 };
        sides[state.field] |= pre | post;
    }
    // To a fixed point: each pass can only add sides.
    loop {
        let before = sides.clone();
        for state in Y::STATES {
            sides[state.field] |= state.needs.iter().fold(0, |all, &field| all | before[field]);
        }
        if before == sides {
            break;
        }
    }
    let moves = |field: usize| Y::STATES.iter().any(|state| state.field == field);
    (0..Y::FIELDS.len())
        .map(|field| match sides[field] {
            _ if matches!(Y::FIELDS[field].role, Role::Param | Role::Input) => Kept::Shared,
            PRE => Kept::Pre,
            POST => Kept::Post,
            0 if moves(field) => Kept::Pre,
            0 => Kept::Shared,
            _ => Kept::Synapse,
        })
        .collect()
}

/// What a pass over synapses loads, advances and stores. Near is the neuron whose synapses are looked at, far the
/// neurons at their other ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Pass {
    /// Fields with one value for all.
    pub(super) shared: Vec<usize>,
    pub(super) near: Vec<usize>,
    pub(super) near_laws: Vec<usize>,
    pub(super) far: Vec<usize>,
    pub(super) far_laws: Vec<usize>,
    pub(super) own: Vec<usize>,
    pub(super) own_laws: Vec<usize>,
    /// States of synapses that are stored.
    pub(super) stored: Vec<usize>,
    /// Variables that are read: position among those of their side, and field.
    pub(super) near_reads: Vec<(usize, usize)>,
    pub(super) far_reads: Vec<(usize, usize)>,
}

impl Pass {
    /// The pass that needs some fields, over the synapses of a neuron of side `near`. With `changes`, states are
    /// changed, so all that are kept where a change happens are brought up to date.
    pub(super) fn new<Y: Synapse>(kept: &[Kept], near: Side, touched: &[usize], changes: bool) -> Self {
        let far = if near == Side::Pre { Side::Post } else { Side::Pre };
        let lawful = |field: usize| Y::STATES.iter().any(|s| s.field == field && s.advances == Advances::ByLaw);
        let moved = |field: &usize| changes && lawful(*field) && matches!(kept[*field], Kept::Synapse);
        let beside = |field: &usize| changes && kept[*field] == Kept::at(near);
        let mut needed: Vec<usize> = touched.to_vec();
        needed.extend((0..kept.len()).filter(|field| moved(field) || beside(field)));
        // What laws follow from.
        for i in 0.. {
            let Some(&field) = needed.get(i) else { break };
            let needs = Y::STATES.iter().filter(|s| s.field == field && s.advances == Advances::ByLaw);
            let new: Vec<_> = needs.flat_map(|s| s.needs).copied().filter(|f| !needed.contains(f)).collect();
            needed.extend(new);
        }
        needed.sort_unstable();
        needed.dedup();
        let stored = |field: usize| {
            Y::STATES.iter().any(|s| {
                let event = if near == Side::Pre { s.on_pre } else { s.on_post };
                s.field == field && (event || s.advances == Advances::ByLaw)
            })
        };
        let reads = |side: Side| {
            let of_side = Y::READS.iter().filter(move |read| read.side == side).enumerate();
            of_side.map(|(slot, read)| (slot, read.field)).filter(|(_, field)| needed.contains(field)).collect()
        };
        let at = |place: Kept| -> Vec<usize> { needed.iter().copied().filter(|&field| kept[field] == place).collect() };
        let laws = |fields: &[usize]| -> Vec<usize> { fields.iter().copied().filter(|&field| lawful(field)).collect() };
        let own = at(Kept::Synapse);
        let (near_fields, far_fields) = (at(Kept::at(near)), at(Kept::at(far)));
        let shared = at(Kept::Shared).into_iter().filter(|&f| !matches!(Y::FIELDS[f].role, Role::Param | Role::Input));
        Self {
            shared: shared.collect(),
            near_laws: laws(&near_fields),
            near: near_fields,
            far_laws: laws(&far_fields),
            far: far_fields,
            own_laws: laws(&own),
            stored: own.iter().copied().filter(|&field| changes && stored(field)).collect(),
            own,
            near_reads: reads(near),
            far_reads: reads(far),
        }
    }
}

impl Pass {
    /// The same for what no variable of a neuron matters to.
    pub(super) fn without_reads(&self) -> Self {
        Self { near_reads: Vec::new(), far_reads: Vec::new(), ..self.clone() }
    }
}

/// The fields that the equations of the clock need, for the states that are kept at one place.
pub(super) fn clocked<Y: Synapse>(kept: &[Kept], place: Kept) -> Vec<usize> {
    let here = Y::STATES.iter().filter(|s| s.advances == Advances::WithClock && kept[s.field] == place);
    let mut fields: Vec<usize> = here.map(|s| s.field).collect();
    for i in 0.. {
        let Some(&field) = fields.get(i) else { break };
        let needs = Y::STATES.iter().filter(|s| s.field == field).flat_map(|s| s.needs);
        let new: Vec<_> = needs.copied().filter(|f| !fields.contains(f)).collect();
        fields.extend(new);
    }
    // Which variables are read is known of each side only.
    if !fields.is_empty() {
        let side = |side: Side| place == Kept::Synapse || place == Kept::at(side);
        fields.extend(Y::READS.iter().filter(|read| side(read.side)).map(|read| read.field));
    }
    fields
}

/// The states of the clock that are kept at a place.
pub(super) fn clock_states<Y: Synapse>(kept: &[Kept], place: Kept) -> Vec<usize> {
    let states = Y::STATES.iter().filter(|s| s.advances == Advances::WithClock && kept[s.field] == place);
    states.map(|s| s.field).collect()
}
