//! Quantities as tokens: a number and a unit, apart or touching.

use binnet_units::{Dimension, Unit, UnitError};
use proc_macro2::{Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, discouraged::Speculative as _};
use syn::{Ident, Lit, Token};

use crate::diag::{Place, error};

/// A unit as the user wrote it.
#[derive(Clone, Debug)]
pub(crate) struct WrittenUnit {
    /// Its spelling without spaces; `1` for none.
    pub(crate) text: String,
    pub(crate) unit: Unit,
    /// Its first token, or the number's if they touch or there is none.
    pub(crate) span: Span,
}

impl WrittenUnit {
    pub(crate) fn none(span: Span) -> Self {
        Self { text: "1".to_owned(), unit: Unit::ONE, span }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.text == "1"
    }

    pub(crate) fn dimension(&self) -> Dimension {
        self.unit.dimension
    }
}

/// A number with its unit.
#[derive(Clone, Debug)]
pub(crate) struct Quantity {
    /// The number, in the unit.
    pub(crate) value: f64,
    pub(crate) unit: WrittenUnit,
    /// The number's token (the minus is left out).
    pub(crate) span: Span,
    /// All of it.
    pub(crate) place: Place,
    /// As written, for messages.
    pub(crate) text: String,
}

impl Quantity {
    /// Parses `-60 mV`, `8 mV/ms`, `0.02 / ms`, `20 %`, `1`; stops at the first token that cannot belong to it.
    pub(crate) fn parse(input: ParseStream) -> syn::Result<Self> {
        let written = input.fork();
        let negative = input.parse::<Option<Token![-]>>()?.is_some();
        let number = Number::parse(input)?;
        let mut unit = match &number.suffix {
            Some(suffix) => Some(suffix_unit(suffix, number.span)?),
            None => None,
        };
        if input.peek(Token![.]) && (input.peek2(Ident::peek_any)) {
            let dot = input.parse::<Token![.]>()?;
            let word = Ident::parse_any(input)?;
            return Err(error(
                dot.span,
                format!("a unit is not a method here: `{}.{word}`", number.text),
                format!("write `{} {word}`", number.text),
            ));
        }
        if unit.is_none() && (input.peek(Ident::peek_any) || input.peek(Token![%])) {
            unit = Some(word(input)?);
        }
        let unit = rest_of_unit(unit, number.span, input)?;
        let sign = if negative { "-" } else { "" };
        let text = match (&number.suffix, unit.is_none()) {
            (_, true) => format!("{sign}{}", number.text),
            (Some(_), false) => format!("{sign}{}{}", number.text, unit.text),
            (None, false) => format!("{sign}{} {}", number.text, unit.text),
        };
        // A percentage is a way of writing a number, not a unit to keep numbers in.
        let (value, unit) = if unit.text == "%" {
            (number.value / 100.0, WrittenUnit { text: "1".to_owned(), unit: Unit::ONE, span: unit.span })
        } else {
            (number.value, unit)
        };
        let place = place(&written, input).unwrap_or_else(|| number.span.into());
        Ok(Self { value: if negative { -value } else { value }, unit, span: number.span, place, text })
    }

    /// The number if it is written as a whole one, without a unit.
    pub(crate) fn integer(&self) -> Option<u64> {
        if self.unit.is_none() { self.text.replace('_', "").parse().ok() } else { None }
    }

    /// The number as a literal that is whole where it is written so: a count is not a share.
    pub(crate) fn as_written(&self) -> TokenStream {
        match self.integer() {
            Some(n) => {
                let mut literal = Literal::u64_unsuffixed(n);
                literal.set_span(self.span);
                literal.into_token_stream()
            }
            None => number(self.value, self.span),
        }
    }

    /// The number in another unit of the same dimension.
    pub(crate) fn in_unit(&self, unit: Unit) -> f64 {
        if self.unit.unit.scale == unit.scale { self.value } else { self.value * (self.unit.unit.scale / unit.scale) }
    }
}

/// From the first token to the one in front of another fork.
pub(crate) fn place(from: ParseStream, to: ParseStream) -> Option<Place> {
    let (first, mut cursor) = from.cursor().token_tree()?;
    let mut place = Place::from(first.span());
    while cursor != to.cursor() {
        let (token, next) = cursor.token_tree()?;
        place.end = token.span();
        cursor = next;
    }
    Some(place)
}

/// Parses a unit alone: `mV/ms`, `1`, `1/ms`.
pub(crate) fn parse_unit(input: ParseStream) -> syn::Result<WrittenUnit> {
    let span = input.span();
    if input.peek(Lit) {
        let number = Number::parse(input)?;
        if number.value != 1.0 || number.suffix.is_some() {
            return Err(error(
                span,
                "a unit stands here, not a value",
                "write only the unit, as in `mV`; `1` is no unit",
            ));
        }
        return rest_of_unit(None, span, input);
    }
    let first = word(input)?;
    rest_of_unit(Some(first), span, input)
}

