//! A neuron as text: Markdown, LaTeX, and what is computed in a step.

use std::fmt::Write as _;

use quote::ToTokens as _;
use syn::Ident;

use super::check::{Plan, Role, Symbol};
use super::emit::{fields, fixed, plain};
use super::expr::{Expr, Kind, Op};
use super::methods;
use super::model::{Item, Neuron, Side, Statement};
use super::node::{Function, Id, Node, Shared};
use super::slopes::{frozen_degree, slope};

/// Equations, spike and table of parameters.
pub(crate) fn markdown(neuron: &Neuron, plan: &Plan<'_>) -> String {
    let mut out = String::from("```text\n");
    for item in &neuron.items {
        let line = match item {
            Item::Let(binding) => format!("{} = {}", binding.name, text(&binding.value)),
            Item::Equation(equation) => {
                let by = equation.method.as_ref().map_or_else(String::new, |method| format!("    by {method}"));
                format!("d{}/dt = {}{by}", equation.state, text(&equation.value))
            }
            Item::Spike(spike) => {
                let word = if spike.count { "spikes:" } else { "spike when" };
                format!("{word} {}{}", text(&spike.value), then(&spike.body))
            }
            Item::Update { body, .. } => format!("each step{}", then(body)),
            Item::On { side, body, .. } => format!("on {}{}", side.word(), then(body)),
            Item::Deliver { value, .. } => format!("in each step: deliver {}", text(value)),
            _ => continue,
        };
        out.push_str(&line);
        out.push('\n');
    }
    out.push_str("```\n\n| name | | default | unit | meaning |\n| --- | --- | --- | --- | --- |\n");
    for (id, symbol) in fields(plan) {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} |",
            called(plan, id),
            if plan.reads.iter().any(|(read, _)| *read == id) { "read" } else { word(symbol) },
            default(symbol),
            if symbol.quantity.text == "1" { "" } else { &symbol.quantity.text },
            meaning(symbol),
        );
    }
    if let Some(output) = plan.output {
        let _ = writeln!(out, "\nOutput: `{}`.", plain(&plan.symbols[output].name));
    }
    out
}

/// The value that a field starts with, in words.
fn default(symbol: &Symbol) -> String {
    match symbol.role {
        Role::Input => String::new(),
        _ if symbol.default.is_nan() => "to be given".to_owned(),
        _ => symbol.default.to_string(),
    }
}

fn word(symbol: &Symbol) -> &'static str {
    match symbol.role {
        Role::Param => "param",
        Role::Local => "local",
        Role::Input => "input",
        _ => "state",
    }
}

/// The documentation of a field in one line.
fn meaning(symbol: &Symbol) -> String {
    let mut lines = Vec::new();
    for attr in &symbol.docs {
        if let syn::Meta::NameValue(pair) = &attr.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) = &pair.value
        {
            lines.push(line.value().trim().replace('|', "\\|"));
        }
    }
    lines.join(" ")
}

fn then(body: &[Statement]) -> String {
    if body.is_empty() {
        return String::new();
    }
    let statements: Vec<_> = body
        .iter()
        .map(|statement| match statement {
            Statement::Let(binding) => format!("{} = {}", binding.name, text(&binding.value)),
            Statement::Assign { name, op, value } => {
                format!("{name} {}= {}", op.map_or("", Op::text), text(value))
            }
            Statement::Refractory { duration, held, .. } => {
                let held: Vec<_> = held.iter().map(ToString::to_string).collect();
                format!("refractory {} holding {}", text(duration), held.join(", "))
            }
            Statement::Deliver { value, .. } => format!("deliver {}", text(value)),
        })
        .collect();
    format!(": {}", statements.join("; "))
}

/// How tightly the outermost operator of an expression binds.
fn level(expr: &Expr) -> u8 {
    match &expr.kind {
        Kind::Binary(Op::Or, ..) => 1,
        Kind::Binary(Op::And, ..) => 2,
        Kind::Binary(op, ..) if op.compares() => 3,
        Kind::Rises(..) | Kind::If(..) => 0,
        Kind::Binary(Op::Add | Op::Sub, ..) => 4,
        Kind::Binary(..) => 5,
        Kind::Minus(_) | Kind::Not(_) => 6,
        Kind::Power(..) => 7,
        _ => 8,
    }
}

