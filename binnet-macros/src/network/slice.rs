//! Parts of populations: `[0..4]`, `[7]`, `[..5, ..5]`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse as _, ParseStream};
use syn::{Expr, Ident, RangeLimits, Token, bracketed, token};

use super::sizes::{CheckKind, Checks, Scope, Size};
use crate::diag::{Sink, error, with_help};

/// Neurons of a population, as written in brackets.
pub(crate) struct Slice {
    /// One range of neurons, or a range of rows and one of columns.
    ranges: Vec<Range>,
    pub(crate) span: Span,
    /// As written, without spaces.
    pub(crate) text: String,
}

/// `start..end`, either of which may be left out, or a `single` number.
struct Range {
    start: Option<Expr>,
    end: Option<Expr>,
    single: bool,
}

/// A slice whose bounds have become promises.
pub(crate) enum Part {
    Neurons(TokenStream),
    /// Rows and columns, and how many of each.
    Patch {
        rows: TokenStream,
        columns: TokenStream,
        size: [Size; 2],
    },
}

impl Slice {
    /// Reads a slice, if there is one.
    pub(crate) fn parse(body: ParseStream) -> syn::Result<Option<Self>> {
        if !body.peek(token::Bracket) {
            return Ok(None);
        }
        let content;
        let span = bracketed!(content in body).span.join();
        let text: String = content.cursor().token_stream().to_string().split_whitespace().collect();
        let ranges = content.parse_terminated(Expr::parse, Token![,])?;
        let ranges = ranges.into_iter().map(|expr| Range::new(expr, span)).collect::<syn::Result<Vec<_>>>()?;
        if !(1..=2).contains(&ranges.len()) {
            let help = "write `[0..4]`, or `[..5, ..5]` for rows and columns";
            return Err(error(span, "one range of neurons, or one of rows and one of columns, stands here", help));
        }
        Ok(Some(Self { ranges, span, text: format!("[{text}]") }))
    }

    /// The part and its number of neurons, of a population of this size and, if it has two dimensions, of these rows
    /// and columns.
    pub(crate) fn part(
        &self,
        name: &Ident,
        size: &Size,
        grid: Option<&[Size; 2]>,
        scope: &Scope<'_>,
        checks: &mut Checks,
        sink: &mut Sink,
    ) -> Option<(Part, Size)> {
        match (self.ranges.as_slice(), grid) {
            ([neurons], _) => {
                let [start, end] = neurons.bounds(size, scope, sink)?;
                checks.add(CheckKind::Slice, self.span, &[name], &[size, &start, &end], sink);
                let (from, to) = (start.tokens(), end.tokens());
                Some((Part::Neurons(quote!(#from..#to)), end.from(&start)))
            }
            ([rows, columns], Some(grid)) => {
                let mut range = |range: &Range, size: &Size, axis: &str| {
                    let [start, end] = range.bounds(size, scope, sink)?;
                    checks.add(CheckKind::Patch, self.span, &[name, &axis], &[size, &start, &end], sink);
                    let (from, to) = (start.tokens(), end.tokens());
                    Some((quote!(#from..#to), end.from(&start)))
                };
                let (rows, height) = range(rows, &grid[0], "rows")?;
                let (columns, width) = range(columns, &grid[1], "columns")?;
                let count = height.times(&width)?;
                Some((Part::Patch { rows, columns, size: [height, width] }, count))
            }
            _ => {
                let message = format!("`{name}` has one dimension, this is a slice of two");
                let help = format!("write `{name}[0..4]`, or declare `{name}` with rows and columns: `Model[30, 40]`");
                sink.error(self.span, with_help(message, help));
                None
            }
        }
    }
}

impl Range {
    fn new(expr: Expr, span: Span) -> syn::Result<Self> {
        Ok(match expr {
            Expr::Range(range) if matches!(range.limits, RangeLimits::HalfOpen(_)) => {
                Self { start: range.start.map(|expr| *expr), end: range.end.map(|expr| *expr), single: false }
            }
            Expr::Range(_) => {
                return Err(error(span, "ranges end before their last number", "write `0..4` for 0 to 3"));
            }
            single => Self { start: Some(single), end: None, single: true },
        })
    }

    /// Where it starts and ends among `size`.
    fn bounds(&self, size: &Size, scope: &Scope<'_>, sink: &mut Sink) -> Option<[Size; 2]> {
        let start = self.start.as_ref().map_or(Some(Size::Known(0)), |expr| scope.size(expr, sink))?;
        let end = match (self.single, &self.end) {
            (true, _) => start.next(),
            (false, Some(expr)) => scope.size(expr, sink)?,
            (false, None) => size.clone(),
        };
        Some([start, end])
    }
}

impl Part {
    /// It as a method, which is called `neurons` where it is a range of them.
    pub(crate) fn by_methods(&self, neurons: &str) -> TokenStream {
        match self {
            Self::Neurons(range) => {
                let neurons = Ident::new(neurons, Span::call_site());
                quote!(.#neurons(#range))
            }
            Self::Patch { rows, columns, .. } => quote!(.patch(#rows, #columns)),
        }
    }
}
