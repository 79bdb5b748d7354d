//! Tokens in, error text out; no compiler is run.

mod clocked;

use proc_macro2::TokenStream;

use super::code;
use crate::diag::Sink;

/// Program 2 of the language.
pub(crate) const PROGRAM_2: &str = "
    /// Clustered E/I network on the wiring-weight continuum.
    pub struct ClusteredEi<const Q: usize = 20, const N_E: usize = 8000, const N_I: usize = 2000> {
        asynchronous;
        param v_th = 1.0;
        param p0 = [[0.3, 0.3], [0.3, 0.3]];
        param m_x = 0.03;
        let scaling = ClusterScaling { q: Q, n_e: N_E, n_i: N_I, v_th, p0 }.derive()?;
        population e: Binary[N_E] in clusters[Q] { threshold: scaling.theta_e(m_x), tau: 10 ms, init: bernoulli(0.2) };
        population i: Binary[N_I] in clusters[Q] { threshold: scaling.theta_i(m_x), tau: 5 ms,  init: bernoulli(0.2) };
        projection [e, i] -> [e, i] where same cluster  { connect: poisson(scaling.p_in),  weight: scaling.j_in };
        projection [e, i] -> [e, i] where other cluster { connect: poisson(scaling.p_out), weight: scaling.j_out };
        record flips;
    }";

/// Something of everything.
pub(crate) const EVERYTHING: &str = "
    struct All<const N: usize> {
        asynchronous;
        const half = 50;
        const bias = -0.5;
        /// A delay of one's own.
        param wait = [5 ms, 0.01 s];
        param wait_a = 5 ms;
        param free = rust(f64::sqrt(2.0));
        given w: [N][half];
        source bg: poisson(3);
        source wave: of_time(|t| (t / 100.0).sin());
        population a: Binary[N] { threshold: uniform(0.5, 1), tau: wait_a, init: exact(20 %) };
        population b: my::Model[2 * half] in clusters[5] { width: 0.1, threshold: |i| i as f64, tau: 0.02 s };
        population c: Binary[half] in clusters[5] { threshold: [1.0, free], tau: rust(5.0), init: 0 };
        projection bg -> (a, b) { weight: 0.1 };
        projection wave -> a { weight: -bias };
        projection a -> c { connect: dense, weight: w };
        projection fast: b -> (b, c) where same cluster { connect: fixed_in_degree(10, multapses: false), weight: 0.2 };
        projection [a, b] -> c { connect: fixed_prob([[0.1, .2]]), weight: [[1, 2]] };
        projection a -> a { connect: all_to_all(autapses: true), weight: 1 };
        projection b -> b { connect: one_to_one(), weight: -1 };
        projection b -> b { connect: Ring { k: 3 }, weight: -1 };
        projection b -> b { connect: weighted_edges(vec![(0, 1, 0.5)]) };
    }";

/// A network with a clock.
pub(crate) const CLOCKED: &str = "
    struct Cells<const N: usize = 10> {
        clock 0.1 ms;
        precision f32;
        param amount = 1 nA;
        param strengths = [[1 nS, 2 nS], [3 nS, 4 nS]];
        given w: [N][N];
        source noise: poisson[20] { rate: 8 Hz, rate_factor: |t| t / 2.0 };
        source each: poisson[2] { rate: [8 Hz, 9 Hz] };
        source beat: regular[3] { rate: 40 Hz };
        source clicks: spike_times[3] { spikes: [(0, 1.5.ms()), (2, 4.ms())] };
        source events: external[N];
        population a: M[N] { v: uniform(-70 mV, -60 mV), tau_m: 20 ms, method: euler };
        population b: M[5];
        population grid: M[3, 4];
        projection a -> (a, b) { target: g, connect: fixed_prob(0.02), weight: 6 nS, delay: 0.1 ms };
        projection [a, b] -> [a, b] { target: g, connect: poisson([[0.1, 0.2], [0.3, 0.4]]), weight: strengths };
        projection named: a -> a { target: g, connect: dense, weight: w, delay: uniform(0 ms, 1 ms) };
        projection a[..2] -> b[3..] { connect: all_to_all(autapses: true), weight: |pre, post| (pre + post) as f64 };
        projection grid[..2, 1..] -> a { connect: fixed_prob(0.1, procedural: true), weight: rust(w_max) };
        projection noise -> b { target: g, connect: fixed_in_degree(3), weight: normal(1 nS, 0.1 nS) };
        projection events -> a { connect: one_to_one };
        projection a -> b { synapse: models::Stp { u_0: 0.2, tau_f: amount, w: |i, j| (i + j) as f64 }, connect: one_to_one };
        projection (a, b) -> a { synapse: Stp { w: uniform(1 nS, 2 nS), x: [0.5, 1] }, target: g, connect: one_to_one };
        projection [a, b] -> [a, b] { synapse: Stp, connect: fixed_prob(0.1), weight: [[1 nS, 2 nS], [3 nS, 4 nS]] };
        record a.spikes;
        record n: a.v[0..4] every 1 ms;
        stimulus a.i += steps [(0 nA, 100 ms), (amount, 0.3 s), ([1 nA, amount], 1 ms)];
        stimulus b.tau_m[..3] *= ramp(1, 2, 0 ms, 10 ms);
        stimulus b.i = |t, i| t + i as f64;
    }";

