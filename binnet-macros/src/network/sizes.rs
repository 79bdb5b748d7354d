//! Sizes: literals are computed here, constants and parameters by the compiler.

use std::collections::HashMap;

use binnet_units::{Text, sizes};
use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::{BinOp, Expr, Ident, Lit};

use super::model::ConstParam;
use crate::diag::{Sink, with_help};

const SIZES: &str = "a size is a whole number, a constant, or a const parameter";

/// A size as far as it is known.
#[derive(Clone)]
pub(crate) enum Size {
    Known(u64),
    /// A const parameter of the network.
    Param(Ident),
    /// A constant expression that only the compiler can evaluate.
    Path(TokenStream),
    /// An expression that has a value when the network is built.
    RunTime(TokenStream),
    /// What follows from others, with the const parameters in it: checks can use it, types cannot.
    Derived(TokenStream, Vec<Ident>),
}

impl Size {
    /// As a constant argument or an expression.
    pub(crate) fn tokens(&self) -> TokenStream {
        match self {
            Self::Known(n) => Literal::u64_unsuffixed(*n).into_token_stream(),
            Self::Param(name) => quote!(#name),
            Self::Path(expr) | Self::Derived(expr, _) => quote!({ #expr }),
            Self::RunTime(expr) => quote!((#expr)),
        }
    }

    /// As a constant argument: sizes that are known at run time have one in common.
    pub(crate) fn constant(&self, private: &TokenStream) -> TokenStream {
        if self.is_run_time() { quote!({ #private::RUN_TIME }) } else { self.tokens() }
    }

    /// Whether it is known when the network is built only.
    pub(crate) fn is_run_time(&self) -> bool {
        matches!(self, Self::RunTime(_))
    }

    /// The size plus one.
    pub(crate) fn next(&self) -> Self {
        match self {
            Self::Known(n) => Self::Known(n.saturating_add(1)),
            Self::RunTime(n) => Self::RunTime(quote!(::core::primitive::usize::saturating_add(#n, 1))),
            other => {
                let n = other.tokens();
                // A block in front of an operator would be a statement.
                Self::Derived(quote!(1 + #n), other.params())
            }
        }
    }

    /// The numbers from `start` up to this; 0 if it is the smaller one, which another check reports.
    pub(crate) fn from(&self, start: &Self) -> Self {
        match (start, self) {
            (Self::Known(start), Self::Known(end)) => Self::Known(end.saturating_sub(*start)),
            (Self::Known(0), end) => end.clone(),
            (start, end) if start.is_run_time() || end.is_run_time() => {
                let (start, end) = (start.tokens(), end.tokens());
                Self::RunTime(quote!(::core::primitive::usize::saturating_sub(#end, #start)))
            }
            (start, end) => {
                let params = [start.params(), end.params()].concat();
                let (start, end) = (start.tokens(), end.tokens());
                Self::Derived(quote!(::core::primitive::usize::saturating_sub(#end, #start)), params)
            }
        }
    }

    /// The product of two sizes; none if it would be too large.
    pub(crate) fn times(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Known(a), Self::Known(b)) => Self::Known(a.checked_mul(*b)?),
            (a, b) if a.is_run_time() || b.is_run_time() => {
                let (a, b) = (a.tokens(), b.tokens());
                Self::RunTime(quote!(::core::primitive::usize::saturating_mul(#a, #b)))
            }
            (a, b) => {
                let params = [a.params(), b.params()].concat();
                let (a, b) = (a.tokens(), b.tokens());
                let product = quote!((#a) * (#b));
                if params.is_empty() { Self::Path(product) } else { Self::Derived(product, params) }
            }
        })
    }

    /// The const parameters in it.
    pub(crate) fn params(&self) -> Vec<Ident> {
        match self {
            Self::Known(_) | Self::Path(_) | Self::RunTime(_) => Vec::new(),
            Self::Param(name) => vec![name.clone()],
            Self::Derived(_, params) => params.clone(),
        }
    }

    fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Known(a), Self::Known(b)) => a == b,
            (Self::Param(a), Self::Param(b)) => a == b,
            _ => false,
        }
    }
}

/// What a size may refer to.
pub(crate) struct Scope<'a> {
    pub(crate) generics: &'a [ConstParam],
    /// The `const`s of the block; a value if it is a whole number.
    pub(crate) consts: HashMap<String, Option<u64>>,
    /// Names that have a value at run time only.
    pub(crate) run_time: Vec<String>,
    /// Those that were declared as sizes.
    pub(crate) sizes: Vec<String>,
}

impl Scope<'_> {
    /// A `const` of the block that is a whole number.
    pub(crate) fn whole(&self, name: &Ident) -> Option<u64> {
        self.consts.get(&name.to_string()).copied().flatten()
    }

    /// Understands the expression of a size.
    pub(crate) fn size(&self, expr: &Expr, sink: &mut Sink) -> Option<Size> {
        if let Expr::Path(path) = expr
            && let Some(name) = path.path.get_ident()
            && self.generics.iter().any(|param| param.name == *name)
        {
            return Some(Size::Param(name.clone()));
        }
        let written = expr.to_token_stream();
        if ["crate", "self", "Self", "super"].contains(&written.to_string().as_str()) {
            sink.error_over(&written, with_help(format!("`{written}` is no size"), SIZES));
            return None;
        }
        let replaced = self.replace(written.clone(), &written, sink)?;
        let expr: Expr = sink.handle(syn::parse2(replaced.clone()))?;
        match evaluate(&expr) {
            Ok(Some(n)) => Some(Size::Known(n)),
            Ok(None) if self.depends(&replaced) => Some(Size::RunTime(saturating(&expr))),
            Ok(None) => Some(Size::Path(replaced)),
            Err(problem) => {
                sink.error_over(&written, with_help(problem, SIZES));
                None
            }
        }
    }

    /// Whether a size that is known at run time occurs in it.
    fn depends(&self, tokens: &TokenStream) -> bool {
        tokens.clone().into_iter().any(|tree| match tree {
            TokenTree::Group(group) => self.depends(&group.stream()),
            TokenTree::Ident(name) => self.sizes.contains(&name.to_string()),
            _ => false,
        })
    }

    /// Puts the block's constants in, and refuses what is no constant.
    fn replace(&self, tokens: TokenStream, whole: &TokenStream, sink: &mut Sink) -> Option<TokenStream> {
        let mut replaced = TokenStream::new();
        for tree in tokens {
            let tree = match tree {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.replace(group.stream(), whole, sink)?);
                    inner.set_span(group.span());
                    inner.into()
                }
                TokenTree::Ident(name) => self.replace_name(name, whole, sink)?,
                other => other,
            };
            replaced.extend([tree]);
        }
        Some(replaced)
    }

    fn replace_name(&self, name: Ident, whole: &TokenStream, sink: &mut Sink) -> Option<TokenTree> {
        let text = name.to_string();
        if self.generics.iter().any(|param| param.name == name) {
            let message =
                format!("`{whole}` computes with the parameter `{name}`, which Rust does not allow in a size");
            let help =
                format!("declare a second parameter for it, as in `<const {name}: usize, const {name}_2: usize>`");
            sink.error(name.span(), with_help(message, help));
            return None;
        }
        if self.run_time.contains(&text) {
            let message = format!("`{name}` is known when the network is built, sizes are known when it is compiled");
            sink.error(
                name.span(),
                with_help(message, "use a const parameter, a `const`, a number, or declare it with `size`"),
            );
            return None;
        }
        match self.consts.get(&text) {
            Some(Some(n)) => {
                let mut literal = Literal::u64_unsuffixed(*n);
                literal.set_span(name.span());
                Some(literal.into())
            }
            Some(None) => {
                let message = format!("`{name}` is no whole number and cannot be a size");
                sink.error(name.span(), with_help(message, "sizes are whole numbers without a unit"));
                None
            }
            None => Some(name.into()),
        }
    }
}

/// Computes with literals; `None` if something else occurs.
fn evaluate(expr: &Expr) -> Result<Option<u64>, String> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(int) if matches!(int.suffix(), "" | "usize") => {
                int.base10_parse().map(Some).map_err(|_| format!("`{int}` is too large for a size"))
            }
            Lit::Int(int) => Err(format!("`{int}` is no size: sizes have no unit")),
            Lit::Float(float) => Err(format!("`{float}` is no size: sizes are whole numbers")),
            _ => Err("this is no size".to_owned()),
        },
        Expr::Paren(inner) => evaluate(&inner.expr),
        Expr::Group(inner) => evaluate(&inner.expr),
        Expr::Unary(_) => Err("a size is not negative".to_owned()),
        Expr::Binary(binary) => {
            let (Some(a), Some(b)) = (evaluate(&binary.left)?, evaluate(&binary.right)?) else { return Ok(None) };
            let value = match binary.op {
                BinOp::Add(_) => a.checked_add(b),
                BinOp::Sub(_) => a.checked_sub(b),
                BinOp::Mul(_) => a.checked_mul(b),
                BinOp::Div(_) => a.checked_div(b),
                BinOp::Rem(_) => a.checked_rem(b),
                _ => return Ok(None),
            };
            value.map(Some).ok_or_else(|| "this size is negative, too large, or divides by 0".to_owned())
        }
        _ => Ok(None),
    }
}

/// The expression, such that no value of its names makes it panic: what is too small or divides by 0 is 0, of which
/// the network says when it is built that it is no size.
fn saturating(expr: &Expr) -> TokenStream {
    let usize = quote!(::core::primitive::usize);
    match expr {
        Expr::Paren(inner) => saturating(&inner.expr),
        Expr::Group(inner) => saturating(&inner.expr),
        Expr::Binary(binary) => {
            let (a, b) = (saturating(&binary.left), saturating(&binary.right));
            match binary.op {
                BinOp::Add(_) => quote!(#usize::saturating_add(#a, #b)),
                BinOp::Sub(_) => quote!(#usize::saturating_sub(#a, #b)),
                BinOp::Mul(_) => quote!(#usize::saturating_mul(#a, #b)),
                BinOp::Div(_) => quote!(#usize::checked_div(#a, #b).unwrap_or(0)),
                BinOp::Rem(_) => quote!(#usize::checked_rem(#a, #b).unwrap_or(0)),
                _ => expr.to_token_stream(),
            }
        }
        _ => expr.to_token_stream(),
    }
}

/// A promise about sizes: checked here if all are literals, else by the compiler.
pub(crate) struct Check {
    kind: CheckKind,
    names: Vec<String>,
    sizes: Vec<Size>,
    /// Where the error is shown.
    span: Span,
}

/// Which promise; the functions are the same here and in the crate's `__private`.
#[derive(Clone, Copy)]
pub(crate) enum CheckKind {
    Size,
    Clusters,
    SameClusters,
    SameSize,
    SameGrid,
    Graph,
    InDegree,
    OutDegree,
    Given,
    Slice,
    Patch,
    Channels,
}

impl CheckKind {
    fn function(self) -> &'static str {
        match self {
            Self::Size => "check_size",
            Self::Clusters => "check_clusters",
            Self::SameClusters => "check_same_clusters",
            Self::SameSize => "check_same_size",
            Self::SameGrid => "check_same_grid",
            Self::Graph => "check_graph",
            Self::InDegree => "check_in_degree",
            Self::OutDegree => "check_out_degree",
            Self::Given => "check_given",
            Self::Slice => "check_slice",
            Self::Patch => "check_patch",
            Self::Channels => "check_channels",
        }
    }

    fn problem(self, names: &[String], sizes: &[usize]) -> Option<Text> {
        match (self, names, sizes) {
            (Self::Size, [name], [n]) => sizes::size_problem(name, *n),
            (Self::Clusters, [name], [n, q]) => sizes::clusters_problem(name, *n, *q),
            (Self::SameClusters, [pre, post], [a, b]) => sizes::same_clusters_problem(pre, post, *a, *b),
            (Self::SameSize, [rule, pre, post], [a, b]) => sizes::same_size_problem(rule, pre, post, *a, *b),
            (Self::SameGrid, [rule, pre, post], [a, b, c, d]) => {
                sizes::same_grid_problem(rule, pre, post, *a, *b, *c, *d)
            }
            (Self::Graph, [what, name], [n, k]) => sizes::graph_problem(what, name, *n, *k),
            (Self::OutDegree, [post], [n, k]) => sizes::out_degree_problem(post, *n, *k),
            (Self::InDegree, [pre], [n, k]) => sizes::in_degree_problem(pre, *n, *k),
            (Self::Given, [name, a, b], [rows, columns, n, m]) => {
                sizes::given_problem(name, a, b, *rows, *columns, *n, *m)
            }
            (Self::Slice, [name], [n, start, end]) => sizes::slice_problem(name, *n, *start, *end),
            (Self::Patch, [name, axis], [n, start, end]) => sizes::patch_problem(name, axis, *n, *start, *end),
            (Self::Channels, [name], [n]) => sizes::channels_problem(name, *n),
            _ => None,
        }
    }
}

/// The promises that are left to the compiler.
#[derive(Default)]
pub(crate) struct Checks {
    deferred: Vec<Check>,
}

impl Checks {
    /// Checks now if possible, else later.
    pub(crate) fn add(
        &mut self,
        kind: CheckKind,
        span: Span,
        names: &[&dyn ToString],
        sizes: &[&Size],
        sink: &mut Sink,
    ) {
        // What is known at run time is checked when the network is built.
        if sizes.iter().any(|size| size.is_run_time()) {
            return;
        }
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        let known: Option<Vec<usize>> = sizes
            .iter()
            .map(|size| match size {
                Size::Known(n) => usize::try_from(*n).ok(),
                Size::Param(_) | Size::Path(_) | Size::RunTime(_) | Size::Derived(..) => None,
            })
            .collect();
        match known {
            Some(known) => {
                if let Some(text) = kind.problem(&names, &known) {
                    sink.error(span, text.as_str());
                }
            }
            None if matches!(kind, CheckKind::SameClusters | CheckKind::SameSize) && sizes[0].same_as(sizes[1]) => {}
            None => {
                let sizes = sizes.iter().map(|size| (*size).clone()).collect();
                self.deferred.push(Check { kind, names, sizes, span });
            }
        }
    }

    /// Item constants, which `cargo check` evaluates: for constants, and for parameters with their defaults.
    pub(crate) fn items(&self, krate: &TokenStream, generics: &[ConstParam]) -> TokenStream {
        self.deferred.iter().filter_map(|check| check.item(krate, generics)).collect()
    }

    /// Inline constants for the body of a generic function, evaluated for each instance that is built.
    pub(crate) fn inline(&self, krate: &TokenStream) -> TokenStream {
        let generic = self.deferred.iter().filter(|c| c.sizes.iter().any(|size| !size.params().is_empty()));
        generic
            .map(|check| {
                let call = check.call(krate);
                quote!(const { #call })
            })
            .collect()
    }
}

impl Check {
    /// The path stays outside the span, or the error would cover the whole macro call.
    fn call(&self, krate: &TokenStream) -> TokenStream {
        let function = format_ident!("{}", self.kind.function());
        let names = &self.names;
        let sizes = self.sizes.iter().map(Size::tokens);
        let call = quote_spanned!(self.span=> __check(#(#names,)* #(#sizes),*));
        quote!(use #krate::__private::#function as __check; #call;)
    }

    fn item(&self, krate: &TokenStream, generics: &[ConstParam]) -> Option<TokenStream> {
        let mut locals = TokenStream::new();
        for param in generics {
            let used = self.sizes.iter().any(|size| size.params().contains(&param.name));
            if used {
                let (name, default) = (&param.name, param.default.as_ref()?);
                locals.extend(quote!(const #name: ::core::primitive::usize = #default;));
            }
        }
        let call = self.call(krate);
        Some(quote!(const _: () = { #locals #call };))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> String {
        let generics = [ConstParam { name: format_ident!("N"), default: None }];
        let consts = HashMap::from([("half".to_owned(), Some(50)), ("tau".to_owned(), None)]);
        let scope = Scope { generics: &generics, consts, run_time: vec!["p".to_owned()], sizes: vec!["n".to_owned()] };
        let mut sink = Sink::default();
        let Ok(expr) = syn::parse_str(text) else { return "no expression".to_owned() };
        match scope.size(&expr, &mut sink) {
            Some(Size::Known(n)) => n.to_string(),
            Some(Size::Param(name)) => format!("param {name}"),
            Some(Size::Path(path) | Size::Derived(path, _)) => format!("path {path}"),
            Some(Size::RunTime(expr)) => format!("run time {expr}").replace(":: core :: primitive :: usize :: ", ""),
            None => sink.messages().join("\n"),
        }
    }

    #[test]
    fn sizes_as_far_as_they_are_known() {
        for (text, expected) in [
            ("100", "100"),
            ("4 * 100 / 5", "80"),
            ("10_000usize", "10000"),
            ("N", "param N"),
            ("N_E", "path N_E"),
            ("2 * half", "100"),
            ("params::N_E + half", "path params :: N_E + 50"),
            ("n", "run time n"),
            ("(n - 1) / half", "run time checked_div (saturating_sub (n , 1) , 50) . unwrap_or (0)"),
        ] {
            assert_eq!(size(text), expected, "{text}");
        }
        for (text, part) in [
            ("4 * N / 5", "declare a second parameter"),
            ("p", "known when the network is built"),
            ("tau", "no whole number"),
            ("5.5", "whole numbers"),
            ("5ms", "no unit"),
            ("3 - 4", "negative"),
            ("1 / 0", "divides by 0"),
            ("-1", "not negative"),
            ("self", "`self` is no size"),
            ("99999999999999999999999", "too large"),
        ] {
            assert!(size(text).contains(part), "{text}: {}", size(text));
        }
    }
}
