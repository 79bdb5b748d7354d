//! The kind of every sub-expression, and its meaning as a number without units.

use std::rc::Rc;

use binnet_units::{Unit, is_unit};
use proc_macro2::Span;
use syn::Ident;

use super::super::expr::{Expr, Kind as Written, Op};
use super::super::kind::{Half, Kind, Quantity, clean};
use super::super::node::{self, FUNCTIONS, Node, Rule, Shared, number};
use super::{Checker, RESERVED, Role, Symbol};
use crate::diag::{did_you_mean, with_help};

/// A checked expression.
pub(crate) struct Typed {
    pub(crate) node: Shared,
    pub(crate) kind: Kind,
}

impl Typed {
    fn number(node: Shared, quantity: Quantity) -> Self {
        Self { node, kind: Kind::Number(quantity) }
    }
}

/// The node in another scale.
pub(crate) fn scaled(node: &Shared, from: f64, to: f64) -> Shared {
    if from == to { Rc::clone(node) } else { node::mul(&number(clean(from / to)), node) }
}

impl<'a> Checker<'a, '_> {
    /// The expression as a number in this unit; `what` names it in the error.
    pub(crate) fn in_unit(&mut self, expr: &Expr, unit: &Quantity, what: &str) -> Option<Shared> {
        let typed = self.expr(expr)?;
        match typed.kind {
            Kind::Any => Some(typed.node),
            Kind::Number(found) if found.dimension == unit.dimension => {
                Some(scaled(&typed.node, found.scale, unit.scale))
            }
            Kind::Number(found) => {
                let help = mend(expr, unit);
                let message = format!("{what} is {}, `{}` is {}", unit.describe(), text(expr), found.describe());
                self.sink.error(expr.span, with_help(message, help));
                None
            }
            Kind::Truth => {
                let message = format!("{what} is {}, not a condition", unit.describe());
                self.sink.error(expr.span, with_help(message, "choose a value: `if a > b { x } else { y }`"));
                None
            }
        }
    }

    /// The expression as a truth value.
    pub(crate) fn truth(&mut self, expr: &Expr) -> Option<Shared> {
        let typed = self.expr(expr)?;
        if let Kind::Number(quantity) = typed.kind {
            let message = format!("a condition stands here, `{}` is {}", text(expr), quantity.describe());
            self.sink.error(expr.span, with_help(message, "compare it: `v > v_th`"));
            return None;
        }
        Some(typed.node)
    }

    /// The kind and meaning of an expression; `None` where an error was reported.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Option<Typed> {
        match &expr.kind {
            Written::Quantity { value, unit, .. } => Some(Typed::number(number(*value), Quantity::unit(unit))),
            Written::Name(name) => self.name(name),
            Written::Minus(inner) => {
                let typed = self.expr(inner)?;
                if let Kind::Truth = typed.kind {
                    self.sink.error(expr.span, with_help("a condition has no sign", "write `!` for its opposite"));
                    return None;
                }
                Some(Typed { node: node::minus(&typed.node), kind: typed.kind })
            }
            Written::Not(inner) => {
                let inner = self.truth(inner)?;
                Some(Typed { node: Rc::new(Node::Not(inner)), kind: Kind::Truth })
            }
            Written::Binary(op, left, right) => self.binary(*op, left, right, expr.span),
            Written::Power(base, exponent) => self.power(base, exponent, expr.span),
            Written::Call(path, arguments) => match path.get_ident() {
                Some(name) if FUNCTIONS.iter().any(|f| name == f.0) || name == "pow" => {
                    self.call(name, arguments, expr.span)
                }
                _ => self.user(path, arguments),
            },
            Written::If(condition, yes, no) => {
                let condition = self.truth(condition);
                let (yes, no) = self.pair(yes, no, "the values after `if` and `else`")?;
                let kind = yes.kind.clone();
                Some(Typed { node: node::select(&condition?, &yes.node, &no.node), kind })
            }
            Written::Rises(..) => {
                let help = "write it alone: `spike when v rises through 0 mV { .. }`";
                self.sink.error(expr.span, with_help("`rises through` is a condition of `spike when` only", help));
                None
            }
            Written::Rust(tokens) => Some(Typed { node: Rc::new(Node::Rust(tokens.clone())), kind: Kind::Any }),
        }
    }

    /// Two values that must be of one kind; the second one in the scale of the first.
    fn pair(&mut self, left: &Expr, right: &Expr, what: &str) -> Option<(Typed, Typed)> {
        let (a, b) = (self.expr(left), self.expr(right));
        let (a, mut b) = (a?, b?);
        match (&a.kind, &b.kind) {
            (Kind::Number(x), Kind::Number(y)) if x.dimension == y.dimension => {
                b.node = scaled(&b.node, y.scale, x.scale);
                b.kind = a.kind.clone();
            }
            (Kind::Any, _) => return Some((Typed { node: a.node, kind: b.kind.clone() }, b)),
            (_, Kind::Any) => b.kind = a.kind.clone(),
            (Kind::Number(x), Kind::Number(y)) => {
                let message = format!(
                    "{what} must be of one kind: `{}` is {}, `{}` is {}",
                    text(left),
                    x.describe(),
                    text(right),
                    y.describe()
                );
                let help = mend(right, x);
                self.sink.error(right.span, with_help(message, help));
                return None;
            }
            _ => {
                let message = format!("{what} must be numbers, a condition is none");
                self.sink.error(right.span, with_help(message, "turn it into a number: `if a > b { 1 } else { 0 }`"));
                return None;
            }
        }
        Some((a, b))
    }

    fn binary(&mut self, op: Op, left: &Expr, right: &Expr, span: Span) -> Option<Typed> {
        match op {
            Op::Add | Op::Sub => {
                let (a, b) = self.pair(
                    left,
                    right,
                    if op == Op::Add { "the terms of a sum" } else { "the terms of a difference" },
                )?;
                let node = if op == Op::Add { node::add(&a.node, &b.node) } else { node::sub(&a.node, &b.node) };
                Some(Typed { node, kind: a.kind })
            }
            Op::Mul | Op::Div => {
                let (a, b) = (self.expr(left), self.expr(right));
                let (a, b) = (a?, b?);
                let (Some(x), Some(y)) = (self.factor(&a, left), self.factor(&b, right)) else { return None };
                let (node, quantity) = if op == Op::Mul {
                    (node::mul(&a.node, &b.node), x.times(&y))
                } else {
                    if node::value(&b.node) == Some(0.0) {
                        self.sink.error(span, with_help("this divides by 0", "give the number another value"));
                        return None;
                    }
                    (node::div(&a.node, &b.node), x.per(&y))
                };
                Some(Typed::number(node, quantity))
            }
            Op::And | Op::Or => {
                let (a, b) = (self.truth(left), self.truth(right));
                let node = if op == Op::And { Node::And(a?, b?) } else { Node::Or(a?, b?) };
                Some(Typed { node: Rc::new(node), kind: Kind::Truth })
            }
            _ => {
                let (a, b) = self.pair(left, right, "the sides of a comparison")?;
                Some(Typed { node: node::compare(op, &a.node, &b.node), kind: Kind::Truth })
            }
        }
    }

    /// The unit of a factor of a product.
    fn factor(&mut self, typed: &Typed, expr: &Expr) -> Option<Quantity> {
        match &typed.kind {
            Kind::Number(quantity) => Some(quantity.clone()),
            Kind::Any => Some(Quantity::number()),
            Kind::Truth => {
                let help = "turn it into a number: `if a > b { 1 } else { 0 }`";
                self.sink.error(expr.span, with_help("a condition is no factor", help));
                None
            }
        }
    }

    fn power(&mut self, base: &Expr, exponent: &Expr, span: Span) -> Option<Typed> {
        let (a, b) = (self.expr(base), self.in_unit(exponent, &Quantity::number(), "an exponent"));
        let (a, b) = (a?, b?);
        let quantity = self.factor(&a, base)?;
        if quantity.is_number() {
            let base = scaled(&a.node, quantity.scale, 1.0);
            return Some(Typed::number(node::pow(&base, &b), Quantity::number()));
        }
        let halves = node::value(&b).map(|x| 2.0 * x).filter(|x| x.fract() == 0.0 && x.abs() <= 16.0);
        let dimension = halves.and_then(|h| quantity.dimension.power(h as i32));
        let (Some(halves), Some(dimension)) = (halves, dimension) else {
            let message =
                format!("`{}` is {}: its power must be a fixed whole number", text(base), quantity.describe());
            self.sink
                .error(span, with_help(message, "divide it by a quantity of its kind first, as in `(v / 1 mV)^p`"));
            return None;
        };
        let text = if halves == 2.0 { quantity.text.clone() } else { format!("{}^{}", quantity.text, halves / 2.0) };
        let scale = clean(quantity.scale.powf(halves / 2.0));
        Some(Typed::number(node::pow(&a.node, &b), Quantity { dimension, scale, text }))
    }

    fn call(&mut self, name: &Ident, arguments: &[Expr], span: Span) -> Option<Typed> {
        let entry = FUNCTIONS.iter().find(|f| name == f.0);
        let wanted = entry.map_or(2, |f| f.2);
        if arguments.len() != wanted {
            let message = format!(
                "`{name}` takes {wanted} argument{}, not {}",
                if wanted == 1 { "" } else { "s" },
                arguments.len()
            );
            let example = ["x", "low, high"].get(wanted.saturating_sub(2)).unwrap_or(&"x");
            let help = if wanted == 1 { format!("write `{name}(x)`") } else { format!("write `{name}(x, {example})`") };
            self.sink.error(span, with_help(message, help));
            return None;
        }
        let Some((_, function, _, rule)) = entry else { return self.power(&arguments[0], &arguments[1], span) };
        match rule {
            Rule::Number => {
                let what = format!("the argument of `{name}`");
                let x = self.in_unit(&arguments[0], &Quantity::number(), &what)?;
                Some(Typed::number(node::call(*function, vec![x]), Quantity::number()))
            }
            Rule::Any => {
                let x = self.expr(&arguments[0])?;
                self.factor(&x, &arguments[0])?;
                Some(Typed::number(node::call(*function, vec![x.node]), Quantity::number()))
            }
            Rule::Root => {
                let x = self.expr(&arguments[0])?;
                let quantity = self.factor(&x, &arguments[0])?;
                let Some(dimension) = quantity.dimension.power(1) else {
                    let message = format!("the root of {} is no quantity", quantity.describe());
                    self.sink.error(span, with_help(message, "take the root of a ratio"));
                    return None;
                };
                let scale = clean(quantity.scale.sqrt());
                let text = if dimension == Half::ONE { "1".to_owned() } else { format!("sqrt({})", quantity.text) };
                if quantity.is_number() {
                    let x = scaled(&x.node, quantity.scale, 1.0);
                    return Some(Typed::number(node::call(*function, vec![x]), Quantity::number()));
                }
                Some(Typed::number(node::call(*function, vec![x.node]), Quantity { dimension, scale, text }))
            }
            Rule::Same => {
                let what = format!("the arguments of `{name}`");
                let mut nodes = Vec::new();
                let mut kind = None;
                for argument in arguments {
                    if let Some(first) = arguments.first().filter(|_| !nodes.is_empty()) {
                        nodes.push(self.pair(first, argument, &what)?.1.node);
                    } else {
                        let typed = self.expr(argument)?;
                        self.factor(&typed, argument)?;
                        kind = Some(typed.kind);
                        nodes.push(typed.node);
                    }
                }
                Some(Typed { node: node::call(*function, nodes), kind: kind? })
            }
        }
    }

    /// A function of the user's: pure numbers in, a pure number out.
    fn user(&mut self, path: &syn::Path, arguments: &[Expr]) -> Option<Typed> {
        if let Some(name) = path.get_ident() {
            let text = name.to_string();
            let known: Vec<_> = FUNCTIONS.iter().map(|f| f.0).collect();
            let alias = [("ln", "log"), ("power", "pow"), ("fabs", "abs"), ("exponential", "exp"), ("int", "floor")];
            let near = alias.iter().find(|(word, _)| *word == text).map(|(_, word)| *word);
            if let Some(near) = near.or_else(|| binnet_units::nearest(&text, known.iter().copied())) {
                let message = format!("no function `{name}` in equations");
                self.sink.error(name.span(), with_help(message, format!("did you mean `{near}`?")));
                return None;
            }
        }
        let mut nodes = Vec::new();
        for argument in arguments {
            nodes.push(self.in_unit(argument, &Quantity::number(), "the argument of a function of your own"));
        }
        let nodes = nodes.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Typed::number(Rc::new(Node::User(path.clone(), nodes)), Quantity::number()))
    }

    fn name(&mut self, name: &Ident) -> Option<Typed> {
        let text = name.to_string();
        if self.waiting.contains_key(&text) || self.visiting.contains(&text) {
            self.binding(name)?;
        }
        if let Some(&id) = self.names.get(&text) {
            self.read.insert(id);
            let symbol = &self.symbols[id];
            let node = match (symbol.role, &symbol.definition) {
                (Role::Const, Some(definition)) => Rc::clone(definition),
                _ => node::symbol(id),
            };
            return Some(Typed::number(node, symbol.quantity.clone()));
        }
        if self.failed.contains(&text) {
            return None;
        }
        let reserved = match text.as_str() {
            "t" => Some((Role::Time, Quantity::ms())),
            "dt" => Some((Role::Step, Quantity::ms())),
            "index" => Some((Role::Index, Quantity::number())),
            "spikes" => Some((Role::Spikes, Quantity::number())),
            _ if text == "xi" || text.starts_with("xi_") => {
                let text = "1/sqrt(ms)".to_owned();
                Some((Role::Noise, Quantity { dimension: Half::noise(), scale: clean(1e-3_f64.powf(-0.5)), text }))
            }
            _ => None,
        };
        if let Some((role, quantity)) = reserved {
            if role == Role::Noise && !self.noisy {
                let help = "add it to a rate of change: `dv/dt = .. + sigma * xi`";
                self.sink
                    .error(name.span(), with_help(format!("`{name}` is noise, and stands in equations only"), help));
                return None;
            }
            let id = self.symbols.len();
            if role == Role::Noise {
                self.noises.push(id);
            }
            let symbol = Symbol {
                name: name.clone(),
                docs: Vec::new(),
                role,
                quantity: quantity.clone(),
                default: f64::NAN,
                definition: None,
            };
            self.symbols.push(symbol);
            self.names.insert(text, id);
            return Some(Typed::number(node::symbol(id), quantity));
        }
        if is_unit(&text)
            && let Ok(unit) = Unit::word(&text)
        {
            let quantity = Quantity { dimension: Half::of(unit.dimension), scale: unit.scale, text };
            return Some(Typed::number(number(1.0), quantity));
        }
        let known: Vec<_> = self.names.keys().chain(self.waiting.keys()).map(String::as_str).chain(RESERVED).collect();
        let mut known = known;
        known.sort_unstable();
        let help = did_you_mean(&text, known, "declare it with `param`, `local`, `state`, `input` or `let`; there is");
        self.sink.error(name.span(), with_help(format!("nothing is named `{name}` here"), help));
        None
    }

    /// Looks at a `let` when it is first used.
    pub(crate) fn binding(&mut self, name: &Ident) -> Option<()> {
        let text = name.to_string();
        if self.visiting.contains(&text) {
            let chain = self.visiting.join("` -> `");
            let message = format!("`{name}` is defined by itself: `{chain}` -> `{name}`");
            self.sink
                .error(name.span(), with_help(message, "an intermediate value follows from states and parameters"));
            return None;
        }
        let binding = self.waiting.remove(&text)?;
        self.visiting.push(text.clone());
        let noisy = core::mem::replace(&mut self.noisy, false);
        let typed = self.expr(&binding.value);
        self.noisy = noisy;
        self.visiting.pop();
        let quantity = match typed.as_ref().map(|t| &t.kind) {
            Some(Kind::Number(quantity)) => quantity.clone(),
            Some(Kind::Any) => Quantity::number(),
            Some(Kind::Truth) => {
                let message = format!("`{}` is a condition, an intermediate value is a number", binding.name);
                self.sink.error(binding.value.span, with_help(message, "write `if a > b { 1 } else { 0 }`"));
                self.failed.insert(text);
                return None;
            }
            None => {
                self.failed.insert(text);
                return None;
            }
        };
        let id = self.symbols.len();
        self.symbols.push(Symbol {
            name: binding.name.clone(),
            docs: binding.docs.clone(),
            role: Role::Let,
            quantity,
            default: f64::NAN,
            definition: typed.map(|t| t.node),
        });
        self.names.insert(text, id);
        self.lets.push(id);
        Some(())
    }

    /// A use of a name that is assigned to.
    pub(crate) fn target(&mut self, name: &Ident) -> Option<super::Id> {
        let text = name.to_string();
        match self.names.get(&text).map(|&id| (id, self.symbols[id].role)) {
            Some((id, Role::State)) => Some(id),
            Some((_, role)) => {
                let what = match role {
                    Role::Const | Role::Param | Role::Local => "does not change by itself",
                    Role::Input => "is an input: only projections and stimuli write it",
                    _ => "cannot be assigned to",
                };
                self.sink.error(
                    name.span(),
                    with_help(format!("`{name}` {what}"), format!("declare it as `state {name} = ..`")),
                );
                None
            }
            None => {
                let states: Vec<_> =
                    self.symbols.iter().filter(|s| s.role == Role::State).map(|s| s.name.to_string()).collect();
                let help = did_you_mean(&text, states.iter().map(String::as_str), "states are");
                self.sink.error(name.span(), with_help(format!("no state `{name}`"), help));
                None
            }
        }
    }
}

