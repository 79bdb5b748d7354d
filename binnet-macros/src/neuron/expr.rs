//! Expressions as they are written, and their parser.

use binnet_units::is_unit;
use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token, braced, parenthesized, token};

use super::model::{Dialect, Side};
use crate::diag::{Place, error};
use crate::quantity::{Number, WrittenUnit, place, power, suffix_unit, word};

/// An expression and where it stands, brackets included.
#[derive(Clone)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) place: Place,
    /// How many levels of sub-expressions it has.
    height: usize,
}

#[derive(Clone)]
pub(crate) enum Kind {
    /// A number with the unit that binds to it.
    Quantity {
        value: f64,
        unit: WrittenUnit,
        text: String,
    },
    /// A declared name, a reserved one, or a unit.
    Name(Ident),
    /// `pre.v`: a variable of one of the neurons that a synapse lies between; `pre.v delayed 5 ms`: as it was then.
    Side(Side, Ident, Option<Box<Expr>>),
    Minus(Box<Expr>),
    Not(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Power(Box<Expr>, Box<Expr>),
    /// A function of the language, or one of the user's.
    Call(Path, Vec<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `v rises through 0 mV`.
    Rises(Box<Expr>, Box<Expr>),
    /// `rust(..)`.
    Rust(TokenStream),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

impl Op {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::And => "&&",
            Self::Or => "||",
        }
    }

    pub(crate) fn compares(self) -> bool {
        matches!(self, Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual | Self::Equal | Self::NotEqual)
    }

    /// How tightly it binds.
    fn level(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Add | Self::Sub => 4,
            Self::Mul | Self::Div => 5,
            _ => 3,
        }
    }
}

/// Words that end an expression: neither names nor units.
pub(crate) const STOPS: [&str; 8] = ["in", "within", "by", "rises", "holding", "else", "through", "every"];

/// Words behind a number that are no misspelt units: a `;` was forgotten in front of them, or they are no operators.
const NO_UNITS: [&str; 16] = [
    "const",
    "param",
    "local",
    "state",
    "input",
    "let",
    "spike",
    "update",
    "output",
    "refractory",
    "and",
    "or",
    "pre",
    "post",
    "on",
    "deliver",
];

/// How deep brackets may be nested, and how many operators may follow each other: all that is done with expressions
/// recurses over them, and the compiler's stack is finite.
const DEPTH: usize = 64;
const HEIGHT: usize = 120;

impl Expr {
    /// An expression over its parts.
    fn new(kind: Kind, place: Place) -> Self {
        let mut expr = Self { kind, place, height: 0 };
        expr.height = 1 + expr.parts().iter().map(|part| part.height).max().unwrap_or(0);
        expr
    }

    /// From the first to the last token of two expressions.
    fn over(kind: Kind, first: Place, last: Place) -> Self {
        Self::new(kind, Place { start: first.start, end: last.end })
    }

    /// The expressions that this one is made of.
    pub(crate) fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Quantity { .. } | Kind::Name(_) | Kind::Side(_, _, None) | Kind::Rust(_) => Vec::new(),
            Kind::Minus(a) | Kind::Not(a) | Kind::Side(_, _, Some(a)) => vec![a],
            Kind::Binary(_, a, b) | Kind::Power(a, b) | Kind::Rises(a, b) => vec![a, b],
            Kind::If(c, a, b) => vec![c, a, b],
            Kind::Call(_, arguments) => arguments.iter().collect(),
        }
    }

    /// Calls `visit` with each name in it.
    pub(crate) fn names(&self, visit: &mut impl FnMut(&Ident)) {
        if let Kind::Name(name) = &self.kind {
            visit(name);
        }
        for part in self.parts() {
            part.names(visit);
        }
    }
}

fn too_deep(place: impl Into<Place>) -> syn::Error {
    error(place, "this expression is too long to be differentiated", "name parts of it with `let`")
}

/// A parser of expressions by precedence.
pub(crate) struct Parser {
    depth: usize,
    /// Whether `pre.v` and `post.v` can be read.
    sides: bool,
}

