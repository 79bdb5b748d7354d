//! The kind of every sub-expression, and its meaning as a number without units.

use std::rc::Rc;

use syn::Ident;

use super::super::expr::{Expr, Kind as Written, Op};
use super::super::kind::{Half, Kind, Quantity, clean};
use super::super::node::{self, COMPOSED, FUNCTIONS, Node, Rule, Shared, number};
use super::Checker;
use super::mend::{Wanted, text, unsigned};
use crate::diag::with_help;

/// How many sub-expressions may be looked at, one within the other: long circles of `let`s would go deeper.
const DEPTH: usize = 200;

/// Functions with names near to those of the language.
const OTHERS: [&str; 9] = ["asin", "acos", "atan", "atan2", "exp2", "log2", "asinh", "acosh", "atanh"];

/// A checked expression.
pub(crate) struct Typed {
    pub(crate) node: Shared,
    pub(crate) kind: Kind,
}

impl Typed {
    pub(super) fn number(node: Shared, quantity: Quantity) -> Self {
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
        let wanted = Wanted { quantity: unit.clone(), rate_of: None };
        let typed = self.typed(expr, Some(&wanted))?;
        match typed.kind {
            Kind::Any => Some(typed.node),
            Kind::Number(found) if found.dimension == unit.dimension => {
                Some(scaled(&typed.node, found.scale, unit.scale))
            }
            Kind::Number(found) => {
                let help = self.mend(expr, &found, &wanted, false);
                let message = format!("{what} is {}, `{}` is {}", unit.describe(), text(expr), found.describe());
                self.sink.error(expr.place, with_help(message, help));
                None
            }
            Kind::Truth => {
                let message = format!("{what} is {}, not a condition", unit.describe());
                self.sink.error(expr.place, with_help(message, "choose a value: `if a > b { x } else { y }`"));
                None
            }
        }
    }

    /// The expression as a truth value.
    pub(crate) fn truth(&mut self, expr: &Expr) -> Option<Shared> {
        let typed = self.expr(expr)?;
        if let Kind::Number(quantity) = typed.kind {
            let message = format!("a condition stands here, `{}` is {}", text(expr), quantity.describe());
            self.sink.error(expr.place, with_help(message, "compare it, as in `v > v_th`"));
            return None;
        }
        Some(typed.node)
    }

    /// Notes a division by 0.
    pub(crate) fn by_zero(&mut self, divisor: &Expr) {
        let message = format!("this divides by `{}`", text(divisor));
        self.sink.error(divisor.place, with_help(message, "divide by another number than 0"));
    }

