//! The two sides of a projection, whichever network it belongs to.

use proc_macro2::Span;
use syn::Ident;

use crate::diag::{Sink, with_help};
use crate::network::model::{Ends, Form};
use crate::network::plan::Mode;
use crate::network::sizes::{CheckKind, Checks, Size};

/// An end as a connection rule sees it: a population, a source, or a part of one.
#[derive(Clone)]
pub(crate) struct Side {
    pub(crate) name: Ident,
    pub(crate) size: Size,
    /// Rows and columns; none where they are known at run time only.
    pub(crate) grid: Option<[Size; 2]>,
    pub(crate) clusters: Option<Size>,
}

/// Both sides, as far as their names are known.
pub(crate) struct Sides {
    pub(crate) pre: Vec<Side>,
    pub(crate) post: Vec<Side>,
    /// How many there are as written: (post, pre). Unknown names count.
    pub(crate) shape: (usize, usize),
    pub(crate) mode: Mode,
}

impl Sides {
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&Side, &Side)> + '_ {
        self.pre.iter().flat_map(|a| self.post.iter().map(move |b| (a, b)))
    }

    /// Both ends of `where .. cluster` have the same number of clusters.
    pub(crate) fn clusters(&self, span: Span, checks: &mut Checks, sink: &mut Sink) {
        let mut without: Vec<&Ident> = Vec::new();
        for Side { name, .. } in self.pre.iter().chain(&self.post).filter(|side| side.clusters.is_none()) {
            if !without.contains(&name) {
                let help = format!("write `in clusters[..]` after the size of `{name}`");
                sink.error(span, with_help(format!("`{name}` has no clusters"), help));
                without.push(name);
            }
        }
        for (a, b) in self.pairs() {
            if let (Some(p), Some(q)) = (&a.clusters, &b.clusters) {
                checks.add(CheckKind::SameClusters, span, &[&a.name, &b.name], &[p, q], sink);
            }
        }
    }
}

/// How arguments are meant, from the brackets of the ends.
pub(crate) fn mode(pre: &Ends, post: &Ends, sink: &mut Sink) -> Option<Mode> {
    match (pre.form, post.form) {
        (Form::Block, Form::Group) | (Form::Group, Form::Block) => {
            let span = post.each.first().map_or_else(Span::call_site, |end| end.name.span());
            let help = "write `[a, b]` on both sides for blocks, `(a, b)` for the same values everywhere";
            sink.error(span, with_help("one side is in brackets, the other in parentheses", help));
            None
        }
        (Form::Block, _) | (_, Form::Block) => Some(Mode::Block),
        (Form::Group, _) | (_, Form::Group) => Some(Mode::Group),
        (Form::Single, Form::Single) => Some(Mode::Single),
    }
}

/// Reports ends that are listed twice.
pub(crate) fn listed_once(ends: &Ends, sink: &mut Sink) {
    for (i, end) in ends.each.iter().enumerate() {
        let text = end.text();
        if ends.each[..i].iter().any(|other| other.text() == text) {
            sink.error(end.name.span(), with_help(format!("`{text}` is listed twice"), "leave one of them out"));
        }
    }
}
