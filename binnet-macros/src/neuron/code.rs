//! From checked expressions to Rust: sums and products of the scalar, calls of its functions.

use std::collections::HashSet;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Ident, Path};

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
    /// Intermediate values that are there under their names.
    pub(crate) known: Vec<Id>,
    /// Inputs that are variables, in the order of the local `__inputs`; others are read from the fields.
    pub(crate) driven: Vec<Id>,
}

impl<'p, 'a> Place<'p, 'a> {
    /// In a right-hand side that is generic over the scalar.
    pub(crate) fn generic(plan: &'p Plan<'a>) -> Self {
        Self { plan, scalar: Ident::new("T", Span::call_site()), unpacked: true, known: Vec::new(), driven: Vec::new() }
    }

    /// In a method that reads and writes the fields.
    pub(crate) fn fields(plan: &'p Plan<'a>) -> Self {
        Self { plan, scalar: scalar(plan), unpacked: false, known: Vec::new(), driven: Vec::new() }
    }

    /// Statements that make all names available that the expressions use.
    pub(crate) fn preamble<'n>(&self, nodes: impl IntoIterator<Item = &'n Shared>) -> TokenStream {
        let mut used = HashSet::new();
        for node in nodes {
            node.symbols(&mut |id| _ = used.insert(id));
        }
        for id in self.plan.lets.iter().rev().filter(|id| !self.known.contains(id)) {
            if let Some(definition) = self.plan.symbols[*id].definition.as_ref().filter(|_| used.contains(id)) {
                definition.symbols(&mut |id| _ = used.insert(id));
            }
        }
        let scalar = &self.scalar;
        let mut statements = TokenStream::new();
        for (id, symbol) in self.plan.symbols.iter().enumerate().filter(|(id, _)| used.contains(id)) {
            let name = &symbol.name;
            let value = match symbol.role {
                Role::Input if self.driven.contains(&id) => {
                    let position = self.driven.iter().take_while(|other| **other != id).count();
                    let position = Literal::usize_unsuffixed(position);
                    quote!(__inputs[#position])
                }
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
        for &id in self.plan.lets.iter().filter(|id| used.contains(id) && !self.known.contains(id)) {
            let symbol = &self.plan.symbols[id];
            let (name, value) = (&symbol.name, symbol.definition.as_ref().map(|d| self.code(d)));
            statements.extend(quote!(let #name = #value;));
        }
        statements
    }

    /// The expression.
    pub(crate) fn code(&self, node: &Node) -> TokenStream {
        self.write(node, 0)
    }

    /// The expression, in brackets if its operator binds less tightly than `level`.
    fn write(&self, node: &Node, level: u8) -> TokenStream {
        // Small, since it recurses: all that needs room is in functions of its own.
        let (tokens, own) = match node {
            Node::Minus(a) => (prefix(quote!(-), self.write(a, 4)), 3),
            Node::Add(a, b) => (infix(self.write(a, 1), quote!(+), self.write(b, 2)), 1),
            Node::Sub(a, b) => (infix(self.write(a, 1), quote!(-), self.write(b, 2)), 1),
            Node::Mul(a, b) => (infix(self.write(a, 2), quote!(*), self.write(b, 3)), 2),
            // The reciprocal of what is the same for all neurons is computed once, not in the loop over them.
            Node::Div(a, b) if !self.is_shared(a) && self.is_shared(b) => {
                (infix(self.write(a, 2), quote!(*), self.reciprocal(b)), 2)
            }
            Node::Div(a, b) => (infix(self.write(a, 2), quote!(/), self.write(b, 3)), 2),
            // No short circuit: both sides are cheap, and a branch would break the vectors.
            Node::And(a, b) => (infix(self.write(a, 9), quote!(&), self.write(b, 9)), 0),
            Node::Or(a, b) => (infix(self.write(a, 9), quote!(|), self.write(b, 9)), 0),
            Node::Not(a) => (prefix(quote!(!), self.write(a, 9)), 0),
            Node::Compare(op, a, b) => (infix(self.write(a, 1), comparison(*op), self.write(b, 1)), 0),
            other => (self.closed(other), 9),
        };
        // Truth values are always bracketed: `a < b` might read as a generic argument.
        if own < level || own == 0 { bracketed(&tokens) } else { tokens }
    }

    fn reciprocal(&self, node: &Node) -> TokenStream {
        let scalar = &self.scalar;
        if let Some(x) = super::node::value(node) {
            let x = number(1.0 / x, Span::call_site());
            return quote!(#scalar::of(#x));
        }
        let node = self.write(node, 3);
        quote!((#scalar::of(1.0) / #node))
    }

    /// An expression that needs no brackets.
    fn closed(&self, node: &Node) -> TokenStream {
        let scalar = &self.scalar;
        let arguments = |arguments: &[Shared]| {
            let arguments = arguments.iter().map(|a| self.code(a));
            quote!(#(#arguments),*)
        };
        match node {
            Node::Number(x) => {
                let x = number(*x, Span::call_site());
                quote!(#scalar::of(#x))
            }
            Node::Symbol(id) => self.symbol(*id),
            Node::LetSlope(id) => self.let_slope(*id).into_token_stream(),
            Node::Powi(a, n) => {
                let a = self.code(a);
                quote!(#scalar::powi(#a, #n))
            }
            Node::Pow(a, b) => {
                let (a, b) = (self.code(a), self.code(b));
                quote!(#scalar::pow(#a, #b))
            }
            Node::Call(Function::ExprelSlope, x) => {
                let x = arguments(x);
                quote!(__private::slope(__private::Scalar::exprel, #x))
            }
            Node::Call(function, x) => {
                let (name, x) = (Ident::new(function.method(), Span::call_site()), arguments(x));
                quote!(#scalar::#name(#x))
            }
            Node::User(path, x) => {
                // What rustc says about it points to its name.
                let x = arguments(x);
                quote_spanned!(path.span()=> #path(#x))
            }
            Node::UserSlope(path, x, k) => self.user_slope(path, x, *k),
            Node::Rust(tokens) => {
                quote!(#scalar::of(::core::convert::Into::<::core::primitive::f64>::into(#tokens)))
            }
            Node::Select(c, a, b) => {
                let (c, a, b) = (self.code(c), self.code(a), self.code(b));
                quote!(#scalar::select(#c, #a, #b))
            }
            operator => self.write(operator, 9),
        }
    }

    fn user_slope(&self, path: &Path, arguments: &[Shared], k: usize) -> TokenStream {
        let x = self.code(&arguments[k]);
        let inner = arguments.iter().enumerate().map(|(i, a)| {
            if i == k {
                return quote_spanned!(path.span()=> __x);
            }
            let a = self.code(a);
            quote!(__private::Dual::constant(#a))
        });
        quote_spanned!(path.span()=> __private::slope(|__x| #path(#(#inner),*), #x))
    }

    /// Whether an expression is the same for all neurons of a population.
    fn is_shared(&self, node: &Node) -> bool {
        !node.mentions(&|id| !matches!(self.plan.symbols[id].role, Role::Param | Role::Step)) && !node.is_foreign()
    }

    /// What the derivative of an intermediate value is called.
    pub(crate) fn let_slope(&self, id: Id) -> Ident {
        format_ident!("__slope_{}", self.plan.symbols[id].name.unraw())
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

fn infix(a: TokenStream, operator: TokenStream, b: TokenStream) -> TokenStream {
    quote!(#a #operator #b)
}

fn prefix(operator: TokenStream, a: TokenStream) -> TokenStream {
    quote!(#operator #a)
}

fn bracketed(tokens: &TokenStream) -> TokenStream {
    quote!((#tokens))
}

fn comparison(op: Op) -> TokenStream {
    match op {
        Op::Less => quote!(<),
        Op::LessEqual => quote!(<=),
        Op::Greater => quote!(>),
        Op::GreaterEqual => quote!(>=),
        Op::Equal => quote!(==),
        _ => quote!(!=),
    }
}

/// The name of the scalar of the struct.
pub(crate) fn scalar(plan: &Plan<'_>) -> Ident {
    Ident::new(if plan.name == "S" { "Scalar" } else { "S" }, Span::call_site())
}
