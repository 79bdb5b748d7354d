//! The equations of a neuron and of a receptor that feeds it, as one system.

use core::marker::PhantomData;

use super::tables::{NONE, Tables, position};
use super::{Fed, Feed};
use crate::neuron::{Driven, Dual, Equations, Joint, Real, Scalar, Spikes, StepContext, Structure, Vector};
use crate::population::{Model as _, same};

/// The variables of a receptor.
type Own<F, S, T> = <<F as Feed>::Receptor<S> as Equations>::Vector<T>;
/// As many variables of the neuron as of the receptor.
type Cross<M, F, S, T> = <Own<F, S, T> as Vector<T>>::Times<<M as Equations>::Vector<T>>;

/// What is known of the equations of both.
struct System<M, F, S>(PhantomData<(M, F, S)>);

/// More variables than this are looked at without what is known of them.
const MOST: usize = 24;

/// A list of known length, of which the first elements count.
struct List<T: 'static, const N: usize>([T; N], usize);

impl<T, const N: usize> List<T, N> {
    const fn slice(&'static self) -> &'static [T] {
        let all: &'static [T] = &self.0;
        all.split_at(self.1).0
    }
}

impl<M: Driven, F: Feed, S: Real> System<M, F, S> {
    /// How many variables the neuron has, and both together.
    const OF_MODEL: usize = M::VARIABLES.len();
    const N: usize = Self::OF_MODEL + <F::Receptor<S> as Driven>::VARIABLES.len();

    /// The position of what is fed among the inputs of the neuron.
    const INPUT: usize = if Tables::<M, F, S>::TARGET == NONE {
        NONE
    } else {
        position(M::INPUTS, M::FIELDS[Tables::<M, F, S>::TARGET].name)
    };

    /// The position of the potential among the variables of the neuron.
    const POTENTIAL: usize = if Tables::<M, F, S>::POTENTIAL == NONE {
        NONE
    } else {
        position(M::VARIABLES, M::FIELDS[Tables::<M, F, S>::POTENTIAL].name)
    };

    const LINEAR: bool = M::LINEAR && <F::Receptor<S> as Driven>::LINEAR && <F::Receptor<S> as Driven>::LINEAR_OUTPUT;

    const VARIABLES: List<&'static str, 128> = {
        assert!(Self::N <= 128, "a model with its receptors has at most 128 variables");
        let (mut all, mut i) = ([""; 128], 0);
        while i < Self::N {
            all[i] = if i < Self::OF_MODEL {
                M::VARIABLES[i]
            } else {
                let own = Tables::<M, F, S>::column(i - Self::OF_MODEL);
                Tables::<M, F, S>::state(own)
            };
            i += 1;
        }
        List(all, Self::N)
    };
    const VARIABLES_KEPT: &'static List<&'static str, 128> = &Self::VARIABLES;

    const METHODS: List<&'static str, 32> = {
        let (mut all, mut n, mut i) = ([""; 32], 0, 0);
        while i < M::METHODS.len() {
            let name = M::METHODS[i];
            // The methods of Milstein differentiate the noise, for which inputs are fixed.
            let needs_derivatives = M::Noise::<f64>::LEN > 0 && starts_with(name, "milstein");
            if !(needs_derivatives || same(name, "exact") && !Self::LINEAR) {
                all[n] = name;
                n += 1;
            }
            i += 1;
        }
        List(all, n)
    };
    const METHODS_KEPT: &'static List<&'static str, 32> = &Self::METHODS;

    /// Whether there is something to know.
    const KNOWN: bool = Self::LINEAR
        && <F::Receptor<S> as Driven>::INPUTS.is_empty()
        && Self::N <= MOST
        && !M::STRUCTURE.influence.is_empty()
        && !<F::Receptor<S> as Equations>::STRUCTURE.influence.is_empty();

    const INFLUENCE: List<bool, { MOST * MOST }> = {
        let mut all = [false; MOST * MOST];
        let (n, of_model) = (Self::N, Self::OF_MODEL);
        let own = <F::Receptor<S> as Equations>::STRUCTURE;
        let mut k = 0;
        while k < n * n && Self::KNOWN {
            let (i, j) = (k / n, k % n);
            all[k] = match (i < of_model, j < of_model) {
                (true, true) => M::STRUCTURE.influence[i * of_model + j],
                // Through the current.
                (true, false) => Self::INPUT != NONE && M::REACHED[i * M::INPUTS.len() + Self::INPUT],
                (false, true) => false,
                (false, false) => own.influence[(i - of_model) * (n - of_model) + (j - of_model)],
            };
            k += 1;
        }
        List(all, if Self::KNOWN { n * n } else { 0 })
    };
    const INFLUENCE_KEPT: &'static List<bool, { MOST * MOST }> = &Self::INFLUENCE;

    const DRIVEN: List<bool, MOST> = {
        let (mut all, mut i) = ([true; MOST], 0);
        while i < Self::N && Self::KNOWN {
            let (known, at) = if i < Self::OF_MODEL {
                (M::STRUCTURE.driven, i)
            } else {
                (<F::Receptor<S> as Equations>::STRUCTURE.driven, i - Self::OF_MODEL)
            };
            all[i] = known.is_empty() || known[at];
            i += 1;
        }
        List(all, if Self::KNOWN { Self::N } else { 0 })
    };
    const DRIVEN_KEPT: &'static List<bool, MOST> = &Self::DRIVEN;

    const HELD: List<bool, MOST> = {
        let (mut all, mut i) = ([false; MOST], 0);
        let known = Self::KNOWN && !M::STRUCTURE.held.is_empty();
        while i < Self::OF_MODEL && known {
            all[i] = M::STRUCTURE.held[i];
            i += 1;
        }
        List(all, if known { Self::N } else { 0 })
    };
    const HELD_KEPT: &'static List<bool, MOST> = &Self::HELD;

    const REACHED: List<bool, 1024> = {
        let inputs = M::INPUTS.len();
        assert!(Self::N * inputs <= 1024, "variables times inputs are at most 1024");
        // The variables of a receptor that reads the potential may follow from any input.
        let mut all = [!<F::Receptor<S> as Driven>::INPUTS.is_empty(); 1024];
        let mut i = 0;
        while i < Self::OF_MODEL * inputs {
            all[i] |= M::REACHED[i];
            i += 1;
        }
        List(all, Self::N * inputs)
    };
    const REACHED_KEPT: &'static List<bool, 1024> = &Self::REACHED;
}

