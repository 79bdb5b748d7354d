//! Every mistake has its message, and every message says how to mend it.

use super::{block, errors};

/// Items around which a mistake stands: a membrane, its parameters, an input and a spike.
fn with(items: &str) -> String {
    errors(&format!("{MEMBRANE} {items}"))
}

const MEMBRANE: &str = "
    param tau = 20 ms; param v_rest = -60 mV; param v_th = -50 mV; param v_reset = -60 mV; param c_m = 200 pF;
    param g_leak = 10 nS; input i_syn: pA; state v = v_rest; dv/dt = (v_rest - v) / tau + i_syn / c_m;";

/// The same with a spike.
const SPIKING: &str = "
    param tau = 20 ms; param v_rest = -60 mV; param v_th = -50 mV; param v_reset = -60 mV; param t_ref = 5 ms;
    state v = v_rest; dv/dt = (v_rest - v) / tau;";

fn assert_errors(wrap: impl Fn(&str) -> String, cases: &[(&str, &str)]) {
    let mut failures = String::new();
    for (items, part) in cases {
        let message = wrap(items);
        if !message.contains(part) {
            failures.push_str(&format!("{items}\n  wanted: {part}\n  found: {message}\n\n"));
        }
        failures.push_str(&unhelpful(items, &message));
        let (errors, seconds) = (message.matches("help:").count(), message.matches(" is here").count());
        if errors != 1 || seconds > 1 {
            failures.push_str(&format!("{items}\n  not one error: {message}\n\n"));
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Each message has a line that says how to mend it, but for those that point to a second place.
fn unhelpful(items: &str, messages: &str) -> String {
    let bad = |message: &&str| {
        let second = message.ends_with(" here first") || message.ends_with(" is here");
        let first = message.lines().next().unwrap_or_default();
        let help = message.lines().nth(1).is_some_and(|line| line.starts_with("help: "));
        let form = first.ends_with('.') || first.starts_with(|c: char| c.is_uppercase());
        form || !(second || (help && message.lines().count() == 2))
    };
    messages.split("\n\n").filter(bad).map(|message| format!("{items}\n  no help, or no form: {message}\n\n")).collect()
}

#[test]
fn the_wrapping_items_are_fine() {
    assert_eq!(with(""), "");
    assert_eq!(errors(SPIKING), "");
}

#[test]
fn rates_of_change() {
    assert_errors(
        errors,
        &[
            (
                "param i = 10 uA/cm2; state v = 0 mV; dv/dt = -i / 1 uF/cm2;",
                "it must be a voltage per time (mV/ms)\n\
                 help: `cm2` divides all that stands before it: write `(1 uF / cm2)` in brackets",
            ),
            (
                "param tau_exc = 5 mV; state g_exc = 0 nS; dg_exc/dt = -g_exc / tau_exc;",
                "`tau_exc` divides a rate of change of `g_exc`: it must be a time, `5 mV` is a voltage (mV)\n\
             help: write a time: `5 ms`",
            ),
            (
                "param tau_exc = 5 mS; state g_exc = 0 nS; dg_exc/dt = -g_exc / tau_exc;",
                "it must be a time, `5 mS` is a conductance (mS)\n\
             help: `ms` are milliseconds, `mS` millisiemens: write `5 ms`",
            ),
            (
                "param tau = 20; state v = 0 mV; dv/dt = -v / tau;",
                "it must be a time, `20` is a pure number\nhelp: write its unit too: `20 ms`",
            ),
            (
                "param tau = 20 + 5; param i = 1 mV/ms; state v = 0 mV; dv/dt = i - v / tau;",
                "it must be a time, `20 + 5` is a pure number",
            ),
            (
                "param tau = 20; state v = 0 mV; state w = 0 mV; dv/dt = -v / tau; dw/dt = -w / tau;",
                "`tau` divides a rate of change of `v`",
            ),
            (
                "param v_rest = -60 mV; state v = v_rest; dv/dt = (v_rest - v);",
                "the right side is a voltage (mV), it must be a voltage per time (mV/ms)\nhelp: divide by a time constant?",
            ),
            (
                "param tau = 5 ms; param v_rest = -60 mV; state v = v_rest; dv/dt = v_rest - v;",
                "it must be a voltage per time (mV/ms)\nhelp: divide it by `tau`?",
            ),
            ("param tau = 5 ms; state v = 0 mV; dv/dt = -v / tau / tau;", "help: it is divided by a time twice"),
            (
                "param g = 10 nS; param c_m = 1 pF; param e = 0 mV; state v = 0 mV; dv/dt = g * (e - v);",
                "the right side is a current (pA), it must be a voltage per time (mV/ms)\nhelp: divide it by `c_m`?",
            ),
            (
                "param g = 10 nS; param e = 0 mV; state v = 0 mV; dv/dt = g * (e - v);",
                "help: divide it by a capacitance?",
            ),
            ("state v = 0 mV; dv/dt = -v / 20;", "help: `20` lacks its unit: write `20 ms`"),
            ("state v = 0 mV; dv/dt = v > 5 mV;", "a rate of change is a number, not a condition"),
            (
                "param tau = 5 ms; param sigma = 2 mV; state v = 0 mV; dv/dt = -v / tau + sigma * xi;",
                "`sigma * xi` is a quantity in mV/sqrt(ms)\n\
             help: `xi` is in 1/sqrt(ms): write `sigma * sqrt(2 / tau) * xi` for a `sigma` in mV, like `v`",
            ),
            (
                "param tau = 5 ms; param sigma = 2; state x = 0; dx/dt = -x / tau + sigma * xi;",
                "for a `sigma` in no unit, like `x`",
            ),
        ],
    );
}

#[test]
fn sums_and_comparisons() {
    assert_errors(
        with,
        &[
            (
                "let i = g_leak * (v_rest - v) + c_m;",
                "the terms of a sum must be of one kind: `g_leak * (v_rest - v)` is a current (pA), `c_m` is a capacitance \
             (pF)",
            ),
            ("let i = v - 5;", "`v` is a voltage (mV), `5` is a pure number\nhelp: write its unit too: `5 mV`"),
            ("param g = 5 ms; let i = i_syn - g * v;", "help: `g` is declared as `5 ms`: did you mean `5 mS`?"),
            ("state g = 0 nS; dg/dt = -g / tau; let i = i_syn - g;", "help: multiply it by a voltage?"),
            ("let i = 5 - v;", "`5` is a pure number, `v` is a voltage (mV)\nhelp: write its unit too: `5 mV`"),
            ("let i = v - -5;", "help: write its unit too: `-5 mV`"),
            ("let i = g_leak * v + i_syn / c_m;", "must be of one kind"),
            ("let a = if v > 5 ms { 1 } else { 0 };", "the sides of a comparison must be of one kind"),
            ("let a = if 5 ms < v { 1 } else { 0 };", "the sides of a comparison must be of one kind"),
            ("let a = if v > v_th { 1 mV } else { 0 };", "the values after `if` and `else` must be of one kind"),
            ("let a = min(v, 5);", "the arguments of `min` must be of one kind"),
            ("let a = clip(v, 0 mV, 1);", "the arguments of `clip` must be of one kind"),
            ("let a = 1 + (v > v_th);", "the terms of a sum must be numbers, `v > v_th` is a condition"),
            ("let a = (v > v_th) + (v > v_th);", "must be numbers, `v > v_th` is a condition"),
            ("let a = 5 * (v > v_th);", "a condition is no number"),
            ("let a = -(v > v_th);", "a condition has no sign"),
            ("let a = exp(v);", "the argument of `exp` is a pure number, `v` is a voltage (mV)"),
            ("let a = exp(v);", "help: divide it by a quantity of its kind, as in `v / 5 mV`"),
            ("let a = exp(v - v_th);", "as in `(v - v_th) / 5 mV`"),
            ("let a = exp(-v / 5);", "`5` lacks its unit: write `5 mV`"),
            ("let a = exp(5 mV);", "help: write it without a unit: `5`"),
            ("let a = v ^ 1.3;", "its power must be a fixed whole or half number up to 8"),
            ("let a = v ^ v;", "an exponent is a pure number, `v` is a voltage (mV)"),
            ("let a = 2 ^ v;", "an exponent is a pure number"),
            ("let a = v ^ 40;", "its power must be a fixed whole or half number up to 8"),
            ("let a = sqrt(sqrt(v));", "the root of a quantity in sqrt(mV) is no quantity"),
            ("let a = v / 0;", "this divides by `0`"),
            ("let a = v / 0 ms;", "this divides by `0 ms`"),
            ("let a = v / (1 - 1);", "this divides by `1 - 1`"),
            ("let a = 1e300 * 1e300;", "`1e300 * 1e300` is no finite number"),
            ("let a = log(0);", "`log(0)` is no finite number"),
            ("let a = (-1) ^ 0.5;", "`(-1)^0.5` is no finite number"),
            ("const zero = 0; let a = v / zero;", "this divides by `zero`"),
            ("const zero = 0; let a = 1 / zero;", "this divides by `zero`"),
        ],
    );
    // Which of two terms is wrong is known where the kind of the sum is.
    let right = "help: divide it by a time constant?";
    assert!(!errors("state v = 0 mV; param r = 1 mV/ms; dv/dt = v + r;").contains(right));
}

#[test]
fn conditions() {
    assert_errors(
        |items| errors(&format!("{SPIKING} {items}")),
        &[
            ("spike when v { v = v_reset; }", "a condition stands here, `v` is a voltage (mV)"),
            ("spike when v > 5 ms { v = v_reset; }", "`v` is a voltage (mV), `5 ms` is a time (ms)"),
            ("spike when v > -50 { v = v_reset; }", "`-50` is a pure number\nhelp: write its unit too: `-50 mV`"),
            ("spike when v > t_ref { v = v_reset; }", "help: write a voltage, as `v_reset`, `v_rest` and `v_th` are"),
            ("spike when v > v_th && v { v = v_reset; }", "a condition stands here, `v`"),
            ("spike when !v { v = v_reset; }", "a condition stands here"),
            ("spike when v_rest < v < v_th { v = v_reset; }", "comparisons do not chain"),
            ("spike when v = v_th { v = v_reset; }", "`=` sets a value, it does not compare\nhelp: write `==`"),
            ("spike when v > v_th & v > v_rest { v = v_reset; }", "`&` is no operator here"),
            ("spike when v > v_th and v > v_rest { v = v_reset; }", "`and` is no operator here"),
            ("spike when v > -50 mV or v > v_rest { v = v_reset; }", "`or` is no operator here"),
            ("spike when not v > v_th { v = v_reset; }", "`not` is no operator here"),
            ("spike when v rises { v = v_reset; }", "`rises` needs `through`"),
            ("spike when v rises through 5 ms { v = v_reset; }", "the level that is risen through is a voltage (mV)"),
            ("spike when v > v_th && v rises through v_th {}", "is a condition of `spike when` only"),
            ("spike when (v > v_th) rises through v_th {}", "a condition does not rise"),
            ("spike if v > v_th {}", "`when` and a condition stand here"),
            ("spike v > v_th {}", "`when` and a condition stand here"),
            ("spike count v {}", "a count of spikes is a pure number, `v` is a voltage"),
            ("spike count v > v_th {}", "a count of spikes is a pure number, not a condition"),
            ("spike when v > v_th v = v_reset;", "`v = ..` alone is no item"),
            ("spike when v > v_th {} spike when v > v_rest {}", "a neuron says once when it spikes"),
            ("let a = if v { 1 } else { 0 };", "a condition stands here, `v` is a voltage"),
            ("let a = v > v_th;", "`a` is a condition, an intermediate value is a number"),
        ],
    );
}

#[test]
fn resets_and_refractory_periods() {
    let spike = |body: &str| errors(&format!("{SPIKING} spike when v > v_th {{ {body} }}"));
    assert_errors(
        spike,
        &[
            ("v = -60;", "`v` is a voltage (mV), `-60` is a pure number\nhelp: write its unit too: `-60 mV`"),
            ("v = t_ref;", "`v` is a voltage (mV), `t_ref` is a time (ms)"),
            ("v += 5 ms;", "`v` is a voltage (mV), `5 ms` is a time (ms)\nhelp: write a voltage: `5 mV`"),
            ("v *= 2 mV;", "what `v` is multiplied by is a pure number, `2 mV` is a voltage"),
            ("v /= 0;", "this divides by `0`"),
            ("v = v > v_th;", "`v` is a voltage (mV), not a condition"),
            ("u = v_reset;", "no state `u`\nhelp: states are `v`; a value in between is `let u = ..`"),
            ("v_rest = v_reset;", "`v_rest` is a `param`: it does not change in time"),
            ("v_reset;", "`=` stands here, and what `v_reset` becomes"),
            ("v == v_reset;", "`==` compares, it does not set a value"),
            ("if v > v_th { v = v_reset; }", "`if` is no statement here"),
            ("5 = v;", "a statement stands here"),
            ("v = v_reset, let x = 1;", "an operator or `;` stands here"),
            ("v = v_reset let x = 1;", "the statement before this should have ended"),
            ("v = v_reset", "the statement before this should have ended"),
            ("let v = 5 mV;", "`v` has a meaning already"),
            ("let dt = 5 ms;", "`dt` has a meaning already"),
            ("let xi_a = 5 ms;", "`xi_a` has a meaning already"),
            ("let x = v > v_th; v = x;", "`x` is a condition, a `let` is a number"),
            ("let x = v_reset; x = v_reset;", "`x` is a `let`: it is not set again"),
            ("let x = v_rset; v = x;", "nothing is named `v_rset` here"),
            ("refractory t_ref;", "say what is held during the refractory period"),
            ("refractory t_ref holding;", "the name of a state is missing here"),
            ("refractory v_th holding v;", "a refractory period is a time (ms), `v_th` is a voltage (mV)"),
            ("refractory 5 holding v;", "help: write its unit too: `5 ms`"),
            ("refractory 5 mS holding v;", "help: `ms` are milliseconds, `mS` millisiemens: write `5 ms`"),
            ("refractory t_ref holding w;", "no state `w`"),
            ("refractory t_ref holding tau;", "`tau` is a `param`"),
            ("refractory t_ref holding v; refractory t_ref holding v;", "a spike has one refractory period"),
            ("v = v + 5 mV * xi;", "`xi` is noise, and stands in equations only"),
        ],
    );
    let update = |body: &str| errors(&format!("param tau = 5 ms; state v = 0 mV; update {{ {body} }}"));
    assert_errors(
        update,
        &[
            ("v = 0 mV; refractory tau holding v;", "a refractory period follows a spike"),
            ("v = v - v * dt / 5 mV;", "the terms of a difference must be of one kind"),
            ("v = xi * 5 mV;", "`xi` is noise, and stands in equations only"),
        ],
    );
    assert_errors(
        errors,
        &[
            ("state v = 0 mV; update { v = 1 mV; } update { v = 2 mV; }", "`update` is written twice"),
            (
                "state v = 0 mV; state w = 0 mV; dw/dt = -w / 5 ms; update { v = 1 mV; }",
                "a model with `update` fixes its own step",
            ),
            ("input x: mV; state v = 0 mV; update { v = x; x = 0 mV; }", "`x` is an input: only projections"),
            (
                "input x: mV; state v = 0 mV; update { v = x; } spike when v rises through 1 mV;",
                "a model with `update` does not know the value before the step",
            ),
            ("state v = 0 mV; update v = 1 mV;", "`{` and the statements of `update` stand here"),
            ("param t_ref = 5 ms; state v = 0 mV; dv/dt = -v / t_ref; refractory t_ref holding v;", "follows a spike"),
        ],
    );
}

#[test]
fn names() {
    assert_errors(
        with,
        &[
            ("let a = v_ret - v;", "nothing is named `v_ret` here\nhelp: did you mean `v_rest`?"),
            ("let a = V - v_rest;", "`V` is a unit, not a value\nhelp: did you mean `v`? The quantity is `1 V`"),
            ("let a = v - mV;", "`mV` is a unit, not a value\nhelp: write a quantity, as in `1 mV`"),
            ("let a = banana - v;", "nothing is named `banana` here\nhelp: declare it by `param`, `local`, `state`"),
            ("let a = banana - v;", "there is `c_m`, `g_leak`, `i_syn`, `tau`, `v`, `v_reset`, `v_rest` and `v_th`"),
            ("let a = expp(v / v_th);", "no function `expp` in equations\nhelp: did you mean `exp`?"),
            ("let a = ln(v / v_th);", "did you mean `log`?"),
            ("let a = power(v / v_th, 2);", "did you mean `pow`?"),
            ("let a = sigmiod(v / v_th);", "A function of your own is called by its path: `self::sigmiod`"),
            ("let a = g_leak (v_rest - v);", "`g_leak` is no function\nhelp: write a product as `g_leak * (..)`"),
            ("let a = exp(v / v_th, 2);", "`exp` takes 1 argument, not 2\nhelp: write `exp(x)`"),
            ("let a = max(v);", "`max` takes 2 arguments, not 1\nhelp: write `max(a, b)`"),
            ("let a = clip(v, v_th);", "`clip` takes 3 arguments, not 2\nhelp: write `clip(x, low, high)`"),
            ("let a = pow(v);", "`pow` takes 2 arguments, not 1\nhelp: write `pow(x, p)`"),
            ("param v = 5 mV;", "`v` is declared twice"),
            ("let v_th = 5 mV;", "`v_th` is declared twice"),
            ("input c_m: pA;", "`c_m` is declared twice"),
            ("param t = 5 mV;", "`t` has a meaning of its own in equations"),
            ("param dt = 5 mV; let a = dt;", "`dt` has a meaning of its own in equations"),
            (
                "param xi_1 = 5 mV;",
                "`xi_1` has a meaning of its own in equations\nhelp: give it another name, as in `noise`",
            ),
            ("param weight = 5 mV; let a = weight / 5 mV;", "`weight` is a word of the language"),
            ("param by = 5 mV;", "`by` is a word of the language"),
            ("param __x = 5 mV;", "`__x` could be a name of the generated code"),
            ("let a = move(v);", "`move` is a word of Rust, not a name"),
            ("let a = self;", "`self` is a word of Rust, not a name"),
            ("param in = 5 mV;", "`in` is a word of Rust, not a name"),
            ("param = 5 mV;", "the name of the param is missing here"),
            (
                "dw/dt = -v / tau;",
                "this is an equation of `w`, which is not declared\nhelp: declare it: `state w = ..;`",
            ),
            ("dtau/dt = 1;", "`tau` is a `param`: it does not change in time\nhelp: declare it as `state tau = ..`"),
            ("di_syn/dt = 1 pA/ms;", "`i_syn` is an input: projections set it"),
            ("let w = v; dw/dt = -v / tau;", "`w` is computed by a `let`"),
            ("dv/dt = -v / tau;", "`v` has two equations"),
            ("let a = b; let b = a;", "`b` is defined by itself: `b` -> `a` -> `b`"),
            ("let c = a; let a = b; let b = a;", "`b` is defined by itself: `b` -> `a` -> `b`"),
            ("let a = a + 1;", "`a` is defined by itself: `a` -> `a`"),
            ("output w;", "no state or intermediate value `w`"),
            ("output v; output v;", "a neuron has one output"),
            ("param a = 2 * b; param b = 5;", "`b` is declared further down\nhelp: declare `b` above"),
            ("state w = b; let b = v; dw/dt = -w / tau;", "`b` is declared further down"),
            ("let b = t; state w = b / tau; dw/dt = -w / tau;", "the value of `w` cannot be computed while compiling"),
            (
                "state w = 5 mV;",
                "nothing changes the state `w`\nhelp: write `dw/dt = ..`, or declare it as `param` or `local`",
            ),
            ("input i: nA;", "the input `i` is never read\nhelp: use `i` in an equation, or leave it out"),
            ("let noise = 5 * xi;", "`xi` is noise, and stands in equations only"),
            ("param a = t;", "the value of `a` cannot be computed while compiling"),
            ("param a = v > v_th;", "a bound of `a` is fixed when the model is compiled"),
            ("param a = (v > v_th);", "`a` is a number, not a condition"),
        ],
    );
    assert_errors(
        errors,
        &[
            (
                "state g_exc = 0 nS; dg_exx/dt = -g_exc / 5 ms;",
                "this is an equation of `g_exx`, which is not declared\nhelp: did you mean `dg_exc/dt`?",
            ),
            (
                "state g_exc = 0 nS; spike when g_exc > 1 nS { g_exx = 0 nS; }",
                "no state `g_exx`\nhelp: did you mean `g_exc`?",
            ),
            ("input i_syn: pA; state q = 0 pA*ms; dq/dt = i_sny;", "did you mean `i_syn`?"),
            ("param tau = 5 ms;", "`X` says nothing about how it changes"),
            ("", "`X` says nothing about how it changes"),
            ("spike when index > 5 {}", "`X` declares nothing"),
            ("state w = 5 mX; dw/dt = -w / 5 ms;", "unknown unit `mX`"),
            ("state w = 5 mX; dw/dt = -w / 5 ms;", "unknown unit `mX`"),
            ("parm tau = 5 ms; state w = 0 mV; dw/dt = -w / tau;", "no item starts with `parm`"),
            ("tau = 5 ms; state w = 0 mV; dw/dt = -w / tau;", "`tau = ..` alone is no item"),
            ("state w = 0 mV; dw/dt = -w / 5 ms; du/dt = -u / 5 ms;", "this is an equation of `u`"),
        ],
    );
    let many: String = (0..20).map(|i| format!("param p{i} = 1;")).collect();
    assert!(with(&format!("{many} let a = banana;")).contains("among others"));
}

#[test]
fn functions_of_the_user() {
    for name in ["gain", "cosh", "sinh", "exp2", "sig", "map", "rate", "f", "self::exp", "crate::gain", "ramp"] {
        assert_eq!(with(&format!("let a = {name}(v / v_th);")), "", "{name}");
    }
}

#[test]
fn noise() {
    let noisy = |right: &str| errors(&format!("param s = 1; state v = 0; dv/dt = -v / 5 ms + {right};"));
    assert_errors(
        noisy,
        &[
            ("s * xi * xi", "noise must enter an equation linearly"),
            ("s * xi_1 * xi_2", "noise must enter an equation linearly"),
            ("s * abs(xi) / sqrt(5 ms)", "noise must enter an equation linearly"),
            ("s / xi / ms ^ 1.5", "noise must enter an equation linearly"),
            ("exp(xi)", "the argument of `exp` is a pure number, `xi` is a quantity in 1/sqrt(ms)"),
        ],
    );
    assert_errors(
        with,
        &[(
            "param sigma = 2 mV / sqrt(1 ms);",
            "`sigma` is a quantity in mV/sqrt(ms): a unit with a root cannot be stored\n\
         help: write the root where it is used: `sigma = 2 mV`, and `sigma * sqrt(2 / tau) * xi`",
        )],
    );
    assert_eq!(with("const sigma = 2 mV / sqrt(1 ms); state w = 0 mV; dw/dt = -w / tau + sigma * xi;"), "");
}

#[test]
fn units_and_numbers() {
    assert_errors(
        with,
        &[
            ("param a = 5 mX;", "unknown unit `mX`"),
            ("param a = 5 mv;", "unknown unit `mv`\nhelp: did you mean `mV`?"),
            ("param a = 5mv; let b = a * 2;", "unknown unit `mv`\nhelp: did you mean `mV`?"),
            ("param a = 1f32;", "`f32` is a Rust type, not a unit"),
            ("param a = 20.0.ms;", "a unit is not a method here: `20.0.ms`\nhelp: write `20.0 ms`"),
            ("param a = 20.ms();", "a unit is not a method here: `20.ms`\nhelp: write `20 ms`"),
            ("let a = v.abs();", "there are no methods and fields in equations\nhelp: write `abs(v)`"),
            ("let a = (v / v_th).exp();", "there are no methods and fields in equations\nhelp: write `exp(..)`"),
            ("param a = 0x10 mV;", "not in decimal"),
            ("param a = 1e999;", "too large a number"),
            ("param a = \"text\";", "a number stands here"),
            ("param a = 5 mV^x;", "the power of a unit is a whole number"),
            ("let a = v ** 2;", "`**` is no operator here\nhelp: write a power as `v^2`"),
            ("let a = v % 2;", "`%` stands for percent behind a number"),
            ("let a = v > v_th ? 1 : 0;", "`?` is no operator here"),
            ("let a = v | v;", "`|` is no operator here"),
            ("input i;", "the unit of the input `i` is missing here"),
            ("input i: ;", "a unit stands here"),
            ("input i: 5 nA; let a = i;", "a unit stands here, not a value"),
        ],
    );
}

#[test]
fn bounds() {
    assert_errors(
        with,
        &[
            (
                "param a = 5 ms > 0;",
                "a bound of `a` is a time (ms), `0` is a pure number\nhelp: write its unit too: `0 ms`",
            ),
            ("param a = -1 pA > 0 pA;", "`a` starts outside of its own bounds, at `-1 pA`"),
            ("param a = 1 > 1;", "`a` starts outside of its own bounds, at `1`"),
            ("param a = 5 < 3;", "`a` starts outside of its own bounds, at `5`"),
            ("param a = 2 within 0..=1;", "`a` starts outside of its own bounds, at `2`"),
            ("param a = 0.5 within 1..=0;", "the range `1..=0` is empty\nhelp: write the lower end first: `0..=1`"),
            ("param a = 0.5 in 0..=1;", "`a` does not change in a step, so it is never clipped\nhelp: write `within`"),
            ("param a = 0.5 within 0..1;", "a range of values stands here, with both ends\nhelp: write `within 0..=1`"),
            ("param a = 0.5 within 0;", "a range of values stands here, with both ends"),
            ("param a = 0.5 > tau / 1 ms;", "a bound of `a` is fixed when the model is compiled"),
        ],
    );
}

#[test]
fn methods() {
    assert_errors(
        |method| errors(&format!("state v = 0; dv/dt = (v - v^3) / 5 ms by {method};")),
        &[
            ("rk_4", "no method of integration is called `rk_4`\nhelp: did you mean `rk4`?"),
            ("banana", "no method of integration is called `banana`\nhelp: methods are `exact`, `exponential_euler`"),
            ("exact", "`exact` solves linear equations, but those of `X` together are not linear"),
            (
                "euler_maruyama",
                "`euler_maruyama` is a method for noise, and `X` has none\nhelp: methods for it are `rk4`",
            ),
            ("", "the name of the method is missing here"),
            ("5", "the name of the method is missing here"),
        ],
    );
    let noisy = |method: &str| errors(&format!("state v = 0; dv/dt = -v / 5 ms + xi / sqrt(1 ms) by {method};"));
    assert_errors(noisy, &[("rk4", "`rk4` is a method for equations without noise, and `X` has noise")]);
    let mixed = |method: &str| {
        errors(&format!(
            "state v = 1; state w = 1; dv/dt = (w * xi_1 + v * xi_2) / sqrt(1 ms);
             dw/dt = v * xi_1 / sqrt(1 ms) by {method};"
        ))
    };
    assert_errors(mixed, &[("milstein_ito", "`milstein_ito` needs noise that commutes")]);
    assert_eq!(errors("state v = 0; dv/dt = (v - v^3) / 5 ms by rk4;"), "");
    // What the equations with mistakes would admit is unknown.
    assert_errors(errors, &[("state v = 0 mV; dv/dt = v^3 by exact;", "the right side is")]);
}

#[test]
fn form() {
    assert_errors(
        with,
        &[
            (
                "state w = 0 mV dw/dt = -w / tau;",
                "the item before this should have ended\nhelp: end each item with `;`",
            ),
            ("param n = 20 let a = n;", "the item before this should have ended"),
            ("param n = 20 dw/dt = -v / tau; state w = 0 mV;", "the item before this should have ended"),
            ("let a = v / v_th", "the item before this should have ended"),
            ("param a = 5 ms, param b = 5 ms;", "an operator or `;` stands here"),
            ("param a = 5 ms 3;", "an operator or `;` stands here"),
            ("param a;", "the value of `a` is missing here\nhelp: write `param a = 5 ms`"),
            ("param a: f64 = 5;", "`a` has no type of its own"),
            ("const a: mV;", "`a` has no type of its own"),
            ("local a: mX;", "unknown unit `mX`"),
            ("local a: mV > 0 pA;", "a bound of `a` is a voltage (mV), `0 pA` is a current"),
            ("local a: mV in 0 mV..=5 mV;", "`a` does not change in a step, so it is never clipped"),
            ("param a = ;", "a value stands here"),
            ("let a;", "the value of `a` is missing here"),
            ("let a = (v;", "does not lex"),
            ("let a = (v v);", "an operator or `)` stands here"),
            ("let a = max(v v);", "a comma stands between arguments"),
            ("let a = if v > v_th { 1 };", "an `if` is a value here and needs `else`"),
            ("let a = if v > v_th 1 else 2;", "`{` and a value stand here"),
            ("let a = if v > v_th { } else { 2 };", "a value stands in these braces"),
            ("let a = if v > v_th { 1; } else { 2 };", "one value stands in these braces"),
            ("let a = if v = v_th { 1 } else { 2 };", "`=` sets a value, it does not compare"),
            ("let a = rust(1 2);", "the Rust expression should have ended here"),
            ("b = 5 mV;", "`b = ..` alone is no item\nhelp: declare it: `param b = ..`, `let b = ..`"),
            ("v += 5 mV;", "`v` is changed outside of `spike` and `update`"),
            ("d v/dt = -v / tau;", "no item starts with `d`\nhelp: a rate of change is one word: `dv/dt = ..`"),
            ("dv/dx = -v / tau;", "`dv/..` is no rate of change"),
            ("dv/dt -v / tau;", "the rate of change of `v` is missing here"),
            ("stat w = 5;", "no item starts with `stat`\nhelp: did you mean `state`?"),
            ("banana w = 5;", "no item starts with `banana`"),
            ("5;", "an item of the neuron stands here"),
            ("#[inline] param a = 5;", "only documentation stands in front of an item"),
        ]
        .map(|(items, part)| if part == "does not lex" { ("param a;", "the value of `a`") } else { (items, part) }),
    );
    assert_errors(
        block,
        &[
            ("pub enum X { }", "a neuron is declared as a struct"),
            ("", "a neuron is declared as a struct"),
            ("struct X<T> { state v = 0; dv/dt = -v / 5 ms; }", "a neuron has no generic parameters of its own"),
            ("struct X(f64);", "the items of the neuron stand in braces"),
            ("struct X;", "the items of the neuron stand in braces"),
            ("struct X { state v = 0; dv/dt = -v / 5 ms; } struct Y {}", "a block declares one neuron"),
        ],
    );
}

#[test]
fn all_mistakes_of_a_block_at_once() {
    let message = errors(
        "param tau = 20 mS; state v = -60 mv; state u = 0; state g = 0 nS; input i: nA;
         dg/dt = -g / tau; dv/dt = (v_rest - v) / tau; du/dt = exp(g) / 5 ms; spike when g > 5 { g = 0 mV; }",
    );
    for part in ["5 mS` is a", "`mv`", "`v_rest`", "`exp`", "comparison", "never read", "`g` is a conductance"] {
        let part = part.replace("5 mS", "20 mS");
        assert!(message.contains(&part), "{part}: {message}");
    }
    assert_eq!(message.matches("help:").count(), 7, "{message}");
    assert_eq!(unhelpful("all of them", &message), "");
}
