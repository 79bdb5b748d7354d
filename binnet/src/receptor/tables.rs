//! What a model and its receptor declare together, put together while compiling.

use core::marker::PhantomData;

use binnet_units::Dimension;

use super::{Feed, Receptor};
use crate::const_text::Text;
use crate::neuron::{Driven, Real};
use crate::population::{Bound, FieldInfo, Model, Role, find, ratio, same, sole_input};

/// A number for what is not there.
pub(super) const NONE: usize = usize::MAX;
/// The largest number of fields, observables or bounds of a model with all its receptors.
const MOST: usize = 128;
/// The largest number of fields of a receptor.
const FIELDS: usize = 16;
/// The largest number of states of a receptor.
pub(super) const STATES: usize = 8;

const NO_FIELD: FieldInfo =
    FieldInfo { name: "", role: Role::Param, unit: "1", dimension: Dimension::ONE, scale: 1.0, default: f64::NAN };
const NO_BOUND: Bound = Bound { field: "", low: 0.0, above: false, high: 0.0, below: false, text: "" };

/// Constants of model `M` with a receptor.
pub(super) struct Tables<M, F, S>(PhantomData<(M, F, S)>);

const fn number(found: Option<usize>) -> usize {
    match found {
        Some(i) => i,
        None => NONE,
    }
}

/// The first elements of a list.
const fn first<T>(list: &'static [T], n: usize) -> &'static [T] {
    list.split_at(n).0
}

/// The position of a name in a list.
pub(super) const fn position(names: &[&str], name: &str) -> usize {
    let mut i = 0;
    while i < names.len() {
        if same(names[i], name) {
            return i;
        }
        i += 1;
    }
    NONE
}

/// The unit of a quantity which times `other` is in `unit`: nS for pA and mV.
const fn quotient(unit: &str, other: &str) -> Text {
    if same(other, "1") {
        return Text::new().text(unit);
    }
    const SIMPLE: [(&str, &str); 6] =
        [("fA", "pS"), ("pA", "nS"), ("nA", "uS"), ("uA", "mS"), ("mA", "S"), ("mV", "1")];
    let (unit, other) = (unit.as_bytes(), other.as_bytes());
    let mut i = 0;
    while i < SIMPLE.len() && same_bytes(other, b"mV") {
        let head = SIMPLE[i].0.as_bytes();
        if unit.len() >= head.len() {
            let (start, rest) = unit.split_at(head.len());
            if same_bytes(start, head) && (rest.is_empty() || rest[0] == b'/') {
                return append(Text::new().text(SIMPLE[i].1), rest);
            }
        }
        i += 1;
    }
    append(append(Text::new(), unit).text("/"), other)
}

const fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    match (core::str::from_utf8(a), core::str::from_utf8(b)) {
        (Ok(a), Ok(b)) => same(a, b),
        _ => false,
    }
}

const fn append(text: Text, bytes: &[u8]) -> Text {
    match core::str::from_utf8(bytes) {
        Ok(s) => text.text(s),
        Err(_) => text,
    }
}

impl<M: Model, F: Feed, S: Real> Tables<M, F, S> {
    const OF: &'static [FieldInfo] = <F::Receptor<S> as Model>::FIELDS;

    /// The number of the input that is fed among the fields of the model.
    pub(super) const TARGET: usize = {
        let name = if F::TARGET.is_empty() { sole_input(M::FIELDS) } else { F::TARGET };
        match find(M::FIELDS, name) {
            Some(i) if matches!(M::FIELDS[i].role, Role::Input) => i,
            _ => NONE,
        }
    };

    /// The number of the potential among the fields of the model, if the receptor reads it.
    pub(super) const POTENTIAL: usize =
        if Self::reads_potential() { number(find(M::FIELDS, F::POTENTIAL)) } else { NONE };

    const fn reads_potential() -> bool {
        !<F::Receptor<S> as Driven>::INPUTS.is_empty()
    }

    /// The number of the receptor's own input, which is the potential.
    pub(super) const INPUT: usize = match <F::Receptor<S> as Driven>::INPUTS.first() {
        Some(name) => number(find(Self::OF, name)),
        None => NONE,
    };

    /// The factor from the unit of the potential to that of the receptor's input.
    pub(super) const POTENTIAL_FACTOR: f64 = if Self::POTENTIAL == NONE || Self::INPUT == NONE {
        1.0
    } else {
        ratio(M::FIELDS[Self::POTENTIAL].scale, Self::OF[Self::INPUT].scale)
    };

