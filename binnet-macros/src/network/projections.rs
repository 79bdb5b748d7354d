//! Projections: their ends, rules and weights.

use binnet_units::nearest;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Expr, Ident, Lit};

use super::model::{Ends, Form, Given, Key, Pairs, Projection};
use super::named::Amount;
use super::plan::{self, Mode, Rule};
use super::populations::once;
use super::scalar::{arguments, check_range, is_probability, pure, user_call};
use super::sizes::{CheckKind, Checks, Scope, Size};
use super::value::{Arg, Call, Value};
use crate::diag::{Sink, did_you_mean, with_help};

const KEYS: [&str; 2] = ["connect", "weight"];

/// Rules with a number for each block.
pub(crate) const NUMBERED: [&str; 5] =
    ["fixed_prob", "poisson", "bernoulli_sum", "bernoulli_halving", "fixed_in_degree"];
const PLAIN: [&str; 2] = ["all_to_all", "one_to_one"];
const LISTS: [&str; 2] = ["edges", "weighted_edges"];
const MATRICES: [&str; 3] = ["dense", "sparse", "dense_post_pre"];

fn stock() -> impl Iterator<Item = &'static str> + Clone {
    NUMBERED.into_iter().chain(PLAIN).chain(LISTS).chain(MATRICES)
}

/// What a projection may refer to.
pub(crate) struct Context<'a> {
    pub(crate) scope: &'a Scope<'a>,
    pub(crate) givens: Vec<&'a Given>,
    pub(crate) sources: Vec<&'a Ident>,
}

/// A projection, read against its network.
pub(crate) struct Lowering<'c, 'a, 'p> {
    pub(crate) context: &'c Context<'c>,
    pub(crate) populations: &'a mut Vec<plan::Population<'p>>,
    pub(crate) checks: &'a mut Checks,
    pub(crate) sink: &'a mut Sink,
}

/// What an end is.
enum End {
    Population(usize),
    Source(Ident),
}

impl<'c> Lowering<'c, '_, '_> {
    /// Checks a projection. A projection from a source becomes a drive of its targets.
    pub(crate) fn projection(&mut self, written: &Projection, group: usize) -> Option<plan::Projection> {
        let pre = self.ends(&written.pre);
        let post = self.ends(&written.post);
        let mut targets = Vec::new();
        for (end, name) in post.iter().zip(&written.post.names) {
            match end {
                Some(End::Population(i)) => targets.push(*i),
                Some(End::Source(_)) => {
                    let help = "projections go from populations and sources to populations";
                    self.sink
                        .error(name.span(), with_help(format!("`{name}` is a source: nothing projects onto it"), help));
                }
                None => {}
            }
        }
        let keys = once(&written.keys, self.sink);
        self.unknown_keys(&keys);
        let connect = keys.iter().find(|key| key.name == "connect").map(|key| &key.value);
        let weight = keys.iter().find(|key| key.name == "weight").copied();

        let drives: Vec<Ident> = pre
            .iter()
            .filter_map(|end| if let Some(End::Source(name)) = end { Some(name.clone()) } else { None })
            .collect();
        if !drives.is_empty() {
            self.drive(written, &drives, pre.len(), &targets, connect, weight);
            return None;
        }
        let origins: Vec<usize> =
            pre.iter().filter_map(|end| if let Some(End::Population(i)) = end { Some(*i) } else { None }).collect();
        let complete = origins.len() == pre.len() && targets.len() == post.len();
        let mode = self.mode(&written.pre, &written.post)?;
        let pairs = written.pairs.map(|(pairs, span)| {
            self.clusters(&origins, &targets, span);
            match pairs {
                Pairs::Same => "SameCluster",
                Pairs::Other => "OtherCluster",
            }
        });
        let ends = Sides { pre: &origins, post: &targets, mode };
        let (rule, weight) = match connect {
            Some(connect) => (self.rule(connect, &ends), weight),
            None => {
                let help = "write how they connect, as in `connect: fixed_prob(0.1)`";
                self.missing("connect", help, written);
                // The weight is judged all the same.
                if let Some(key) = weight {
                    self.weight_of_unknown_rule(&key.value, &ends);
                }
                return None;
            }
        };
        let is_weighted = matches!(connect, Some(Value::Call(call)) if call.name == "weighted_edges");
        let (rule, autapses, weight) = match (rule, weight) {
            (Some((_, autapses, Some(matrix))), weight) => {
                (self.matrix(&matrix, weight, &ends, written)?, autapses, quote!(1.0))
            }
            (Some((rule, autapses, None)), Some(key)) => (rule, autapses, self.weight(&key.value, &ends)),
            (Some((rule, autapses, None)), None) if is_weighted => (rule, autapses, quote!(1.0)),
            (None, Some(key)) => {
                self.weight_of_unknown_rule(&key.value, &ends);
                return None;
            }
            (_, None) => {
                let help = "write `weight: 0.1`; weights add to the field that is compared with the threshold";
                self.missing("weight", help, written);
                return None;
            }
        };
        complete.then(|| plan::Projection {
            name: written.name.clone(),
            pre: origins,
            post: targets,
            mode,
            rule,
            weight,
            pairs,
            autapses,
            group,
        })
    }