impl Parser {
    /// A parser for a dialect.
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self { depth: 0, sides: dialect == Dialect::Synapse }
    }

    /// A whole expression.
    pub(crate) fn expr(&mut self, input: ParseStream) -> syn::Result<Expr> {
        self.binary(input, 1)
    }

    /// An expression without comparisons: what stands in front of a bound.
    pub(crate) fn sum(&mut self, input: ParseStream) -> syn::Result<Expr> {
        self.binary(input, 4)
    }

    fn binary(&mut self, input: ParseStream, level: u8) -> syn::Result<Expr> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(too_deep(input.span()));
        }
        let mut left = self.unary(input)?;
        loop {
            if level <= 3 && is_word(input, "rises") {
                let span = input.parse::<Ident>()?.span();
                if !is_word(input, "through") {
                    return Err(error(span, "`rises` needs `through`", "write `v rises through 0 mV`"));
                }
                input.parse::<Ident>()?;
                let right = self.binary(input, 4)?;
                let (first, last) = (left.place, right.place);
                left = Expr::over(Kind::Rises(Box::new(left), Box::new(right)), first, last);
                continue;
            }
            let Some(op) = operator(input) else {
                foreign_operator(input)?;
                break;
            };
            if op.level() < level {
                break;
            }
            skip(input, op)?;
            if op == Op::Mul && input.peek(Token![*]) {
                return Err(error(input.span(), "`**` is no operator here", "write a power as `v^2`"));
            }
            let right = self.binary(input, op.level() + 1)?;
            if op.compares() && operator(input).is_some_and(Op::compares) {
                return Err(error(input.span(), "comparisons do not chain", "join two of them: `a < b && b < c`"));
            }
            let (first, last) = (left.place, right.place);
            left = Expr::over(Kind::Binary(op, Box::new(left), Box::new(right)), first, last);
            if left.height > HEIGHT {
                return Err(too_deep(last));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let sign = Place::from(input.span());
        if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            let inner = self.nested(input, Self::unary)?;
            let last = inner.place;
            return Ok(Expr::over(Kind::Minus(Box::new(inner)), sign, last));
        }
        if input.peek(Token![!]) {
            input.parse::<Token![!]>()?;
            let inner = self.nested(input, Self::unary)?;
            let last = inner.place;
            return Ok(Expr::over(Kind::Not(Box::new(inner)), sign, last));
        }
        let base = self.primary(input)?;
        no_method(&base, input)?;
        if input.peek(Token![^]) {
            input.parse::<Token![^]>()?;
            let exponent = self.nested(input, Self::unary)?;
            let (first, last) = (base.place, exponent.place);
            return Ok(Expr::over(Kind::Power(Box::new(base), Box::new(exponent)), first, last));
        }
        Ok(base)
    }

    fn nested(
        &mut self,
        input: ParseStream,
        parse: impl FnOnce(&mut Self, ParseStream) -> syn::Result<Expr>,
    ) -> syn::Result<Expr> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(too_deep(input.span()));
        }
        let inner = parse(self, input)?;
        self.depth -= 1;
        Ok(inner)
    }

    fn primary(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let start = input.fork();
        if input.peek(token::Paren) {
            let content;
            let brackets = parenthesized!(content in input);
            let inner = self.expr(&content)?;
            if !content.is_empty() {
                let help = "write one expression in brackets";
                return Err(error(content.span(), "an operator or `)` stands here", help));
            }
            let place = Place { start: brackets.span.open(), end: brackets.span.close() };
            return Ok(Expr { place, ..inner });
        }
        if input.peek(Token![if]) {
            return self.choice(input);
        }
        if input.peek(syn::Lit) || input.peek(Token![.]) {
            return quantity(input);
        }
        if input.peek(Token![crate]) || input.peek(Token![::]) || (input.peek(Ident::peek_any) && !stops(input)) {
            return self.named(input);
        }
        let help = "write a number with its unit, a name, or an expression in brackets";
        Err(error(start.span(), "a value stands here", help))
    }

    fn choice(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let start = input.parse::<Token![if]>()?.span;
        let condition = self.expr(input)?;
        no_assignment(input)?;
        let (yes, _) = self.braces(input)?;
        if !input.peek(Token![else]) {
            return Err(error(start, "an `if` is a value here and needs `else`", "write `if a > b { x } else { y }`"));
        }
        input.parse::<Token![else]>()?;
        let (no, last) = if input.peek(Token![if]) {
            let no = self.nested(input, Self::choice)?;
            let last = no.place;
            (no, last)
        } else {
            self.braces(input)?
        };
        Ok(Expr::over(Kind::If(Box::new(condition), Box::new(yes), Box::new(no)), start.into(), last))
    }

    /// A value in braces, and where these end.
    fn braces(&mut self, input: ParseStream) -> syn::Result<(Expr, Place)> {
        if !input.peek(token::Brace) {
            return Err(error(input.span(), "`{` and a value stand here", "write `if a > b { x } else { y }`"));
        }
        let content;
        let braces = braced!(content in input);
        if content.is_empty() {
            return Err(error(
                braces.span.close(),
                "a value stands in these braces",
                "write `if a > b { x } else { y }`",
            ));
        }
        let inner = self.expr(&content)?;
        if !content.is_empty() {
            return Err(error(content.span(), "one value stands in these braces", "compute it in a `let` before"));
        }
        Ok((inner, braces.span.close().into()))
    }

    /// A name, a call, or `rust(..)`.
    fn named(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let (start, written) = (input.fork(), input.fork());
        let first = input.span();
        let path = if input.peek2(Token![::]) || input.peek(Token![crate]) || input.peek(Token![::]) {
            input.call(Path::parse_mod_style)?
        } else {
            Path::from(input.call(Ident::parse_any)?)
        };
        if path.get_ident().is_some() && start.parse::<Ident>().is_err() {
            let word = path.to_token_stream();
            return Err(error(first, format!("`{word}` is a word of Rust, not a name"), "write another one"));
        }
        let start = written;
        if path.is_ident("not") && (input.peek(Ident) || input.peek(token::Paren)) {
            return Err(error(first, "`not` is no operator here", "write `!` for the opposite of a condition"));
        }
        if input.peek(token::Paren) {
            let content;
            let brackets = parenthesized!(content in input);
            let place = Place { start: first, end: brackets.span.close() };
            if path.is_ident("rust") {
                let tokens = content.parse::<syn::Expr>()?.into_token_stream();
                if !content.is_empty() {
                    let help = "write one Rust expression in `rust(..)`";
                    return Err(error(content.span(), "the Rust expression should have ended here", help));
                }
                return Ok(Expr::new(Kind::Rust(tokens), place));
            }
            let mut arguments = Vec::new();
            while !content.is_empty() {
                arguments.push(self.expr(&content)?);
                if content.is_empty() {
                    break;
                }
                if !content.peek(Token![,]) {
                    return Err(error(content.span(), "a comma stands between arguments", "write `max(a, b)`"));
                }
                content.parse::<Token![,]>()?;
            }
            return Ok(Expr::new(Kind::Call(path, arguments), place));
        }
        if self.sides
            && let Some(side) = path.get_ident().and_then(Side::of)
            && input.peek(Token![.])
            && input.peek2(Ident)
        {
            input.parse::<Token![.]>()?;
            let name: Ident = input.parse()?;
            let whole = place(&start, input).unwrap_or_else(|| first.into());
            if !is_word(input, "delayed") {
                return Ok(Expr::new(Kind::Side(side, name, None), whole));
            }
            input.parse::<Ident>()?;
            let delay = self.nested(input, Self::primary)?;
            let last = delay.place;
            return Ok(Expr::over(Kind::Side(side, name, Some(Box::new(delay))), whole, last));
        }
        let place = place(&start, input).unwrap_or_else(|| first.into());
        match path.get_ident() {
            Some(name) => Ok(Expr::new(Kind::Name(name.clone()), place)),
            None => Ok(Expr::new(Kind::Rust(path.into_token_stream()), place)),
        }
    }
}

