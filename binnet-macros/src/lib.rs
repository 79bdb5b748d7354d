//! The macros of binnet. Use them through the `binnet` crate.
//!
//! Both macros run the same stages on `proc_macro2` tokens: parse (generous), check (judges, and
//! never returns early), emit (cannot fail). All mistakes of a block are collected in one
//! `diag::Sink` and reported together, each at its token; the types are emitted all the same, so
//! that the rest of the file resolves.

mod derive;
mod diag;
mod methods;
mod network;
mod neuron;
mod quantity;
#[cfg(test)]
mod soup;
mod synapse;

/// Turns a struct that describes one neuron into a population in structure-of-arrays form.
///
/// ```text
/// struct    = "struct" name [ "<" S ":" "Real" [ "=" "f64" ] ">" ] "{" { field "," } "}"
/// field     = attribute name ":" ( "f64" | "f32" | S )
/// attribute = "#[param(" quantity ")]"      one value for the whole population
///           | "#[local(" quantity ")]"      one value for each neuron
///           | "#[state(" quantity ")]"      one value for each neuron, changed by each step
///           | "#[input(" unit ")]"          cleared in each step, projections add into it
/// quantity  = [ "-" ] number [ unit ] | [ "-" ] number "/" unit
/// unit      = word [ "^" integer ] { ( "*" | "/" ) word [ "^" integer ] }
/// ```
///
/// The quantity is the default of the field and fixes its unit: the number is stored in the unit in
/// which it is written. Number and unit may touch (`20ms`), except where the unit starts with `e`.
///
/// For a struct `Name` the derive implements `Model` and makes `NameArrays<N>`, the same fields for
/// `N` neurons: the number itself for a `param`, an aligned column of `N` for the others. A struct
/// that is generic over its precision (`struct Name<S: Real = f64>`, with fields of type `S`) can stand in
/// networks of either `precision`.
///
/// `#[population(crate = path)]` on the struct names the crate when it is not `::binnet`.
#[proc_macro_derive(Population, attributes(population, param, local, state, input))]
pub fn population(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::expand(tokens.into()).into()
}