const fn starts_with(text: &str, start: &str) -> bool {
    text.len() >= start.len()
        && match core::str::from_utf8(text.as_bytes().split_at(start.len()).0) {
            Ok(head) => same(head, start),
            Err(_) => false,
        }
}

impl<M: Driven<S = S>, F: Feed, S: Real> Fed<M, F, S> {
    /// The inputs of the receptor: the potential, in its unit.
    #[inline(always)]
    fn potential<T: Scalar>(&self, x: &M::Vector<T>) -> <F::Receptor<S> as Driven>::Inputs<T> {
        let variable = System::<M, F, S>::POTENTIAL;
        let factor = Tables::<M, F, S>::POTENTIAL_FACTOR;
        Vector::from_fn(|_| {
            let v = if variable == NONE {
                T::of(self.model.field_value(Tables::<M, F, S>::POTENTIAL))
            } else {
                x.at(variable)
            };
            if factor == 1.0 { v } else { v * T::of(factor) }
        })
    }

    /// The inputs of the neuron: those from elsewhere, and what the receptor gives.
    #[inline(always)]
    fn inputs_by<T: Scalar>(
        &self,
        x: &<Self as Equations>::Vector<T>,
        inputs: &M::Inputs<T>,
        t: f64,
        cx: &StepContext,
    ) -> M::Inputs<T> {
        let mut inputs = *inputs;
        let fed = System::<M, F, S>::INPUT;
        if fed != NONE {
            let current = self.receptor.output(&x.1, &self.potential(&x.0), t, cx);
            let gain = Tables::<M, F, S>::GAIN;
            inputs.put(fed, inputs.at(fed) + if gain == 1.0 { current } else { current * T::of(gain) });
        }
        inputs
    }

    /// The neuron, with these inputs in its fields.
    #[inline(always)]
    fn model_at(&self, x: &<Self as Equations>::Vector<S>, t: f64, cx: &StepContext) -> M {
        let mut model = self.model.clone();
        let fed = System::<M, F, S>::INPUT;
        if fed != NONE {
            let inputs = self.inputs_by(x, &self.model.inputs(), t, cx);
            model.set_field_value(Tables::<M, F, S>::TARGET, inputs.at(fed).to_f64());
        }
        model
    }
}

impl<M: Driven<S = S>, F: Feed, S: Real> Equations for Fed<M, F, S> {
    type S = S;
    type Vector<T: Scalar> = Joint<M::Vector<T>, Own<F, S, T>>;
    type Noise<T: Scalar> = M::Noise<T>;
    type Diffusion<T: Scalar> = Joint<M::Diffusion<T>, <Own<F, S, T> as Vector<T>>::Times<M::Noise<T>>>;
    type Matrix<T: Scalar> = Joint<
        M::Matrix<T>,
        Joint<Joint<Cross<M, F, S, T>, Cross<M, F, S, T>>, <<F as Feed>::Receptor<S> as Equations>::Matrix<T>>,
    >;