/// A number and the unit that binds to it.
fn quantity(input: ParseStream) -> syn::Result<Expr> {
    let start = input.fork();
    let number = Number::parse(input)?;
    let mut unit = match &number.suffix {
        Some(suffix) => Some(suffix_unit(suffix, number.span)?),
        None if input.peek(Token![%]) => Some(word(input)?),
        None if input.peek(Ident::peek_any) && !stops(input) && !is_no_unit(input) => Some(word(input)?),
        None => None,
    };
    if let Some(unit) = &mut unit
        && !unit.is_none()
    {
        power(unit, input)?;
    }
    let unit = unit.unwrap_or_else(|| WrittenUnit::none(number.span));
    let place = place(&start, input).unwrap_or_else(|| number.span.into());
    let text = if unit.is_none() { number.text.clone() } else { format!("{} {}", number.text, unit.text) };
    if unit.text == "%" {
        let value = number.value / 100.0;
        return Ok(Expr::new(Kind::Quantity { value, unit: WrittenUnit::none(number.span), text }, place));
    }
    Ok(Expr::new(Kind::Quantity { value: number.value, unit, text }, place))
}

/// `x.abs()` and `20.ms` are Rust, not equations.
fn no_method(value: &Expr, input: ParseStream) -> syn::Result<()> {
    if !(input.peek(Token![.]) && input.peek2(Ident::peek_any)) {
        return Ok(());
    }
    let start = input.fork();
    let _dot = input.parse::<Token![.]>()?;
    let method = input.call(Ident::parse_any)?;
    let place = place(&start, input).unwrap_or_else(|| method.span().into());
    let word = method.to_string();
    Err(match &value.kind {
        Kind::Quantity { text, .. } if is_unit(&word) => {
            error(place, format!("a unit is not a method here: `{text}.{word}`"), format!("write `{text} {word}`"))
        }
        Kind::Name(name) => {
            error(place, "there are no methods and fields in equations", format!("write `{word}({name})`"))
        }
        _ => error(place, "there are no methods and fields in equations", format!("write `{word}(..)`")),
    })
}

/// `=` in the place of `==`.
pub(crate) fn no_assignment(input: ParseStream) -> syn::Result<()> {
    if input.peek(Token![=]) && !input.peek(Token![==]) {
        return Err(error(input.span(), "`=` sets a value, it does not compare", "write `==`"));
    }
    Ok(())
}