/// The errors of a block, one after the other; empty if it is fine.
fn errors(block: &str) -> String {
    let Ok(tokens) = format!("[crate] {block}").parse::<TokenStream>() else { return "does not lex".to_owned() };
    let mut sink = Sink::default();
    if let Some(code) = code(tokens, &mut sink) {
        assert!(syn::parse2::<syn::File>(code.clone()).is_ok(), "not Rust: {code}");
    }
    sink.messages().join("\n")
}

/// A network of two populations of 100 and 50 neurons, with more items.
fn with(items: &str) -> String {
    errors(&format!(
        "struct Net<const K: usize = 4> {{ asynchronous; population a: Binary[100] in clusters[5] {{ tau: 10 ms }};
         population b: Binary[50] in clusters[10] {{ tau: 10 ms }}; population free: Binary[100] {{ tau: 1 ms }}; let x = 1.0; {items} }}"
    ))
}

fn assert_errors(cases: &[(&str, &str)]) {
    for (items, part) in cases {
        let message = with(items);
        assert!(message.contains(part), "{items}\n  wanted: {part}\n  found: {message}");
    }
}

#[test]
fn good_blocks_have_no_errors() {
    assert_eq!(errors(PROGRAM_2), "");
    assert_eq!(errors(EVERYTHING), "");
    assert_eq!(with(""), "");
}

#[test]
fn names() {
    assert_errors(&[
        ("param a = 1;", "`a` is declared twice"),
        ("param a = 1;", "`a` is first declared here"),
        ("param K = 1;", "`K` is declared twice"),
        ("population init: Binary[5];", "`init` is a word of the language"),
        ("param seed = 1;", "`seed` is a word of the language"),
        (
            "projection c -> a { connect: poisson(1), weight: 1 };",
            "no population `c`\nhelp: there is `a`, `b` or `free`",
        ),
        ("projection fred -> a { connect: poisson(1), weight: 1 };", "did you mean `free`?"),
        ("projection [a, a] -> a { connect: poisson(1), weight: 1 };", "`a` is listed twice"),
        ("population c: Binary[5] { tau: 1 ms, tau: 2 ms };", "`tau` is given twice"),
    ]);
}