/// The body of `network!`, with the path of the crate in front: `[crate] struct Name { .. }`.
///
/// ```text
/// network    = attributes visibility "struct" Name [ "<" parameters ">" ] "{" { item ";" } "}"
/// parameters = "const" NAME ":" "usize" [ "=" size ] { "," .. }
/// item       = "asynchronous"
///            | "clock" time [ ";" "precision" ( "f32" | "f64" ) ]
///            | "const" name "=" literal
///            | "param" name "=" literal
///            | "let" name "=" rust-expression
///            | "given" name ":" "[" size "]" "[" size "]"
///            | "source" name ":" ( source | channels "[" size "]" [ keys ] )
///            | "population" name ":" Model "[" size [ "," size ] "]" [ "in" "clusters" "[" size "]" ] [ keys ]
///            | "projection" [ name ":" ] ends "->" ends [ "where" ( "same" | "other" ) "cluster" ] [ keys ]
///            | "record" "flips"
///            | "record" [ name ":" ] ( recorded | reduced ) [ "every" time ] [ "from" time ] [ "during" time ".." time ]
///            | "stimulus" name "." variable [ neurons ] ( "=" | "+=" | "-=" | "*=" | "/=" ) course
///            | "schedule" "[" stage { "," stage } "]"
/// stage      = "record" | "neurons" | "threshold" | "deliver" | "reset"
///            | "stop" [ name ":" ] "when" condition
/// condition  = condition ( "&&" | "||" ) condition | "(" condition ")"
///            | ( "any" | "all" ) "(" name "." variable [ neurons ] ( ">" | ">=" | "<" | "<=" ) value ")"
///            | ( "any" | "all" ) "(" name "." "spikes" [ neurons ] ")"
/// recorded   = name "." ( "spikes" | variable ) [ neurons ] | projection "." field [ "onto" neuron ]
/// reduced    = ( "mean" | "variance" | "over_time" | "counts" | "rate" | "intervals" ) "(" recorded ")"
///            | "histogram" "(" recorded "," low ".." high "," bins ")" | "autocorrelation" "(" recorded "," lags ")"
/// neurons    = "[" range "]"
/// range      = [ size ] ".." [ size ] | size
/// course     = "poisson_input" "(" "n" ":" count "," "rate" ":" frequency "," "weight" ":" value ")"
///            | "steps" "[" { "(" value "," time ")" "," } "]" | "pulses" "(" value "," start "," width ")"
///            | "ramp" "(" from "," to "," start "," duration ")" | "sine" "(" value "," frequency "," phase ")"
///            | "ornstein_uhlenbeck" "(" mean "," deviation "," tau ")"
///            | "|t, i|" rust-expression | rust-expression      a `Stimulus`
/// keys       = "{" { key ":" value "," } "}"
/// ends       = end | "[" end { "," end } "]" | "(" end { "," end } ")"
/// end        = name [ "[" range [ "," range ] "]" ]
/// literal    = quantity | "[" quantities "]" | "[" rows "]" | "rust" "(" rust-expression ")"
/// source     = "constant" "(" v ")" | "bernoulli" "(" p ")" | "poisson" "(" mean ")"
///            | "normal" "(" mean "," deviation ")" | "of_time" "(" function ")"
/// channels   = "poisson" | "regular" | "spike_times" | "external"
/// value      = quantity | array | distribution | "|i|" rust-expression | rust-expression
/// rule       = ( "fixed_prob" | "poisson" | "bernoulli_sum" | "bernoulli_halving" ) "(" p { option } ")"
///            | ( "fixed_in_degree" | "fixed_out_degree" ) "(" k [ "," "multapses" ":" truth ] { option } ")"
///            | "fixed_total_number" "(" n { option } ")"
///            | "grid_four" | "grid_eight" | "grid_n" "(" n { option } ")"
///            | "gaussian_prob" "(" sigma { option } ")" | "gaussian_weight" "(" sigma "," w_max "," w_min { option } ")"
///            | "dog" "(" sigma_p "," sigma_n "," w_p "," w_n { option } ")"
///            | "small_world" "(" k "," p { option } ")" | "scale_free" "(" m { option } ")"
///            | "all_to_all" "(" ")" | "one_to_one" "(" ")"
///            | "dense" | "sparse" | "dense_post_pre"       the weight is the matrix
///            | "edges" "(" list ")" | "weighted_edges" "(" list ")"
///            | rust-expression                             any type that implements `Rule`
/// option     = "," ( "autapses" | "procedural" ) ":" truth
///            | "," ( "periodic" | "centre" | "normalised" | "directed" ) ":" truth      of rules that have it
/// truth      = "true" | "false" | rust-expression
/// ```
///
/// The keys of a population are the fields of its model, `tau` (the mean update interval, which is required)
/// and `init` (the first states, `bernoulli(0.2)`); the keys of a projection are `connect` and `weight`.
/// Ends in brackets make blocks: `connect` and `weight` take one number or a matrix `[post][pre]`. Ends in
/// parentheses take the same numbers for each pair. The name of a `param` or `const`, alone where a value
/// stands, has its declared unit and is converted; any other Rust expression is in the unit of its place, and
/// such names with units occur in it only as arguments.
///
/// A network is `asynchronous` or has a `clock`. With a clock, populations are of neurons that advance in
/// steps; their keys are the fields of the model (its initial states, too) and `method`. `record`
/// and `stimulus` name a population and a variable of its model.
///
/// The keys of a projection with a clock are `connect`, `target` (an input or state of the postsynaptic model; its
/// only input if left out), `weight` (in the unit of the target; 1 if that has none) and `delay` (0 if left out).
/// Weights and delays are quantities, distributions, one value for each synapse, functions `|pre, post| ..` of the
/// positions within the ends, and, for ends in brackets, matrices `[post][pre]` of these. A matrix of single synapses is
/// `[pre][post]`: a weight with `connect: dense`, or a delay. A delay that is written out is a multiple of the clock;
/// those of `param`s, lists, distributions and functions are rounded to the nearest one. Projections from models with an `output` act in each
/// step, on an input; their weights have its unit per that of the output.
///
/// | source | keys |
/// | --- | --- |
/// | `poisson[100]` | `rate: 8 Hz` or one for each channel, `rate_factor: \|t\| ..` |
/// | `regular[100]` | `rate: 40 Hz` |
/// | `spike_times[3]` | `spikes: [(0, 1.5.ms()), (2, 4.ms())]`, anything that iterates over channels and times |
/// | `external[100]` | none: `net.source_mut("name")?.give(counts)` |
///
/// `schedule` puts the stages of a step into another order than `[record, neurons, threshold, deliver, reset]`; each is
/// named once, and `threshold` stays directly behind `neurons`. What an order means stands at `clocked::Schedule`.
///
/// Neurons with a clock, driven by a current that steps up:
///
/// ```text
/// network! {
///     pub struct Cells {
///         clock 0.1 ms;
///         param strength = 10 mV/ms;
///         population rs: Izhikevich[1000] { a: 0.03 / ms, v: uniform(-70 mV, -60 mV) };
///         stimulus rs.i += steps [(0 mV/ms, 100 ms), (strength, 300 ms)];
///         record rs.spikes;
///         record rs.v[0..4] every 1 ms;
///     }
/// }
/// ```
///
/// Excitation and inhibition with a clock, and noise:
///
/// ```text
/// network! {
///     pub struct Balanced {
///         clock 0.1 ms;
///         source noise: poisson[100] { rate: 8 Hz };
///         population e: LifConductance[800] { v: uniform(-60 mV, -50 mV) };
///         population i: LifConductance[200];
///         projection noise -> e { target: g_exc, connect: fixed_prob(0.1), weight: 1 nS };
///         projection e -> (e, i) { target: g_exc, connect: fixed_prob(0.1), weight: 0.5 nS, delay: 1.5 ms };
///         projection i[..100] -> e { target: g_inh, connect: fixed_in_degree(20), weight: normal(5 nS, 1 nS) };
///         record e.spikes;
///     }
/// }
/// ```
///
/// Two populations, each with its drive:
///
/// ```text
/// network! {
///     /// Excitation and inhibition.
///     pub struct Ei {
///         asynchronous;
///         param g = 1.2;
///         source drive: constant(0.4);
///         population e: Binary[800] { threshold: 1, tau: 10 ms };
///         population i: Binary[200] { threshold: 0.8, tau: 5 ms, init: exact(10 %) };
///         projection drive -> (e, i) { weight: 1 };
///         projection [e, i] -> [e, i] { connect: fixed_prob(0.1), weight: [[0.01, -0.04 * g], [0.01, -0.03]] };
///         record flips;
///     }
/// }
/// ```
///
/// A matrix that the caller hands in, between populations whose sizes are chosen at the use:
///
/// ```text
/// network! {
///     pub struct Given<const N: usize, const M: usize> {
///         asynchronous;
///         given w: [N][M];
///         population a: Binary[N] { threshold: uniform(0.5, 1.5), tau: 10 ms };
///         population b: Binary[M] { threshold: |i| 0.1 * i as f64, tau: 10 ms };
///         projection a -> b { connect: dense, weight: w };
///     }
/// }
/// ```
///
/// Clusters, with numbers that plain Rust computes at each build:
///
/// ```text
/// network! {
///     pub struct Clustered<const Q: usize = 20, const N: usize = 8000> {
///         asynchronous;
///         param ratio = 4.0;
///         let p = Probabilities::new(Q, ratio)?;
///         population e: Binary[N] in clusters[Q] { threshold: 1, tau: 10 ms };
///         projection e -> e where same cluster { connect: poisson(p.inside), weight: 0.01 };
///         projection e -> e where other cluster { connect: poisson(p.outside), weight: 0.01 };
///     }
/// }
/// ```
#[proc_macro]
pub fn network_block(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    network::expand(tokens.into()).into()
}