    /// The kind and meaning of an expression; `None` where an error was reported.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Option<Typed> {
        self.typed(expr, None)
    }

    /// The same, where a certain kind is wanted: that decides which of two terms is the wrong one.
    pub(crate) fn typed(&mut self, expr: &Expr, wanted: Option<&Wanted<'_>>) -> Option<Typed> {
        if self.depth > DEPTH {
            let help = "make one of them a `state` with an equation";
            self.sink.error(expr.place, with_help("these intermediate values are defined by each other", help));
            return None;
        }
        self.depth += 1;
        let typed = self.by_form(expr, wanted);
        self.depth -= 1;
        let typed = typed?;
        let infinite = match &*typed.node {
            Node::Number(x) => !x.is_finite(),
            // It would have been computed.
            Node::Call(_, arguments) => arguments.iter().all(|a| node::value(a).is_some()),
            _ => false,
        };
        if infinite {
            let message = format!("`{}` is no finite number", text(expr));
            self.sink.error(expr.place, with_help(message, "change the numbers that it is computed from"));
            return None;
        }
        Some(typed)
    }

    fn by_form(&mut self, expr: &Expr, wanted: Option<&Wanted<'_>>) -> Option<Typed> {
        match &expr.kind {
            Written::Quantity { value, unit, .. } => Some(Typed::number(number(*value), Quantity::unit(unit))),
            Written::Name(name) => self.name(name),
            Written::Side(side, name, delay) => self.side(*side, name, delay.as_deref()),
            Written::Minus(inner) => {
                let typed = self.typed(inner, wanted)?;
                if let Kind::Truth = typed.kind {
                    self.sink.error(inner.place, with_help("a condition has no sign", "write `!` for its opposite"));
                    return None;
                }
                Some(Typed { node: node::minus(&typed.node), kind: typed.kind })
            }
            Written::Not(inner) => {
                let inner = self.truth(inner)?;
                Some(Typed { node: Rc::new(Node::Not(inner)), kind: Kind::Truth })
            }
            Written::Binary(op, left, right) => self.binary(*op, left, right, wanted),
            Written::Power(base, exponent) => self.power(base, exponent),
            Written::Call(path, arguments) => match path.get_ident() {
                Some(name) if FUNCTIONS.iter().any(|f| name == f.0) || COMPOSED.iter().any(|f| name == f.0) => {
                    self.call(name, arguments, wanted)
                }
                _ => self.user(path, arguments),
            },
            Written::If(condition, yes, no) => {
                let condition = self.truth(condition);
                let (yes, no) = self.pair(yes, no, "the values after `if` and `else`", wanted)?;
                let kind = yes.kind.clone();
                Some(Typed { node: node::select(&condition?, &yes.node, &no.node), kind })
            }
            Written::Rises(..) => {
                let help = "write it alone: `spike when v rises through 0 mV { .. }`";
                self.sink.error(expr.place, with_help("`rises through` is a condition of `spike when` only", help));
                None
            }
            Written::Rust(tokens) => Some(Typed { node: Rc::new(Node::Rust(tokens.clone())), kind: Kind::Any }),
        }
    }

    /// Two values that must be of one kind; the second one in the scale of the first.
    fn pair(&mut self, left: &Expr, right: &Expr, what: &str, wanted: Option<&Wanted<'_>>) -> Option<(Typed, Typed)> {
        let (a, b) = (self.typed(left, wanted), self.typed(right, wanted));
        let (a, mut b) = (a?, b?);
        if self.is_bare_unit(left) || self.is_bare_unit(right) {
            return None;
        }
        match (&a.kind, &b.kind) {
            (Kind::Number(x), Kind::Number(y)) if x.dimension == y.dimension => {
                b.node = scaled(&b.node, y.scale, x.scale);
                b.kind = a.kind.clone();
            }
            (Kind::Any, Kind::Number(_)) => return Some((Typed { node: a.node, kind: b.kind.clone() }, b)),
            (Kind::Number(_) | Kind::Any, Kind::Any) => b.kind = a.kind.clone(),
            (Kind::Number(x), Kind::Number(y)) => {
                self.unlike((left, x), (right, y), what, wanted);
                return None;
            }
            (first, _) => {
                let condition = if matches!(first, Kind::Truth) { left } else { right };
                let message = format!("{what} must be numbers, `{}` is a condition", text(condition));
                let help = "turn it into a number: `if a > b { 1 } else { 0 }`";
                self.sink.error(condition.place, with_help(message, help));
                return None;
            }
        }
        Some((a, b))
    }

    /// Whether an expression is a unit alone: as a term, that is a misspelt name.
    fn is_bare_unit(&mut self, expr: &Expr) -> bool {
        let Written::Name(name) = &unsigned(expr).1.kind else { return false };
        let word = name.to_string();
        if self.names.contains_key(&word) {
            return false;
        }
        let help = match binnet_units::nearest(&word, self.names.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? The quantity is `1 {word}`"),
            None => format!("write a quantity, as in `1 {word}`"),
        };
        self.sink.error(name.span(), with_help(format!("`{word}` is a unit, not a value"), help));
        true
    }

    /// Says that two values are of different kinds, at the one that is wrong.
    fn unlike(&mut self, left: (&Expr, &Quantity), right: (&Expr, &Quantity), what: &str, wanted: Option<&Wanted<'_>>) {
        let literal = |expr| matches!(unsigned(expr).1.kind, Written::Quantity { .. });
        let suits = |found: &Quantity| wanted.is_some_and(|w| w.quantity.dimension == found.dimension);
        let left_is_wrong =
            if suits(left.1) || suits(right.1) { suits(right.1) } else { literal(left.0) && !literal(right.0) };
        let (wrong, other) = if left_is_wrong { (left, right) } else { (right, left) };
        let rate_of = wanted.filter(|_| suits(other.1)).and_then(|w| w.rate_of);
        let target = Wanted { quantity: other.1.clone(), rate_of };
        if self.culprit(wrong.0, wrong.1, &target) {
            return;
        }
        let help = self.mend(wrong.0, wrong.1, &target, what.ends_with("sum") || what.ends_with("difference"));
        let [x, y] = [left, right].map(|(expr, found)| format!("`{}` is {}", text(expr), found.describe()));
        self.sink.error(wrong.0.place, with_help(format!("{what} must be of one kind: {x}, {y}"), help));
    }

    fn binary(&mut self, op: Op, left: &Expr, right: &Expr, wanted: Option<&Wanted<'_>>) -> Option<Typed> {
        match op {
            Op::Add | Op::Sub => {
                let what = if op == Op::Add { "the terms of a sum" } else { "the terms of a difference" };
                let (a, b) = self.pair(left, right, what, wanted)?;
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
                        self.by_zero(right);
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
                let (a, b) = self.pair(left, right, "the sides of a comparison", None)?;
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
                self.sink.error(expr.place, with_help("a condition is no number", help));
                None
            }
        }
    }

    fn power(&mut self, base: &Expr, exponent: &Expr) -> Option<Typed> {
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
            let (base, kind) = (text(base), quantity.describe());
            let message = format!("`{base}` is {kind}: its power must be a fixed whole or half number up to 8");
            let unit = quantity.dimension.usual_unit().unwrap_or(&quantity.text);
            let help = format!("take the power of a pure number, as in `({base} / 1 {unit})^p`");
            self.sink.error(exponent.place, with_help(message, help));
            return None;
        };
        let text = if halves == 2.0 { quantity.text.clone() } else { format!("{}^{}", quantity.text, halves / 2.0) };
        let scale = clean(quantity.scale.powf(halves / 2.0));
        Some(Typed::number(node::pow(&a.node, &b), Quantity { dimension, scale, text }))
    }

    fn call(&mut self, name: &Ident, arguments: &[Expr], wanted: Option<&Wanted<'_>>) -> Option<Typed> {
        let entry = FUNCTIONS.iter().find(|f| name == f.0);
        let composed = COMPOSED.iter().find(|f| name == f.0).map_or(0, |f| f.1);
        let count = entry.map_or(composed, |f| f.2);
        if arguments.len() != count {
            let plural = if count == 1 { "" } else { "s" };
            let message = format!("`{name}` takes {count} argument{plural}, not {}", arguments.len());
            let example = match (name.to_string().as_str(), count) {
                ("pow", _) => "x, p",
                (_, 1) => "x",
                (_, 2) => "a, b",
                _ => "x, low, high",
            };
            self.sink.error(name.span(), with_help(message, format!("write `{name}({example})`")));
            return None;
        }
        let what = format!("the argument of `{name}`");
        let Some((_, function, _, rule)) = entry else {
            if name == "pow" {
                return self.power(&arguments[0], &arguments[1]);
            }
            let x = self.in_unit(&arguments[0], &Quantity::number(), &what)?;
            let node = if name == "sinh" { node::sinh(&x) } else { node::cosh(&x) };
            return Some(Typed::number(node, Quantity::number()));
        };
        match rule {
            Rule::Number => {
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
                    self.sink.error(arguments[0].place, with_help(message, "take the root of a ratio"));
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
                        nodes.push(self.pair(first, argument, &what, wanted)?.1.node);
                    } else {
                        let typed = self.typed(argument, wanted)?;
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
            let word = name.to_string();
            if self.names.contains_key(&word) || self.waiting.contains_key(&word) || self.failed.contains(&word) {
                let message = format!("`{name}` is no function");
                self.sink.error(name.span(), with_help(message, format!("write a product as `{name} * (..)`")));
                return None;
            }
            let known = FUNCTIONS.iter().map(|f| f.0).chain(COMPOSED.iter().map(|f| f.0));
            let alias = [("ln", "log"), ("power", "pow"), ("fabs", "abs"), ("exponential", "exp"), ("int", "floor")];
            let near = alias.iter().find(|(other, _)| *other == word).map(|(_, own)| *own);
            // A function of the user's may have any other name, and those of functions that the language lacks.
            let slip = if word.len() < 4 { 1 } else { 2 };
            let slip = |near: &&str| binnet_units::distance(&word, near) <= slip && !OTHERS.contains(&word.as_str());
            if let Some(near) = near.or_else(|| binnet_units::nearest(&word, known).filter(slip)) {
                let message = format!("no function `{name}` in equations");
                let help =
                    format!("did you mean `{near}`? A function of your own is called by its path: `self::{name}`");
                self.sink.error(name.span(), with_help(message, help));
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
}
