//! What is accepted, and what is said about mistakes.

use super::expanded;
use crate::diag::Sink;

/// The errors of a block, with an empty line between them; empty if it is fine.
fn block(source: &str) -> String {
    let mut sink = Sink::default();
    let Ok(tokens) = format!("[binnet] {source}").parse() else { return "does not lex".to_owned() };
    let code = expanded(tokens, &mut sink);
    assert!(syn::parse2::<syn::File>(code.clone()).is_ok(), "{code}");
    sink.messages().join("\n\n")
}

/// The errors of the items of a synapse.
fn errors(items: &str) -> String {
    block(&format!("pub struct X {{ {items} }}"))
}

/// Something of everything.
pub(crate) const EVERYTHING: &str = "
    /// All that synapses may have.
    pub(crate) struct All {
        const gain = 2 * 0.5;
        /// Recovery.
        param tau = 20 ms + 0.01 s > 0 ms;
        local w = 1 nS;
        state u = 0.2;
        state x = u;
        state m = 0.5 in 0..=1;
        state kind = 0;
        /// Potential.
        pre v: mV;
        post v: mV;
        post r#in: 1;
        let open = 1 / (1 + exp(-pre.v / 5 mV));
        let rest = gain * u;
        du/dt = (gain - u) / tau;
        dx/dt = -x / tau + u * 0 / 1 ms;
        dkind/dt = (open * (1 - kind) - rest * 0) / 1 ms by rk4;
        on pre {
            let step = u * (1 - rest);
            u += step;
            m = if u > x { m + 0.1 } else { m };
            deliver w * m * x;
            x *= 0.5;
        }
        on post { m -= 0.1 * post.v / 1 mV; m = clip(m * (1 + post.r#in), 0, 1); }
        deliver 0.1 * w * kind;
    }";

#[test]
fn whole_blocks_are_fine() {
    for block_of in [
        "struct Plain { local w = 1 nS; on pre { deliver w; } }",
        "/// Short-term plasticity.
         pub struct TsodyksMarkram {
             param u_0 = 0.5; param tau_f = 50 ms; param tau_d = 200 ms; local w = 1 nS; state u = u_0; state x = 1;
             post v: mV;
             du/dt = (u_0 - u) / tau_f; dx/dt = (1 - x) / tau_d;
             on pre { u += u_0 * (1 - u); deliver w * u * x; x -= u * x; }
         }",
        "struct Stdp {
             param tau_pre = 20 ms; param tau_post = 20 ms; param a = 0.01; param b = 0.0105; param w_max = 1;
             state w = 0.5; state apre = 0; state apost = 0;
             dapre/dt = -apre / tau_pre; dapost/dt = -apost / tau_post;
             on pre { deliver w; apre += a; w = clip(w + apost, 0, w_max); }
             on post { apost -= b; w = clip(w + apre, 0, w_max); }
         }",
        "struct Late { param d = 5 ms; const c = 1 ms; local g = 1 nS; pre v: mV; post v: mV;
             deliver g * (pre.v delayed 5 ms - post.v delayed d + pre.v delayed c - pre.v delayed (2 * c) + pre.v); }",
        "struct Gap { local g = 1 nS; pre v: mV; post v: mV; deliver g * (pre.v - post.v); }",
        // Fixed between events: a state that only spikes change.
        "struct Step { state w = 1; state x = 0; dx/dt = (w - x) / 5 ms; on pre { w += 1; deliver x; } }",
    ] {
        assert_eq!(block(block_of), "", "{block_of}");
    }
}

const HEAD: &str = "param tau = 20 ms; local w = 1 nS; state u = 0; state x = 1; pre v: mV; ";
const TAIL: &str = " du/dt = -u / tau; on pre { u += 1; x -= 0.1; deliver w * u; }";

/// The errors of items among others that are fine.
fn among(items: &str) -> String {
    errors(&format!("{HEAD}{items}{TAIL}"))
}

#[track_caller]
fn says(text: &str, message: &str, help: &str) {
    let mended = text.lines().nth(1).is_some_and(|line| line.starts_with(&format!("help: {help}")));
    assert!(text.starts_with(message) && mended, "{text}");
}

#[test]
fn everything_is_fine() {
    assert_eq!(block(EVERYTHING), "");
    assert_eq!(among(""), "");
}

#[test]
fn equations_without_a_solution_between_events() {
    let rk4 = "advance it with the clock: `dx/dt = .. by rk4;`";
    says(
        &among("dx/dt = (1 - x^2) / tau;"),
        "this is not linear in `x`: it cannot be advanced from event to event",
        rk4,
    );
    let depends = |what: &str| {
        format!("`x` depends on `{what}`, which changes between events: it cannot be advanced from event to event")
    };
    says(&among("dx/dt = (u - x) / tau;"), &depends("u"), rk4);
    says(&among("dx/dt = (pre.v / 1 mV - x) / tau;"), &depends("pre.v"), rk4);
    says(&among("dx/dt = (t / tau - x) / tau;"), &depends("t"), rk4);
    says(&among("let y = 2 * u; dx/dt = (y - x) / tau;"), &depends("u"), rk4);
    says(
        &among("dx/dt = (u - x) / tau by rk4;"),
        "`x` advances with the clock and depends on `u`, which is advanced from event to event",
        "advance both with the clock: `du/dt = .. by rk4;`",
    );
    says(&among("dx/dt = -x / tau by exact;"), "`exact` needs no clock in a synapse", "leave `by exact` out");
    says(&among("dx/dt = -x / tau by rk5;"), "no method of integration is called `rk5`", "did you mean");
    says(
        &among("dx/dt = (x - x^3) / tau by milstein_ito;"),
        "`milstein_ito` is a method for noise",
        "methods for it are",
    );
    says(&among("dx/dt = 1 - x;"), "the right side is a pure number", "divide it by `tau`?");
}

#[test]
fn events_and_deliveries() {
    says(&errors("local w = 1 nS; on post { }"), "`X` delivers nothing", "write `on pre { deliver w; }`");
    says(&errors("const w = 1 nS; on pre { deliver w; }"), "`X` declares nothing", "write what it is");
    says(
        &among("on post { deliver w; }"),
        "a spike of the postsynaptic neuron delivers nothing",
        "deliver in `on pre`",
    );
    says(
        &among("deliver w; deliver w;"),
        "a synapse says once what it delivers in each step",
        "deliver the sum of both",
    );
    says(&among("on pre { u = 1; }"), "`on pre` is written twice", "join the two");
    says(
        &errors("local w = 1 nS; on pre { deliver w; deliver w; }"),
        "a spike delivers once",
        "deliver the sum of both",
    );
    says(
        &among("deliver 5 mV;"),
        "what is delivered is a voltage (mV), `w * u` is a conductance (nS)",
        "write a voltage",
    );
    says(&among("deliver w > 0 nS;"), "what is delivered is a number, not a condition", "write `deliver if");
    says(&among("on spike { u = 1; }"), "`pre` or `post` stands here: which neuron spikes", "write `on pre");
    says(&among("on post u = 1;"), "`{` and the statements of `on post` stand here", "write `{ deliver w; }`");
    says(&among("on post { refractory tau holding u; }"), "a refractory period follows a spike", "count a state down");
    says(&among("on post { if u > 1 { u = 0; } }"), "`if` is no statement here", "choose values instead");
    says(
        &errors("local w = 1 nS; state q = 0; on pre { deliver w; }"),
        "nothing changes the state `q`",
        "write `dq/dt",
    );
}

#[test]
fn what_is_read_of_neurons() {
    says(
        &among("deliver w * post.v / 1 mV;"),
        "the synapse does not say that it reads `post.v`",
        "declare it with its unit",
    );
    says(
        &among("deliver w * pre.vv / 1 mV;"),
        "the synapse does not say that it reads `pre.vv`",
        "did you mean `pre.v`?",
    );
    says(&among("deliver w * pre / 1 mV;"), "`pre` alone has no value", "say what is read, as in `pre.v`");
    says(
        &among("on post { pre.v = 0 mV; }"),
        "a synapse reads the variables of a neuron, it does not set them",
        "what is delivered",
    );
    says(&among("pre v: mV;"), "`pre.v` is declared twice, as `pre.v`", "leave one of them out");
    says(&among("local pre_v = 1;"), "`pre_v` is declared twice", "give one of them another name");
    says(&among("post u;"), "the unit of `post.u` is missing here", "write `post u: mV;`");
    says(&among("post u: mX;"), "unknown unit `mX`", "");
    says(&among("let y = v;"), "nothing is named `v` here", "declare it by `param`, `local`, `state`, or");
    says(
        &errors("pre v: mV; state x = pre.v / 1 mV; dx/dt = -x / 1 ms; on pre { deliver x; }"),
        "`x` starts from what is read of a neuron",
        "start from",
    );
}

#[test]
fn what_is_read_of_a_time_ago() {
    says(&among("deliver w * (pre.v delayed 5 mV) / 1 mV;"), "a delay is a time (ms), `5 mV` is a voltage", "write");
    says(
        &among("deliver w * (pre.v delayed -5 ms) / 1 mV;"),
        "a delay is not negative",
        "a synapse reads the past only",
    );
    says(
        &among("local d = 5 ms; deliver w * (pre.v delayed d) / 1 mV;"),
        "`d` is not known before the run, as a delay is",
        "declare it as `param d = 5 ms;`",
    );
    says(
        &among("deliver w * (pre.v delayed (tau + tau)) / 1 mV;"),
        "`tau + tau` is not known before the run",
        "declare it",
    );
    says(
        &among("const d = 0 ms - 5 ms; deliver w * (pre.v delayed d) / 1 mV;"),
        "a delay is not negative",
        "a synapse reads the past only",
    );
    says(
        &among("deliver w * (x delayed 5 ms);"),
        "only what a synapse reads of a neuron can be delayed",
        "write `pre.v delayed 5 ms`",
    );
    says(&among("deliver w * (post.v delayed 5 ms) / 1 mV;"), "the synapse does not say that it reads `post.v`", "");
}

#[test]
fn words_of_neurons() {
    says(&among("input i: nA;"), "`input` belongs to a neuron, not to a synapse", "write what it reads");
    says(&among("spike when u > 1 { u = 0; }"), "`spike` belongs to a neuron, not to a synapse", "say what a spike");
    says(&among("output u;"), "`output` belongs to a neuron, not to a synapse", "write `deliver ..`");
    says(&among("let y = index;"), "there is no `index` in a synapse", "give each synapse a value of its own");
    says(&among("dx/dt = -x / tau + xi / sqrt(tau);"), "there is no `xi` in a synapse", "put the noise into a neuron");
    says(&among("param post = 1;"), "`post` is a word of the language", "give it another name");
    says(
        &among("state y = 1 within 0..=2; dy/dt = -y / tau;"),
        "the state `y` of a synapse is not watched",
        "have it clipped",
    );
    says(&block("enum X { }"), "a synapse is declared as a struct", "write `pub struct Name");
    says(
        &block("struct X<T> { local w = 1; on pre { deliver w; } }"),
        "a synapse has no generic parameters",
        "leave them out",
    );
    says(&among("wieght = 1;"), "`wieght = ..` alone is no item", "declare it: `param wieght = ..`");
    says(&among("delver w;"), "no item starts with `delver`", "did you mean `deliver`?");
}