/// `* word`, `/ word` and `^ n` after a number or a first unit.
fn rest_of_unit(first: Option<WrittenUnit>, number: Span, input: ParseStream) -> syn::Result<WrittenUnit> {
    let mut unit = match first {
        Some(first) => first,
        None => WrittenUnit::none(number),
    };
    let started = !unit.is_none();
    if started {
        power(&mut unit, input)?;
    }
    loop {
        let fork = input.fork();
        let divide = if fork.peek(Token![/]) {
            fork.parse::<Token![/]>()?;
            true
        } else if started && fork.peek(Token![*]) {
            fork.parse::<Token![*]>()?;
            false
        } else {
            return Ok(unit);
        };
        if !fork.peek(Ident::peek_any) {
            return Ok(unit);
        }
        let mut factor = word(&fork)?;
        power(&mut factor, &fork)?;
        if unit.is_none() {
            unit.span = factor.span;
        }
        unit.text = format!("{}{}{}", unit.text, if divide { "/" } else { "*" }, factor.text);
        unit.unit = if divide { unit.unit.per(factor.unit) } else { unit.unit.times(factor.unit) };
        input.advance_to(&fork);
    }
}

pub(crate) fn power(unit: &mut WrittenUnit, input: ParseStream) -> syn::Result<()> {
    if !input.peek(Token![^]) {
        return Ok(());
    }
    let caret = input.parse::<Token![^]>()?;
    let negative = input.parse::<Option<Token![-]>>()?.is_some();
    let exponent = match input.parse::<Option<syn::LitInt>>()? {
        Some(digits) if digits.suffix().is_empty() => digits.base10_parse::<i8>().ok().filter(|n| (1..=9).contains(n)),
        _ => None,
    };
    let Some(exponent) = exponent else {
        return Err(error(caret.span, "the power of a unit is a whole number from 1 to 9", "write `mV^2`"));
    };
    let exponent = if negative { -exponent } else { exponent };
    unit.unit = unit.unit.powi(exponent);
    unit.text = format!("{}^{exponent}", unit.text);
    Ok(())
}

/// One word of a unit.
pub(crate) fn word(input: ParseStream) -> syn::Result<WrittenUnit> {
    let span = input.span();
    if input.peek(Token![%]) {
        input.parse::<Token![%]>()?;
        return Ok(WrittenUnit {
            text: "%".to_owned(),
            unit: Unit::ONE.times(Unit { scale: 1e-2, ..Unit::ONE }),
            span,
        });
    }
    let word =
        Ident::parse_any(input).map_err(|_| error(span, "a unit stands here", "write one, as in `mV` or `mV/ms`"))?;
    read_word(&word.to_string(), span)
}

fn read_word(text: &str, span: Span) -> syn::Result<WrittenUnit> {
    match Unit::word(text) {
        Ok(unit) => Ok(WrittenUnit { text: text.to_owned(), unit, span }),
        Err(unknown) => Err(unknown_unit(&unknown, span)),
    }
}

fn unknown_unit(unknown: &UnitError, span: Span) -> syn::Error {
    let help = match &unknown.suggestion {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "units are s, V, A, S, Ohm, M, F, Hz, C, J, W, m, K, mol, with the prefixes f p n u m c k M G".to_owned()
        }
    };
    error(span, format!("unknown unit `{}`", unknown.part), help)
}

/// A unit that touches its number.
pub(crate) fn suffix_unit(suffix: &str, span: Span) -> syn::Result<WrittenUnit> {
    const RUST: [&str; 14] =
        ["f32", "f64", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];
    if RUST.contains(&suffix) {
        return Err(error(span, format!("`{suffix}` is a Rust type, not a unit"), "write the number without it"));
    }
    read_word(suffix.trim_start_matches('_'), span)
}

/// A number literal, still with the suffix that rustc's lexer hands over.
pub(crate) struct Number {
    pub(crate) value: f64,
    /// The digits as written.
    pub(crate) text: String,
    pub(crate) suffix: Option<String>,
    pub(crate) span: Span,
}