/// An expression as it is written.
pub(crate) fn text(expr: &Expr) -> String {
    let wrapped = |e: &Expr, least: u8| if level(e) < least { format!("({})", text(e)) } else { text(e) };
    match &expr.kind {
        Kind::Quantity { text, .. } => text.clone(),
        Kind::Name(name) => plain(name),
        Kind::Side(side, name, None) => format!("{}.{}", side.word(), plain(name)),
        Kind::Side(side, name, Some(delay)) => {
            format!("{}.{} delayed {}", side.word(), plain(name), wrapped(delay, 9))
        }
        Kind::Minus(inner) => format!("-{}", wrapped(inner, 5)),
        Kind::Not(inner) => format!("!{}", wrapped(inner, 6)),
        Kind::Binary(op, a, b) => {
            let own = level(expr);
            format!("{} {} {}", wrapped(a, own), op.text(), wrapped(b, own + 1))
        }
        Kind::Power(a, b) => format!("{}^{}", wrapped(a, 8), wrapped(b, 7)),
        Kind::Call(path, arguments) => {
            let arguments: Vec<_> = arguments.iter().map(text).collect();
            format!("{}({})", path.to_token_stream().to_string().replace(' ', ""), arguments.join(", "))
        }
        Kind::If(c, a, b) => format!("if {} {{ {} }} else {{ {} }}", text(c), text(a), text(b)),
        Kind::Rises(a, b) => format!("{} rises through {}", text(a), text(b)),
        Kind::Rust(tokens) => format!("rust({tokens})"),
    }
}

/// The equations in an `align` environment.
pub(crate) fn latex(neuron: &Neuron, plan: &Plan<'_>) -> String {
    let mut lines = Vec::new();
    for item in &neuron.items {
        match item {
            Item::Let(binding) => {
                lines.push(format!("{} &= {}", symbol(&plain(&binding.name)), formula(&binding.value)))
            }
            Item::Equation(equation) => {
                let state = symbol(&plain(&equation.state));
                let left = format!("\\frac{{\\mathrm{{d}}{state}}}{{\\mathrm{{d}}t}}");
                lines.push(format!("{left} &= {}", formula(&equation.value)));
            }
            Item::Spike(spike) => {
                let word = if spike.count { "number of spikes" } else { "spike when" };
                let mut line = format!("&\\text{{{word} }} {}", formula(&spike.value));
                for statement in &spike.body {
                    line.push_str(",\\; ");
                    line.push_str(&step(statement));
                }
                lines.push(line);
            }
            Item::Update { body, .. } => lines.extend(body.iter().map(|statement| format!("& {}", step(statement)))),
            Item::On { side, body, .. } => {
                let mut line = format!("&\\text{{on {}: }} ", side.word());
                line.push_str(&body.iter().map(step).collect::<Vec<_>>().join(",\\; "));
                lines.push(line);
            }
            Item::Deliver { value, .. } => lines.push(format!("&\\text{{deliver }} {}", formula(value))),
            _ => {}
        }
    }
    let mut out = format!("\\begin{{align}}\n{}\n\\end{{align}}\n", lines.join(" \\\\\n"));
    out.push_str("\\begin{tabular}{lll}\n");
    for (_, entry) in fields(plan).filter(|(_, s)| s.role != Role::Input) {
        let unit = if entry.quantity.text == "1" {
            String::new()
        } else {
            format!("\\,\\mathrm{{{}}}", unit(&entry.quantity.text))
        };
        // What is to be given has no value, only a unit.
        let value = if entry.default.is_nan() { String::new() } else { entry.default.to_string() };
        let _ = writeln!(out, "${}$ & ${value}{unit}$ & {} \\\\", symbol(&plain(&entry.name)), escape(&meaning(entry)));
    }
    out.push_str("\\end{tabular}\n");
    out
}

fn step(statement: &Statement) -> String {
    match statement {
        Statement::Let(binding) => format!("{} = {}", symbol(&plain(&binding.name)), formula(&binding.value)),
        Statement::Assign { name, op: None, value } => {
            format!("{} \\leftarrow {}", symbol(&plain(name)), formula(value))
        }
        Statement::Assign { name, op: Some(op), value } => {
            let name = symbol(&plain(name));
            let sign = match op {
                Op::Mul => "\\cdot",
                Op::Div => "/",
                op => op.text(),
            };
            format!("{name} \\leftarrow {name} {sign} {}", formula(value))
        }
        Statement::Refractory { duration, held, .. } => {
            let held: Vec<_> = held.iter().map(|name| symbol(&plain(name))).collect();
            format!("\\text{{hold }} {} \\text{{ for }} {}", held.join(", "), formula(duration))
        }
        Statement::Deliver { value, .. } => format!("\\text{{deliver }} {}", formula(value)),
    }
}

const GREEK: [&str; 22] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "rho",
    "sigma", "tau", "phi", "chi", "psi", "omega", "Delta", "Phi",
];

/// A name: Greek letters, and what follows an underscore as an index.
fn symbol(name: &str) -> String {
    let (head, tail) = name.split_once('_').unwrap_or((name, ""));
    let head = if GREEK.contains(&head) {
        format!("\\{head}")
    } else if head.chars().count() == 1 {
        head.to_owned()
    } else {
        format!("\\mathrm{{{head}}}")
    };
    if tail.is_empty() { head } else { format!("{head}_{{\\mathrm{{{}}}}}", tail.replace('_', "\\,")) }
}

