//! What helps where an expression is of the wrong kind.

use binnet_units::{Dimension, Unit};
use syn::Ident;

use super::super::expr::{Expr, Kind as Written, Op};
use super::super::kind::{Half, Quantity};
use super::super::model::Class;
use super::super::show;
use super::Checker;
use crate::diag::{list, with_help};
use crate::quantity::WrittenUnit;

/// The kind that a place asks for.
pub(crate) struct Wanted<'w> {
    pub(crate) quantity: Quantity,
    /// The variable whose rate of change stands here.
    pub(crate) rate_of: Option<&'w Ident>,
}

impl Checker<'_, '_> {
    /// A name that divides a rate and would have to be a time: the mistake is in its declaration. Whether that was
    /// reported.
    pub(crate) fn culprit(&mut self, expr: &Expr, found: &Quantity, wanted: &Wanted<'_>) -> bool {
        let Some(state) = wanted.rate_of else { return false };
        let Written::Binary(Op::Div, _, divisor) = &unsigned(expr).1.kind else { return false };
        let Written::Name(name) = &divisor.kind else { return false };
        let word = name.to_string();
        let Some(&id) = self.names.get(&word) else { return false };
        let declared = &self.symbols[id].quantity;
        let time = Half::of(Dimension::TIME);
        if let Some(binding) = self.bindings.get(&word).copied() {
            let meant = word.starts_with("tau") || declared.is_number();
            if !meant || found.dimension.times(declared.dimension).per(time) != wanted.quantity.dimension {
                return false;
            }
            let kind = declared.describe();
            let message = format!("`{name}` divides a rate of change of `{state}`: it must be a time, it is {kind}");
            let help = self
                .unitless(&binding.value, declared.dimension.per(time))
                .or_else(|| self.unitless(expr, found.dimension.per(wanted.quantity.dimension)))
                .unwrap_or_else(|| format!("see `let {name}`: there a factor is missing, or has another unit"));
            self.sink.error(divisor.place, with_help(message, help));
            return true;
        }
        let Some(value) = self.values.get(&word).copied() else { return false };
        let swapped = matches!(&value.value.kind, Written::Quantity { unit, .. } if swap(&unit.text).is_some());
        let meant = word.starts_with("tau") || word.starts_with("t_") || declared.is_number() || swapped;
        if !meant || found.dimension.times(declared.dimension).per(time) != wanted.quantity.dimension {
            return false;
        }
        if self.blamed.insert(word) {
            let (written, kind) = (text(&value.value), declared.describe());
            let message =
                format!("`{name}` divides a rate of change of `{state}`: it must be a time, `{written}` is {kind}");
            let help = match &value.value.kind {
                Written::Quantity { text, unit, .. } => literal("", text, unit, &Quantity::ms()),
                _ => "write it in ms".to_owned(),
            };
            self.sink.error(value.value.place, with_help(message, help));
        }
        true
    }

    /// How to turn an expression into one of the wanted kind. `physics` says that it may lack a factor.
    pub(crate) fn mend(&self, expr: &Expr, found: &Quantity, wanted: &Wanted<'_>, physics: bool) -> String {
        let target = &wanted.quantity;
        let (sign, plain) = unsigned(expr);
        if let Written::Quantity { text, unit, .. } = &plain.kind {
            return literal(sign, text, unit, target);
        }
        if let Some(help) = self.declaration(plain, target) {
            return help;
        }
        let ratio = found.per(target);
        if let Written::Binary(Op::Div, _, divisor) = &plain.kind
            && let Written::Quantity { text, unit, .. } = &divisor.kind
            && unit.is_none()
        {
            let unit = ratio.dimension.usual_unit().unwrap_or(&ratio.text);
            return format!("`{text}` lacks its unit: write `{text} {unit}`");
        }
        if let Some(help) = self.unbracketed(plain, found, target) {
            return help;
        }
        if let Some(help) = self.shifted(plain, found, target) {
            return help;
        }
        if physics {
            return self.missing(expr, found, wanted, &ratio);
        }
        if target.is_number() {
            let brackets = matches!(&expr.kind, Written::Binary(Op::Add | Op::Sub, ..));
            let dividend = if brackets { format!("({})", text(expr)) } else { text(expr) };
            let unit = found.dimension.usual_unit().unwrap_or(&found.text);
            return format!("divide it by a quantity of its kind, as in `{dividend} / 5 {unit}`");
        }
        self.of_kind(target)
    }

    /// The declaration of a name, if the unit there is what is wrong.
    fn declaration(&self, expr: &Expr, target: &Quantity) -> Option<String> {
        let Written::Name(name) = &expr.kind else { return None };
        let value = self.values.get(&name.to_string())?;
        let (sign, declared) = unsigned(&value.value);
        let Written::Quantity { text, unit, .. } = &declared.kind else { return None };
        let class = value.class.word();
        if unit.is_none() && !target.is_number() {
            let unit = target.dimension.usual_unit().unwrap_or(&target.text);
            return Some(format!("declare it with its unit: `{class} {name} = {sign}{text} {unit}`"));
        }
        let other = swap(&unit.text).filter(|other| fits(other, target))?;
        let number = text.strip_suffix(unit.text.as_str()).unwrap_or(text).trim_end();
        Some(format!("`ms` are milliseconds, `mS` millisiemens: declare `{class} {name} = {sign}{number} {other}`"))
    }

