//! The layer as a block of the language, in both precisions.

use core::ops::Deref as _;

use crate::clocked::{Clocked, ClockedOptions, Populations, Threads};
use crate::error::Result;
use crate::models::dynapsim::DpiNeuron;
use crate::neuron::Real;
use crate::units::Time;

/// The block: what a user would write. Recurrent and input weights are added by the builder, where they are given.
macro_rules! block {
    ($name:ident, $precision:ident) => {
        crate::network! {
            /// A layer of DPI neurons with a channel of input events for each.
            pub struct $name<const N: usize = 256> {
                clock step;
                precision $precision;
                /// A step.
                param step = 1 ms;
                /// The weight of an event.
                param w_event = 1;
                source events: external[N];
                population core: DpiNeuron[N];
                projection events -> core { target: x, connect: one_to_one, weight: w_event };
                record core.spikes;
            }
        }
    };
}

block!(Double, f64);
block!(Single, f32);

/// The precision of a [`DynapSim`](super::DynapSim) of `N` neurons: `f64` or `f32`.
pub trait Precision<const N: usize>: Real {
    /// The populations of its network.
    type Populations: Populations + Clone;

    /// The network, with nothing but neurons and events.
    #[doc(hidden)]
    fn network(seed: u64, step: Time, w_event: f64) -> Result<Clocked<Self::Populations>>;

    /// Overwrites the spikes of the last step.
    #[doc(hidden)]
    fn set_spikes(populations: &mut Self::Populations, counts: &[u32]) -> Result<()>;
}

macro_rules! precision {
    ($($real:ident: $name:ident, $populations:ident;)*) => {$(
        impl<const N: usize> Precision<N> for $real {
            type Populations = $populations<N>;

            fn network(seed: u64, step: Time, w_event: f64) -> Result<Clocked<Self::Populations>> {
                let options = |options: &mut ClockedOptions| options.threads = Threads::Exactly(1);
                let builder = $name::<N>::builder().seed(seed).options(options);
                Ok(builder.step(step.ms()).w_event(w_event).build()?.deref().clone())
            }

            fn set_spikes(populations: &mut Self::Populations, counts: &[u32]) -> Result<()> {
                populations.core.set_spikes(counts)
            }
        }
    )*};
}

precision! {
    f64: Double, DoublePopulations;
    f32: Single, SinglePopulations;
}