/// The body of `neuron!`, with the path of the crate in front: `[crate] struct Name { .. }`.
///
/// The grammar stands at `binnet::neuron!`, where a user looks for it.
#[proc_macro]
pub fn neuron_block(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    neuron::expand(tokens.into()).into()
}

/// The body of `synapse!`, with the path of the crate in front: `[crate] struct Name { .. }`.
///
/// ```text
/// synapse    = attributes visibility "struct" Name "{" { item } "}"
/// item       = ( "const" | "param" | "local" | "state" ) name "=" expression [ bound ] ";"
///            | ( "pre" | "post" ) name ":" unit ";"         a variable of either neuron; read as `pre.name`
///            | "let" name "=" expression ";"
///            | "d" name "/" "dt" "=" expression [ "by" method ] ";"
///            | "on" ( "pre" | "post" ) "{" { statement } "}"
///            | "deliver" expression ";"                     in each step
/// statement  = "let" name "=" expression ";"
///            | name ( "=" | "+=" | "-=" | "*=" | "/=" ) expression ";"
///            | "deliver" expression ";"                     on `pre`, once
/// ```
///
/// `bound` and `expression` are those of `neuron!`; in expressions, `pre.v delayed 5 ms` (or `delayed d`, a `const` or
/// `param`) is what `pre.v` was then, and at the first step before that. A state with a range (`state w = 0.5 in 0..=1;`) is clipped
/// wherever it is set. An equation that is linear in its own state, with factors that are fixed between events, is
/// solved exactly from event to event; all others name a method, and advance with the clock. Intermediate values
/// (`let` outside of events) are those before the event. Reserved beyond the names of `neuron!`: `pre`, `post`, `on`,
/// `deliver`.
#[proc_macro]
pub fn synapse_block(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    synapse::expand(tokens.into()).into()
}
