//! Values as text, for the tables that a network gives of itself.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;

use super::clocked::Course;
use super::model::{Ends, Equipment, Form, Key};
use super::named::Amount;
use super::value::{Call, Value};

/// A value as it was written, up to spaces.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Quantity(quantity) => quantity.text.clone(),
        Value::Named(named) => Amount::Named(named).text(),
        Value::Array(elements, _) => {
            let elements: Vec<_> = elements.iter().map(self::value).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Call(call) => self::call(call),
        Value::Closure(closure) => tokens(&closure.to_token_stream()),
        Value::Rust(expr) | Value::Explicit(expr) => tokens(&expr.to_token_stream()),
    }
}

fn call(Call { name, args }: &Call) -> String {
    let args: Vec<_> = args
        .iter()
        .map(|arg| match &arg.name {
            Some(option) => format!("{option}: {}", tokens(&arg.tokens)),
            None => tokens(&arg.tokens),
        })
        .collect();
    format!("{}({})", name.unraw(), args.join(", "))
}

/// Names and values in braces.
pub(super) fn keys(keys: &[Key]) -> Vec<(String, String)> {
    keys.iter().map(|key| (key.name.unraw().to_string(), value(&key.value))).collect()
}

/// `Model { name: value }`
pub(super) fn equipment(equipment: &Equipment) -> String {
    let model = tokens(&equipment.model.to_token_stream());
    let fields: Vec<_> = keys(&equipment.keys).into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if fields.is_empty() { model } else { format!("{model} {{ {} }}", fields.join(", ")) }
}

/// One side of a projection.
pub(super) fn ends(ends: &Ends) -> String {
    let each: Vec<_> = ends.each.iter().map(super::model::End::text).collect();
    match ends.form {
        Form::Single => each.concat(),
        Form::Block => format!("[{}]", each.join(", ")),
        Form::Group => format!("({})", each.join(", ")),
    }
}

/// A stimulus in time.
pub(super) fn course(course: &Course) -> String {
    match course {
        Course::Value(value) => self::value(value),
        Course::Steps(steps) => {
            let steps: Vec<_> =
                steps.iter().map(|(amount, time)| format!("({}, {})", value(amount), value(time))).collect();
            format!("steps [{}]", steps.join(", "))
        }
    }
}

/// Tokens with the spaces that a person would put between them, more or less.
pub(super) fn tokens(stream: &TokenStream) -> String {
    let mut text = String::new();
    // Whether a space belongs before the next word, and whether a minus would stand between two values.
    let (mut word, mut value) = (false, false);
    for tree in stream.clone() {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                text += open;
                text += &tokens(&group.stream());
                text += close;
                (word, value) = (true, true);
            }
            TokenTree::Punct(punct) => {
                let joined = punct.spacing() == proc_macro2::Spacing::Joint;
                match punct.as_char() {
                    ',' => text += ", ",
                    ':' if !joined && !text.ends_with(':') => text += ": ",
                    c @ ('+' | '*' | '/' | '-' | '=' | '<' | '>') if value && !joined => {
                        text += &format!(" {c} ");
                    }
                    c => text.push(c),
                }
                (word, value) = (false, false);
            }
            word_or_number => {
                if word {
                    text.push(' ');
                }
                text += &word_or_number.to_string();
                (word, value) = (true, true);
            }
        }
    }
    text
}

/// A hash of tokens, the same wherever they are compiled: Fowler-Noll-Vo, 64 bits, variant 1a. Documentation is left
/// out.
pub(super) fn hash(stream: &TokenStream) -> u64 {
    fn walk(stream: &TokenStream, hash: &mut u64) {
        let eat = |text: &str, hash: &mut u64| {
            // A byte that no text has ends each token.
            for byte in text.bytes().chain([0xff]) {
                *hash = (*hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        let mut trees = stream.clone().into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Punct(punct) if punct.as_char() == '#' && is_doc(trees.peek()) => {
                    trees.next();
                }
                TokenTree::Group(group) => {
                    eat(&format!("{:?}", group.delimiter()), hash);
                    walk(&group.stream(), hash);
                    eat("end", hash);
                }
                other => eat(&other.to_string(), hash),
            }
        }
    }
    let mut hash = 0xcbf2_9ce4_8422_2325;
    walk(stream, &mut hash);
    hash
}

fn is_doc(tree: Option<&TokenTree>) -> bool {
    matches!(tree, Some(TokenTree::Group(group)) if group.stream().into_iter().next().is_some_and(|first| first.to_string() == "doc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> TokenStream {
        text.parse().unwrap()
    }

    #[test]
    fn tokens_are_readable() {
        for text in [
            "scaling.theta_e(m_x)",
            "1 - 0.8 * drive",
            "fixed_prob(0.02, procedural: true)",
            "-60 mV",
            "vec![(0, 1, 0.5)]",
            "8 mV / ms",
            "Ring { k: 3 }",
            "my::rule(&matrix)",
        ] {
            assert_eq!(tokens(&parse(text)), text);
        }
    }

    #[test]
    fn hashes_see_tokens_only() {
        let block = "struct A { clock 0.1 ms; }";
        assert_eq!(hash(&parse(block)), hash(&parse("/// Doc.\nstruct A {\n  clock 0.1 ms; // comment\n}")));
        for other in ["struct B { clock 0.1 ms; }", "struct A { clock 0.2 ms; }", "struct A { clock 0.1 ms }"] {
            assert_ne!(hash(&parse(block)), hash(&parse(other)));
        }
        assert_ne!(hash(&parse("ab c")), hash(&parse("a bc")));
    }
}