    const METHODS: &'static [&'static str] = System::<M, F, S>::METHODS_KEPT.slice();
    const STRUCTURE: Structure = Structure {
        influence: System::<M, F, S>::INFLUENCE_KEPT.slice(),
        driven: System::<M, F, S>::DRIVEN_KEPT.slice(),
        held: System::<M, F, S>::HELD_KEPT.slice(),
    };

    #[inline(always)]
    fn state(&self) -> Self::Vector<S> {
        Joint(self.model.state(), self.receptor.state())
    }

    #[inline(always)]
    fn set_state(&mut self, x: &Self::Vector<S>) {
        self.model.set_state(&x.0);
        self.receptor.set_state(&x.1);
    }

    #[inline(always)]
    fn drift<T: Scalar>(&self, x: &Self::Vector<T>, t: f64, cx: &StepContext) -> Self::Vector<T> {
        self.drift_by(x, &self.model.inputs(), t, cx)
    }

    #[inline(always)]
    fn slopes(&self, x: &Self::Vector<S>, t: f64, cx: &StepContext, frozen: bool) -> Self::Vector<S> {
        let mut own = self.model_at(x, t, cx).slopes(&x.0, t, cx, frozen);
        let mut receptor = self.receptor.clone();
        let potential = self.potential(&x.0);
        if Tables::<M, F, S>::POTENTIAL != NONE {
            receptor.set_field_value(Tables::<M, F, S>::INPUT, potential.at(0).to_f64());
        }
        let (variable, fed) = (System::<M, F, S>::POTENTIAL, System::<M, F, S>::INPUT);
        if variable != NONE && fed != NONE {
            // The rate of the potential depends on itself through the current, too.
            let factor = S::of(Tables::<M, F, S>::POTENTIAL_FACTOR * Tables::<M, F, S>::GAIN);
            let by_potential = receptor.output_slopes(&x.1, t, cx, frozen).at(0) * factor;
            let inputs = self.inputs_by(x, &self.model.inputs(), t, cx);
            let inputs = <M::Inputs<Dual<S>>>::from_fn(|i| {
                if i == fed { Dual::variable(inputs.at(i)) } else { Dual::constant(inputs.at(i)) }
            });
            let fixed = <M::Vector<Dual<S>>>::from_fn(|i| Dual::constant(x.0.at(i)));
            let by_input = self.model.drift_by(&fixed, &inputs, t, cx).at(variable).slope;
            own.put(variable, own.at(variable) + by_input * by_potential);
        }
        Joint(own, receptor.slopes(&x.1, t, cx, frozen))
    }

    #[inline(always)]
    fn diffusion<T: Scalar>(&self, x: &Self::Vector<T>, t: f64, cx: &StepContext) -> Self::Diffusion<T> {
        let values = <Self::Vector<S>>::from_fn(|i| S::of(x.at(i).to_f64()));
        let own = self.model_at(&values, t, cx).diffusion(&x.0, t, cx);
        Joint(own, Vector::from_fn(|_| T::of(0.0)))
    }

    #[inline(always)]
    fn holding(&self, held: bool) -> Self {
        Self { model: self.model.holding(held), receptor: self.receptor.clone() }
    }

    #[inline(always)]
    fn is_held(&self) -> bool {
        self.model.is_held()
    }

    #[inline(always)]
    fn begin(&mut self, cx: &StepContext) {
        self.model.begin(cx);
    }

    #[inline(always)]
    fn clip(&mut self) {
        self.model.clip();
        self.receptor.clip();
    }

    #[inline(always)]
    fn spikes(&self, before: &Self::Vector<S>, cx: &StepContext) -> Spikes {
        self.fed(cx).spikes(&before.0, cx)
    }

    #[inline(always)]
    fn reset(&mut self, cx: &StepContext, spikes: Spikes) {
        self.with_current(cx, |model| Equations::reset(model, cx, spikes));
    }
}

impl<M: Driven<S = S>, F: Feed, S: Real> Driven for Fed<M, F, S> {
    type Inputs<T: Scalar> = M::Inputs<T>;
    const VARIABLES: &'static [&'static str] = System::<M, F, S>::VARIABLES_KEPT.slice();
    const INPUTS: &'static [&'static str] = M::INPUTS;
    const LINEAR: bool = System::<M, F, S>::LINEAR;
    const LINEAR_OUTPUT: bool = M::LINEAR_OUTPUT && System::<M, F, S>::LINEAR;
    const REACHED: &'static [bool] = System::<M, F, S>::REACHED_KEPT.slice();

    #[inline(always)]
    fn inputs<T: Scalar>(&self) -> M::Inputs<T> {
        self.model.inputs()
    }

    #[inline(always)]
    fn drift_by<T: Scalar>(
        &self,
        x: &Self::Vector<T>,
        inputs: &M::Inputs<T>,
        t: f64,
        cx: &StepContext,
    ) -> Self::Vector<T> {
        let own = self.model.drift_by(&x.0, &self.inputs_by(x, inputs, t, cx), t, cx);
        Joint(own, self.receptor.drift_by(&x.1, &self.potential(&x.0), t, cx))
    }

    #[inline(always)]
    fn output<T: Scalar>(&self, x: &Self::Vector<T>, inputs: &M::Inputs<T>, t: f64, cx: &StepContext) -> T {
        self.model.output(&x.0, &self.inputs_by(x, inputs, t, cx), t, cx)
    }

    #[inline(always)]
    fn output_slopes(&self, x: &Self::Vector<S>, t: f64, cx: &StepContext, frozen: bool) -> M::Inputs<S> {
        self.model_at(x, t, cx).output_slopes(&x.0, t, cx, frozen)
    }
}
