//! For code that the macros generate; nothing here is part of the public interface.

pub use crate::asynchronous::{
    Asynchronous, BinaryPart, BinaryPopulation, BuildOptions, Drive, Fields, Gains, NetworkPlan, PopulationSpec,
    ProjectionSpec, Source,
};
pub use crate::clocked::{
    Amount, Cells, Clocked, ClockedOptions, Cohort, Condition, Described, End, NoSynapse, Operator, PerSynapse,
    PoissonInput, Populations, Projection, Record, Records, Schedule, Source as ClockedSource, SpikeTrain, Stage,
    Stimulus, SynapseSpec, Threads, Trace,
};
pub use crate::connect;
use crate::connect::Degree;
pub use crate::connect::Pairs;
pub use crate::error::{BuildError, Error, Result};
pub use crate::integrate;
pub use crate::network::{
    DeclaredPopulation, DeclaredProjection, DeclaredSource, DeclaredSynapse, Network, NetworkBuilder, NetworkInfo,
    ParamInfo, ParamValue, Setting, Settings, copied, field_of, set_in,
};
pub use crate::neuron::{
    Admitted, Advance, ByHand, Driven, Dual, Equations, IsNeuron, ModelText, Neuron, Own, Real, Scalar, Spikes,
    StepContext, Stepped, Structure, Update, check_method,
};
pub use crate::population::*;
pub use crate::receptor::{
    Apart, Arrival, Fed, Feed, check_potential, check_receives_spikes, check_receptor_names, check_receptor_target,
};
pub use crate::rng::{Stream, Streams};
pub use crate::synapse::{
    Advances, Ago, Dynamics, Ends, IsSynapse, LANES, Side, Synapse, SynapseAbout, SynapseRead, check_delays,
    check_delivered, check_each_synapse, check_reads, check_recorded_synapse,
};
pub use crate::units::Time;
pub use binnet_macros::{network_block, neuron_block, synapse_block};
pub use binnet_units::Dimension;
use binnet_units::{Text, sizes};

/// The error that a `let` or a `connect` of the user's may return.
pub type UserError = Box<dyn std::error::Error + Send + Sync>;

/// An order of stages that `network!` has checked.
#[must_use]
pub const fn schedule(order: [Stage; 5]) -> Schedule {
    Schedule::checked(order)
}

/// Panics with what is wrong: in a constant, that is a compile error at the caller.
#[track_caller]
const fn refuse(problem: Option<Text>) {
    if let Some(text) = problem {
        panic!("{}", text.as_str())
    }
}

macro_rules! size_checks {
    ($($check:ident = $problem:ident($($name:ident),*; $($n:ident),*);)*) => {$(
        #[doc = concat!("Refuses, while compiling, what [`sizes::", stringify!($problem), "`] finds.")]
        ///
        /// # Panics
        /// That is its purpose: in a constant, a panic is a compile error.
        #[track_caller]
        pub const fn $check($($name: &str,)* $($n: usize),*) {
            refuse(sizes::$problem($($name,)* $($n),*));
        }
    )*};
}

size_checks! {
    check_size = size_problem(name; n);
    check_clusters = clusters_problem(name; n, clusters);
    check_same_clusters = same_clusters_problem(pre, post; pre_clusters, post_clusters);
    check_same_size = same_size_problem(rule, pre, post; n_pre, n_post);
    check_same_grid = same_grid_problem(rule, pre, post; pre_rows, pre_columns, post_rows, post_columns);
    check_graph = graph_problem(what, name; n, k);
    check_out_degree = out_degree_problem(post; n_post, degree);
    check_in_degree = in_degree_problem(pre; n_pre, degree);
    check_slice = slice_problem(name; n, start, end);
    check_channels = channels_problem(name; n);
    check_patch = patch_problem(name, axis; n, start, end);
    check_given = given_problem(name, first, second; rows, columns, n_first, n_second);
}