#[test]
fn items() {
    assert_errors(&[
        ("popualtion c: Binary[5];", "no item starts with `popualtion`\nhelp: did you mean `population`?"),
        ("banana;", "items are `asynchronous`, `clock`"),
        ("clock 0.1 ms;", "a network with a clock is not asynchronous"),
        ("precision f32;", "an asynchronous network finds its own precision"),
        ("stimulus a.x += 1;", "an asynchronous network has no stimuli"),
        ("record banana;", "nothing to record named `banana` in an asynchronous network"),
        ("asynchronous;", "`asynchronous` is said twice"),
        ("record flips; record flips;", "`flips` is recorded twice"),
        ("record a.v;", "nothing to record named `a.v`"),
        ("param y = 1", "end each item with `;`"),
        ("population c: Binary[5] { } population d: Binary[5];", "end each item with `;`"),
        ("population c;", "the model of `c` is missing"),
        ("population c: Binary;", "the size of `c` is missing"),
        ("population c: Binary[];", "the number of neurons is missing"),
        ("population c: Binary[5, 5];", "have one dimension"),
        ("population c: Binary[5, 5, 5];", "rows and columns stand here, this is more"),
        ("population c: Binary[5,];", "the number of columns is missing"),
        ("source s: poisson[5] { rate: 8 Hz };", "`s` has channels, but an asynchronous network has drives"),
        ("population c: Binary[5] in groups[5];", "write `in clusters[20]`"),
        ("population c: Binary[5] { threshold };", "the value of `threshold` is missing"),
        ("population c: Binary[5] { threshold: };", "a value is missing here"),
        ("param y;", "the value of `y` is missing"),
        ("param y: f64 = 1;", "`y` has no type of its own"),
        ("let mut y = 1;", "leave `mut` out"),
        ("#[inline] param y = 1;", "only documentation stands in front"),
        ("given w: [5];", "write its columns too"),
        ("record;", "the name of the thing to record is missing"),
        ("projection a b { };", "goes from one population to another"),
        ("projection () -> a { };", "populations are missing here"),
        ("projection a -> a where same { };", "the word `cluster` is missing"),
        ("projection a -> a where near cluster { };", "`where same cluster` or `where other cluster`"),
        ("projection a[0..5] -> a { };", "an asynchronous network has no slices of populations"),
    ]);
    assert!(errors("struct A { population a: Binary[5]; }").contains("`A` does not say how it runs"));
    assert!(errors("struct A { asynchronous; }").contains("`A` has no populations"));
    assert!(errors("struct A<T> { asynchronous; population a: Binary[5]; }").contains("generic over sizes only"));
    assert!(errors("struct A<const N: u8> { asynchronous; population a: Binary[5]; }").contains("write `usize`"));
    assert!(errors("enum A { }").contains("declared as a struct"));
    assert!(errors("").contains("declared as a struct"));
}

#[test]
fn synapses_with_equations() {
    let wrong = |keys: &str| {
        errors(&format!(
            "struct Net {{ clock 0.1 ms; population a: M[10]; projection a -> a {{ connect: fixed_prob(0.1), {keys} }}; }}"
        ))
    };
    for (keys, part) in [
        ("synapse: Stp { u_0: 0.2 }", ""),
        ("synapse: Stp, synapse: Gap", "`synapse` is given twice"),
        ("synapse: Stp { u_0: 0.2, u_0: 0.3 }", "`u_0` is given twice"),
        ("synapse: 5 nS", "the model of the synapses is missing here"),
        ("synapse: Stp(0.2)", "the synapse should have ended here"),
        ("synapse: Stp { u_0 }", "the value of `u_0` is missing here"),
        ("synapse: Stp { w: bernoulli(0.5) }", "a value of a synapse is not 0 or 1"),
        ("synapse: Stp { w: mismatch(0.5) }", "mismatch"),
    ] {
        let found = wrong(keys);
        assert!(found.contains(part) && found.is_empty() == part.is_empty(), "{keys}: {found}");
    }
    let found = with("projection a -> b { synapse: Stp, connect: poisson(1), weight: 1 };");
    assert!(found.contains("synapses with equations need a clock"), "{found}");
    let dense = "struct Net { clock 0.1 ms; given w: [10][10]; population a: M[10];
         projection a -> a { synapse: Stp, connect: dense, weight: w }; }";
    assert!(errors(dense).contains("a matrix of weights goes with synapses without equations"));
}

