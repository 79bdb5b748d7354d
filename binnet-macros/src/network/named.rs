//! Units through names: a `param` or `const` that stands as a value is judged and converted like a
//! literal of its unit.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Ident, Pat, UnOp};

use super::clocked::Course;
use super::model::{Binding, Item, Network};
use super::projections::is_numbered;
use super::scalar::DISTRIBUTIONS;
use super::value::{Call, Value};
use crate::diag::{Place, Sink, with_help};
use crate::quantity::{Quantity, WrittenUnit, number};

/// A name with a unit, alone where a value stands.
pub(crate) struct Named {
    pub(crate) name: Ident,
    /// Whether a minus stands in front.
    negative: bool,
    kind: Kind,
}

/// What a `param` or `const` is.
#[derive(Clone)]
struct Kind {
    unit: WrittenUnit,
    shape: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number,
    List,
    Matrix,
}

/// Something that has a unit: written out, or under a name.
#[derive(Clone, Copy)]
pub(crate) enum Amount<'a> {
    Literal(&'a Quantity),
    Named(&'a Named),
}

impl Amount<'_> {
    pub(crate) fn unit(&self) -> &WrittenUnit {
        match self {
            Self::Literal(quantity) => &quantity.unit,
            Self::Named(named) => &named.kind.unit,
        }
    }

    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Literal(quantity) => quantity.place,
            Self::Named(named) => named.name.span().into(),
        }
    }

    /// As written.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Literal(quantity) => quantity.text.clone(),
            Self::Named(named) => named.name.to_string(),
        }
    }

    /// The unit, if it cannot be seen where the value stands.
    pub(crate) fn unseen_unit(&self) -> &str {
        match self {
            Self::Named(named) if !named.kind.unit.is_none() => &named.kind.unit.text,
            _ => "",
        }
    }

    /// "`5 mV` is a voltage", "`v` is a voltage (mV)".
    pub(crate) fn describe(&self) -> String {
        let (text, kind) = (self.text(), self.unit().dimension().describe());
        match self.unseen_unit() {
            "" => format!("`{text}` is {kind}"),
            unit => format!("`{text}` is {kind} ({unit})"),
        }
    }

    /// Code for the value, in its own unit.
    pub(crate) fn code(&self) -> TokenStream {
        match self {
            Self::Literal(quantity) => number(quantity.value, quantity.span),
            Self::Named(named) => {
                let (name, minus) = (&named.name, named.minus());
                quote!(#minus #name)
            }
        }
    }

    /// Code for the value times a factor.
    pub(crate) fn times(&self, factor: &TokenStream) -> TokenStream {
        match self {
            Self::Named(named) if named.kind.shape == Shape::List => {
                let (name, minus) = (&named.name, named.minus());
                quote_spanned!(Span::mixed_site()=> #name.map(|value| #minus value * #factor))
            }
            Self::Named(named) if named.kind.shape == Shape::Matrix => {
                let (name, minus) = (&named.name, named.minus());
                quote_spanned!(Span::mixed_site()=> #name.map(|row| row.map(|value| #minus value * #factor)))
            }
            _ => {
                let code = self.code();
                quote!(#code * #factor)
            }
        }
    }
}

impl Named {
    fn minus(&self) -> Option<TokenStream> {
        self.negative.then(|| quote!(-))
    }

    pub(crate) fn is_matrix(&self) -> bool {
        self.kind.shape == Shape::Matrix
    }

    /// Whether it has one value for each of several neurons.
    pub(crate) fn is_list(&self) -> bool {
        self.kind.shape != Shape::Number
    }
}

/// Finds the names of `param`s and `const`s that stand as values, and refuses arithmetic with units.
pub(crate) fn resolve(network: &mut Network, sink: &mut Sink) {
    let mut names = Names(HashMap::new());
    for item in &network.items {
        if let Item::Const(binding) | Item::Param(binding) = item
            && !binding.broken
        {
            names.0.entry(binding.name.to_string()).or_insert_with(|| kind(binding));
        }
    }
    for item in &mut network.items {
        match item {
            Item::Source(binding) => {
                if let Value::Call(call) = &mut binding.value
                    && call.name != "of_time"
                {
                    names.arguments(call, sink);
                }
            }
            Item::Channels(source) => source.keys.iter_mut().for_each(|key| names.value(&mut key.value, sink)),
            Item::Population(population) => {
                population.keys.iter_mut().for_each(|key| names.value(&mut key.value, sink))
            }
            Item::Projection(projection) => {
                for key in &mut projection.keys {
                    match &mut key.value {
                        Value::Call(call) if key.name == "connect" => {
                            if is_numbered(&call.name.to_string()) {
                                names.arguments(call, sink);
                            }
                        }
                        // Names of fields.
                        _ if key.name == "connect" || key.name == "target" => {}
                        value => names.value(value, sink),
                    }
                }
                let args = projection.receptors.iter_mut().flat_map(|receptor| &mut receptor.args);
                // `potential` is the name of a field.
                let args = args.filter(|arg| arg.name.as_ref().is_none_or(|name| name != "potential"));
                args.for_each(|arg| names.value(&mut arg.value, sink));
                for key in projection.synapses.iter_mut().flat_map(|synapse| &mut synapse.keys) {
                    names.value(&mut key.value, sink);
                }
            }
            Item::Stimulus(stimulus) => match &mut stimulus.course {
                Course::Steps(steps) => steps.iter_mut().for_each(|(value, duration)| {
                    names.value(value, sink);
                    names.value(duration, sink);
                }),
                // The argument of a course is a value like others.
                Course::Value(Value::Call(call)) => names.arguments(call, sink),
                Course::Value(value) => names.value(value, sink),
            },
            Item::Stop(stop) => stop.test.each_limit(&mut |limit| names.value(limit, sink)),
            Item::Asynchronous(_)
            | Item::Clock(_)
            | Item::Precision(_)
            | Item::Schedule(_)
            | Item::Measure(_)
            | Item::Const(_)
            | Item::Param(_)
            | Item::Let(_)
            | Item::Size(_)
            | Item::Given(_)
            | Item::Record(_) => {}
        }
    }
}

fn kind(binding: &Binding) -> Kind {
    let mut unit = None;
    binding.value.each_quantity(&mut |quantity| {
        unit.get_or_insert_with(|| quantity.unit.clone());
    });
    let shape = match &binding.value {
        Value::Array(rows, _) if rows.iter().any(|row| matches!(row, Value::Array(..))) => Shape::Matrix,
        Value::Array(..) => Shape::List,
        _ => Shape::Number,
    };
    Kind { unit: unit.unwrap_or_else(|| WrittenUnit::none(binding.name.span())), shape }
}

struct Names(HashMap<String, Kind>);

impl Names {
    fn value(&self, value: &mut Value, sink: &mut Sink) {
        match value {
            Value::Array(elements, _) => elements.iter_mut().for_each(|element| self.value(element, sink)),
            Value::Call(call) => {
                if DISTRIBUTIONS.iter().any(|word| call.name == word) {
                    self.arguments(call, sink);
                }
            }
            Value::Closure(closure) => {
                let inputs = closure.inputs.iter();
                let shadowed: Vec<String> = inputs
                    .filter_map(|input| if let Pat::Ident(name) = input { Some(name.ident.to_string()) } else { None })
                    .collect();
                self.refuse_units(&closure.body, &shadowed, sink);
            }
            Value::Rust(expr) => match self.alone(expr) {
                Some(named) => *value = Value::Named(Box::new(named)),
                None => self.refuse_units(expr, &[], sink),
            },
            Value::Named(_) | Value::Quantity(_) | Value::Explicit(_) => {}
        }
    }

    fn arguments(&self, call: &mut Call, sink: &mut Sink) {
        call.args.iter_mut().for_each(|arg| self.value(&mut arg.value, sink));
    }

    /// `name` or `-name`
    fn alone(&self, expr: &Expr) -> Option<Named> {
        match expr {
            Expr::Path(path) => {
                let name = path.path.get_ident()?;
                let kind = self.0.get(&name.to_string())?.clone();
                Some(Named { name: name.clone(), negative: false, kind })
            }
            Expr::Paren(inner) => self.alone(&inner.expr),
            Expr::Group(inner) => self.alone(&inner.expr),
            Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
                let named = self.alone(&unary.expr)?;
                Some(Named { negative: !named.negative, ..named })
            }
            _ => None,
        }
    }

    /// Arithmetic drops units, so a name with a unit does not occur in it.
    fn refuse_units(&self, expr: &Expr, shadowed: &[String], sink: &mut Sink) {
        operands(expr, &mut |name| {
            let text = name.to_string();
            let Some(kind) = self.0.get(&text).filter(|kind| !kind.unit.is_none()) else { return };
            if shadowed.contains(&text) {
                return;
            }
            let (dimension, unit) = (kind.unit.dimension().describe(), &kind.unit.text);
            let message = format!("`{name}` is {dimension} ({unit}), but Rust expressions have no units");
            let help = "compute it in a `let`, or write `rust(..)`: both give a number in the unit of this place";
            sink.error(name.span(), with_help(message, help));
        });
    }
}

/// Names whose value becomes part of the result. Arguments of functions and macros, and fields of structs are
/// a matter of those.
fn operands(expr: &Expr, f: &mut impl FnMut(&Ident)) {
    match expr {
        Expr::Path(path) => path.path.get_ident().into_iter().for_each(f),
        Expr::Array(array) => array.elems.iter().for_each(|element| operands(element, f)),
        Expr::Binary(binary) => {
            operands(&binary.left, f);
            operands(&binary.right, f);
        }
        Expr::Block(block) => block_operands(&block.block, f),
        Expr::Cast(cast) => operands(&cast.expr, f),
        Expr::Field(field) => operands(&field.base, f),
        Expr::Group(inner) => operands(&inner.expr, f),
        Expr::If(branches) => {
            block_operands(&branches.then_branch, f);
            if let Some((_, otherwise)) = &branches.else_branch {
                operands(otherwise, f);
            }
        }
        Expr::Index(index) => operands(&index.expr, f),
        Expr::Match(cases) => cases.arms.iter().for_each(|arm| operands(&arm.body, f)),
        Expr::MethodCall(call) => operands(&call.receiver, f),
        Expr::Paren(inner) => operands(&inner.expr, f),
        Expr::Reference(inner) => operands(&inner.expr, f),
        Expr::Repeat(repeat) => operands(&repeat.expr, f),
        Expr::Tuple(tuple) => tuple.elems.iter().for_each(|element| operands(element, f)),
        Expr::Unary(unary) => operands(&unary.expr, f),
        _ => {}
    }
}

/// The value of a block; its statements are plain Rust.
fn block_operands(block: &syn::Block, f: &mut impl FnMut(&Ident)) {
    if let [syn::Stmt::Expr(value, None)] = block.stmts.as_slice() {
        operands(value, f);
    }
}
