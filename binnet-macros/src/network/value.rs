//! Values in a block: the language's own forms first, any Rust expression second.

use std::collections::HashSet;

use proc_macro2::{Punct, Spacing, Span, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _, discouraged::Speculative as _};
use syn::{BinOp, Expr, ExprClosure, Ident, Lit, LitFloat, LitInt, Token, token};

use super::named::{Amount, Named};
use super::parse::starts_item;
use crate::diag::{Place, error};
use crate::quantity::Quantity;

/// A value as written.
pub(crate) enum Value {
    Quantity(Quantity),
    /// A `param` or `const` alone, found after all items are read.
    Named(Box<Named>),
    /// `[a, b]`; a matrix is an array of arrays.
    Array(Vec<Value>, Span),
    /// `name(arguments)`, of the language or of the user's.
    Call(Call),
    Closure(Box<ExprClosure>),
    Rust(Box<Expr>),
    /// `rust(expression)`, which may stand where only literals may stand otherwise.
    Explicit(Box<Expr>),
}

/// `name(argument, option: value)`.
pub(crate) struct Call {
    pub(crate) name: Ident,
    pub(crate) args: Vec<Arg>,
}

/// An argument, with a name if it is an option.
pub(crate) struct Arg {
    pub(crate) name: Option<Ident>,
    pub(crate) value: Value,
    /// As written, for functions of the user's.
    pub(crate) tokens: TokenStream,
}

impl Arg {
    /// The argument of a function of the user's, of which only the tokens count.
    pub(crate) fn copy(&self) -> Self {
        let value = Value::Explicit(Box::new(syn::parse_quote!(())));
        Self { name: self.name.clone(), value, tokens: self.tokens.clone() }
    }

    pub(crate) fn span(&self) -> Span {
        self.name.as_ref().map_or_else(|| span_of(&self.tokens), Ident::span)
    }
}

/// Arrays within arrays beyond this are no value of the language; the bound also keeps the stack small.
const DEEPEST: usize = 4;

impl Value {
    /// Parses a value up to a comma, a semicolon or the end. `names` hide units.
    pub(crate) fn parse(input: ParseStream, names: &HashSet<String>) -> syn::Result<Self> {
        Self::nested(input, names, 0)
    }

    fn nested(input: ParseStream, names: &HashSet<String>, depth: usize) -> syn::Result<Self> {
        if depth > DEEPEST {
            return Err(error(
                input.span(),
                "too many brackets in each other",
                "values are numbers, arrays and matrices",
            ));
        }
        if separated(input) {
            return Err(error(
                input.span(),
                "a value is missing here",
                "write a number, a quantity or a Rust expression",
            ));
        }
        if starts_number(input) {
            return number_or_rust(input, names);
        }
        if input.peek(token::Bracket) {
            let fork = input.fork();
            let content;
            let brackets = syn::bracketed!(content in fork);
            if ended(&fork) && !content.is_empty() && !is_repeat(&content.fork()) {
                let elements = list(&content, |input| Self::nested(input, names, depth + 1))?;
                input.advance_to(&fork);
                return Ok(Self::Array(elements, brackets.span.join()));
            }
        }
        if input.peek(Ident) && input.peek2(token::Paren) {
            let fork = input.fork();
            let name: Ident = fork.parse()?;
            let content;
            syn::parenthesized!(content in fork);
            if ended(&fork) {
                let value = if name == "rust" {
                    Self::Explicit(Box::new(whole(&content)?))
                } else {
                    Self::Call(Call { name, args: list(&content, |input| argument(input, names, depth + 1))? })
                };
                input.advance_to(&fork);
                return Ok(value);
            }
        }
        rust(input)
    }

    /// The elements of an array.
    pub(crate) fn elements(&self) -> Option<&[Self]> {
        if let Self::Array(elements, _) = self { Some(elements) } else { None }
    }

    /// The place of the value.
    pub(crate) fn place(&self) -> Place {
        match self {
            Self::Quantity(quantity) => quantity.place,
            Self::Named(named) => named.name.span().into(),
            Self::Array(_, span) => (*span).into(),
            Self::Call(call) => call.name.span().into(),
            Self::Closure(closure) => closure.inputs_begin.span.into(),
            Self::Rust(expr) | Self::Explicit(expr) => span_of(&quote::ToTokens::to_token_stream(expr)).into(),
        }
    }

    /// Calls `f` on all literal quantities in it, arrays included.
    pub(crate) fn each_quantity(&self, f: &mut impl FnMut(&Quantity)) {
        self.each_amount(&mut |amount| {
            if let Amount::Literal(quantity) = amount {
                f(quantity);
            }
        });
    }