#[test]
fn receptors_of_projections() {
    let with_receptors = |projections: &str| {
        errors(&format!(
            "struct Net {{ clock 0.1 ms; param slow = 5 ms; population a: M[10]; population b: M[10]; {projections} }}"
        ))
    };
    let wrong = |keys: &str| {
        with_receptors(&format!("projection a -> b {{ connect: fixed_prob(0.1), weight: 1 pA, {keys} }};"))
    };
    for (keys, part) in [
        ("receptor: exponential(5 ms)", ""),
        ("receptor: exponential(tau: 0.005 s, reversal: -80 mV, potential: u), target: i", ""),
        ("receptor: exponential { tau: slow }", ""),
        ("receptor: alpha(rust(2.0), unmerged: false)", ""),
        ("receptor: dual_exponential(decay: 5 ms, rise: f(1))", ""),
        ("receptor: nmda { tau_rise: 2 ms, mg: 1 mM, g_max: 8 nS }", ""),
        ("receptor: nmda", ""),
        ("receptor: my::Receptor { tau: 5 ms }", ""),
        ("receptor: Mine", ""),
        ("receptor: exponentil(5 ms)", "no receptor `exponentil`\nhelp: did you mean `exponential`?"),
        ("receptor: gaba(5 ms)", "no receptor `gaba`\nhelp: receptors are `exponential`, `alpha`,"),
        ("receptor: 5 ms", "the kind of the receptor is missing here"),
        ("receptor: alpha(5 ms) 3", "the receptor should have ended here"),
        ("receptor: exponential()", "`exponential` needs `tau`\nhelp: write `exponential(5 ms)`"),
        ("receptor: dual_exponential(rise: 1 ms)", "`dual_exponential` needs `decay`"),
        ("receptor: exponential(5 ms, 0 mV)", "this argument of `exponential` needs a name"),
        ("receptor: exponential(5 ms, tau: 5 ms)", "`tau` is given twice"),
        ("receptor: alpha(5 ms, e: 0 mV)", "`alpha` has no `e`"),
        ("receptor: alpha(5 ms, potential: 3)", "a potential is the name of a state"),
        ("receptor: alpha(5 ms, unmerged: 1)", "`unmerged` is true or false"),
        ("receptor: alpha([1 ms, 2 ms])", "a parameter of a receptor is one value"),
        ("receptor: alpha(5 ms), receptor: alpha(6 ms)", "`receptor` is given twice"),
        ("receptor: alpha(5 ms), synapse: Stp", ""),
    ] {
        let found = wrong(keys);
        assert!(found.contains(part) && found.is_empty() == part.is_empty(), "{keys}: {found}");
        assert!(found.matches("help:").count() <= 1, "{keys}: {found}");
    }
    let two = |first: &str, second: &str| {
        with_receptors(&format!(
            "projection a -> b {{ receptor: {first}, connect: poisson(1) }}; projection a -> b {{ receptor: {second}, connect: poisson(1) }};"
        ))
    };
    for (first, second) in [
        ("alpha(5 ms)", "alpha(0.005 s)"),
        ("alpha(5 ms)", "alpha { tau: 5 ms }"),
        ("alpha(5 ms, potential: v, reversal: 0 mV)", "alpha(5 ms, reversal: 0 V)"),
        ("nmda { mg: 1 mM, alpha: 1 / ms }", "nmda { alpha: 1 / ms, mg: 1 mM }"),
    ] {
        assert_eq!(two(first, second), "", "{first} is {second}");
    }
    let clash = "two receptors of `b` would be called `a`\nhelp: give the projection a name of its own";
    for (first, second) in [
        ("alpha(5 ms)", "alpha(6 ms)"),
        ("alpha(5 ms)", "exponential(5 ms)"),
        ("alpha(5 ms)", "alpha(slow)"),
        ("alpha(5 ms)", "alpha(5 ms, reversal: 0 mV)"),
        ("alpha(5 ms)", "alpha(5 ms, unmerged: true)"),
    ] {
        assert!(two(first, second).contains(clash), "{first} is not {second}: {}", two(first, second));
    }
    let found = with("projection a -> b { receptor: alpha(5 ms), connect: poisson(1), weight: 1 };");
    assert!(found.contains("receptors need a clock"), "{found}");
}

#[test]
fn a_missing_semicolon() {
    let wanted = "the item before this should have ended\nhelp: end each item with `;`";
    let first = [
        "param y = 1.2",
        "param y = -3 ms",
        "const y = [1, 2]",
        "param y = rust(2.0)",
        "let y = x",
        "let y = 2",
        "source y: constant(1)",
        "given y: [5][5]",
        "population y: Binary[5] { tau: 1 ms }",
        "asynchronous",
        "param y = 20 %",
    ];
    let second = [
        "param z = 3.0",
        "const z = 3",
        "let z = 3",
        "population z: Binary[5] { tau: 1 ms }",
        "record flips",
        "source z: constant(1)",
        "given z: [1][1]",
        "projection a -> a { connect: poisson(1), weight: 1 }",
    ];
    for (a, b) in first.into_iter().flat_map(|a| second.map(|b| (a, b))) {
        let twice = if a == "asynchronous" { "`asynchronous` is said twice\nhelp: leave one of them out" } else { "" };
        assert_eq!(with(&format!("{a}\n{b};")).replace(twice, "").trim(), wanted, "{a} {b}");
    }
    assert!(with("param y = 1.2\nclock 0.1 ms;").contains(wanted));
    assert!(with("param y = 1.2\nasynchronous;").contains(wanted));
    assert!(with("param y = 1.2\nstop when any(z.spikes);").contains(wanted));
    // The item after an unreadable value is still read.
    let message = with("param y = 1.2 mX\nparam z = 3; population c: Binary[z] { tau: 1 ms };");
    assert!(message.contains("`z` is known when the network is built"), "{message}");
    let message = with("population c: Binary[5] { tau: 1 ms source: 3 };");
    assert!(message.contains("separate keys by commas"), "{message}");
    for fine in
        ["let source = 1; population c: Binary[5] { tau: 1 ms, threshold: source };", "let y = x; let size = y;"]
    {
        assert_eq!(with(fine), "");
    }
}

