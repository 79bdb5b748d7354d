//! A neuron with a receptor, as one model.

use super::tables::{NONE, Tables};
use super::{FedArrays, Feed, Receptor};
use crate::neuron::{Driven, Equations as _, ModelText, Real, StepContext};
use crate::population::{Bound, FieldInfo, InPrecision, Model, Stores};

/// Neuron `M` with a receptor that feeds it. Several receptors are one around the other: `Fed<Fed<M, A>, B>`.
///
/// Its fields are those of the neuron, then parameters and states of the receptor under names with the label of the
/// feed. Its equations are those of both; see the [module](crate::receptor).
///
/// ```
/// use binnet::models::neurons::Lif;
/// use binnet::models::receptors::Alpha;
/// use binnet::neuron::{Real, Single};
/// use binnet::prelude::*;
/// use binnet::receptor::{Fed, Feed};
///
/// #[derive(Clone, Copy, Debug)]
/// struct Excitation;
///
/// impl Feed for Excitation {
///     type Receptor<S: Real> = Alpha<S>;
///     const LABEL: &'static str = "exc";
///     const TARGET: &'static str = "i";
///     const POTENTIAL: &'static str = "v";
/// }
///
/// let cell = Fed::<_, Excitation> { model: Lif::default(), receptor: Alpha { tau: 2.0, ..Alpha::default() } };
/// let mut cell = Single::<Fed<Lif, Excitation>>::new(cell, 0.1.ms());
/// cell.receptor.x += 1.0; // a spike of 1 nA
/// cell.run(2.ms());
/// assert!((cell.receptor.g - 1.0).abs() < 1e-12 && cell.model.v > -60.0);
/// assert_eq!(Fed::<Lif, Excitation>::FIELDS.last().unwrap().name, "g_exc");
/// ```
#[derive(Clone, Debug)]
pub struct Fed<M, F: Feed, S: Real = f64> {
    /// The neuron.
    pub model: M,
    /// The receptor.
    pub receptor: F::Receptor<S>,
}

impl<M: Model, F: Feed, S: Real> Fed<M, F, S> {
    /// The receptor, with the potential of the neuron as its input.
    #[inline(always)]
    fn at_potential(&self) -> F::Receptor<S> {
        let mut receptor = self.receptor.clone();
        if Tables::<M, F, S>::POTENTIAL != NONE {
            let v = self.model.field_value(Tables::<M, F, S>::POTENTIAL) * Tables::<M, F, S>::POTENTIAL_FACTOR;
            receptor.set_field_value(Tables::<M, F, S>::INPUT, v);
        }
        receptor
    }

    /// What the receptor gives now, in the unit of the input that it feeds.
    #[inline(always)]
    fn current(&self, cx: &StepContext) -> f64 {
        let receptor = self.at_potential();
        receptor.output(&receptor.state(), &receptor.inputs(), cx.t, cx).to_f64() * Tables::<M, F, S>::GAIN
    }

    /// The neuron with what the receptor gives now in its input.
    #[inline(always)]
    pub(super) fn fed(&self, cx: &StepContext) -> M {
        let mut model = self.model.clone();
        let target = Tables::<M, F, S>::TARGET;
        if target != NONE {
            model.set_field_value(target, model.field_value(target) + self.current(cx));
        }
        model
    }

    /// What the neuron does where it sees its current in its input, which is left as it was.
    #[inline(always)]
    pub(super) fn with_current<R>(&mut self, cx: &StepContext, act: impl FnOnce(&mut M) -> R) -> R {
        let target = Tables::<M, F, S>::TARGET;
        let given = self.model.field_value(target);
        self.model = self.fed(cx);
        let result = act(&mut self.model);
        self.model.set_field_value(target, given);
        result
    }

    /// The same for the receptor and the potential.
    #[inline(always)]
    pub(super) fn with_potential(&mut self, model: &M) -> &mut F::Receptor<S> {
        if Tables::<M, F, S>::POTENTIAL != NONE {
            let v = model.field_value(Tables::<M, F, S>::POTENTIAL) * Tables::<M, F, S>::POTENTIAL_FACTOR;
            self.receptor.set_field_value(Tables::<M, F, S>::INPUT, v);
        }
        &mut self.receptor
    }
}

impl<M: Model, F: Feed, S: Real> Model for Fed<M, F, S> {
    const NAME: &'static str = M::NAME;
    const FIELDS: &'static [FieldInfo] = Tables::<M, F, S>::JOINED;
    const OBSERVABLES: &'static [FieldInfo] = Tables::<M, F, S>::OBSERVABLES;
    const BOUNDS: &'static [Bound] = Tables::<M, F, S>::BOUNDS;
    const TEXT: Option<ModelText> = M::TEXT;
    const HELD: Option<(&'static str, &'static [&'static str])> = M::HELD;
    const OUTPUT: Option<&'static str> = M::OUTPUT;
    type Method = <F::Receptor<S> as Receptor>::Method<M>;
    type FedLinear = <F::Receptor<S> as Receptor>::Method<M>;
    type FedAny = M::FedAny;
    type Arrays<const N: usize> = FedArrays<M, F, S, N>;

    fn observe(&self, which: usize, cx: &StepContext) -> f64 {
        if which < M::OBSERVABLES.len() { self.fed(cx).observe(which, cx) } else { self.current(cx) }
    }

    #[inline(always)]
    fn is_sound(&self) -> bool {
        self.model.is_sound() & self.receptor.is_sound()
    }

    fn settle(&mut self) {
        self.model.settle();
        self.receptor.settle();
    }

    #[inline(always)]
    fn field_value(&self, field: usize) -> f64 {
        let of_model = M::FIELDS.len();
        if field < of_model {
            self.model.field_value(field)
        } else if field < of_model + Tables::<M, F, S>::COUNT {
            self.receptor.field_value(Tables::<M, F, S>::own(field - of_model))
        } else {
            f64::NAN
        }
    }

    #[inline(always)]
    fn set_field_value(&mut self, field: usize, value: f64) {
        let of_model = M::FIELDS.len();
        if field < of_model {
            self.model.set_field_value(field, value);
        } else if field < of_model + Tables::<M, F, S>::COUNT {
            self.receptor.set_field_value(Tables::<M, F, S>::own(field - of_model), value);
        }
    }
}

impl<M: InPrecision<R>, F: Feed, S: Real, R: Real> InPrecision<R> for Fed<M, F, S> {
    type Model = Fed<M::Model, F, R>;
}

impl<M: Stores<R>, F: Feed, S: Real, R: Real> Stores<R> for Fed<M, F, S> {}
