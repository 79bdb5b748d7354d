//! Expressions as they are written, and their parser.

use binnet_units::is_unit;
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token, braced, parenthesized, token};

use crate::diag::error;
use crate::quantity::{Number, WrittenUnit, power, suffix_unit, word};

/// An expression and where it stands.
#[derive(Clone)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    /// The token that an error about it points to: the operator, the name, the number.
    pub(crate) span: Span,
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

/// Words that end an expression, and so are no units.
const STOPS: [&str; 8] = ["in", "within", "by", "rises", "holding", "else", "through", "every"];

/// How deep expressions may be nested: beyond, the compiler's stack would be in danger.
const DEPTH: usize = 64;

/// A parser of expressions by precedence.
#[derive(Default)]
pub(crate) struct Parser {
    depth: usize,
}

impl Parser {
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
            let help = "name a part of it with `let`";
            return Err(error(input.span(), "this expression is nested too deeply", help));
        }
        let mut left = self.unary(input)?;
        loop {
            if level <= 3 && input.peek(Ident) && input.fork().parse::<Ident>().is_ok_and(|word| word == "rises") {
                let span = input.parse::<Ident>()?.span();
                let through = input.parse::<Ident>();
                if !through.is_ok_and(|word| word == "through") {
                    return Err(error(span, "`rises` needs `through`", "write `v rises through 0 mV`"));
                }
                let right = self.binary(input, 4)?;
                left = Expr { kind: Kind::Rises(Box::new(left), Box::new(right)), span };
                continue;
            }
            let Some(op) = operator(input) else { break };
            if op.level() < level {
                break;
            }
            let span = input.span();
            skip(input, op)?;
            let right = self.binary(input, op.level() + 1)?;
            if op.compares() && operator(input).is_some_and(Op::compares) {
                return Err(error(input.span(), "comparisons do not chain", "join two of them: `a < b && b < c`"));
            }
            left = Expr { kind: Kind::Binary(op, Box::new(left), Box::new(right)), span };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let span = input.span();
        if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            let inner = self.nested(input, Self::unary)?;
            return Ok(Expr { kind: Kind::Minus(Box::new(inner)), span });
        }
        if input.peek(Token![!]) {
            input.parse::<Token![!]>()?;
            let inner = self.nested(input, Self::unary)?;
            return Ok(Expr { kind: Kind::Not(Box::new(inner)), span });
        }
        let base = self.primary(input)?;
        if input.peek(Token![^]) {
            let span = input.parse::<Token![^]>()?.span;
            let exponent = self.nested(input, Self::unary)?;
            return Ok(Expr { kind: Kind::Power(Box::new(base), Box::new(exponent)), span });
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
            let help = "name a part of it with `let`";
            return Err(error(input.span(), "this expression is nested too deeply", help));
        }
        let inner = parse(self, input)?;
        self.depth -= 1;
        Ok(inner)
    }

    fn primary(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let span = input.span();
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            let inner = self.expr(&content)?;
            if !content.is_empty() {
                return Err(error(
                    content.span(),
                    "an operator or `)` stands here",
                    "write one expression in brackets",
                ));
            }
            return Ok(inner);
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
        Err(error(span, "a value stands here", "write a number with its unit, a name, or an expression in brackets"))
    }

    fn choice(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let span = input.parse::<Token![if]>()?.span;
        let condition = self.expr(input)?;
        let yes = self.braces(input)?;
        if !input.peek(Token![else]) {
            return Err(error(span, "an `if` is a value here and needs `else`", "write `if a > b { x } else { y }`"));
        }
        input.parse::<Token![else]>()?;
        let no = if input.peek(Token![if]) { self.nested(input, Self::choice)? } else { self.braces(input)? };
        Ok(Expr { kind: Kind::If(Box::new(condition), Box::new(yes), Box::new(no)), span })
    }

    fn braces(&mut self, input: ParseStream) -> syn::Result<Expr> {
        if !input.peek(token::Brace) {
            return Err(error(input.span(), "`{` and a value stand here", "write `if a > b { x } else { y }`"));
        }
        let content;
        braced!(content in input);
        let inner = self.expr(&content)?;
        if !content.is_empty() {
            return Err(error(content.span(), "one value stands in these braces", "compute it in a `let` before"));
        }
        Ok(inner)
    }

    /// A name, a call, or `rust(..)`.
    fn named(&mut self, input: ParseStream) -> syn::Result<Expr> {
        let span = input.span();
        let path = if input.peek2(Token![::]) || input.peek(Token![crate]) || input.peek(Token![::]) {
            input.call(Path::parse_mod_style)?
        } else {
            Path::from(input.call(Ident::parse_any)?)
        };
        if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            if path.is_ident("rust") {
                return Ok(Expr { kind: Kind::Rust(content.parse()?), span });
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
            return Ok(Expr { kind: Kind::Call(path, arguments), span });
        }
        if input.peek(Token![.]) && input.peek2(Ident::peek_any) {
            let dot = input.parse::<Token![.]>()?.span;
            let method = input.call(Ident::parse_any)?;
            let help = format!("functions stand in front of their argument: write `{method}(..)`");
            return Err(error(dot, "there are no methods in equations", help));
        }
        match path.get_ident() {
            Some(name) => Ok(Expr { kind: Kind::Name(name.clone()), span }),
            None => Ok(Expr { kind: Kind::Rust(quote::ToTokens::into_token_stream(path)), span }),
        }
    }
}

/// A number and the unit that binds to it.
fn quantity(input: ParseStream) -> syn::Result<Expr> {
    let number = Number::parse(input)?;
    let span = number.span;
    let mut unit = match &number.suffix {
        Some(suffix) => Some(suffix_unit(suffix, span)?),
        None if input.peek(Token![%]) => Some(word(input)?),
        None if input.peek(Ident::peek_any) && !stops(input) => Some(word(input)?),
        None => None,
    };
    if let Some(unit) = &mut unit
        && !unit.is_none()
    {
        power(unit, input)?;
    }
    let unit = unit.unwrap_or_else(|| WrittenUnit::none(span));
    let text = if unit.is_none() { number.text.clone() } else { format!("{} {}", number.text, unit.text) };
    if unit.text == "%" {
        let value = number.value / 100.0;
        return Ok(Expr { kind: Kind::Quantity { value, unit: WrittenUnit::none(span), text }, span });
    }
    Ok(Expr { kind: Kind::Quantity { value: number.value, unit, text }, span })
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

/// `a, b, c`.
pub(crate) fn names(input: ParseStream) -> syn::Result<Vec<Ident>> {
    Punctuated::<Ident, Token![,]>::parse_separated_nonempty(input).map(|names| names.into_iter().collect())
}