    /// A divisor of two units, `x / 1 uF/cm2`, that lacks its brackets: the second one divides `x`, too.
    fn unbracketed(&self, expr: &Expr, found: &Quantity, target: &Quantity) -> Option<String> {
        let here = || {
            let Written::Binary(Op::Div, left, last) = &expr.kind else { return None };
            let (Written::Binary(Op::Div, _, divisor), Written::Name(name)) = (&left.kind, &last.kind) else {
                return None;
            };
            let Written::Quantity { text, unit, .. } = &divisor.kind else { return None };
            let word = name.to_string();
            if unit.is_none() || self.names.contains_key(&word) {
                return None;
            }
            let second = Half::of(Unit::word(&word).ok()?.dimension);
            let meant = found.dimension.times(second).times(second) == target.dimension;
            meant.then(|| format!("`{word}` divides all that stands before it: write `({text} / {word})` in brackets"))
        };
        here().or_else(|| match &expr.kind {
            Written::Binary(Op::Mul | Op::Div | Op::Add | Op::Sub, a, b) => {
                self.unbracketed(a, found, target).or_else(|| self.unbracketed(b, found, target))
            }
            Written::Minus(inner) => self.unbracketed(inner, found, target),
            _ => None,
        })
    }

    /// A factor whose unit is another one than was meant by the shift key: `g = 10 ms`.
    fn shifted(&self, expr: &Expr, found: &Quantity, target: &Quantity) -> Option<String> {
        let mut names = Vec::new();
        expr.names(&mut |name| names.push(name.to_string()));
        names.into_iter().find_map(|name| {
            let declared = &self.values.get(&name)?.value;
            let Written::Quantity { text: first, unit, .. } = &leading(declared).kind else { return None };
            let other = swap(&unit.text)?;
            let (own, meant) = (Half::of(unit.dimension()), Half::of(Unit::word(other).ok()?.dimension));
            let change = meant.per(own);
            let mends =
                found.dimension.times(change) == target.dimension || found.dimension.per(change) == target.dimension;
            let number = first.strip_suffix(unit.text.as_str()).unwrap_or(first).trim_end();
            let written = text(declared);
            let mended = written.replacen(first.as_str(), &format!("{number} {other}"), 1);
            mends.then(|| format!("`{name}` is declared as `{written}`: did you mean `{mended}`?"))
        })
    }

    /// A factor that may be missing.
    fn missing(&self, expr: &Expr, found: &Quantity, wanted: &Wanted<'_>, ratio: &Quantity) -> String {
        let time = Half::of(Dimension::TIME);
        let target = wanted.quantity.dimension;
        let mut noisy = false;
        expr.names(&mut |name| noisy |= name == "xi" || name.to_string().starts_with("xi_"));
        if noisy && let Some(state) = wanted.rate_of {
            let unit = wanted.quantity.times(&Quantity::ms());
            let unit = if unit.is_number() { "no unit".to_owned() } else { unit.text };
            return format!(
                "`xi` is in 1/sqrt(ms): write `sigma * sqrt(2 / tau) * xi` for a `sigma` in {unit}, like `{state}`"
            );
        }
        if wanted.rate_of.is_some() && found.dimension == target.per(time) {
            return "it is divided by a time twice".to_owned();
        }
        if let Some(name) = self.only(ratio.dimension) {
            return format!("divide it by `{name}`?");
        }
        if let Some(help) = self.unitless(expr, ratio.dimension) {
            return help;
        }
        if ratio.dimension == time {
            return "divide by a time constant?".to_owned();
        }
        let inverse = Half::ONE.per(ratio.dimension);
        if let Some(name) = self.only(inverse) {
            return format!("multiply it by `{name}`?");
        }
        let words = |dimension: Half| dimension.words().filter(|words| !words.ends_with("per time"));
        match (words(ratio.dimension), words(inverse)) {
            (Some(divisor), Some(factor)) => format!("divide it by {divisor}, or multiply it by {factor}?"),
            (Some(divisor), None) => format!("divide it by {divisor}?"),
            (None, Some(factor)) => format!("multiply it by {factor}?"),
            (None, None) => self.of_kind(&wanted.quantity),
        }
    }