    /// Says that a key is missing, unless it is there in a form that was reported already.
    fn missing(&mut self, key: &str, help: &str, written: &Projection) {
        let misspelt = written.keys.iter().any(|other| binnet_units::is_near(&other.name.to_string(), key));
        if !written.broken && !misspelt {
            self.sink.error(written.span, with_help(format!("this projection has no `{key}`"), help));
        }
    }

    fn ends(&mut self, ends: &Ends) -> Vec<Option<End>> {
        let mut seen: Vec<&Ident> = Vec::new();
        let mut found = Vec::new();
        for name in &ends.names {
            if seen.contains(&name) {
                self.sink.error(name.span(), with_help(format!("`{name}` is listed twice"), "leave one of them out"));
            }
            seen.push(name);
            found.push(self.end(name));
        }
        found
    }

    fn end(&mut self, name: &Ident) -> Option<End> {
        if let Some(i) = self.populations.iter().position(|population| population.name == name) {
            return Some(End::Population(i));
        }
        if self.context.sources.contains(&name) {
            return Some(End::Source(name.clone()));
        }
        let known: Vec<String> = self
            .populations
            .iter()
            .map(|p| p.name)
            .chain(self.context.sources.iter().copied())
            .map(ToString::to_string)
            .collect();
        let written = name.to_string();
        let help = did_you_mean(&written, known.iter().map(String::as_str), "there is");
        self.sink.error(name.span(), with_help(format!("no population `{name}`"), help));
        None
    }

    fn unknown_keys(&mut self, keys: &[&Key]) {
        for key in keys.iter().filter(|key| KEYS.iter().all(|known| key.name != known)) {
            let name = key.name.to_string();
            let help = match name.as_str() {
                "target" => "leave it out: a binary neuron has one input".to_owned(),
                "delay" => "leave it out: in an asynchronous network a change acts at once".to_owned(),
                "synapse" | "receptor" => "leave it out: a binary neuron sums its weights".to_owned(),
                "autapses" | "multapses" => {
                    format!("it belongs to the rule: `connect: fixed_in_degree(10, {name}: true)`")
                }
                _ => did_you_mean(&name, KEYS, "keys are"),
            };
            self.sink.error(
                key.name.span(),
                with_help(format!("a projection of an asynchronous network has no `{name}`"), help),
            );
        }
    }

    fn mode(&mut self, pre: &Ends, post: &Ends) -> Option<Mode> {
        match (pre.form, post.form) {
            (Form::Block, Form::Group) | (Form::Group, Form::Block) => {
                let span = post.names.first().map_or_else(Span::call_site, Ident::span);
                let help = "write `[a, b]` on both sides for blocks, `(a, b)` for the same values everywhere";
                self.sink.error(span, with_help("one side is in brackets, the other in parentheses", help));
                None
            }
            (Form::Block, _) | (_, Form::Block) => Some(Mode::Block),
            (Form::Group, _) | (_, Form::Group) => Some(Mode::Group),
            (Form::Single, Form::Single) => Some(Mode::Single),
        }
    }