/// An expression in short, for messages.
pub(crate) fn text(expr: &Expr) -> String {
    fn write(expr: &Expr, out: &mut String) {
        match &expr.kind {
            Written::Quantity { text, .. } => out.push_str(text),
            Written::Name(name) => out.push_str(&name.to_string()),
            Written::Minus(inner) => {
                out.push('-');
                write(inner, out);
            }
            Written::Not(inner) => {
                out.push('!');
                write(inner, out);
            }
            Written::Binary(op, a, b) => {
                let wrap = |e: &Expr| {
                    matches!((&e.kind, op), (Written::Binary(Op::Add | Op::Sub, ..), Op::Mul | Op::Div | Op::Sub))
                };
                for (i, e) in [a, b].into_iter().enumerate() {
                    if i == 1 {
                        out.push_str(&format!(" {} ", op.text()));
                    }
                    if wrap(e) && !(i == 0 && matches!(op, Op::Sub)) {
                        out.push('(');
                        write(e, out);
                        out.push(')');
                    } else {
                        write(e, out);
                    }
                }
            }
            Written::Power(a, b) => {
                let plain = matches!(a.kind, Written::Name(_) | Written::Call(..));
                if !plain {
                    out.push('(');
                }
                write(a, out);
                if !plain {
                    out.push(')');
                }
                out.push('^');
                write(b, out);
            }
            Written::Call(path, arguments) => {
                let name = path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
                out.push_str(&name);
                out.push('(');
                for (i, argument) in arguments.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    write(argument, out);
                }
                out.push(')');
            }
            Written::If(..) => out.push_str("if .."),
            Written::Rises(a, _) => {
                write(a, out);
                out.push_str(" rises ..");
            }
            Written::Rust(_) => out.push_str("rust(..)"),
        }
    }
    let mut out = String::new();
    write(expr, &mut out);
    if out.chars().count() > 48 {
        out = out.chars().take(44).collect::<String>() + " ...";
    }
    out
}

/// How to turn an expression into one of this kind.
fn mend(expr: &Expr, wanted: &Quantity) -> String {
    if let Written::Quantity { text, unit, .. } = &expr.kind {
        let swapped = match unit.text.as_str() {
            "ms" => Some("mS"),
            "mS" => Some("ms"),
            "s" => Some("S"),
            "S" => Some("s"),
            _ => None,
        };
        if let Some(other) = swapped
            && Unit::word(other).is_ok_and(|unit| Half::of(unit.dimension) == wanted.dimension)
        {
            return format!("`ms` are milliseconds, `mS` millisiemens: write `{}`", text.replace(&unit.text, other));
        }
        if unit.is_none() {
            return format!("write it with its unit, as in `{text} {}`", wanted.text);
        }
        if wanted.is_number() {
            return "write a number without a unit".to_owned();
        }
        return format!("write it in {}", wanted.text);
    }
    if wanted.is_number() {
        return format!("divide it by a quantity of its kind, as in `{} / ..`", text(expr));
    }
    "check the factors: one is missing, or is of another kind than was meant".to_owned()
}