    /// The only factor of an expression that is declared as a bare number, if a unit there would mend that the
    /// expression is too large by a dimension.
    fn unitless(&self, expr: &Expr, excess: Half) -> Option<String> {
        let mut factors = Vec::new();
        self.factors(expr, false, 0, &mut factors);
        let bare = |(name, below): (String, bool)| {
            let value = self.values.get(&name).filter(|value| value.class != Class::State)?;
            let (sign, plain) = unsigned(&value.value);
            let Written::Quantity { text, unit, .. } = &plain.kind else { return None };
            unit.is_none().then(|| (value.class.word(), format!("{name} = {sign}{text}"), below))
        };
        let mut bare = factors.into_iter().filter_map(bare);
        let (class, declared, below) = bare.next().filter(|_| bare.next().is_none())?;
        let lacking = if below { excess } else { Half::ONE.per(excess) };
        let unit = match lacking.whole()? {
            Dimension::FREQUENCY => "/ ms",
            _ => lacking.usual_unit()?,
        };
        let name = declared.split(' ').next().unwrap_or_default();
        Some(format!("`{name}` is declared without a unit: did you mean `{class} {declared} {unit}`?"))
    }

    /// The names that an expression is a product of, through `let`s, and whether they divide.
    fn factors(&self, expr: &Expr, below: bool, depth: usize, out: &mut Vec<(String, bool)>) {
        // `let`s in a circle were reported.
        if depth > 32 {
            return;
        }
        match &expr.kind {
            Written::Binary(op @ (Op::Mul | Op::Div), a, b) => {
                self.factors(a, below, depth + 1, out);
                self.factors(b, below != (*op == Op::Div), depth + 1, out);
            }
            Written::Minus(inner) => self.factors(inner, below, depth + 1, out),
            Written::Name(name) => match self.bindings.get(&name.to_string()) {
                Some(binding) => self.factors(&binding.value, below, depth + 1, out),
                None => out.push((name.to_string(), below)),
            },
            _ => {}
        }
    }

    /// The only fixed value of a dimension.
    fn only(&self, dimension: Half) -> Option<String> {
        let mut names = self.known(dimension).into_iter();
        // A voltage or a current is rarely a factor by itself.
        let none = [Dimension::ONE, Dimension::VOLTAGE, Dimension::CURRENT].map(Half::of).contains(&dimension);
        names.next().filter(|_| !none && names.next().is_none())
    }

    /// The fixed values of a dimension.
    fn known(&self, dimension: Half) -> Vec<String> {
        let fits =
            |name: &&String| self.names.get(*name).is_some_and(|&id| self.symbols[id].quantity.dimension == dimension);
        let fixed = self.values.iter().filter(|(_, value)| value.class != Class::State).map(|(name, _)| name);
        let mut names: Vec<_> = fixed.filter(fits).cloned().collect();
        names.sort_unstable();
        names
    }

    /// What would be of the right kind.
    fn of_kind(&self, target: &Quantity) -> String {
        let words = target.dimension.words().unwrap_or("a quantity of this unit");
        let known = self.known(target.dimension);
        if (1..=5).contains(&known.len()) {
            let verb = if known.len() == 1 { "is" } else { "are" };
            return format!("write {words}, as {} {verb}", list(known.iter().map(String::as_str), "and"));
        }
        format!("write {words}, as in `5 {}`", target.text)
    }
}

/// An expression in short, for messages.
pub(crate) fn text(expr: &Expr) -> String {
    let text = show::text(expr);
    if text.chars().count() > 48 { text.chars().take(44).collect::<String>() + " ..." } else { text }
}

/// An expression without its sign.
pub(crate) fn unsigned(expr: &Expr) -> (&'static str, &Expr) {
    if let Written::Minus(inner) = &expr.kind { ("-", inner) } else { ("", expr) }
}

/// What differs from a unit by the shift key.
fn swap(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "ms" => "mS",
        "mS" => "ms",
        "s" => "S",
        "S" => "s",
        _ => return None,
    })
}

fn fits(unit: &str, wanted: &Quantity) -> bool {
    Unit::word(unit).is_ok_and(|unit| Half::of(unit.dimension) == wanted.dimension)
}

/// The number that a product begins with: `8 mS` of `8 mS / cm2`.
fn leading(expr: &Expr) -> &Expr {
    match &expr.kind {
        Written::Binary(Op::Mul | Op::Div, first, _) => leading(first),
        Written::Minus(inner) => leading(inner),
        _ => expr,
    }
}

/// How to write a number of the wanted kind.
fn literal(sign: &str, text: &str, unit: &WrittenUnit, wanted: &Quantity) -> String {
    let number = text.strip_suffix(unit.text.as_str()).filter(|_| !unit.is_none()).unwrap_or(text).trim_end();
    if let Some(other) = swap(&unit.text).filter(|other| fits(other, wanted)) {
        return format!("`ms` are milliseconds, `mS` millisiemens: write `{sign}{number} {other}`");
    }
    if wanted.is_number() {
        return format!("write it without a unit: `{sign}{number}`");
    }
    let usual = wanted.dimension.usual_unit().unwrap_or(&wanted.text);
    let words = wanted.dimension.words().unwrap_or("a quantity of this unit");
    if unit.is_none() {
        format!("write its unit too: `{sign}{number} {usual}`")
    } else {
        format!("write {words}: `{sign}{number} {}`", usual)
    }
}
