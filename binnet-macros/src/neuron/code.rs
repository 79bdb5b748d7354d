//! From checked expressions to Rust: sums and products of the scalar, calls of its functions.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use super::check::{Plan, Role};
use super::expr::Op;
use super::node::{Function, Id, Node, Shared};
use crate::quantity::number;

/// Where an expression stands: what its names are called, and its type.
pub(crate) struct Place<'p, 'a> {
    pub(crate) plan: &'p Plan<'a>,
    /// The scalar: `T` or `S`.
    pub(crate) scalar: Ident,
    /// Whether the variables of equations were unpacked into names of their own.
    pub(crate) unpacked: bool,
}

impl<'p, 'a> Place<'p, 'a> {
    /// In a right-hand side that is generic over the scalar.
    pub(crate) fn generic(plan: &'p Plan<'a>) -> Self {
        Self { plan, scalar: Ident::new("T", Span::call_site()), unpacked: true }
    }

    /// In a method that reads and writes the fields.
    pub(crate) fn fields(plan: &'p Plan<'a>) -> Self {
        Self { plan, scalar: scalar(plan), unpacked: false }
    }

    /// Statements that make all names available that the expressions use.
    pub(crate) fn preamble<'n>(&self, nodes: impl IntoIterator<Item = &'n Shared>) -> TokenStream {
        let mut used = HashSet::new();
        for node in nodes {
            self.collect(node, &mut used);
        }
        let scalar = &self.scalar;
        let mut statements = TokenStream::new();
        for (id, symbol) in self.plan.symbols.iter().enumerate().filter(|(id, _)| used.contains(id)) {
            let name = &symbol.name;
            let value = match symbol.role {
                Role::Param | Role::Local | Role::Input | Role::State if self.unpacked => {
                    if self.plan.equations.iter().any(|e| e.state == id) {
                        continue;
                    }
                    quote!(#scalar::of(__private::Scalar::to_f64(self.#name)))
                }
                Role::Time => quote!(#scalar::of(__t)),
                Role::Step => quote!(#scalar::of(__cx.dt)),
                Role::Index => quote!(#scalar::of(__cx.index as ::core::primitive::f64)),
                Role::Spikes => quote!(#scalar::of(::core::primitive::f64::from(__cx.spikes))),
                _ => continue,
            };
            statements.extend(quote!(let #name = #value;));
        }
        for &id in self.plan.lets.iter().filter(|id| used.contains(id)) {
            let symbol = &self.plan.symbols[id];
            let (name, value) = (&symbol.name, symbol.definition.as_ref().map(|d| self.code(d)));
            statements.extend(quote!(let #name = #value;));
        }
        statements
    }

    fn collect(&self, node: &Node, used: &mut HashSet<Id>) {
        node.symbols(&mut |id| {
            if used.insert(id)
                && self.plan.symbols[id].role == Role::Let
                && let Some(definition) = &self.plan.symbols[id].definition
            {
                self.collect(definition, used);
            }
        });
    }

    /// The expression.
    pub(crate) fn code(&self, node: &Node) -> TokenStream {
        self.write(node, 0)
    }

    /// The expression, in brackets if its operator binds less tightly than `level`.
    fn write(&self, node: &Node, level: u8) -> TokenStream {
        let scalar = &self.scalar;
        let (tokens, own) = match node {
            Node::Number(x) => {
                let x = number(*x, Span::call_site());
                (quote!(#scalar::of(#x)), 9)
            }
            Node::Symbol(id) => (self.symbol(*id), 9),
            Node::Minus(a) => {
                let a = self.write(a, 4);
                (quote!(-#a), 3)
            }
            Node::Add(a, b) => {
                let (a, b) = (self.write(a, 1), self.write(b, 2));
                (quote!(#a + #b), 1)
            }
            Node::Sub(a, b) => {
                let (a, b) = (self.write(a, 1), self.write(b, 2));
                (quote!(#a - #b), 1)
            }
            Node::Mul(a, b) => {
                let (a, b) = (self.write(a, 2), self.write(b, 3));
                (quote!(#a * #b), 2)
            }
            // The reciprocal of what is the same for all neurons is computed once, not in the loop over them.
            Node::Div(a, b) if !self.is_shared(a) && self.is_shared(b) => {
                let a = self.write(a, 2);
                let reciprocal = match super::node::value(b) {
                    Some(x) => {
                        let x = number(1.0 / x, Span::call_site());
                        quote!(#scalar::of(#x))
                    }
                    None => {
                        let b = self.write(b, 3);
                        quote!((#scalar::of(1.0) / #b))
                    }
                };
                (quote!(#a * #reciprocal), 2)
            }
            Node::Div(a, b) => {
                let (a, b) = (self.write(a, 2), self.write(b, 3));
                (quote!(#a / #b), 2)
            }
            Node::Powi(a, n) => {
                let a = self.code(a);
                (quote!(#scalar::powi(#a, #n)), 9)
            }
            Node::Pow(a, b) => {
                let (a, b) = (self.code(a), self.code(b));
                (quote!(#scalar::pow(#a, #b)), 9)
            }
            Node::Call(Function::ExprelSlope, arguments) => {
                let x = arguments.iter().map(|a| self.code(a));
                (quote!(__private::slope(__private::Scalar::exprel, #(#x),*)), 9)
            }
            Node::Call(function, arguments) => {
                let name = Ident::new(function.method(), Span::call_site());
                let x = arguments.iter().map(|a| self.code(a));
                (quote!(#scalar::#name(#(#x),*)), 9)
            }
            Node::User(path, arguments) => {
                let x = arguments.iter().map(|a| self.code(a));
                (quote!(#path(#(#x),*)), 9)
            }
            Node::UserSlope(path, arguments, k) => {
                let x = self.code(&arguments[*k]);
                let inner = arguments.iter().enumerate().map(|(i, a)| {
                    if i == *k {
                        return quote!(__x);
                    }
                    let a = self.code(a);
                    quote!(__private::Dual::constant(#a))
                });
                (quote!(__private::slope(|__x| #path(#(#inner),*), #x)), 9)
            }
            Node::Rust(tokens) => {
                (quote!(#scalar::of(::core::convert::Into::<::core::primitive::f64>::into(#tokens))), 9)
            }
            Node::Select(c, a, b) => {
                let (c, a, b) = (self.code(c), self.code(a), self.code(b));
                (quote!(#scalar::select(#c, #a, #b)), 9)
            }
            Node::Compare(op, a, b) => {
                let (a, b) = (self.write(a, 1), self.write(b, 1));
                let tokens = match op {
                    Op::Less => quote!(#a < #b),
                    Op::LessEqual => quote!(#a <= #b),
                    Op::Greater => quote!(#a > #b),
                    Op::GreaterEqual => quote!(#a >= #b),
                    Op::Equal => quote!(#a == #b),
                    _ => quote!(#a != #b),
                };
                // Brackets: `a < b` might read as a generic argument.
                (quote!((#tokens)), 9)
            }
            // No short circuit: both sides are cheap, and a branch would break the vectors.
            Node::And(a, b) => {
                let (a, b) = (self.write(a, 9), self.write(b, 9));
                (quote!((#a & #b)), 9)
            }
            Node::Or(a, b) => {
                let (a, b) = (self.write(a, 9), self.write(b, 9));
                (quote!((#a | #b)), 9)
            }
            Node::Not(a) => {
                let a = self.write(a, 9);
                (quote!((!#a)), 9)
            }
        };
        if own < level { quote!((#tokens)) } else { tokens }
    }

    /// Whether an expression is the same for all neurons of a population.
    fn is_shared(&self, node: &Node) -> bool {
        !node.mentions(&|id| !matches!(self.plan.symbols[id].role, Role::Param | Role::Step)) && !node.is_foreign()
    }

    fn symbol(&self, id: Id) -> TokenStream {
        let symbol = &self.plan.symbols[id];
        let name = &symbol.name;
        match symbol.role {
            Role::Param | Role::Local | Role::Input | Role::State if !self.unpacked => quote!(self.#name),
            _ => quote!(#name),
        }
    }
}

/// The name of the scalar of the struct.
pub(crate) fn scalar(plan: &Plan<'_>) -> Ident {
    Ident::new(if plan.name == "S" { "Scalar" } else { "S" }, Span::call_site())
}