/// A type that exists for binary neurons only: what is no such model is refused at its name.
pub struct IsBinary<M: crate::population::BinaryNeuron>(core::marker::PhantomData<M>);

/// The derivative of a function at `x`.
#[inline(always)]
pub fn slope<T: Scalar>(f: impl FnOnce(Dual<T>) -> Dual<T>, x: T) -> T {
    f(Dual::variable(x)).slope
}

/// A scalar or a matrix `[post][pre]` for the blocks of a projection.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit the {POST} x {PRE} blocks of this projection (post x pre)",
    note = "give one value for all blocks, or an array of {POST} arrays of {PRE}"
)]
pub trait IntoBlocks<T, const POST: usize, const PRE: usize> {
    /// The value of each block.
    fn into_blocks(self) -> [[T; PRE]; POST];
}

macro_rules! into_blocks_of_numbers {
    ($($ty:ty),*) => {$(
        impl<const POST: usize, const PRE: usize> IntoBlocks<$ty, POST, PRE> for $ty {
            fn into_blocks(self) -> [[$ty; PRE]; POST] {
                [[self; PRE]; POST]
            }
        }

        impl<const POST: usize, const PRE: usize> IntoBlocks<$ty, POST, PRE> for [[$ty; PRE]; POST] {
            fn into_blocks(self) -> [[$ty; PRE]; POST] {
                self
            }
        }
    )*};
}

into_blocks_of_numbers!(f64, u64, usize);

macro_rules! into_blocks_of_degrees {
    ($($ty:ty),*) => {$(
        impl<const POST: usize, const PRE: usize> IntoBlocks<Degree, POST, PRE> for $ty {
            fn into_blocks(self) -> [[Degree; PRE]; POST] {
                [[self.into(); PRE]; POST]
            }
        }
    )*};
}

into_blocks_of_degrees!(f64, usize, Degree);

impl<T: Copy + Into<Degree>, const POST: usize, const PRE: usize> IntoBlocks<Degree, POST, PRE> for [[T; PRE]; POST] {
    fn into_blocks(self) -> [[Degree; PRE]; POST] {
        self.map(|row| row.map(Into::into))
    }
}

/// One value for the synapses of all blocks, or a matrix of such.
macro_rules! into_blocks_of_synapses {
    ($($ty:ty),*) => {$(
        impl<const POST: usize, const PRE: usize> IntoBlocks<PerSynapse, POST, PRE> for $ty {
            fn into_blocks(self) -> [[PerSynapse; PRE]; POST] {
                let value = PerSynapse::from(self);
                core::array::from_fn(|_| core::array::from_fn(|_| value.clone()))
            }
        }
    )*};
}

into_blocks_of_synapses!(f64, Init, Time, PerSynapse);

impl<T: Into<PerSynapse>, const POST: usize, const PRE: usize> IntoBlocks<PerSynapse, POST, PRE> for [[T; PRE]; POST] {
    fn into_blocks(self) -> [[PerSynapse; PRE]; POST] {
        self.map(|row| row.map(Into::into))
    }
}

/// Rates in Hz for the `N` channels of a source: one for all, or one for each.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the rates of {N} channels",
    note = "give a number, an array of {N} numbers, a `Vec<f64>`, or an `Array1<f64>` of `binnet::ndarray`"
)]
pub trait IntoRates<const N: usize> {
    /// One rate for each channel, or a single one.
    fn into_rates(self) -> Vec<f64>;
}

impl<const N: usize> IntoRates<N> for f64 {
    fn into_rates(self) -> Vec<f64> {
        vec![self]
    }
}

impl<const N: usize> IntoRates<N> for [f64; N] {
    fn into_rates(self) -> Vec<f64> {
        self.to_vec()
    }
}

impl<const N: usize> IntoRates<N> for Vec<f64> {
    fn into_rates(self) -> Vec<f64> {
        self
    }
}

impl<const N: usize> IntoRates<N> for ndarray::Array1<f64> {
    fn into_rates(self) -> Vec<f64> {
        self.to_vec()
    }
}
