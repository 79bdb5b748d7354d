//! The macro `network!` and its documentation.

/// Declares a network as one block.
///
/// What it makes is a struct, `Name`, with a builder: `Name::builder().seed(1).build()?`. Names, units, shapes and ranges
/// are checked while compiling; a mistake is an error at its token, and all mistakes of a block are reported at once. What
/// every network can do stands at [`network`](mod@crate::network), its own fields and methods in its own documentation.
///
/// ```
/// use binnet::models::neurons::LifConductance;
/// use binnet::prelude::*;
///
/// network! {
///     /// Excitation and inhibition.
///     pub struct Small {
///         clock 0.1 ms;
///         source noise: poisson[100] { rate: 50 Hz };
///         population exc: LifConductance[80] { v: uniform(-60 mV, -50 mV) };
///         population inh: LifConductance[20];
///         projection noise -> exc { target: g_exc, connect: fixed_prob(0.1), weight: 3 nS };
///         projection exc -> (exc, inh) { target: g_exc, connect: fixed_prob(0.1), weight: 2 nS, delay: normal(1.5 ms, 0.5 ms, min: 0.1 ms) };
///         projection inh -> (exc, inh) { target: g_inh, connect: fixed_in_degree(5), weight: 20 nS, delay: 1 ms };
///         stimulus inh.i += 0.1 nA;
///         record exc.spikes;
///         record exc.v[0..4] every 1 ms;
///     }
/// }
///
/// # fn main() -> binnet::Result<()> {
/// let mut net = Small::builder().seed(1).build()?;
/// net.run(100.ms())?;
/// assert_eq!(net.records().exc.v.values().dim(), (100, 4));   // samples x neurons
/// # Ok(())
/// # }
/// ```
///
/// # Grammar
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
///            | "stop" [ name ":" ] "when" condition
/// stage      = "record" | "neurons" | "threshold" | "deliver" | "reset"
/// condition  = condition ( "&&" | "||" ) condition | "(" condition ")"
///            | ( "any" | "all" ) "(" name "." variable [ neurons ] ( ">" | ">=" | "<" | "<=" ) value ")"
///            | ( "any" | "all" ) "(" name "." "spikes" [ neurons ] ")"
/// recorded   = name "." ( "spikes" | variable ) [ neurons ] | projection "." field [ "onto" neuron ]
/// reduced    = ( "mean" | "variance" | "over_time" | "counts" | "rate" | "intervals" ) "(" recorded ")"
///            | "histogram" "(" recorded "," low ".." high "," bins ")" | "autocorrelation" "(" recorded "," lags ")"
/// neurons    = "[" range [ "," range ] "]"                rows and columns of a grid, where records are concerned
/// range      = [ size ] ".." [ size ] | size
/// course     = "poisson_input" "(" "n" ":" count "," "rate" ":" frequency "," "weight" ":" value ")"
///            | "steps" "[" { "(" value "," time ")" "," } "]" | "pulses" "(" value "," start "," width ")"
///            | "ramp" "(" from "," to "," start "," duration ")" | "sine" "(" value "," frequency "," phase ")"
///            | "ornstein_uhlenbeck" "(" mean "," deviation "," tau ")"
///            | value                                       all the time
///            | "|t, i|" rust-expression | rust-expression      a `Stimulus`
/// keys       = "{" { key ":" value "," } "}"
/// ends       = end | "[" end { "," end } "]" | "(" end { "," end } ")"
/// end        = name [ "[" range [ "," range ] "]" ]
/// literal    = quantity | "[" quantities "]" | "[" rows "]" | "rust" "(" rust-expression ")"
/// source     = "constant" "(" v ")" | "bernoulli" "(" p ")" | "poisson" "(" mean ")"
///            | "normal" "(" mean "," deviation ")" | "of_time" "(" function ")"
/// channels   = "poisson" | "regular" | "spike_times" | "external"
/// value      = quantity | array | distribution | "|i|" rust-expression | rust-expression
/// distribution = "uniform" "(" low "," high ")" | "lognormal" "(" mean "," deviation ")"
///            | "normal" "(" mean "," deviation [ "," "min" ":" low ] [ "," "max" ":" high ] ")"
///            | "mismatch" "(" share [ "," "sigma_rule" ":" number ] ")"      of locals, around their value
///            | "exact" "(" share ")" | "bernoulli" "(" p ")"                 first states of binary neurons
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
/// `receptor: exponential(5 ms, reversal: 0 mV)` in the place of a target that is a state lets spikes act through a
/// [receptor](crate::receptor): its weight is a conductance where there is a `reversal`, and in the unit of the input that
/// it feeds otherwise. `synapse: PairStdp { g_max: 1 nS, w: uniform(0, 1) }` gives synapses the equations of a
/// [`synapse!`](crate::synapse!), which say themselves what they deliver onto the `target`, or onto the `receptor`.
///
/// A range stands behind the variable where one is recorded, driven or watched (`record exc.v[0..4];`, of rows and columns
/// `stimulus grid.i[..5, ..5] += 10 pA;`), and behind the population in
/// a projection (`exc[0..50] -> inh`). One range counts neurons, of a population with two dimensions row by row; whole rows are
/// `grid[0..2, ..]`.
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
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => {
        $crate::__private::network_block! { [$crate] $($tokens)* }
    };
}