    /// Calls `f` on all literal quantities and names of such in it, arrays included.
    pub(crate) fn each_amount(&self, f: &mut dyn FnMut(Amount<'_>)) {
        match self {
            Self::Quantity(quantity) => f(Amount::Literal(quantity)),
            Self::Named(named) => f(Amount::Named(named)),
            Self::Array(elements, _) => elements.iter().for_each(|e| e.each_amount(f)),
            Self::Call(_) | Self::Closure(_) | Self::Rust(_) | Self::Explicit(_) => {}
        }
    }
}

/// The first token's place, or the macro's if there is none.
pub(crate) fn span_of(tokens: &TokenStream) -> Span {
    tokens.clone().into_iter().next().map_or_else(Span::call_site, |tree| tree.span())
}

fn separated(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;])
}

/// Whether a value has ended here: also at the next item, so that a missing `;` is reported as such.
fn ended(input: ParseStream) -> bool {
    separated(input) || starts_item(input)
}

fn starts_number(input: ParseStream) -> bool {
    let number = input.peek(LitInt) || input.peek(LitFloat);
    let negative = input.peek(Token![-])
        && (input.peek2(LitInt) || input.peek2(LitFloat) || (input.peek2(Token![.]) && input.peek3(LitInt)));
    number || negative || (input.peek(Token![.]) && input.peek2(LitInt))
}

/// `[x; n]`
fn is_repeat(content: ParseStream) -> bool {
    while let Ok(tree) = content.parse::<TokenTree>() {
        if matches!(&tree, TokenTree::Punct(p) if p.as_char() == ';') {
            return true;
        }
    }
    false
}

fn number_or_rust(input: ParseStream, names: &HashSet<String>) -> syn::Result<Value> {
    let fork = input.fork();
    fork.parse::<Option<Token![-]>>()?;
    fork.parse::<Option<Token![.]>>()?;
    let touching = match fork.parse::<syn::Lit>()? {
        syn::Lit::Int(lit) => !lit.suffix().is_empty(),
        syn::Lit::Float(lit) => !lit.suffix().is_empty(),
        _ => false,
    };
    if !touching && starts_item(&fork) {
        let number = Quantity::parse.parse2(between(input, &fork)?)?;
        return Ok(Value::Quantity(number));
    }
    let has_unit = touching || (fork.peek(Ident) || fork.peek(Token![%]));
    if !has_unit && fork.peek(Token![/]) {
        let divisor = fork.fork();
        divisor.parse::<Token![/]>()?;
        if divisor.parse::<Ident>().is_ok_and(|ident| names.contains(&ident.to_string())) {
            return rust(input);
        }
    }
    if !has_unit && fork.peek(Token![as]) {
        return rust(input);
    }
    let quantity = input.fork();
    match Quantity::parse(&quantity) {
        Ok(value) if ended(&quantity) => {
            input.advance_to(&quantity);
            Ok(Value::Quantity(value))
        }
        Ok(_) if has_unit && quantity.peek(Ident) && quantity.peek2(Token![:]) => {
            Err(error(quantity.span(), "the value should have ended here", "separate keys by commas"))
        }
        Ok(_) if has_unit => Err(error(
            quantity.span(),
            "one quantity stands here, this is more",
            "write one number with its unit, or a Rust expression in the unit of this place as `rust(..)`",
        )),
        Err(problem) if has_unit => Err(problem),
        Ok(_) | Err(_) => rust(input),
    }
}

/// Where a power is written as in Python, before the next comma.
fn power(tokens: &TokenStream) -> Option<Span> {
    let mut before: Option<Punct> = None;
    for token in tokens.clone() {
        let TokenTree::Punct(punct) = token else {
            before = None;
            continue;
        };
        match (&before, punct.as_char()) {
            (_, ',' | ';') => return None,
            (Some(first), '*') if first.as_char() == '*' && first.spacing() == Spacing::Joint => {
                return Some(first.span());
            }
            _ => before = Some(punct),
        }
    }
    None
}

fn rust(input: ParseStream) -> syn::Result<Value> {
    let power = power(&input.cursor().token_stream());
    let expr: Expr = input.parse()?;
    if !ended(input) {
        if let Some(span) = power {
            return Err(error(span, "there is no `**`", "write a number, or a Rust expression with `.powi(2)`"));
        }
        return Err(error(input.span(), "the value should have ended here", "separate keys by commas"));
    }
    no_question_mark(&expr)?;
    Ok(match expr {
        Expr::Closure(closure) => Value::Closure(Box::new(closure)),
        other => Value::Rust(Box::new(other)),
    })
}

fn whole(content: ParseStream) -> syn::Result<Expr> {
    let expr: Expr = content.parse()?;
    if !content.is_empty() {
        return Err(error(content.span(), "one Rust expression stands here, this is more", "write `rust(expression)`"));
    }
    no_question_mark(&expr)?;
    Ok(expr)
}

/// A `?` in a value would have to turn any error into one of binnet's; only a `let` does that.
fn no_question_mark(expr: &Expr) -> syn::Result<()> {
    match question_mark(quote::ToTokens::to_token_stream(expr)) {
        Some(span) => {
            Err(error(span, "`?` cannot stand in a value", "compute it in a `let` above, where `?` may stand"))
        }
        None => Ok(()),
    }
}