    /// What feeds the neuron, in the receptor's own units.
    const OUTPUT: FieldInfo = match <F::Receptor<S> as Model>::OUTPUT {
        Some(name) => match (find(Self::OF, name), find(<F::Receptor<S> as Model>::OBSERVABLES, name)) {
            (Some(i), _) => Self::OF[i],
            (None, Some(i)) => <F::Receptor<S> as Model>::OBSERVABLES[i],
            (None, None) => NO_FIELD,
        },
        None => panic!("a receptor has an `output`"),
    };

    /// The factor from the receptor's output to the input that it feeds: 1 where the receptor's fields took its unit.
    pub(super) const GAIN: f64 = if Self::TARGET == NONE || !<F::Receptor<S> as Receptor>::AMPLITUDES.is_empty() {
        1.0
    } else {
        ratio(Self::OUTPUT.scale, M::FIELDS[Self::TARGET].scale)
    };

    /// The receptor's fields that become those of the population: parameters, then states, by number.
    const OWN: ([usize; FIELDS], usize) = {
        let (mut own, mut n, mut i, mut states) = ([NONE; FIELDS], 0, 0, 0);
        while i < Self::OF.len() {
            match Self::OF[i].role {
                Role::Local => panic!("the parameters of a receptor are shared: declare them `param`"),
                Role::Input => {}
                Role::Param | Role::State => {
                    assert!(n < FIELDS, "a receptor has at most 16 parameters and states");
                    own[n] = i;
                    n += 1;
                    states += matches!(Self::OF[i].role, Role::State) as usize;
                }
            }
            i += 1;
        }
        assert!(states == <F::Receptor<S> as Driven>::VARIABLES.len(), "each state of a receptor has an equation");
        assert!(states >= 1 && states <= STATES, "a receptor has one to eight states");
        assert!(<F::Receptor<S> as Driven>::INPUTS.len() <= 1, "a receptor has at most one input, the potential");
        (own, n)
    };

    /// How many fields the population has of the receptor.
    pub(super) const COUNT: usize = Self::OWN.1;

    /// The receptor's number of a field of its that the population has.
    pub(super) const fn own(i: usize) -> usize {
        Self::OWN.0[i]
    }

    /// The position of a variable of the receptor among its states.
    pub(super) const fn column(variable: usize) -> usize {
        let (mut i, mut column) = (0, 0);
        while i < Self::OF.len() {
            if matches!(Self::OF[i].role, Role::State) {
                if same(Self::OF[i].name, <F::Receptor<S> as Driven>::VARIABLES[variable]) {
                    return column;
                }
                column += 1;
            }
            i += 1;
        }
        NONE
    }

