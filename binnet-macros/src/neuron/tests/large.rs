//! Large blocks: no chain of values is followed along all of its ways, and no sum overflows the stack.

use std::time::{Duration, Instant};

use super::{admits, errors};

/// The errors, if they are there within some seconds.
fn soon(items: &str) -> String {
    let begin = Instant::now();
    let message = errors(items);
    let taken = begin.elapsed();
    assert!(taken < Duration::from_secs(20), "{taken:?} for {} characters", items.len());
    message
}

/// `n` values, each computed from the one before by `step`, with `#` for it.
fn chain(n: usize, step: &str) -> String {
    let lets: String = (1..=n).map(|i| format!("let a{i} = {};", step.replace('#', &format!("a{}", i - 1)))).collect();
    format!("state v = 0; param p = 1; let a0 = v * p; {lets} dv/dt = (a{n} - v) / 5 ms;")
}

#[test]
fn chains_of_values_that_are_used_twice() {
    for step in ["# * #", "# * p + # * v", "# / (1 + #)", "tanh(#) * #", "if # > 0 { # } else { p * # }", "p * #"] {
        assert_eq!(soon(&chain(40, step)), "", "{step}");
    }
    assert_eq!(admits(&chain(40, "p * # + #"))[0], "exact");
    assert_eq!(admits(&chain(40, "# * #"))[0], "exponential_euler");
}

#[test]
fn first_values_from_chains() {
    let lets: String = (1..=40).map(|i| format!("let a{i} = a{0} * a{0};", i - 1)).collect();
    assert_eq!(soon(&format!("param p = 1; let a0 = p * p; {lets} state v = a40; dv/dt = (a40 - v) / 5 ms;")), "");
}

#[test]
fn long_chains() {
    assert_eq!(soon(&chain(200, "# * p")), "");
    assert_eq!(soon(&chain(500, "# * #")), "");
}

#[test]
fn chains_in_reverse_order() {
    let lets: String = (0..200).map(|i| format!("let a{i} = a{} * v;", i + 1)).collect();
    assert_eq!(soon(&format!("state v = 0; {lets} let a200 = v; dv/dt = a0 / 5 ms;")), "");
    let circle = |n: usize| {
        let lets: String = (0..n).map(|i| format!("let a{i} = a{} * v;", (i + 1) % n)).collect();
        soon(&format!("state v = 0; {lets} dv/dt = a0 / 5 ms;"))
    };
    assert!(circle(20).contains("is defined by itself"));
    assert!(circle(2000).contains("these intermediate values are defined by each other"));
}

#[test]
fn long_expressions_are_refused() {
    let too_long = "this expression is too long to be differentiated";
    let joined = |n: usize, term: &str, operator: &str| {
        let sum = vec![term; n].join(operator);
        soon(&format!("state v = 0; let a = {sum}; dv/dt = (a - v) / 5 ms;"))
    };
    for operator in [" + ", " - ", " * "] {
        assert_eq!(joined(100, "v", operator), "");
        assert!(joined(10_000, "v", operator).contains(too_long));
    }
    assert_eq!(joined(100, "exp(v)", " / "), "");
    let nested = |n: usize, open: &str, close: &str| {
        soon(&format!("state v = 0; dv/dt = {}v{} / 5 ms;", open.repeat(n), close.repeat(n)))
    };
    for (open, close) in [("(", ")"), ("tanh(", ")"), ("-", ""), ("(1 + ", ")"), ("max(v, ", ")"), ("exp(v * ", ")")] {
        assert_eq!(nested(20, open, close), "", "{open}");
        assert!(nested(300, open, close).contains(too_long), "{open}");
    }
    assert_eq!(nested(60, "tanh(", ")"), "");
}

#[test]
fn many_items() {
    let many: String =
        (0..300).map(|i| format!("param p{i} = {i}; state x{i} = p{i}; dx{i}/dt = -x{i} / 5 ms;")).collect();
    assert_eq!(soon(&many), "");
    let wrong: String = (0..300).map(|i| format!("let y{i} = z{i};")).collect();
    assert_eq!(soon(&format!("state v = 0; {wrong} dv/dt = -v / 5 ms;")).matches("nothing is named").count(), 300);
}