impl Number {
    pub(crate) fn parse(input: ParseStream) -> syn::Result<Self> {
        let span = input.span();
        // `.3` arrives as a point and the integer 3.
        let point = input.peek(Token![.]) && input.peek2(syn::LitInt);
        if point {
            input.parse::<Token![.]>()?;
        }
        let form = || {
            error(
                span,
                "a number stands here",
                "write a quantity: a number and a unit, as in `-65 mV`, or a bare number",
            )
        };
        let (written, suffix) = match input.parse::<Option<Lit>>().map_err(|_| form())? {
            Some(Lit::Int(lit)) => (lit.to_string(), lit.suffix().to_owned()),
            Some(Lit::Float(lit)) => (lit.to_string(), lit.suffix().to_owned()),
            _ => return Err(form()),
        };
        let digits = written.strip_suffix(&suffix).unwrap_or(&written);
        if ["0x", "0b", "0o"].iter().any(|radix| digits.starts_with(radix)) {
            return Err(error(
                span,
                format!("`{written}` is not in decimal"),
                "quantities are written in decimal digits",
            ));
        }
        let text = if point { format!("0.{digits}") } else { digits.to_owned() };
        let value = text.replace('_', "").parse::<f64>().ok().filter(|v| v.is_finite());
        let Some(value) = value else {
            return Err(error(span, format!("`{text}` is too large a number"), "numbers go up to 1.8e308"));
        };
        Ok(Self { value, text, suffix: (!suffix.is_empty()).then_some(suffix), span })
    }
}

/// A number as a Rust literal, with the minus as a token of its own.
pub(crate) fn number(value: f64, span: Span) -> TokenStream {
    let mut literal = Literal::f64_unsuffixed(if value.is_finite() { value.abs() } else { 0.0 });
    literal.set_span(span);
    if value.is_sign_negative() && value != 0.0 {
        let mut minus = Punct::new('-', Spacing::Alone);
        minus.set_span(span);
        [TokenTree::from(minus), literal.into()].into_iter().collect()
    } else {
        literal.to_token_stream()
    }
}

/// The value that a field starts with; NaN for one that is to be given.
pub(crate) fn start(value: f64) -> TokenStream {
    if value.is_nan() { quote!(::core::primitive::f64::NAN) } else { number(value, Span::call_site()) }
}

/// A dimension as a constant expression.
pub(crate) fn dimension(krate: &TokenStream, dimension: Dimension) -> TokenStream {
    let powers = dimension.powers().map(|power| {
        let digits = Literal::u8_unsuffixed(power.unsigned_abs());
        if power < 0 { quote!(-#digits) } else { quote!(#digits) }
    });
    quote!(#krate::__private::Dimension::from_powers([#(#powers),*]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse::Parser as _;

    fn read(text: &str) -> Result<(f64, String), String> {
        Quantity::parse.parse_str(text).map(|q| (q.value, q.unit.text)).map_err(|e| e.to_string())
    }

    #[test]
    fn numbers_and_units_touching_or_apart() {
        for (text, value, unit) in [
            ("20 ms", 20.0, "ms"),
            ("-60mV", -60.0, "mV"),
            ("-60.0 mV", -60.0, "mV"),
            ("1e3Hz", 1e3, "Hz"),
            ("8 mV/ms", 8.0, "mV/ms"),
            ("8mV/ms", 8.0, "mV/ms"),
            ("0.02 / ms", 0.02, "1/ms"),
            (".05", 0.05, "1"),
            ("20 %", 0.2, "1"),
            ("10_000.5", 10_000.5, "1"),
            ("0.3 mS / cm2", 0.3, "mS/cm2"),
            ("2 mV^2", 2.0, "mV^2"),
            ("3 A*s", 3.0, "A*s"),
        ] {
            assert_eq!(read(text), Ok((value, unit.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity() {
        for (text, part) in [
            ("8 mX", "unknown unit `mX`"),
            ("8 mv", "did you mean `mV`?"),
            ("1f32", "`f32` is a Rust type"),
            ("0x10mV", "not in decimal"),
            ("20.0.ms", "write `20.0 ms`"),
            ("1e999", "too large"),
            ("ms", "a number stands here"),
            ("\"a\"", "a number stands here"),
            ("", "a number stands here"),
            ("2 mV^x", "whole number from 1 to 9"),
            ("2 / mq", "unknown unit `mq`"),
        ] {
            let message = read(text).expect_err(text);
            assert!(message.contains(part), "{text}: {message}");
        }
    }

    #[test]
    fn units_alone() {
        let unit = |text| parse_unit.parse_str(text).map(|u| u.text).map_err(|e| e.to_string());
        assert_eq!(unit("mV/ms"), Ok("mV/ms".to_owned()));
        assert_eq!(unit("1"), Ok("1".to_owned()));
        assert_eq!(unit("1/ms"), Ok("1/ms".to_owned()));
        assert!(unit("5 mV").is_err_and(|e| e.contains("not a value")));
        assert!(unit("").is_err());
    }

    #[test]
    fn negative_numbers_are_two_tokens() {
        assert_eq!(number(-60.0, Span::call_site()).to_string(), "- 60.0");
        assert_eq!(number(0.1, Span::call_site()).to_string(), "0.1");
    }
}
