//! The one place where errors are collected, so that all mistakes of a block appear at once.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Where something stands: from its first token to its last. Spans cannot be joined, errors can reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) start: Span,
    pub(crate) end: Span,
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self { start: span, end: span }
    }
}

impl ToTokens for Place {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend([self.start, self.end].map(|span| TokenTree::from(Ident::new("_place", span))));
    }
}

/// The errors found so far.
#[derive(Default)]
pub(crate) struct Sink {
    errors: Vec<syn::Error>,
}

impl Sink {
    /// Notes an error at a place.
    pub(crate) fn error(&mut self, place: impl Into<Place>, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(place.into(), message));
    }

    /// Notes an error over several tokens.
    pub(crate) fn error_over(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes the error of a parser.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// The value, or `None` with the error noted.
    pub(crate) fn handle<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// All errors as `compile_error!` calls, each at its place.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }

    /// The messages, for tests.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.errors.iter().flat_map(|error| error.clone().into_iter().map(|e| e.to_string())).collect()
    }
}

/// An error with a second line that says how to mend it.
pub(crate) fn error(
    place: impl Into<Place>,
    message: impl std::fmt::Display,
    help: impl std::fmt::Display,
) -> syn::Error {
    syn::Error::new_spanned(place.into(), with_help(message, help))
}

/// A message and its `help:` line. Sub-diagnostics are not stable, a second line is.
pub(crate) fn with_help(message: impl std::fmt::Display, help: impl std::fmt::Display) -> String {
    format!("{message}\nhelp: {help}")
}

/// "`a`, `b` and `c`"; "none" for no names.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// The nearest of `names` as a question, or the list of all.
pub(crate) fn did_you_mean<'a>(
    written: &str,
    names: impl IntoIterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> String {
    match binnet_units::nearest(written, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{otherwise} {}", list(names, "or")),
    }
}

/// "`a`, `b` and `c`", or of more than ten names the nearest three.
pub(crate) fn some<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.into_iter().collect();
    if names.len() <= 10 {
        return list(names, "and");
    }
    names.sort_by_key(|name| (binnet_units::distance(written, name), *name));
    format!("{} among others", list(names.into_iter().take(3), "and"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_like_sentences() {
        assert_eq!(list([], "and"), "none");
        assert_eq!(list(["a"], "and"), "`a`");
        assert_eq!(list(["a", "b", "c"], "or"), "`a`, `b` or `c`");
        assert_eq!(did_you_mean("exk", ["exc", "inh"], "there is"), "did you mean `exc`?");
        assert_eq!(did_you_mean("banana", ["exc", "inh"], "there is"), "there is `exc` or `inh`");
    }
}