    /// Both ends of `where .. cluster` have the same number of clusters.
    fn clusters(&mut self, pre: &[usize], post: &[usize], span: Span) {
        let mut without: Vec<usize> =
            pre.iter().chain(post).copied().filter(|i| self.populations[*i].clusters.is_none()).collect();
        without.sort_unstable();
        without.dedup();
        for i in without {
            let name = self.populations[i].name;
            let help = format!("write `in clusters[..]` after the size of `{name}`");
            self.sink.error(span, with_help(format!("`{name}` has no clusters"), help));
        }
        for (a, b) in pre.iter().flat_map(|a| post.iter().map(move |b| (*a, *b))) {
            let (a, b) = (&self.populations[a], &self.populations[b]);
            if let (Some(p), Some(q)) = (&a.clusters, &b.clusters) {
                self.checks.add(CheckKind::SameClusters, span, &[a.name, b.name], &[p, q], self.sink);
            }
        }
    }

    /// The rule, its `autapses` option, and the word of a matrix rule (whose matrix is the weight).
    fn rule(&mut self, connect: &Value, ends: &Sides<'_>) -> Option<(Rule, Option<TokenStream>, Option<Ident>)> {
        let (name, args): (&Ident, &[Arg]) = match connect {
            Value::Call(call) => (&call.name, &call.args),
            Value::Rust(expr) => match &**expr {
                Expr::Path(path) => match path.path.get_ident() {
                    Some(name) => (name, &[]),
                    None => return Some((Rule::Made(quote!(#expr)), None, None)),
                },
                _ => return Some((Rule::Made(quote!(#expr)), None, None)),
            },
            Value::Explicit(expr) => return Some((Rule::Made(quote!(#expr)), None, None)),
            other => {
                let help =
                    format!("write a rule, as in `fixed_prob(0.1)`; rules are {}", crate::diag::list(stock(), "and"));
                self.sink.error(other.span(), with_help("`connect` is followed by a rule", help));
                return None;
            }
        };
        let mut options = Options::read(args, self.sink);
        let positional = Call {
            name: name.clone(),
            args: args
                .iter()
                .filter(|arg| arg.name.is_none())
                .map(|arg| Arg {
                    name: None,
                    value: Value::Explicit(Box::new(syn::parse_quote!(()))),
                    tokens: arg.tokens.clone(),
                })
                .collect(),
        };
        let values: Vec<&Value> = args.iter().filter(|arg| arg.name.is_none()).map(|arg| &arg.value).collect();
        let word = name.to_string();
        let called = matches!(connect, Value::Call(_));
        let rule = if MATRICES.contains(&word.as_str()) {
            if called {
                let help = format!("write `connect: {word}, weight: matrix`");
                self.sink.error(name.span(), with_help(format!("the matrix of `{word}` is the weight"), help));
                return None;
            }
            return Some((Rule::Made(quote!()), None, Some(name.clone())));
        } else if !called && stock().any(|rule| rule == word) {
            let form = if PLAIN.contains(&word.as_str()) { format!("{word}()") } else { format!("{word}(..)") };
            if PLAIN.contains(&word.as_str()) {
                self.plain(name, ends)
            } else {
                self.sink.error(
                    name.span(),
                    with_help(format!("`{word}` takes one value"), format!("write `connect: {form}`")),
                );
                return None;
            }
        } else if PLAIN.contains(&word.as_str()) {
            arguments(&positional, &[], self.sink)?;
            self.plain(name, ends)
        } else if LISTS.contains(&word.as_str()) {
            arguments(&positional, &["list"], self.sink)?;
            self.single_only(name, ends)?;
            let list = &positional.args.first()?.tokens;
            Rule::Made(quote!(__binnet::connect::#name(#list)))
        } else if NUMBERED.contains(&word.as_str()) {
            let hint = if word == "fixed_in_degree" { "k" } else { "p" };
            arguments(&positional, &[hint], self.sink)?;
            self.numbered(name, values.first().copied()?, &mut options, ends)?
        } else {
            if let Some(near) = nearest(&word, stock()) {
                let message = format!("no connection rule `{word}`");
                self.sink.error(name.span(), with_help(message, format!("did you mean `{near}`?")));
                return None;
            }
            Rule::Made(if called { user_call(&positional, self.sink) } else { quote!(#name) })
        };
        options.refuse_rest(&word, self.sink);
        Some((rule, options.autapses, None))
    }

    fn plain(&mut self, name: &Ident, ends: &Sides<'_>) -> Rule {
        if name == "one_to_one" {
            for (a, b) in ends.pairs() {
                let (a, b) = (&self.populations[a], &self.populations[b]);
                self.checks.add(CheckKind::OneToOne, name.span(), &[a.name, b.name], &[&a.size, &b.size], self.sink);
            }
        }
        Rule::Stock { function: name.clone(), argument: None, in_degree: false }
    }

    /// A rule with a probability, a rate or an in-degree.
    fn numbered(&mut self, name: &Ident, value: &Value, options: &mut Options, ends: &Sides<'_>) -> Option<Rule> {
        let word = name.to_string();
        let (what, fits, help): (&str, fn(f64) -> bool, &str) = match word.as_str() {
            "fixed_prob" => (
                "a probability lies in 0..=1",
                is_probability,
                "`bernoulli_sum(p)` has the right mean number of contacts for any p",
            ),
            "fixed_in_degree" => (
                "an in-degree is not negative",
                |k| k >= 0.0,
                "write a number of inputs, or a share of the presynaptic neurons",
            ),
            _ => ("a mean number of contacts is not negative", |rate| rate >= 0.0, "the sign belongs to the weight"),
        };
        // A negative probability is no case for a sum of draws.
        let help = if word == "fixed_prob" && is_negative(value) { "the sign belongs to the weight" } else { help };
        check_range(value, fits, what, help, self.sink);
        let in_degree = word == "fixed_in_degree";
        let mut function = name.clone();
        if in_degree && options.multapses.take() == Some(false) {
            function = format_ident!("fixed_in_degree_without_multapses", span = name.span());
            self.distinct_inputs(value, ends);
        }
        let argument = self.blocks(value, &format!("the argument of `{word}`"), in_degree, ends);
        Some(Rule::Stock { function, argument: Some(argument), in_degree })
    }

    /// Without multapses, no more inputs than there are neurons.
    fn distinct_inputs(&mut self, value: &Value, ends: &Sides<'_>) {
        let Sides { pre, .. } = *ends;
        let names: Vec<usize> = pre.to_vec();
        let (checks, populations, sink) = (&mut *self.checks, &*self.populations, &mut *self.sink);
        value.each_quantity(&mut |quantity| match quantity.integer() {
            Some(k) => {
                for i in &names {
                    let population = &populations[*i];
                    checks.add(
                        CheckKind::InDegree,
                        quantity.span,
                        &[population.name],
                        &[&population.size, &Size::Known(k)],
                        sink,
                    );
                }
            }
            None if quantity.value > 1.0 => {
                let message =
                    format!("a share of {} needs more different inputs than there are neurons", quantity.value);
                sink.error(quantity.span, with_help(message, "give a share up to 1, or leave `multapses: false` out"));
            }
            None => {}
        });
    }

    /// Code for a number for each block, or for all; the shape of a matrix is checked.
    fn blocks(&mut self, value: &Value, what: &str, integers: bool, ends: &Sides<'_>) -> TokenStream {
        let sink = &mut *self.sink;
        let scalar = |value: &Value, sink: &mut Sink| match value {
            Value::Quantity(quantity) if integers && quantity.unit.is_none() => quantity.as_written(),
            // In-degrees may be counts: their whole numbers stay whole.
            Value::Rust(expr) | Value::Explicit(expr) if integers => quote!(#expr),
            other => pure(other, what, sink),
        };
        let Value::Array(rows, span) = value else { return scalar(value, sink) };
        let (n_post, n_pre) = (ends.post.len(), ends.pre.len());
        if ends.mode != Mode::Block {
            let help = "matrices `[post][pre]` go with populations in brackets: `[a, b] -> [a, b]`";
            sink.error(*span, with_help(format!("{what} is one number here"), help));
            return quote!(0.0);
        }
        let columns: Vec<Option<usize>> = rows
            .iter()
            .map(|row| if let Value::Array(elements, _) = row { Some(elements.len()) } else { None })
            .collect();
        let fits = rows.len() == n_post && columns.iter().all(|n| *n == Some(n_pre));
        let flat = columns.iter().any(Option::is_none);
        // Rows that are Rust expressions are left to the compiler.
        let judged = rows.iter().all(|row| matches!(row, Value::Array(..) | Value::Quantity(_) | Value::Closure(_)));
        if !fits && judged {
            let shape = if flat {
                format!("this is a list of {}", rows.len())
            } else {
                let most = columns.iter().flatten().max().copied().unwrap_or(0);
                format!("the matrix is {} x {most}", rows.len())
            };
            let message = format!("{shape}, the blocks are {n_post} x {n_pre} (post x pre)");
            sink.error(*span, with_help(message, "give one row for each target, one column for each origin"));
            return quote!([[0.0; #n_pre]; #n_post]);
        }
        let rows = rows.iter().map(|row| match row {
            Value::Array(elements, _) => {
                let elements: Vec<_> = elements.iter().map(|element| scalar(element, sink)).collect();
                quote!([#(#elements),*])
            }
            other => scalar(other, sink),
        });
        let rows: Vec<_> = rows.collect();
        quote!([#(#rows),*])
    }

    fn weight(&mut self, value: &Value, ends: &Sides<'_>) -> TokenStream {
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
                sink.error(amount.span(), with_help(message, help));
                sound = false;
            }
        });
        if sound { self.blocks(value, "a weight", false, ends) } else { quote!(0.0) }
    }

    /// Without its rule, a weight may be a matrix of single synapses: only its unit can be judged.
    fn weight_of_unknown_rule(&mut self, value: &Value, ends: &Sides<'_>) {
        if !matches!(value, Value::Array(..)) {
            self.weight(value, ends);
        }
    }

    /// A rule made of the matrix that stands as the weight.
    fn matrix(&mut self, rule: &Ident, weight: Option<&Key>, ends: &Sides<'_>, written: &Projection) -> Option<Rule> {
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
            Value::Rust(expr) | Value::Explicit(expr) => match Self::given(self.context, expr) {
                Some(given) => {
                    self.given_shape(given, rule, key.span, ends);
                    let name = &given.name;
                    quote!(::core::clone::Clone::clone(&#name))
                }
                None => quote!(#expr),
            },
            Value::Named(_) => pure(&key.value, "a weight", self.sink),
            Value::Call(call) => user_call(call, self.sink),
            Value::Array(..) => {
                let sink = &mut *self.sink;
                array(&key.value, sink)
            }
            Value::Quantity(quantity) => {
                let help = "give a matrix, or write `connect: all_to_all()` for one weight";
                self.sink
                    .error(quantity.span, with_help(format!("the weight of `{rule}` is a matrix, not a number"), help));
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

    fn given(context: &'c Context<'c>, expr: &Expr) -> Option<&'c Given> {
        let Expr::Path(path) = expr else { return None };
        let name = path.path.get_ident()?;
        context.givens.iter().copied().find(|given| given.name == *name)
    }

    fn given_shape(&mut self, given: &Given, rule: &Ident, span: Span, ends: &Sides<'_>) {
        let (Some(pre), Some(post)) = (ends.pre.first(), ends.post.first()) else { return };
        let (mut first, mut second) = (&self.populations[*pre], &self.populations[*post]);
        if rule == "dense_post_pre" {
            std::mem::swap(&mut first, &mut second);
        }
        // What is wrong with the declared sizes is reported at the declaration.
        let mut ignored = Sink::default();
        let rows = self.context.scope.size(&given.rows, &mut ignored);
        let columns = self.context.scope.size(&given.columns, &mut ignored);
        if let (Some(rows), Some(columns)) = (rows, columns) {
            let names = [&given.name, first.name, second.name];
            let sizes = [&rows, &columns, &first.size, &second.size];
            self.checks.add(CheckKind::Given, span, &names, &sizes, self.sink);
        }
    }

    fn single_only(&mut self, rule: &Ident, ends: &Sides<'_>) -> Option<()> {
        if ends.mode == Mode::Single {
            return Some(());
        }
        let help = "write a projection for each pair of populations";
        self.sink.error(rule.span(), with_help(format!("`{rule}` connects two populations, not blocks of them"), help));
        None
    }

    /// A background drive: its value times the weight, for each target.
    fn drive(
        &mut self,
        written: &Projection,
        sources: &[Ident],
        n_pre: usize,
        targets: &[usize],
        connect: Option<&Value>,
        weight: Option<&Key>,
    ) {
        if sources.len() < n_pre {
            let help = "write a projection for each of them";
            self.sink.error(written.span, with_help("sources and populations cannot project together", help));
        }
        if let Some(connect) = connect {
            let help = "leave `connect` out: a drive acts on each neuron of its targets";
            self.sink.error(connect.span(), with_help("a source has no connections", help));
        }
        if let Some((_, span)) = written.pairs {
            self.sink.error(span, with_help("a source has no clusters", "leave `where` out"));
        }
        let Some(key) = weight else {
            if !written.broken {
                self.sink.error(written.span, with_help("this projection has no `weight`", "write `weight: 1.0`"));
            }
            return;
        };
        if let Value::Array(_, span) = &key.value {
            let help = "write a projection for each target";
            self.sink.error(*span, with_help("the weight of a drive is one number", help));
            return;
        }
        let ends = Sides { pre: &[], post: targets, mode: Mode::Group };
        let weight = self.weight(&key.value, &ends);
        for target in targets {
            for source in sources {
                self.populations[*target].drives.push((source.clone(), weight.clone()));
            }
        }
    }
}

/// The two sides of a projection, by number.
struct Sides<'a> {
    pre: &'a [usize],
    post: &'a [usize],
    mode: Mode,
}

impl Sides<'_> {
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.pre.iter().flat_map(|a| self.post.iter().map(move |b| (*a, *b)))
    }
}

/// Named options of a rule.
struct Options {
    autapses: Option<TokenStream>,
    multapses: Option<bool>,
    multapses_span: Option<Span>,
}

impl Options {
    fn read(args: &[Arg], sink: &mut Sink) -> Self {
        let mut options = Self { autapses: None, multapses: None, multapses_span: None };
        for arg in args {
            let Some(name) = &arg.name else { continue };
            match name.to_string().as_str() {
                "autapses" => options.autapses = Some(arg.tokens.clone()),
                "multapses" => {
                    options.multapses_span = Some(name.span());
                    options.multapses = truth(&arg.value);
                    if options.multapses.is_none() {
                        sink.error(
                            arg.value.span(),
                            with_help("`multapses` is `true` or `false`", "write one of them"),
                        );
                        options.multapses_span = None;
                    }
                }
                other => {
                    let help = did_you_mean(other, ["autapses", "multapses"], "options are");
                    sink.error(name.span(), with_help(format!("no option `{other}`"), help));
                }
            }
        }
        options
    }

    /// Multapses are a matter of `fixed_in_degree` alone.
    fn refuse_rest(&self, rule: &str, sink: &mut Sink) {
        if let Some(span) = self.multapses_span
            && rule != "fixed_in_degree"
        {
            let help = "it belongs to `fixed_in_degree`; `fixed_prob` never makes multapses, `poisson` does";
            sink.error(span, with_help(format!("`{rule}` has no option `multapses`"), help));
        }
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Rust(expr) => match &**expr {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Bool(lit) => Some(lit.value),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

fn is_negative(value: &Value) -> bool {
    let mut negative = false;
    value.each_quantity(&mut |quantity| negative |= quantity.value < 0.0);
    negative
}

/// Code for a literal matrix of weights.
fn array(value: &Value, sink: &mut Sink) -> TokenStream {
    match value {
        Value::Array(elements, _) => {
            let elements: Vec<_> = elements.iter().map(|element| array(element, sink)).collect();
            quote!([#(#elements),*])
        }
        other => pure(other, "a weight", sink),
    }
}