#[test]
fn sizes() {
    assert_errors(&[
        ("population c: Binary[0];", "population `c` has no neurons"),
        ("population c: Binary[8000] in clusters[7];", "8000 neurons cannot be split into 7 equal clusters"),
        ("population c: Binary[8000] in clusters[0];", "cannot be split into 0 clusters"),
        ("population c: Binary[4 * K / 5];", "declare a second parameter"),
        ("population c: Binary[5 ms];", "one size stands here"),
        ("population c: Binary[5ms];", "sizes have no unit"),
        ("population c: Binary[x];", "known when the network is built"),
        ("projection a -> b where same cluster { connect: poisson(1), weight: 1 };", "`a` has 5 clusters, `b` has 10"),
        ("projection a -> free where same cluster { connect: poisson(1), weight: 1 };", "`free` has no clusters"),
        ("projection a -> b { connect: one_to_one(), weight: 1 };", "sizes differ: 100 -> 50"),
        (
            "projection b -> a { connect: fixed_in_degree(51, multapses: false), weight: 1 };",
            "51 different inputs cannot be drawn from the 50 neurons of `b`",
        ),
        (
            "given w: [100][100]; projection a -> b { connect: dense, weight: w };",
            "`w` is 100 x 100, but `a` x `b` is 100 x 50",
        ),
        (
            "given w: [50][100]; projection a -> b { connect: dense, weight: w };",
            "`dense_post_pre` takes `w[post][pre]`",
        ),
    ]);
    assert_eq!(with("given w: [50][100]; projection a -> b { connect: dense_post_pre, weight: w };"), "");
    assert_eq!(with("population c: Binary[K] in clusters[K] { tau: 1 ms };"), "");
}

#[test]
fn keys_and_values() {
    assert_errors(&[
        ("population c: Binary[5] { tau: 0 ms };", "`tau` must be above 0"),
        ("population c: Binary[5] { tau: 10 };", "`tau` is a time, but `10` is a pure number"),
        ("population c: Binary[5] { tau: 10 mV };", "`tau` is a time, but `10 mV` is a voltage"),
        ("population c: Binary[5] { tau: uniform(1 ms, 2 ms) };", "one time for the whole population"),
        ("population c: Binary[5] { init: bernoulli(1.2) };", "a probability lies in 0..=1, but this is 1.2"),
        ("population c: Binary[5] { init: exact(-0.1) };", "a share lies in 0..=1"),
        ("population c: Binary[5] { init: 0.5 };", "starts from 0 or 1"),
        ("population c: Binary[5] { init: uniform(0, 1) };", "not from `uniform`"),
        ("population c: Binary[5] { init: bernouli(0.2) };", "did you mean `bernoulli`?"),
        ("population c: Binary[5] { init: bernoulli(0.2, 3) };", "`bernoulli` takes one value"),
        ("population c: Binary[5] { threshold: uniform(2, 1) };", "the lower bound comes first"),
        ("population c: Binary[5] { threshold: normal(2, -1) };", "not negative"),
        ("population c: Binary[5] { threshold: normal(2, 1, min: 3, max: 1) };", "help: write `min: 1, max: 3`"),
        (
            "population c: Binary[5] { threshold: normal(2, 1, mini: 3) };",
            "no option `mini`\nhelp: did you mean `min`?",
        ),
        ("population c: Binary[5] { threshold: normal(2, 1, min: 3, min: 4) };", "`min` is given twice"),
        ("population c: Binary[5] { threshold: normal(2) };", "write `normal(mean, deviation)`"),
        ("population c: Binary[5] { threshold: uniform(1, 2, min: 3) };", "`uniform` has no options"),
        ("population c: Binary[5] { threshold: lognormal(2, -1) };", "not negative"),
        ("population c: Binary[5] { threshold: lognormal(0, 1) };", "the mean must be above 0, but this is 0"),
        ("population c: Binary[5] { threshold: lognorma(1, 1) };", "did you mean `lognormal`?"),
        ("population c: Binary[5] { threshold: mismatch(-20 %) };", "a mismatch is not negative"),
        (
            "population c: Binary[5] { threshold: mismatch(2 mV) };",
            "a mismatch is a pure number, but `2 mV` is a voltage",
        ),
        ("population c: Binary[5] { threshold: mismatch(20 %, sigma_rule: 0) };", "standard deviations is above 0"),
        ("population c: Binary[5] { threshold: mismatch(20 %, sigma: 3) };", "options are `sigma_rule`"),
        ("population c: Binary[5] { threshold: mismatch() };", "write `mismatch(share)`"),
        ("population c: Binary[5] { init: mismatch(20 %) };", "not from `mismatch`"),
        ("population c: Binary[5] { threshold: 1 mX };", "unknown unit `mX`"),
        ("population c: Binary[5] { threshold: 1 mV + 2 mV };", "one quantity stands here"),
        (
            "population c: Binary[5];",
            "`c` has no `tau`\nhelp: say how often a neuron is updated on average, as in `tau: 10 ms`",
        ),
        ("population c: Binary[5] { threshold: 1 };", "`c` has no `tau`"),
        ("population c: Binary[5] { method: euler };", "an asynchronous network has no `method`"),
        ("population c: Binary[5] { threshold: f()? };", "`?` cannot stand in a value"),
        ("param y = [1 ms, 2 mV];", "`2 mV` is a voltage, the first value is a time"),
        ("param y = [[1, 2], [3]];", "this row has 1 numbers, the first one has 2"),
        ("param y = 2.0 * x;", "not a literal"),
        ("param y = [[1, 2], 3];", "neither a list nor a matrix"),
        ("param y = 5 mx;", "unknown unit `mx`"),
    ]);
}

