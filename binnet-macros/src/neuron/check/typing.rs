//! The kind of every sub-expression, and its meaning as a number without units.

use std::rc::Rc;

use binnet_units::{Unit, is_unit};
use syn::Ident;

use super::super::expr::{Expr, Kind as Written, Op};
use super::super::kind::{Half, Kind, Quantity, clean};
use super::super::model::Dialect;
use super::super::node::{self, FUNCTIONS, Node, Rule, Shared, number};
use super::mend::{Wanted, text, unsigned};
use super::{Checker, Id, RESERVED, Role, Symbol};
use crate::diag::{some, with_help};

/// How many sub-expressions may be looked at, one within the other: long circles of `let`s would go deeper.
const DEPTH: usize = 200;

/// Functions with names near to those of the language.
const OTHERS: [&str; 11] = ["sinh", "cosh", "asin", "acos", "atan", "atan2", "exp2", "log2", "asinh", "acosh", "atanh"];

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

fn is_noise(name: &str) -> bool {
    name == "xi" || name.starts_with("xi_")
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
            Written::Side(side, name) => self.side(*side, name),
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
                Some(name) if FUNCTIONS.iter().any(|f| name == f.0) || name == "pow" => {
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
        let count = entry.map_or(2, |f| f.2);
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
        let Some((_, function, _, rule)) = entry else { return self.power(&arguments[0], &arguments[1]) };
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
            let known = FUNCTIONS.iter().map(|f| f.0).chain(["pow"]);
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

    fn name(&mut self, name: &Ident) -> Option<Typed> {
        let text = name.to_string();
        if self.below.contains(&text) && !self.names.contains_key(&text) {
            let message = format!("`{name}` is declared further down");
            self.sink.error(name.span(), with_help(message, format!("declare `{name}` above")));
            return None;
        }
        if self.waiting.contains_key(&text) || self.visiting.contains(&text) {
            self.binding(name)?;
        }
        if let Some(&id) = self.names.get(&text) {
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
        if self.is_word(&text) {
            let help = "say what is read, as in `pre.v`, declared by `pre v: mV;`";
            self.sink.error(name.span(), with_help(format!("`{name}` alone has no value"), help));
            return None;
        }
        if self.dialect == Dialect::Synapse && (is_noise(&text) || text == "index" || text == "spikes") {
            let help = match text.as_str() {
                "index" => "give each synapse a value of its own: `local x = ..;`",
                "spikes" => "say what each spike does: `on pre { .. }` and `on post { .. }`",
                _ => "put the noise into a neuron, and read it as `pre.x`",
            };
            self.sink.error(name.span(), with_help(format!("there is no `{name}` in a synapse"), help));
            return None;
        }
        let reserved = match text.as_str() {
            "t" => Some((Role::Time, Quantity::ms())),
            "dt" => Some((Role::Step, Quantity::ms())),
            "index" => Some((Role::Index, Quantity::number())),
            "spikes" => Some((Role::Spikes, Quantity::number())),
            _ if is_noise(&text) => {
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
        let declared = self.names.keys().chain(self.waiting.keys()).chain(&self.failed).map(String::as_str);
        let mut known: Vec<_> = declared.clone().chain(RESERVED).collect();
        known.sort_unstable();
        let help = match binnet_units::nearest(&text, known) {
            Some(near) => {
                self.meant.insert(near.to_owned());
                format!("did you mean `{near}`?")
            }
            None => {
                let mut names: Vec<_> = declared.filter(|name| !RESERVED.contains(name)).collect();
                names.sort_unstable();
                let there = if names.is_empty() { String::new() } else { format!("; there is {}", some(&text, names)) };
                let input = if self.dialect == Dialect::Neuron { "`input` " } else { "" };
                format!("declare it by `param`, `local`, `state`, {input}or `let`{there}")
            }
        };
        self.sink.error(name.span(), with_help(format!("nothing is named `{name}` here"), help));
        None
    }

    /// What an expression is while all that it follows from has its first value.
    pub(crate) fn first_value(&self, node: &Node) -> Option<f64> {
        let known = |id: Id| self.symbols.get(id).map(|symbol| symbol.default).filter(|x| x.is_finite());
        node::eval(node, &known).filter(|x| x.is_finite())
    }

    /// Looks at a `let` when it is first used.
    pub(crate) fn binding(&mut self, name: &Ident) -> Option<()> {
        let text = name.to_string();
        if self.visiting.contains(&text) {
            let start = self.visiting.iter().position(|other| *other == text).unwrap_or(0);
            let chain = self.visiting[start..].join("` -> `");
            let message = format!("`{name}` is defined by itself: `{chain}` -> `{name}`");
            self.sink.error(name.span(), with_help(message, "make one of them a `state` with an equation"));
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
                self.sink.error(binding.value.place, with_help(message, "write `if a > b { 1 } else { 0 }`"));
                self.failed.insert(text);
                return None;
            }
            None => {
                self.failed.insert(text);
                return None;
            }
        };
        let id = self.symbols.len();
        let default = typed.as_ref().and_then(|typed| self.first_value(&typed.node)).unwrap_or(f64::NAN);
        self.symbols.push(Symbol {
            name: binding.name.clone(),
            docs: binding.docs.clone(),
            role: Role::Let,
            quantity,
            default,
            definition: typed.map(|t| t.node),
        });
        self.names.insert(text, id);
        self.lets.push(id);
        Some(())
    }

    /// A use of a name that is assigned to.
    pub(crate) fn target(&mut self, name: &Ident) -> Option<Id> {
        let text = name.to_string();
        if self.failed.contains(&text) {
            return None;
        }
        let (message, help) = match self.names.get(&text).map(|&id| (id, self.symbols[id].role)) {
            Some((id, Role::State)) => return Some(id),
            Some((_, Role::Const | Role::Param | Role::Local)) => {
                let class = self.values.get(&text).map_or("param", |value| value.class.word());
                let help = format!("declare it as `state {name} = ..`");
                (format!("`{name}` is a `{class}`: it does not change in time"), help)
            }
            Some((_, Role::Input)) => {
                let help = "use a state of its own, and add the input to it";
                (format!("`{name}` is an input: only projections and stimuli set it"), help.to_owned())
            }
            Some((_, Role::Let | Role::Temporary)) => {
                let help = format!("give the new value another name, or declare `state {name} = ..`");
                (format!("`{name}` is a `let`: it is not set again"), help)
            }
            Some(_) => (format!("`{name}` cannot be set"), "states can".to_owned()),
            None => {
                let states: Vec<_> =
                    self.symbols.iter().filter(|s| s.role == Role::State).map(|s| s.name.to_string()).collect();
                let help = match binnet_units::nearest(&text, states.iter().map(String::as_str)) {
                    Some(near) => {
                        self.meant.insert(near.to_owned());
                        format!("did you mean `{near}`?")
                    }
                    None => {
                        let known = some(&text, states.iter().map(String::as_str));
                        format!("states are {known}; a value in between is `let {name} = ..`")
                    }
                };
                (format!("no state `{name}`"), help)
            }
        };
        self.sink.error(name.span(), with_help(message, help));
        None
    }
}
