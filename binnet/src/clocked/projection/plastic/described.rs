//! A type that `network!` names as a model of synapses, looked at while compiling whether it is one or not.

use core::marker::PhantomData;

use super::SynapseSpec;
use crate::synapse::{Synapse, SynapseAbout};

/// A type, by its name in `network!`. Constants of a model of synapses hide those of [`NoSynapse`].
#[derive(Debug)]
pub struct Described<Y>(PhantomData<Y>);

impl<Y: Synapse + Default> Described<Y> {
    /// What is to be checked.
    pub const ABOUT: Option<SynapseAbout> = Some(SynapseAbout {
        name: Y::NAME,
        fields: Y::FIELDS,
        delivered: &Y::DELIVERED,
        each_step: Y::CONTINUOUS.is_some(),
        reads: Y::READS,
    });
    /// Synapses of the model.
    pub const SPEC: fn() -> SynapseSpec = SynapseSpec::of::<Y>;
}

/// A type that is no model of synapses: the compiler says so once, at its name, and nothing else is said of it.
pub trait NoSynapse {
    /// There is nothing to be checked.
    const ABOUT: Option<SynapseAbout> = None;
    /// Is not called, since it does not compile.
    const SPEC: fn() -> SynapseSpec = || unimplemented!("no model of synapses");
}

impl<Y> NoSynapse for Described<Y> {}