#[test]
fn names_have_units() {
    let with_names = |items: &str| with(&format!("param t = 20 ms; const v = -5 mV; param q = 0.5; {items}"));
    for (items, part) in [
        ("population c: Binary[5] { tau: v };", "`tau` is a time, but `v` is a voltage (mV)"),
        ("population c: Binary[5] { tau: (-v) };", "`tau` is a time, but `v` is a voltage (mV)"),
        ("population c: Binary[5] { tau: q };", "`tau` is a time, but `q` is a pure number"),
        ("population c: Binary[5] { tau: 10 ms, init: t };", "a state is a pure number, but `t` is a time (ms)"),
        ("population c: Binary[5] { tau: 10 ms, init: exact(t) };", "a probability is a pure number, but `t`"),
        ("population c: Binary[5] { tau: 2.0 * t };", "`t` is a time (ms), but Rust expressions have no units"),
        ("population c: Binary[5] { tau: t.max(5.0) };", "Rust expressions have no units"),
        ("population c: Binary[5] { tau: if true { t } else { 5.0 } };", "Rust expressions have no units"),
        ("population c: Binary[5] { tau: 10 ms, threshold: |i| t * i as f64 };", "Rust expressions have no units"),
        ("population c: Binary[5] { tau: 10 ms, threshold: [t; 5] };", "Rust expressions have no units"),
        ("source s: poisson(t);", "the value of a source is a pure number, but `t` is a time (ms)"),
        ("projection a -> a { connect: poisson(t), weight: 1 };", "is a pure number, but `t` is a time (ms)"),
        ("projection a -> a { connect: poisson(1), weight: v };", "is a pure number, `v` is a voltage (mV)"),
        ("projection a -> a { connect: dense, weight: v };", "a weight is a pure number, but `v` is a voltage (mV)"),
        ("projection [a] -> [a] { connect: poisson([[t]]), weight: [[v]] };", "`v` is a voltage (mV)"),
        ("source s: constant(1); projection s -> a { weight: t };", "`t` is a time (ms)"),
    ] {
        let message = with_names(items);
        assert!(message.contains(part), "{items}\n  wanted: {part}\n  found: {message}");
    }
    for fine in [
        "population c: Binary[5] { tau: t };",
        "population c: Binary[5] { tau: (t), init: bernoulli(q), threshold: 1 - q };",
        "population c: Binary[5] { tau: rust(2.0 * t) };",
        "population c: Binary[5] { tau: f(2.0 * t), threshold: x.theta(t), init: |t| t as f64 };",
        "population c: Binary[5] { tau: s::f(t) }; param s = 1;",
        "projection a -> a { connect: ring(2.0 * t), weight: -q };",
        "source s: of_time(|ms| (ms / t).sin());",
    ] {
        assert_eq!(with_names(fine), "", "{fine}");
    }
    // A name whose value could not be read is of any unit.
    assert_eq!(with("param y = 5 mx; population c: Binary[5] { tau: y };").matches("help:").count(), 1);
}

