//! The macro `synapse!` and its documentation.

/// Declares a synapse by its equations, and by what spikes do.
///
/// It stands in a projection, `synapse: Name { .. }`, and is described in the module [`synapse`](mod@crate::synapse);
/// [`models::synapses`](crate::models::synapses) has ready ones.
///
/// # Grammar
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
#[macro_export]
macro_rules! synapse {
    ($($tokens:tt)*) => {
        $crate::__private::synapse_block! { [$crate] $($tokens)* }
    };
}