/// Operators of other languages, where an operator could stand.
fn foreign_operator(input: ParseStream) -> syn::Result<()> {
    let (message, help) = if input.peek(Token![%]) {
        ("`%` stands for percent behind a number, there is no remainder", "write `x - n * floor(x / n)`")
    } else if input.peek(Token![&]) {
        ("`&` is no operator here", "write `&&`")
    } else if input.peek(Token![|]) {
        ("`|` is no operator here", "write `||`")
    } else if input.peek(Token![?]) {
        ("`?` is no operator here", "choose a value by `if a > b { x } else { y }`")
    } else if is_word(input, "and") {
        ("`and` is no operator here", "write `&&`")
    } else if is_word(input, "or") {
        ("`or` is no operator here", "write `||`")
    } else if is_word(input, "delayed") {
        ("only what a synapse reads of a neuron can be delayed", "write `pre.v delayed 5 ms` in a `synapse!`")
    } else {
        return Ok(());
    };
    Err(error(input.span(), message, help))
}

fn is_word(input: ParseStream, word: &str) -> bool {
    input.peek(Ident) && input.fork().parse::<Ident>().is_ok_and(|found| found == word)
}

/// Whether the next word is no unit, not even a misspelt one: `dv/dt` too.
fn is_no_unit(input: ParseStream) -> bool {
    input.fork().call(Ident::parse_any).is_ok_and(|word| {
        let text = word.to_string();
        !is_unit(&text) && (NO_UNITS.contains(&text.as_str()) || is_equation(input))
    })
}

/// Whether `dx/dt` stands here.
pub(crate) fn is_equation(input: ParseStream) -> bool {
    let fork = input.fork();
    fork.call(Ident::parse_any).is_ok_and(|word| word.to_string().len() > 1 && word.to_string().starts_with('d'))
        && fork.parse::<Token![/]>().is_ok()
        && fork.parse::<Ident>().is_ok_and(|word| word == "dt")
}

/// Whether the next word ends an expression.
fn stops(input: ParseStream) -> bool {
    input.fork().call(Ident::parse_any).is_ok_and(|word| {
        let word = word.to_string();
        STOPS.contains(&word.as_str()) && !is_unit(&word)
    })
}

fn operator(input: ParseStream) -> Option<Op> {
    // Two-character operators first.
    if input.peek(Token![&&]) {
        Some(Op::And)
    } else if input.peek(Token![||]) {
        Some(Op::Or)
    } else if input.peek(Token![<=]) {
        Some(Op::LessEqual)
    } else if input.peek(Token![>=]) {
        Some(Op::GreaterEqual)
    } else if input.peek(Token![==]) {
        Some(Op::Equal)
    } else if input.peek(Token![!=]) {
        Some(Op::NotEqual)
    } else if input.peek(Token![+=]) || input.peek(Token![-=]) || input.peek(Token![*=]) || input.peek(Token![/=]) {
        None
    } else if input.peek(Token![<]) {
        Some(Op::Less)
    } else if input.peek(Token![>]) {
        Some(Op::Greater)
    } else if input.peek(Token![+]) {
        Some(Op::Add)
    } else if input.peek(Token![-]) {
        Some(Op::Sub)
    } else if input.peek(Token![*]) {
        Some(Op::Mul)
    } else if input.peek(Token![/]) {
        Some(Op::Div)
    } else {
        None
    }
}

fn skip(input: ParseStream, op: Op) -> syn::Result<()> {
    match op {
        Op::Add => input.parse::<Token![+]>().map(drop),
        Op::Sub => input.parse::<Token![-]>().map(drop),
        Op::Mul => input.parse::<Token![*]>().map(drop),
        Op::Div => input.parse::<Token![/]>().map(drop),
        Op::Less => input.parse::<Token![<]>().map(drop),
        Op::LessEqual => input.parse::<Token![<=]>().map(drop),
        Op::Greater => input.parse::<Token![>]>().map(drop),
        Op::GreaterEqual => input.parse::<Token![>=]>().map(drop),
        Op::Equal => input.parse::<Token![==]>().map(drop),
        Op::NotEqual => input.parse::<Token![!=]>().map(drop),
        Op::And => input.parse::<Token![&&]>().map(drop),
        Op::Or => input.parse::<Token![||]>().map(drop),
    }
}

/// `a, b, c`: the states that are held.
pub(crate) fn names(input: ParseStream) -> syn::Result<Vec<Ident>> {
    let mut names = Vec::new();
    loop {
        let span = input.span();
        let name = input.parse::<Ident>();
        names.push(name.map_err(|_| error(span, "the name of a state is missing here", "write `holding v`"))?);
        if !input.peek(Token![,]) {
            return Ok(names);
        }
        input.parse::<Token![,]>()?;
    }
}
