//! Numbers for blocks, and weights that are matrices.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Expr, Ident};

use super::{Context, Lowering, Number, Rules, Sides};
use crate::diag::{Sink, with_help};
use crate::network::model::{Given, Key, Projection};
use crate::network::named::Amount;
use crate::network::plan::{Mode, Rule};
use crate::network::scalar::{pure, user_call};
use crate::network::sizes::{CheckKind, Size};
use crate::network::value::Value;

impl Rules<'_> {
    /// Code for a number of a rule.
    pub(crate) fn number(&mut self, value: &Value, what: &str, number: Number) -> TokenStream {
        if !number.is_whole() && !number.is_degree() {
            return pure(value, what, self.sink);
        }
        match value {
            Value::Quantity(quantity) if quantity.unit.is_none() => match (quantity.integer(), number.is_degree()) {
                (Some(n), true) => {
                    let n = Literal::u64_unsuffixed(n);
                    quote!(__binnet::connect::Degree::Count(#n))
                }
                (None, true) => {
                    let share = crate::quantity::number(quantity.value, quantity.span);
                    quote!(__binnet::connect::Degree::Share(#share))
                }
                (Some(_), false) => quantity.as_written(),
                (None, false) => {
                    // What is negative was reported.
                    if quantity.value >= 0.0 {
                        let message = format!("{what} is a whole number, but this is {}", quantity.text);
                        self.sink.error(quantity.place, with_help(message, "write it without a point"));
                    }
                    quote!(0)
                }
            },
            Value::Named(named) => match self.context.scope.whole(&named.name) {
                Some(n) if number.is_degree() => {
                    let n = Literal::u64_unsuffixed(n);
                    quote!(__binnet::connect::Degree::Count(#n))
                }
                Some(n) => Literal::u64_unsuffixed(n).into_token_stream(),
                None if number.is_whole() => {
                    let message = format!("{what} is a whole number, but `{}` is a real one", named.name);
                    let help = format!("write the number, `const {} = 3;`, or a `let`", named.name);
                    self.sink.error(named.name.span(), with_help(message, help));
                    quote!(0)
                }
                None => pure(value, what, self.sink),
            },
            // Whole numbers stay whole.
            Value::Rust(expr) | Value::Explicit(expr) => quote!(#expr),
            other => pure(other, what, self.sink),
        }
    }

    /// Code for a number for each block, or for all; the shape of a matrix is checked.
    pub(crate) fn blocks(&mut self, value: &Value, what: &str, number: Number, ends: &Sides) -> TokenStream {
        let Value::Array(rows, span) = value else { return self.number(value, what, number) };
        let (n_post, n_pre) = ends.shape;
        if ends.mode != Mode::Block {
            let help = "matrices `[post][pre]` go with populations in brackets: `[a, b] -> [a, b]`";
            self.sink.error(*span, with_help(format!("{what} is one number here"), help));
            return quote!(0.0);
        }
        if !block_shape(rows, *span, ends.shape, self.sink) {
            return quote!([[0.0; #n_pre]; #n_post]);
        }
        let rows = rows.iter().map(|row| match row {
            Value::Array(elements, _) => {
                let elements: Vec<_> = elements.iter().map(|element| self.number(element, what, number)).collect();
                quote!([#(#elements),*])
            }
            other => self.number(other, what, number),
        });
        let rows: Vec<_> = rows.collect();
        quote!([#(#rows),*])
    }

    /// A rule made of the matrix that stands as the weight.
    pub(crate) fn matrix(
        &mut self,
        rule: &Ident,
        weight: Option<&Key>,
        ends: &Sides,
        written: &Projection,
        convert: &mut Convert<'_>,
    ) -> Option<Rule> {
        let Some(key) = weight else {
            let misspelt = written.keys.iter().any(|other| binnet_units::is_near(&other.name.to_string(), "weight"));
            if !written.broken && !misspelt {
                let help = format!("write `connect: {rule}, weight: matrix`");
                self.sink.error(rule.span(), with_help(format!("`{rule}` needs the matrix as `weight`"), help));
            }
            return None;
        };
        self.single_only(rule, ends)?;
        let matrix = match &key.value {
            Value::Rust(expr) | Value::Explicit(expr) => match self.given(expr, key.span, rule == TURNED, ends) {
                Some(given) => given,
                None => quote!(#expr),
            },
            Value::Named(named) => convert(Amount::Named(named), self.sink),
            Value::Call(call) => user_call(call, self.sink),
            Value::Array(..) => array(&key.value, convert, self.sink),
            Value::Quantity(quantity) => {
                let help = "give a matrix, or write `connect: all_to_all()` for one weight";
                self.sink.error(
                    quantity.place,
                    with_help(format!("the weight of `{rule}` is a matrix, not a number"), help),
                );
                return None;
            }
            Value::Closure(closure) => {
                self.sink.error_over(
                    closure,
                    with_help(format!("the weight of `{rule}` is a matrix"), "compute it in a `let`"),
                );
                return None;
            }
        };
        Some(Rule::Made(quote!(__binnet::connect::#rule(#matrix))))
    }

    /// Code for a matrix that is handed to the builder, whose shape is checked; none for other expressions. Its rows
    /// are presynaptic neurons, unless it is `turned`.
    fn given(&mut self, expr: &Expr, span: Span, turned: bool, ends: &Sides) -> Option<TokenStream> {
        let given = self.context.given(expr)?;
        let name = &given.name;
        let code = quote!(::core::clone::Clone::clone(&#name));
        let (Some(mut first), Some(mut second)) = (ends.pre.first(), ends.post.first()) else { return Some(code) };
        if turned {
            std::mem::swap(&mut first, &mut second);
        }
        // What is wrong with the declared sizes is reported at the declaration.
        let mut ignored = Sink::default();
        let rows = self.context.scope.size(&given.rows, &mut ignored);
        let columns = self.context.scope.size(&given.columns, &mut ignored);
        if let (Some(rows), Some(columns)) = (rows, columns) {
            let sizes = [&rows, &columns, &first.size, &second.size];
            self.checks.add(CheckKind::Given, span, &[&given.name, &first.name, &second.name], &sizes, self.sink);
        }
        Some(code)
    }

    /// Code for a matrix `[pre][post]` of delays, given or written out; none for other values.
    pub(crate) fn delays(&mut self, key: &Key, ends: &Sides, convert: &mut Convert<'_>) -> Option<TokenStream> {
        if ends.mode != Mode::Single {
            return None;
        }
        let matrix = match &key.value {
            Value::Rust(expr) => self.given(expr, key.span, false, ends)?,
            Value::Named(named) if named.is_matrix() => convert(Amount::Named(named), self.sink),
            Value::Array(rows, span) => {
                let columns: Option<Vec<_>> = rows.iter().map(Value::elements).collect();
                let columns = columns.filter(|rows| !rows.is_empty())?;
                let width = columns[0].len();
                if let (true, [pre], [post]) =
                    (columns.iter().all(|row| row.len() == width), &ends.pre[..], &ends.post[..])
                {
                    let sizes = [&Size::Known(rows.len() as u64), &Size::Known(width as u64), &pre.size, &post.size];
                    self.checks.add(CheckKind::Given, *span, &[&key.name, &pre.name, &post.name], &sizes, self.sink);
                }
                array(&key.value, convert, self.sink)
            }
            _ => return None,
        };
        Some(
            quote!(<__binnet::PerSynapse as ::core::convert::From<_>>::from(__binnet::connect::IntoWeights::into_weights(#matrix))),
        )
    }

    pub(super) fn single_only(&mut self, rule: &Ident, ends: &Sides) -> Option<()> {
        if ends.mode == Mode::Single {
            return Some(());
        }
        let help = "write a projection for each pair of populations";
        self.sink.error(rule.span(), with_help(format!("`{rule}` connects two populations, not blocks of them"), help));
        None
    }
}

impl Lowering<'_, '_, '_> {
    pub(super) fn weight(&mut self, value: &Value, ends: &Sides) -> TokenStream {
        let mut sound = true;
        let sink = &mut *self.sink;
        value.each_amount(&mut |amount| {
            if !amount.unit().is_none() {
                let message = format!("a weight onto a binary neuron is a pure number, {}", amount.describe());
                let help = match amount {
                    Amount::Literal(quantity) => format!("write `{}`", quantity.value),
                    Amount::Named(named) => format!("declare `{}` without a unit", named.name),
                };
                let help = format!("{help}: weights and thresholds are on the same scale, without a unit");
                sink.error(amount.place(), with_help(message, help));
                sound = false;
            }
        });
        if sound { self.rules().blocks(value, "a weight", Number::Weight, ends) } else { quote!(0.0) }
    }

    /// Without its rule, a weight may be a matrix of single synapses: only its unit can be judged.
    pub(super) fn weight_of_unknown_rule(&mut self, value: &Value, ends: &Sides) {
        if !matches!(value, Value::Array(..)) {
            self.weight(value, ends);
        }
    }
}

/// The rule whose matrix is `[post][pre]`.
const TURNED: &str = "dense_post_pre";

/// Code for an amount in the unit of its place.
pub(crate) type Convert<'a> = dyn FnMut(Amount<'_>, &mut Sink) -> TokenStream + 'a;

impl<'c> Context<'c> {
    /// The matrix that is handed to the builder under this name.
    fn given(&self, expr: &Expr) -> Option<&'c Given> {
        let Expr::Path(path) = expr else { return None };
        let name = path.path.get_ident()?;
        self.givens.iter().copied().find(|given| given.name == *name)
    }

    /// Whether it is the name of a matrix that is handed to the builder.
    pub(crate) fn is_given(&self, expr: &Expr) -> bool {
        self.given(expr).is_some()
    }
}

/// Whether a matrix has as many rows and columns as there are blocks (post, pre). Rows that are Rust expressions are
/// left to the compiler.
pub(crate) fn block_shape(rows: &[Value], span: Span, (n_post, n_pre): (usize, usize), sink: &mut Sink) -> bool {
    let columns: Vec<Option<usize>> =
        rows.iter().map(|row| if let Value::Array(elements, _) = row { Some(elements.len()) } else { None }).collect();
    let fits = rows.len() == n_post && columns.iter().all(|n| *n == Some(n_pre));
    let judged = rows.iter().all(|row| matches!(row, Value::Array(..) | Value::Quantity(_) | Value::Closure(_)));
    if fits || !judged {
        return true;
    }
    let shape = if columns.iter().any(Option::is_none) {
        format!("this is a list of {}", rows.len())
    } else {
        let most = columns.iter().flatten().max().copied().unwrap_or(0);
        format!("the matrix is {} x {most}", rows.len())
    };
    let message = format!("{shape}, the blocks are {n_post} x {n_pre} (post x pre)");
    sink.error(span, with_help(message, "give one row for each target, one column for each origin"));
    false
}

/// Code for a literal matrix of weights.
fn array(value: &Value, convert: &mut Convert<'_>, sink: &mut Sink) -> TokenStream {
    match value {
        Value::Array(elements, _) => {
            let elements: Vec<_> = elements.iter().map(|element| array(element, convert, sink)).collect();
            quote!([#(#elements),*])
        }
        Value::Quantity(quantity) => convert(Amount::Literal(quantity), sink),
        Value::Named(named) => convert(Amount::Named(named), sink),
        other => pure(other, "an element", sink),
    }
}
