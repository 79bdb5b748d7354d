//! What a receptor is: a kind of the language with its arguments, or a model of the user's.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::ext::IdentExt as _;
use syn::{Expr, Ident, Lit};

use crate::diag::{Sink, did_you_mean, with_help};
use crate::network::model::Receptor;
use crate::network::named::Amount;
use crate::network::value::Value;

/// A kind of receptor that the language has.
struct Kind {
    word: &'static str,
    /// Its models: of a current, and of a conductance.
    models: [&'static str; 2],
    /// Arguments and the fields that they are; whether each must be given.
    params: &'static [(&'static str, &'static str, bool)],
    /// Whether the first argument needs no name.
    positional: bool,
    form: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind {
        word: "exponential",
        models: ["Exponential", "ExponentialConductance"],
        params: &[("tau", "tau", true)],
        positional: true,
        form: "exponential(5 ms)",
    },
    Kind {
        word: "alpha",
        models: ["Alpha", "AlphaConductance"],
        params: &[("tau", "tau", true)],
        positional: true,
        form: "alpha(5 ms)",
    },
    Kind {
        word: "dual_exponential",
        models: ["DualExponential", "DualExponentialConductance"],
        params: &[("rise", "tau_rise", true), ("decay", "tau_decay", true)],
        positional: false,
        form: "dual_exponential(rise: 1 ms, decay: 5 ms)",
    },
    Kind {
        word: "nmda",
        // The second one saturates.
        models: ["Nmda", "NmdaSaturating"],
        params: &[
            ("tau_rise", "tau_rise", false),
            ("tau_decay", "tau_decay", false),
            ("alpha", "alpha", false),
            ("mg", "mg", false),
            ("g_max", "g_max", false),
        ],
        positional: false,
        form: "nmda { tau_rise: 2 ms, tau_decay: 100 ms, mg: 1 mM }",
    },
];

/// Arguments that all kinds have.
const COMMON: [&str; 3] = ["reversal", "potential", "unmerged"];

/// A receptor whose kind and arguments are known.
pub(super) struct Resolved<'a> {
    /// Code for the model, without its precision.
    pub(super) model: TokenStream,
    /// Fields and their values, in order of the arguments.
    pub(super) values: Vec<(String, &'a Value)>,
    /// The state that is the potential, if it is named.
    pub(super) potential: Option<Ident>,
    pub(super) unmerged: bool,
    /// The place of the kind.
    pub(super) span: Span,
}

impl Resolved<'_> {
    /// What two receptors have in common if they are the same.
    pub(super) fn identity(&self) -> String {
        let mut values: Vec<_> =
            self.values.iter().map(|(field, value)| format!("{field}={}", canonical(value))).collect();
        values.sort();
        let potential = self.potential.as_ref().map_or_else(|| "v".to_owned(), |name| name.unraw().to_string());
        format!("{} {} {potential}", self.model, values.join(" "))
    }
}

/// A value in SI units: 5 ms is 0.005 s.
fn canonical(value: &Value) -> String {
    match value {
        Value::Quantity(quantity) => {
            // Twelve digits: 5 ms and 0.005 s differ by the last one.
            format!("{:.12e} {:?}", quantity.value * quantity.unit.unit.scale, quantity.unit.dimension())
        }
        Value::Named(named) => Amount::Named(named).code().to_string(),
        Value::Rust(expr) | Value::Explicit(expr) => expr.to_token_stream().to_string(),
        Value::Call(call) => {
            let args = call.args.iter().map(|arg| arg.tokens.to_string());
            format!("{}({})", call.name, args.collect::<Vec<_>>().join(", "))
        }
        // Refused.
        Value::Array(..) | Value::Closure(_) => String::new(),
    }
}