#[test]
fn sources() {
    assert_errors(&[
        ("source s: poison(3);", "no source `poison`\nhelp: did you mean `poisson`?"),
        ("source s: bernoulli(3);", "a probability lies in 0..=1"),
        ("source s: poisson(-3);", "a mean count is not negative"),
        ("source s: poisson(3 Hz);", "the value of a source is a pure number, but `3 Hz` is a rate"),
        ("source s: 3;", "a source is named by its kind"),
        ("source s: of_time(3);", "a function of the time in ms"),
        ("source s: constant(1); projection a -> s { connect: poisson(1), weight: 1 };", "nothing projects onto it"),
        ("source s: constant(1); projection s -> a { connect: poisson(1), weight: 1 };", "a source has no connections"),
        ("source s: constant(1); projection s -> a { };", "no `weight`"),
        ("source s: constant(1); projection [s, a] -> a { weight: 1 };", "cannot project together"),
    ]);
}

#[test]
fn projections() {
    assert_errors(&[
        ("projection a -> a { weight: 1 };", "this projection has no `connect`"),
        ("projection a -> a { connect: poisson(1) };", "this projection has no `weight`"),
        ("projection a -> a { connect: fixed_prob(1.2), weight: 1 };", "a probability lies in 0..=1"),
        ("projection a -> a { connect: fixed_prob(1.2), weight: 1 };", "`bernoulli_sum(p)` has the right mean"),
        ("projection a -> a { connect: poisson(-1), weight: 1 };", "not negative"),
        ("projection a -> a { connect: poisson(3 Hz), weight: 1 };", "a pure number, but `3 Hz` is a rate"),
        (
            "projection a -> a { connect: poisson(1), weight: 6 mV };",
            "a weight onto a binary neuron is a pure number, `6 mV` is a voltage",
        ),
        ("projection a -> a { connect: poison(1), weight: 1 };", "`poison`"),
        ("projection a -> a { connect: fixd_prob(1), weight: 1 };", "did you mean `fixed_prob`?"),
        ("projection a -> a { connect: bernoulli(1), weight: 1 };", "did you mean `fixed_prob`?"),
        (
            "projection a -> a { connect: pairwise_bernoulli(0.1), weight: 1 };",
            "among others\nhelp: did you mean `fixed_prob`?",
        ),
        ("projection a -> a { connect: fixed_probability(1), weight: 1 };", "did you mean `fixed_prob`?"),
        ("projection a -> a { connect: fixed_indegree(1), weight: 1 };", "did you mean `fixed_in_degree`?"),
        ("projection a -> a { connect: alltoall, weight: 1 };", "did you mean `all_to_all`?"),
        ("projection a -> a { connect: poisson, weight: 1 };", "`poisson` takes one value"),
        ("projection a -> a { connect: poisson(1, 2), weight: 1 };", "`poisson` takes one value"),
        ("projection a -> a { connect: all_to_all(3), weight: 1 };", "`all_to_all` takes no value"),
        ("projection a -> a { connect: poisson(1, autapse: true), weight: 1 };", "did you mean `autapses`?"),
        (
            "projection a -> a { connect: poisson(1, multapses: false), weight: 1 };",
            "`poisson` has no option `multapses`",
        ),
        (
            "projection a -> a { connect: fixed_in_degree(3, multapses: 5), weight: 1 };",
            "`multapses` is `true` or `false`",
        ),
        ("projection a -> a { connect: fixed_in_degree(1.5, multapses: false), weight: 1 };", "more different inputs"),
        ("projection a -> a { connect: poisson(1), weigth: 1 };", "did you mean `weight`?"),
        ("projection a -> a { connect: poisson(1), weight: 1, delay: 1 ms };", "a change acts at once"),
        ("projection a -> a { connect: poisson(1), weight: 1, target: x };", "a binary neuron has one input"),
        (
            "projection [a, b] -> [a, b] { connect: poisson([[0.1, 0.2]]), weight: 1 };",
            "the matrix is 1 x 2, the blocks are 2 x 2 (post x pre)",
        ),
        (
            "projection [a, b] -> [a, b] { connect: poisson(1), weight: [1, 2] };",
            "this is a list of 2, the blocks are 2 x 2",
        ),
        ("projection a -> a { connect: poisson([[1]]), weight: 1 };", "is one number here"),
        (
            "projection (a, b) -> [a, b] { connect: poisson(1), weight: 1 };",
            "one side is in brackets, the other in parentheses",
        ),
        ("projection a -> a { connect: dense };", "`dense` needs the matrix as `weight`"),
        ("projection a -> a { connect: dense(x), weight: 1 };", "the matrix of `dense` is the weight"),
        ("projection a -> a { connect: dense, weight: 1 };", "is a matrix, not a number"),
        ("projection [a, b] -> a { connect: dense, weight: x };", "connects two populations, not blocks"),
        (
            "projection a -> a { connect: poisson(1), weight: uniform(0, 1) };",
            "a weight is one number and cannot be drawn",
        ),
        (
            "projection a -> a { connect: ring([.2]), weight: 1 };",
            "`ring` is no word of the language, so this must be Rust",
        ),
        ("projection a -> a { connect: ring(5 mV), weight: 1 };", "numbers without units"),
        ("projection a -> a { connect: 0.5, weight: 1 };", "`connect` is followed by a rule"),
    ]);
}

