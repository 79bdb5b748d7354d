//! A network as it is written: what the parser makes and the checks judge.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::{Attribute, Expr, Ident, Path, Visibility};

use super::clocked::{Clock, Measure, Schedule, Stimulus, Stop};
use super::slice::Slice;
use super::value::{Arg, Value};

/// A parsed block.
pub(crate) struct Network {
    /// The path of the crate, as the shell hands it over.
    pub(crate) krate: TokenStream,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) generics: Vec<ConstParam>,
    pub(crate) items: Vec<Item>,
    /// Whether it has a `clock`, readable or not.
    pub(crate) clocked: bool,
    /// Whether an item could not be read, so that nothing is said about what is missing.
    pub(crate) broken: bool,
    /// A hash of the block, documentation left out.
    pub(crate) hash: u64,
    /// Types and checks of the receptors, and statements that describe them, once they are planned.
    pub(crate) receptors: (TokenStream, Vec<TokenStream>),
}

/// `const N: usize = 20`.
pub(crate) struct ConstParam {
    pub(crate) name: Ident,
    pub(crate) default: Option<Expr>,
}

/// One declaration.
pub(crate) enum Item {
    Asynchronous(Span),
    Const(Binding),
    Param(Binding),
    Size(SizeItem),
    Let(Let),
    Given(Given),
    Source(Binding),
    /// `source noise: poisson[1000] { rate: 8 Hz };`
    Channels(Channels),
    Population(Box<Population>),
    Projection(Projection),
    /// `record flips;` and what else is asked for.
    Record(Ident),
    Clock(Clock),
    Precision(Ident),
    /// `record e.v;`
    Measure(Box<Measure>),
    /// `schedule [record, neurons, threshold, reset, deliver];`
    Schedule(Schedule),
    Stimulus(Stimulus),
    /// `stop when any(e.v > 20 mV);`
    Stop(Stop),
}

/// A name and its value: `const`, `param`, `source`.
pub(crate) struct Binding {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) value: Value,
    /// Whether the value was unreadable, so that nothing is said about its unit.
    pub(crate) broken: bool,
}

/// `size name = 3200;`: a number of neurons that is said when the network is built.
pub(crate) struct SizeItem {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    /// The number if nothing else is said.
    pub(crate) value: Expr,
}

/// `let name = expression;`
pub(crate) struct Let {
    pub(crate) name: Ident,
    pub(crate) value: Expr,
}

/// `given name: [rows][columns];`
pub(crate) struct Given {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) rows: Expr,
    pub(crate) columns: Expr,
}

/// `source name: kind[size] { keys };`
pub(crate) struct Channels {
    pub(crate) name: Ident,
    pub(crate) kind: Ident,
    pub(crate) size: Expr,
    pub(crate) keys: Vec<Key>,
    /// Whether a key was unreadable, so that nothing is said to be missing.
    pub(crate) broken: bool,
}

/// `population name: Model[size] in clusters[q] { keys };`
pub(crate) struct Population {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) model: Path,
    pub(crate) size: Expr,
    /// `columns` of `Model[rows, columns]`, where `size` is the rows.
    pub(crate) columns: Option<Expr>,
    pub(crate) clusters: Option<Expr>,
    pub(crate) keys: Vec<Key>,
    /// Whether a key was unreadable, so that nothing is said to be missing.
    pub(crate) broken: bool,
    /// The model as written, if `model` has receptors around it.
    pub(crate) bare: Option<Path>,
    /// Parameters of its receptors: fields and their `Init`.
    pub(crate) fed: Vec<(String, TokenStream)>,
}

/// `key: value` in braces.
pub(crate) struct Key {
    pub(crate) name: Ident,
    pub(crate) value: Value,
    pub(crate) span: Span,
}

/// `synapse: Model { keys }` among the keys of a projection.
pub(crate) struct Equipment {
    /// The word `synapse`.
    pub(crate) word: Ident,
    pub(crate) model: Path,
    pub(crate) keys: Vec<Key>,
}

/// `receptor: exponential(5 ms)` or `receptor: Kind { keys }` among the keys of a projection.
pub(crate) struct Receptor {
    /// The word `receptor`.
    pub(crate) word: Ident,
    pub(crate) kind: Path,
    pub(crate) args: Vec<Arg>,
    /// As written.
    pub(crate) text: String,
}

/// The receptor of a pair of populations: the field that spikes add to.
pub(crate) struct Arrival {
    pub(crate) pre: Ident,
    pub(crate) post: Ident,
    pub(crate) field: TokenStream,
}

/// `projection name: pre -> post where same cluster { keys };`
pub(crate) struct Projection {
    pub(crate) name: Option<Ident>,
    pub(crate) pre: Ends,
    pub(crate) post: Ends,
    pub(crate) pairs: Option<(Pairs, Span)>,
    pub(crate) keys: Vec<Key>,
    /// Models of synapses; more than one is a mistake.
    pub(crate) synapses: Vec<Equipment>,
    /// Receptors; more than one is a mistake.
    pub(crate) receptors: Vec<Receptor>,
    /// Where spikes arrive, once the receptors are planned: one entry for each pair, none after a mistake.
    pub(crate) arrivals: Vec<Arrival>,
    /// The keyword, for errors about what is missing.
    pub(crate) span: Span,
    /// Whether a key was unreadable, so that nothing is said to be missing.
    pub(crate) broken: bool,
}

/// Which pairs of clusters are connected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pairs {
    Same,
    Other,
}

/// One side of a projection.
pub(crate) struct Ends {
    pub(crate) form: Form,
    pub(crate) each: Vec<End>,
}

/// A population or source, or a part of it.
pub(crate) struct End {
    pub(crate) name: Ident,
    pub(crate) slice: Option<Slice>,
}

impl End {
    /// As written.
    pub(crate) fn text(&self) -> String {
        let slice = self.slice.as_ref().map_or("", |slice| &slice.text);
        format!("{}{slice}", self.name.unraw())
    }
}

/// `a`, `[a, b]`, `(a, b)`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Single,
    /// Arguments may be matrices `[post][pre]`.
    Block,
    /// The same arguments for each.
    Group,
}