    /// The name of a state of the receptor, by its position among them.
    pub(super) const fn state(column: usize) -> &'static str {
        let (mut i, mut at) = (0, 0);
        while i < Self::COUNT {
            if matches!(Self::OF[Self::own(i)].role, Role::State) {
                if at == column {
                    return Self::NAMES_KEPT[i].as_str();
                }
                at += 1;
            }
            i += 1;
        }
        ""
    }

    const NAMES: [Text; FIELDS] = {
        let mut names = [const { Text::new() }; FIELDS];
        let mut i = 0;
        while i < Self::COUNT {
            names[i] = Text::new().text(Self::OF[Self::own(i)].name).text("_").text(F::LABEL);
            i += 1;
        }
        names
    };
    const NAMES_KEPT: &'static [Text; FIELDS] = &Self::NAMES;

    const UNIT: Text = if Self::TARGET == NONE {
        Text::new().text("1")
    } else {
        quotient(M::FIELDS[Self::TARGET].unit, Self::OUTPUT.unit)
    };
    const UNIT_KEPT: &'static Text = &Self::UNIT;

    /// A field of the receptor as the population has it.
    const fn field(i: usize) -> FieldInfo {
        let own = Self::OF[Self::own(i)];
        let named = FieldInfo { name: Self::NAMES_KEPT[i].as_str(), ..own };
        if Self::TARGET == NONE || position(<F::Receptor<S> as Receptor>::AMPLITUDES, own.name) == NONE {
            return named;
        }
        let target = M::FIELDS[Self::TARGET];
        FieldInfo {
            unit: Self::UNIT_KEPT.as_str(),
            dimension: target.dimension.per(Self::OUTPUT.dimension),
            scale: target.scale / Self::OUTPUT.scale,
            ..named
        }
    }

    const ALL: [FieldInfo; MOST] = {
        assert!(M::FIELDS.len() + Self::COUNT <= MOST, "a model with its receptors has at most 128 fields");
        let mut all = [NO_FIELD; MOST];
        let mut i = 0;
        while i < M::FIELDS.len() {
            all[i] = M::FIELDS[i];
            i += 1;
        }
        let mut own = 0;
        while own < Self::COUNT {
            all[i + own] = Self::field(own);
            own += 1;
        }
        all
    };
    const ALL_KEPT: &'static [FieldInfo; MOST] = &Self::ALL;
    /// The fields of both.
    pub(super) const JOINED: &'static [FieldInfo] = first(Self::ALL_KEPT, M::FIELDS.len() + Self::COUNT);

    /// The number of the current among the receptor's observables, if it can be recorded.
    pub(super) const CURRENT: usize = match <F::Receptor<S> as Model>::OUTPUT {
        Some(name) => number(find(<F::Receptor<S> as Model>::OBSERVABLES, name)),
        None => NONE,
    };

    const CURRENT_NAME: Text = Text::new().text(Self::OUTPUT.name).text("_").text(F::LABEL);
    const CURRENT_KEPT: &'static Text = &Self::CURRENT_NAME;
    const OBSERVED: [FieldInfo; MOST] = {
        assert!(M::OBSERVABLES.len() < MOST, "a model with its receptors has at most 128 intermediate values");
        let mut all = [NO_FIELD; MOST];
        let mut i = 0;
        while i < M::OBSERVABLES.len() {
            all[i] = M::OBSERVABLES[i];
            i += 1;
        }
        if Self::CURRENT != NONE && Self::TARGET != NONE {
            let target = M::FIELDS[Self::TARGET];
            all[i] = FieldInfo { name: Self::CURRENT_KEPT.as_str(), role: Role::State, default: f64::NAN, ..target };
        }
        all
    };
    const OBSERVED_KEPT: &'static [FieldInfo; MOST] = &Self::OBSERVED;
    /// The observables of the model, and the current of the receptor.
    pub(super) const OBSERVABLES: &'static [FieldInfo] =
        first(Self::OBSERVED_KEPT, M::OBSERVABLES.len() + (Self::CURRENT != NONE && Self::TARGET != NONE) as usize);

    const BOUNDED: ([Bound; MOST], usize) = {
        let bounds = <F::Receptor<S> as Model>::BOUNDS;
        assert!(M::BOUNDS.len() + bounds.len() <= MOST, "a model with its receptors has at most 128 bounds");
        let mut all = [NO_BOUND; MOST];
        let mut n = 0;
        while n < M::BOUNDS.len() {
            all[n] = M::BOUNDS[n];
            n += 1;
        }
        let mut k = 0;
        while k < bounds.len() {
            let mut i = 0;
            while i < Self::COUNT {
                if same(Self::OF[Self::own(i)].name, bounds[k].field) {
                    all[n] = Bound { field: Self::NAMES_KEPT[i].as_str(), ..bounds[k] };
                    n += 1;
                }
                i += 1;
            }
            k += 1;
        }
        (all, n)
    };
    const BOUNDED_KEPT: &'static [Bound; MOST] = &Self::BOUNDED.0;
    /// The bounds of both.
    pub(super) const BOUNDS: &'static [Bound] = first(Self::BOUNDED_KEPT, Self::BOUNDED.1);
}

/// The name of the field that spikes add to.
#[derive(Debug)]
pub struct Arrival<M, F>(PhantomData<(M, F)>);

impl<M: Model, F: Feed> Arrival<M, F> {
    const NAME: Text = Text::new().text(<F::Receptor<f64> as Receptor>::ARRIVES).text("_").text(F::LABEL);
    const NAME_KEPT: &'static Text = &Self::NAME;
    /// Empty if the receptor feeds what is no input of the model, which is reported elsewhere.
    pub const FIELD: &'static str = if Tables::<M, F, f64>::TARGET == NONE { "" } else { Self::NAME_KEPT.as_str() };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_conductances() {
        for (unit, other, expected) in [
            ("pA", "mV", "nS"),
            ("nA", "mV", "uS"),
            ("uA/cm2", "mV", "mS/cm2"),
            ("mV/ms", "mV", "1/ms"),
            ("mV", "mV", "1"),
            ("pA", "1", "pA"),
            ("pA", "V", "pA/V"),
            ("pAs", "mV", "pAs/mV"),
        ] {
            assert_eq!(quotient(unit, other).as_str(), expected, "{unit} / {other}");
        }
    }
}