#[test]
fn rules_of_the_users() {
    for rule in
        ["ring(3)", "my::bernoulli(0.1)", "rust(bernoulli(0.1))", "Ring { k: 3 }", "chain", "poison", "poison(3)"]
    {
        let items = format!("let poison = 1; projection a -> a {{ connect: {rule}, weight: 1 }};");
        assert_eq!(with(&items), "", "{rule}");
    }
}

#[test]
fn nothing_follows_from_a_doubled_name() {
    let projections = "projection e -> i { connect: poisson(1), weight: 1 };
        projection [e, i] -> [e, i] { connect: poisson([[1, 1], [1, 1]]), weight: [[1, 1], [1, 1]] };
        projection (e, i) -> i where same cluster { connect: poisson(1), weight: 1 };";
    for doubled in [
        "population e: Binary[5] in clusters[5] { tau: 1 ms }; population e: Binary[9] { tau: 1 ms };",
        "param i = 1; population e: Binary[5] in clusters[5] { tau: 1 ms }; population i: Binary[5] { tau: 1 ms };",
    ] {
        let message = with(&format!("{doubled} {projections}"));
        assert_eq!(message.lines().count(), 3, "{message}");
    }
    // Names that are unknown for other reasons do not change the shape of the blocks.
    let message = with("projection [a, z] -> [a, b] { connect: poisson([[1, 1], [1, 1]]), weight: 1 };");
    assert_eq!(message.matches("help:").count(), 1, "{message}");
}

#[test]
fn setters_say_unit_and_default() {
    let block = "struct A { asynchronous; population a: Binary[5] { tau: t }; /// The interval.
        \n param t = 0.02 s; param w = [[1, 2], [-3, 0.4]]; param r = rust(f(2)); }";
    let tokens = format!("[crate] {block}").parse().expect("it lexes");
    let code = code(tokens, &mut Sink::default()).expect("it has no errors").to_string();
    for (before, doc) in [
        ("\" The interval.\"", "In s; `0.02 s` by default."),
        ("\" Sets `w`.\"", "Without a unit; `[[1, 2], [-3, 0.4]]` by default."),
        ("\" Sets `r`.\"", "Without a unit; computed by default."),
        ("\" Parameter `w`.\"", "Without a unit; `[[1, 2], [-3, 0.4]]` by default."),
    ] {
        let wanted = format!("# [doc = {before}] # [doc = \"\"] # [doc = \" {doc}\"]");
        assert!(code.contains(&wanted), "{wanted}\n{code}");
    }
}

#[test]
fn all_mistakes_of_a_block_at_once() {
    let message = with(
        "population c: Binary[10] in clusters[3] { tau: -1 ms }; projection aa -> a { conect: poisson(1), weight: 1 mV };
         recrod flips;",
    );
    assert_eq!(message.matches("help:").count(), 6, "{message}");
}

#[test]
#[ignore = "prints the expansion of Program 2 to be read"]
fn print_the_expansion() {
    let tokens = format!("[binnet] {PROGRAM_2}").parse().expect("it lexes");
    let code = code(tokens, &mut Sink::default()).expect("it has no errors");
    let file = syn::parse2(code).expect("it is Rust");
    let text = prettyplease::unparse(&file);
    std::fs::write(std::env::temp_dir().join("program_2_expansion.rs"), text).expect("the file can be written");
}