/// `v_{\mathrm{pre}}`
fn side_symbol(side: Side, name: &Ident) -> String {
    symbol(&format!("{}_{}", plain(name), side.word()))
}

fn unit(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => {
                let _ = write!(out, "^{{{c}}}");
            }
            '*' => out.push_str("\\,"),
            '^' => {}
            c => out.push(c),
        }
    }
    out
}

fn escape(text: &str) -> String {
    text.chars().flat_map(|c| if "&%$#_{}".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}

fn formula(expr: &Expr) -> String {
    let wrapped = |e: &Expr, least: u8| {
        // A fraction needs no brackets.
        if level(e) < least && !matches!(&e.kind, Kind::Binary(Op::Div, ..)) {
            format!("\\left({}\\right)", formula(e))
        } else {
            formula(e)
        }
    };
    match &expr.kind {
        Kind::Quantity { value, unit: u, .. } if u.is_none() => format!("{value}"),
        Kind::Quantity { value, unit: u, .. } => format!("{value}\\,\\mathrm{{{}}}", unit(&u.text)),
        Kind::Name(name) => symbol(&plain(name)),
        Kind::Side(side, name, None) => side_symbol(*side, name),
        Kind::Side(side, name, Some(delay)) => format!("{}(t - {})", side_symbol(*side, name), formula(delay)),
        Kind::Minus(inner) => format!("-{}", wrapped(inner, 5)),
        Kind::Not(inner) => format!("\\lnot {}", wrapped(inner, 6)),
        Kind::Binary(Op::Div, a, b) => format!("\\frac{{{}}}{{{}}}", formula(a), formula(b)),
        Kind::Binary(op, a, b) => {
            let own = level(expr);
            let sign = match op {
                Op::Mul => "\\,",
                Op::LessEqual => "\\le",
                Op::GreaterEqual => "\\ge",
                Op::NotEqual => "\\ne",
                Op::Equal => "=",
                Op::And => "\\land",
                Op::Or => "\\lor",
                op => op.text(),
            };
            format!("{} {sign} {}", wrapped(a, own), wrapped(b, own + 1))
        }
        Kind::Power(a, b) => format!("{}^{{{}}}", wrapped(a, 8), formula(b)),
        Kind::Call(path, arguments) => {
            let name = path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
            let arguments: Vec<_> = arguments.iter().map(formula).collect();
            match name.as_str() {
                "sqrt" => format!("\\sqrt{{{}}}", arguments.join(", ")),
                "exp" => format!("e^{{{}}}", arguments.join(", ")),
                "abs" => format!("\\left|{}\\right|", arguments.join(", ")),
                "log" | "sin" | "cos" | "tan" | "sinh" | "cosh" | "tanh" | "min" | "max" => {
                    format!("\\{name}\\left({}\\right)", arguments.join(", "))
                }
                _ => format!("\\mathrm{{{}}}\\left({}\\right)", escape(&name), arguments.join(", ")),
            }
        }
        Kind::If(c, a, b) => format!(
            "\\begin{{cases}}{} & \\text{{if }} {} \\\\ {} & \\text{{else}}\\end{{cases}}",
            formula(a),
            formula(c),
            formula(b)
        ),
        Kind::Rises(a, b) => format!("{} \\text{{ rises through }} {}", formula(a), formula(b)),
        Kind::Rust(tokens) => format!("\\texttt{{{}}}", escape(&tokens.to_string())),
    }
}

/// What is computed in a step, with all factors between units.
pub(crate) fn explain(plan: &Plan<'_>) -> String {
    let mut out = String::new();
    if plan.update.is_some() {
        let _ = writeln!(out, "{}: its own discrete step, in the order of its statements", plan.name);
        let fixed = fixed(plan);
        if !fixed.is_empty() {
            out.push_str("computed before, when parameters or the clock are set:\n");
        }
        fixed.iter().for_each(|id| value(plan, *id, &mut out));
        return out;
    }
    let admitted = methods::admitted(plan);
    let first = admitted.names.first().copied().unwrap_or("none");
    let _ = writeln!(out, "{}: {first} where no method is named, since {}", plan.name, admitted.why);
    let _ = writeln!(out, "admits {}", admitted.names.join(", "));
    out.push_str("right-hand sides per ms, in the units of the variables:\n");
    plan.lets.iter().for_each(|id| value(plan, *id, &mut out));
    for equation in &plan.equations {
        let entry = &plan.symbols[equation.state];
        let mut rate = node(plan, &equation.drift, 0);
        for (noise, factor) in plan.noises.iter().zip(&equation.diffusion) {
            if super::node::value(factor) != Some(0.0) {
                let _ = write!(rate, " + {} * {}", node(plan, factor, 2), plain(&plan.symbols[*noise].name));
            }
        }
        let _ = writeln!(out, "  d{}/dt = {rate}   [{}/ms]", plain(&entry.name), entry.quantity.text);
    }
    out.push_str("slopes of exponential_euler:\n");
    for equation in &plan.equations {
        let frozen = frozen_degree(plan, &equation.drift, equation.state) <= 1;
        let slope = slope(plan, &equation.drift, equation.state, frozen);
        let how = if frozen { "linear in its own variable" } else { "by the full derivative" };
        let name = plain(&plan.symbols[equation.state].name);
        let _ = writeln!(out, "  {name}: {}   ({how})", node(plan, &slope.value, 0));
        for (id, slope) in &slope.lets {
            let _ = writeln!(out, "    {}' = {}", plain(&plan.symbols[*id].name), node(plan, slope, 0));
        }
    }
    out
}

/// An intermediate value and its unit, on a line.
fn value(plan: &Plan<'_>, id: Id, out: &mut String) {
    let entry = &plan.symbols[id];
    if let Some(definition) = &entry.definition {
        let _ = writeln!(out, "  {} = {}   [{}]", plain(&entry.name), node(plan, definition, 0), entry.quantity.text);
    }
}

/// What a symbol is called in the language.
pub(crate) fn called(plan: &Plan<'_>, id: Id) -> String {
    if let Some(delayed) = plan.delayed.iter().find(|delayed| delayed.id == id) {
        return format!("{} delayed {}", called(plan, delayed.of), delayed.text);
    }
    let name = plain(&plan.symbols[id].name);
    match plan.reads.iter().find(|(read, _)| *read == id) {
        Some((_, side)) => name.replacen('_', ".", usize::from(name.starts_with(side.word()))),
        None => name,
    }
}

/// A checked expression as text.
pub(crate) fn node(plan: &Plan<'_>, n: &Shared, least: u8) -> String {
    let go = |n: &Shared, least: u8| node(plan, n, least);
    let list = |arguments: &[Shared]| arguments.iter().map(|a| go(a, 0)).collect::<Vec<_>>().join(", ");
    let (text, own) = match &**n {
        Node::Number(x) => (x.to_string(), if *x < 0.0 { 3 } else { 9 }),
        Node::Symbol(id) => (called(plan, *id), 9),
        Node::Minus(a) => (format!("-{}", go(a, 4)), 3),
        Node::Add(a, b) => (format!("{} + {}", go(a, 1), go(b, 2)), 1),
        Node::Sub(a, b) => (format!("{} - {}", go(a, 1), go(b, 2)), 1),
        Node::Mul(a, b) => (format!("{} * {}", go(a, 2), go(b, 3)), 2),
        Node::Div(a, b) => (format!("{} / {}", go(a, 2), go(b, 3)), 2),
        Node::Powi(a, n) => (format!("{}^{n}", go(a, 9)), 4),
        Node::Pow(a, b) => (format!("{}^{}", go(a, 9), go(b, 9)), 4),
        Node::Call(Function::ExprelSlope, arguments) => (format!("exprel'({})", list(arguments)), 9),
        Node::Call(Function::Ln, arguments) => (format!("log({})", list(arguments)), 9),
        Node::Call(function, arguments) => (format!("{}({})", function.method(), list(arguments)), 9),
        Node::User(path, arguments) => {
            (format!("{}({})", path.to_token_stream().to_string().replace(' ', ""), list(arguments)), 9)
        }
        Node::UserSlope(path, arguments, k) => {
            let path = path.to_token_stream().to_string().replace(' ', "");
            (
                format!(
                    "{path}'{}({})",
                    if arguments.len() > 1 { format!("[{k}]") } else { String::new() },
                    list(arguments)
                ),
                9,
            )
        }
        Node::LetSlope(id) => (format!("{}'", plain(&plan.symbols[*id].name)), 9),
        Node::Rust(tokens) => (format!("rust({tokens})"), 9),
        Node::Select(c, a, b) => (format!("if {} {{ {} }} else {{ {} }}", go(c, 0), go(a, 0), go(b, 0)), 0),
        Node::Compare(op, a, b) => (format!("{} {} {}", go(a, 1), op.text(), go(b, 1)), 0),
        Node::And(a, b) => (format!("{} && {}", go(a, 1), go(b, 1)), 0),
        Node::Or(a, b) => (format!("{} || {}", go(a, 1), go(b, 1)), 0),
        Node::Not(a) => (format!("!{}", go(a, 9)), 4),
    };
    if own < least { format!("({text})") } else { text }
}