/// A Rust expression where a real number stands: whole numbers in its arithmetic are real, too, so that
/// `1 - drive` is as good as `1.0 - drive`. Arguments, indices and blocks are left as they are.
pub(crate) fn real(expr: &Expr) -> TokenStream {
    fn convert(expr: &mut Expr, inside: bool) {
        match expr {
            Expr::Binary(binary) => {
                let arithmetic = matches!(binary.op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_));
                if arithmetic {
                    convert(&mut binary.left, true);
                    convert(&mut binary.right, true);
                }
            }
            Expr::Paren(inner) => convert(&mut inner.expr, inside),
            Expr::Unary(unary) => convert(&mut unary.expr, inside),
            Expr::Lit(lit) if inside => {
                if let Lit::Int(int) = &lit.lit
                    && int.suffix().is_empty()
                {
                    let text = format!("{}.0", int.base10_digits());
                    lit.lit = Lit::Float(LitFloat::new(&text, int.span()));
                }
            }
            _ => {}
        }
    }
    let mut expr = expr.clone();
    convert(&mut expr, false);
    quote::ToTokens::into_token_stream(expr)
}

/// The first `?` of some tokens.
pub(crate) fn question_mark(tokens: TokenStream) -> Option<Span> {
    tokens.into_iter().find_map(|tree| match tree {
        TokenTree::Punct(punct) if punct.as_char() == '?' => Some(punct.span()),
        TokenTree::Group(group) => question_mark(group.stream()),
        _ => None,
    })
}

/// Elements separated by commas.
fn list<T>(content: ParseStream, mut element: impl FnMut(ParseStream) -> syn::Result<T>) -> syn::Result<Vec<T>> {
    let mut elements = Vec::new();
    while !content.is_empty() {
        elements.push(element(content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(elements)
}

/// The arguments of a call.
pub(crate) fn arguments(content: ParseStream, names: &HashSet<String>) -> syn::Result<Vec<Arg>> {
    list(content, |input| argument(input, names, 1))
}

fn argument(input: ParseStream, names: &HashSet<String>, depth: usize) -> syn::Result<Arg> {
    let name = if input.peek(Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    let written = input.fork();
    let value = Value::nested(input, names, depth)?;
    Ok(Arg { name, value, tokens: between(&written, input)? })
}

/// The tokens up to the place of another fork; goes on from there.
fn between(from: ParseStream, to: ParseStream) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    while from.cursor() != to.cursor() {
        tokens.extend([from.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        let names = HashSet::from(["m".to_owned()]);
        match (|input: ParseStream| Value::parse(input, &names)).parse_str(text) {
            Ok(Value::Quantity(q)) => format!("{} {}", q.value, q.unit.text),
            Ok(Value::Array(elements, _)) => format!("array of {}", elements.len()),
            Ok(Value::Call(call)) => format!("{} of {}", call.name, call.args.len()),
            Ok(Value::Closure(_)) => "closure".to_owned(),
            Ok(Value::Named(_)) => "named".to_owned(),
            Ok(Value::Rust(_) | Value::Explicit(_)) => "rust".to_owned(),
            Err(problem) => problem.to_string(),
        }
    }

    #[test]
    fn whole_numbers_in_arithmetic_are_real() {
        for (text, expected) in [
            ("1 - drive", "1.0 - drive"),
            ("-(1 + x) * 2", "- (1.0 + x) * 2.0"),
            ("x[1] - f(2, 1 - y)", "x [1] - f (2 , 1 - y)"),
            ("n as f64 / 2", "n as f64 / 2.0"),
            ("3usize * x", "3usize * x"),
            ("{ 1 }", "{ 1 }"),
        ] {
            assert_eq!(real(&syn::parse_str(text).unwrap()).to_string(), expected);
        }
    }

    #[test]
    fn the_forms_are_told_apart() {
        for (text, expected) in [
            ("-60 mV", "-60 mV"),
            ("0.5", "0.5 1"),
            ("0.02 / ms", "0.02 1/ms"),
            ("0.5 / m", "rust"),
            ("0.5 * x.y", "rust"),
            ("2 as f64", "rust"),
            ("[[.1, .2], [.3, .4]]", "array of 2"),
            ("[0.1; 5]", "rust"),
            ("[1.0, 2.0].iter().sum()", "rust"),
            ("uniform(-60 mV, -50 mV)", "uniform of 2"),
            ("my::uniform(3)", "rust"),
            ("fixed_in_degree(3, multapses: false)", "fixed_in_degree of 2"),
            ("|i| i as f64", "closure"),
            ("move |i| i as f64", "closure"),
            ("rust(5.0)", "rust"),
            ("f::<A, B>()", "rust"),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
        assert!(kind("5 mV + 3 mV").contains("one quantity stands here"));
        assert!(kind("x?").contains("`?` cannot stand in a value"));
        assert!(kind("").contains("a value is missing"));
        assert!(kind(&"[".repeat(9).chars().chain("]".repeat(9).chars()).collect::<String>()).len() > 4);
    }
}