/// Looks kind and arguments up.
pub(super) fn resolve<'a>(receptor: &'a Receptor, krate: &TokenStream, sink: &mut Sink) -> Option<Resolved<'a>> {
    let kind = &receptor.kind;
    let last = kind.segments.last()?;
    let span = kind.segments.first()?.ident.span();
    let word = last.ident.unraw().to_string();
    let stock = kind.get_ident().and_then(|_| KINDS.iter().find(|known| known.word == word));
    let is_model = kind.segments.len() > 1 || word.starts_with(char::is_uppercase);
    if stock.is_none() && !is_model {
        let help = did_you_mean(&word, KINDS.iter().map(|known| known.word), "receptors are");
        sink.error(span, with_help(format!("no receptor `{word}`"), help));
        return None;
    }
    let mut resolved =
        Resolved { model: kind.to_token_stream(), values: Vec::new(), potential: None, unmerged: false, span };
    let (mut seen, mut sound): (Vec<String>, bool) = (Vec::new(), true);
    for (position, arg) in receptor.args.iter().enumerate() {
        let name = match (&arg.name, stock) {
            (Some(name), _) => name.unraw().to_string(),
            (None, Some(stock)) if stock.positional && position == 0 => stock.params[0].0.to_owned(),
            (None, stock) => {
                let form = stock.map_or("MyReceptor { tau: 5 ms }", |stock| stock.form);
                let help = format!("write `{form}`");
                sink.error(arg.value.place(), with_help(format!("this argument of `{word}` needs a name"), help));
                sound = false;
                continue;
            }
        };
        let at = arg.name.as_ref().map_or_else(|| arg.value.place(), |name| name.span().into());
        if seen.contains(&name) {
            sink.error(at, with_help(format!("`{name}` is given twice"), "leave one of them out"));
            sound = false;
            continue;
        }
        seen.push(name.clone());
        let field = match (name.as_str(), stock) {
            ("potential", _) => {
                resolved.potential = word_of(&arg.value).cloned();
                if resolved.potential.is_none() {
                    let help = "name a state of the postsynaptic model, as in `potential: v`";
                    sink.error(arg.value.place(), with_help("a potential is the name of a state", help));
                    sound = false;
                }
                continue;
            }
            ("unmerged", _) => {
                match truth(&arg.value) {
                    Some(yes) => resolved.unmerged = yes,
                    None => {
                        sink.error(
                            arg.value.place(),
                            with_help("`unmerged` is true or false", "write `unmerged: true`"),
                        );
                        sound = false;
                    }
                }
                continue;
            }
            ("reversal", Some(_)) => "e".to_owned(),
            (name, Some(stock)) => match stock.params.iter().find(|(known, ..)| *known == name) {
                Some((_, field, _)) => (*field).to_owned(),
                None => {
                    let known = stock.params.iter().map(|(known, ..)| *known).chain(COMMON);
                    let known: Vec<_> = known.collect();
                    let help = did_you_mean(name, known.iter().copied(), "arguments are");
                    sink.error(at, with_help(format!("`{word}` has no `{name}`"), help));
                    sound = false;
                    continue;
                }
            },
            (name, None) => name.to_owned(),
        };
        if matches!(&arg.value, Value::Array(..) | Value::Closure(_))
            || matches!(&arg.value, Value::Named(named) if named.is_list())
        {
            let help = "all neurons of a population share the parameters of a receptor";
            sink.error(arg.value.place(), with_help("a parameter of a receptor is one value", help));
            sound = false;
            continue;
        }
        resolved.values.push((field, &arg.value));
    }
    if let Some(stock) = stock {
        let missing =
            stock.params.iter().filter(|(name, _, needed)| *needed && !seen.iter().any(|given| given == name));
        let missing: Vec<_> = missing.map(|(name, ..)| *name).collect();
        if let (Some(name), true) = (missing.first(), sound) {
            sink.error(span, with_help(format!("`{word}` needs `{name}`"), format!("write `{}`", stock.form)));
            sound = false;
        }
        let given = |field: &str| resolved.values.iter().any(|(name, _)| name == field);
        let second = if stock.word == "nmda" { given("g_max") } else { given("e") };
        let model = Ident::new(stock.models[usize::from(second)], Span::call_site());
        resolved.model = quote!(#krate::models::receptors::#model);
    }
    sound.then_some(resolved)
}

/// A single word.
pub(super) fn word_of(value: &Value) -> Option<&Ident> {
    match value {
        Value::Rust(expr) => match &**expr {
            Expr::Path(path) => path.path.get_ident(),
            _ => None,
        },
        _ => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Rust(expr) => match &**expr {
            Expr::Lit(syn::ExprLit { lit: Lit::Bool(yes), .. }) => Some(yes.value),
            _ => None,
        },
        _ => None,
    }
}
