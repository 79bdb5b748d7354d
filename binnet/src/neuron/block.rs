//! The macro `neuron!` and its documentation.

/// Declares a neuron by its equations.
///
/// The block is a struct with the equations of a paper. Units are checked while compiling, the method of integration
/// is chosen from the form of the equations, and a mistake is an error at its token. What it makes can stand in any
/// [`network!`](crate::network!) with a clock, or run alone as a [`Single`](crate::neuron::Single).
///
/// ```
/// use binnet::prelude::*;
///
/// neuron! {
///     /// The muscle fibre of Morris and Lecar (1981).
///     pub struct MorrisLecar {
///         param C    = 20 uF/cm2;
///         param g_L  = 2 mS/cm2;
///         param g_Ca = 4.4 mS/cm2;
///         param g_K  = 8 mS/cm2;
///         param V_L  = -60 mV;
///         param V_Ca = 120 mV;
///         param V_K  = -84 mV;
///         param phi  = 0.04 / ms;
///         input I: uA/cm2;
///         state V = -60 mV;
///         state N = 0 in 0..=1;
///
///         let M_ss  = 0.5 * (1 + tanh((V + 1.2 mV) / 18 mV));
///         let N_ss  = 0.5 * (1 + tanh((V - 2 mV) / 30 mV));
///         let tau_N = 1 / (phi * cosh((V - 2 mV) / (2 * 30 mV)));
///         dV/dt = (I - g_L * (V - V_L) - g_Ca * M_ss * (V - V_Ca) - g_K * N * (V - V_K)) / C;
///         dN/dt = (N_ss - N) / tau_N;
///         spike when V rises through 0 mV;
///     }
/// }
///
/// network! {
///     pub struct Fibre {
///         clock 0.1 ms;
///         population fibre: MorrisLecar[1];
///         stimulus fibre.I += steps [(0 uA/cm2, 50 ms), (100 uA/cm2, 450 ms)];
///         record fibre.spikes;
///         record fibre.V every 1 ms;
///         record fibre.tau_N every 1 ms;
///     }
/// }
///
/// # fn main() -> binnet::Result<()> {
/// let mut net = Fibre::builder().seed(1).build()?;
/// net.run(500.ms())?;
/// assert_eq!(net.records().fibre.spikes.len(), 6);
/// println!("{}", net.explain());             // the method, and the equations as they are computed
/// # Ok(())
/// # }
/// ```
///
/// `plot::lines([plot::Panel::of(net.records().fibre.V)]).save("fibre.png")?` draws what was recorded.
///
/// # Grammar
///
/// ```text
/// neuron     = attributes visibility "struct" Name "{" { item } "}"
/// item       = ( "const" | "param" | "local" | "state" ) name "=" expression [ bound ] ";"
///            | ( "param" | "local" ) name ":" unit [ bound ] ";"            no default: must be given
///            | "input" name ":" unit ";"
///            | "let" name "=" expression ";"
///            | "d" name "/" "dt" "=" expression [ "by" method ] ";"
///            | "spike" "when" condition [ "{" { statement } "}" ] [ ";" ]
///            | "spike" "count" expression [ "{" { statement } "}" ] [ ";" ]
///            | "update" "{" { statement } "}"
///            | "output" name ";"
/// bound      = ( ">" | ">=" | "<" | "<=" ) expression       checked wherever a value is given
///            | "in" expression "..=" expression             clipped after each step
///            | "within" expression "..=" expression         checked, stops the run
/// statement  = "let" name "=" expression ";"
///            | name ( "=" | "+=" | "-=" | "*=" | "/=" ) expression ";"
///            | "refractory" expression "holding" names ";"
/// condition  = expression | expression "rises" "through" expression
/// expression = quantity | name | unit | expression operator expression | "-" expression | "!" expression
///            | expression "^" expression | function "(" expressions ")" | "(" expression ")"
///            | "if" condition "{" expression "}" "else" "{" expression "}" | "rust" "(" rust-expression ")"
/// operator   = "+" | "-" | "*" | "/" | "<" | "<=" | ">" | ">=" | "==" | "!=" | "&&" | "||"
/// ```
///
/// | word | means |
/// | --- | --- |
/// | `const` | a fixed number, folded into the kernel |
/// | `param` | one value for the population, that the network, its builder or `set` changes |
/// | `local` | one value for each neuron: a number, an array or a distribution in the network |
/// | `state` | changes in each step; may start from what is declared above it, `let` included: `state m = m_inf;` |
/// | `input` | cleared in each step; stimuli and projections add into it |
/// | `let` | an intermediate value, which can be recorded |
///
/// # Units
///
/// A quantity is a number and the unit that binds to it, apart or touching: `20 ms`, `-60mV`, `8 mS/cm2`, `20 %`;
/// prefixes f p n u m c k M G, units s, V, A, S, Ohm, M (mol/l), F, Hz, C, J, W, m, K, mol. A bare number has no
/// unit, a rate is `0.04 / ms`, and a unit is also a name in expressions, hidden by declared ones.
/// Values are stored in the unit in which they are declared; units of one dimension mix (`20 ms + 0.01 s`).
/// Each term of a sum has one dimension, the argument of `exp` and its like has none, and the right side of `dx/dt`
/// has that of `x` per time:
///
/// ```text
/// error: `tau_N` divides a rate of change of `N`: it must be a time, it is a pure number
///        help: `phi` is declared without a unit: did you mean `param phi = 0.04 / ms`?
///   --> src/main.rs:19:30
///    |
/// 19 |         dN/dt = (N_ss - N) / tau_N;
///    |                              ^^^^^
/// ```
///
/// # Functions
///
/// `exp`, `log` (natural), `log10`, `log1p`, `expm1`, `sqrt`, `pow`, `sin`, `cos`, `tan`, `sinh`, `cosh`, `tanh`,
/// `sigmoid`, `abs`, `min`, `max`, `clip(x, low, high)`, `floor`, `ceil`, `sign`, `heaviside`, and
/// `exprel(x)` = (exp(x) - 1) / x, which is 1 at 0: rates such as x / (1 - exp(-x)) are `1 / exprel(-x)`. A function
/// of yours takes and gives numbers without units, and is generic over [`Scalar`](crate::neuron::Scalar), so that
/// it can be differentiated:
///
/// ```
/// use binnet::neuron::{Scalar, Single};
/// use binnet::prelude::*;
///
/// /// A gain that saturates.
/// fn gain<T: Scalar>(x: T) -> T {
///     x / (T::of(1.0) + x.abs())
/// }
///
/// neuron! {
///     /// A rate neuron with this gain.
///     pub struct Rate {
///         param tau = 10 ms > 0 ms;
///         input i: 1;
///         state r = 0;
///         dr/dt = (self::gain(3 * i) - r) / tau;
///         output r;
///     }
/// }
///
/// # fn main() {
/// let mut neuron = Single::<Rate>::new(Rate::default(), 0.1.ms());
/// neuron.i = 1.0;
/// for _ in 0..1000 {
///     neuron.step();
/// }
/// assert!((neuron.r - 0.75).abs() < 1e-4);
/// # }
/// ```
///
/// Reserved names: `t` and `dt` (ms), `index` (of the neuron), `spikes` (its own, in the step before), `xi` and `xi_*`
/// (noise).
///
/// # Noise
///
/// `xi` is white noise with the unit 1/sqrt(ms): a variable with time constant `tau` and standard deviation
/// `sigma` has `sigma * sqrt(2 / tau) * xi`. `xi_1`, `xi_2` are independent sources; the same name in two equations
/// is the same noise.
///
/// ```
/// use binnet::neuron::Single;
/// use binnet::prelude::*;
///
/// neuron! {
///     /// An integrate-and-fire neuron in noise.
///     pub struct Noisy {
///         param tau   = 10 ms;
///         param sigma = 3 mV;
///         state v = -60 mV;
///         dv/dt = (-55 mV - v) / tau + sigma * sqrt(2 / tau) * xi;
///         spike when v > -50 mV {
///             v = -60 mV;
///             refractory 2 ms holding v;
///         }
///     }
/// }
///
/// let mut neuron = Single::<Noisy>::new(Noisy::default(), 0.1.ms());
/// assert!(neuron.run(1.s()) > 0);
/// ```
///
/// # Methods
///
/// With no method named, the best one that the equations admit: `exact` for linear ones, `exponential_euler` where
/// each is linear in its own variable, `rk4` for others, `euler_maruyama` with noise. A population names another one
/// (`method: rk4`), an equation too (`dm/dt = .. by rk4;`); [`integrate`](crate::integrate) has them all. `update`
/// stands in the place of equations, for models that fix their own discrete step; its statements are done in order.
#[macro_export]
macro_rules! neuron {
    ($($tokens:tt)*) => {
        $crate::__private::neuron_block! { [$crate] $($tokens)* }
    };
}
