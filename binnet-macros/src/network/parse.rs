//! From tokens to the written network. Generous: an item that cannot be read is reported and skipped.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr, GenericParam, Ident, Path, Token, Visibility, braced, bracketed, parenthesized, token};

use super::clocked::{Stop, measure, parse as clocked};
use super::model::{
    Binding, Channels, ConstParam, End, Ends, Equipment, Form, Given, Item, Key, Let, Network, Pairs, Population,
    Projection, Receptor, SizeItem,
};
use super::slice::Slice;
use super::value::{Arg, Value, arguments};
use crate::diag::{Sink, did_you_mean, error, with_help};

const ITEMS: [&str; 15] = [
    "asynchronous",
    "clock",
    "precision",
    "const",
    "param",
    "size",
    "let",
    "given",
    "source",
    "population",
    "projection",
    "stimulus",
    "record",
    "schedule",
    "stop",
];
const LATER: [&str; 1] = ["output"];

/// Reads `[crate path] attributes visibility struct Name<generics> { items }`.
pub(crate) fn network(tokens: TokenStream, sink: &mut Sink) -> Option<Network> {
    let parser = |input: ParseStream| block(input, sink);
    let parsed = parser.parse2(tokens);
    sink.handle(parsed)
}

fn block(input: ParseStream, sink: &mut Sink) -> syn::Result<Network> {
    let content;
    bracketed!(content in input);
    let krate = content.call(Path::parse_mod_style)?.into_token_stream();
    if !content.is_empty() {
        return Err(content.error("the path of the crate ends here"));
    }
    let hash = super::show::hash(&input.cursor().token_stream());
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(error(
            input.span(),
            "a network is declared as a struct",
            "write `pub struct Name { .. }` around the items",
        ));
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    let generics = generics(input.parse()?, sink);
    if !input.peek(token::Brace) {
        return Err(error(
            input.span(),
            "the items of the network stand in braces",
            format!("write `struct {name} {{ .. }}`"),
        ));
    }
    let body;
    braced!(body in input);
    let said =
        body.cursor().token_stream().into_iter().any(|tree| matches!(&tree, TokenTree::Ident(word) if word == "clock"));
    let (items, broken) = items(&body, sink);
    let clocked = items.iter().any(|item| matches!(item, Item::Clock(_))) || (broken && said);
    if !input.is_empty() {
        sink.error(input.span(), with_help("a block declares one network", "write a `network!` block for each"));
        input.parse::<TokenStream>()?;
    }
    let receptors = Default::default();
    Ok(Network { krate, attrs, vis, name, generics, items, clocked, broken, hash, receptors })
}

fn generics(generics: syn::Generics, sink: &mut Sink) -> Vec<ConstParam> {
    if let Some(clause) = &generics.where_clause {
        sink.error_over(
            clause,
            with_help("a network has no `where` clause", "sizes are checked by the network itself"),
        );
    }
    let mut params = Vec::new();
    for param in generics.params {
        match param {
            GenericParam::Const(param) => {
                if !matches!(&param.ty, syn::Type::Path(path) if path.path.is_ident("usize")) {
                    sink.error_over(&param.ty, with_help("a parameter of a network is a size", "write `usize`"));
                }
                params.push(ConstParam { name: param.ident, default: param.default.map(|(_, default)| default) });
            }
            other => {
                let help = "write sizes as `<const N: usize = 100>`; models are named in the populations";
                sink.error_over(other, with_help("a network is generic over sizes only", help));
            }
        }
    }
    params
}

/// The items, and whether one of them was unreadable.
fn items(body: ParseStream, sink: &mut Sink) -> (Vec<Item>, bool) {
    let (mut items, mut broken) = (Vec::new(), false);
    // Names that hide units in values that follow.
    let mut names = HashSet::new();
    while !body.is_empty() {
        match item(body, &mut names, sink) {
            Ok(item) => {
                items.push(item);
                if body.peek(Token![;]) {
                    // Infallible after the peek; an error would only repeat itself in the next item.
                    let _semicolon = body.parse::<Token![;]>();
                    continue;
                }
                sink.error(body.span(), with_help("the item before this should have ended", "end each item with `;`"));
                if starts_item(body) {
                    continue;
                }
            }
            Err(problem) => {
                sink.push(problem);
                broken = true;
            }
        }
        skip_item(body);
    }
    (items, broken)
}

/// Whether a word stands here that starts an item; no value goes on with one.
pub(crate) fn starts_item(body: ParseStream) -> bool {
    body.fork().call(Ident::parse_any).is_ok_and(|word| ITEMS.iter().chain(&LATER).any(|item| word == item))
}

/// Whether it looks like an item also where the word might be a name of the user's.
fn is_item(body: ParseStream) -> bool {
    let fork = body.fork();
    starts_item(body) && fork.call(Ident::parse_any).is_ok() && fork.peek(Ident)
}

/// Skips to behind the next `;`, or to an item that follows braces (whose `;` is missing).
fn skip_item(body: ParseStream) {
    let mut braces = false;
    while !body.is_empty() {
        if braces && starts_item(body) {
            return;
        }
        match body.parse::<TokenTree>() {
            Ok(TokenTree::Punct(punct)) if punct.as_char() == ';' => return,
            Ok(TokenTree::Group(group)) => braces = group.delimiter() == Delimiter::Brace,
            Ok(_) => braces = false,
            Err(_) => return,
        }
    }
}

fn item(body: ParseStream, names: &mut HashSet<String>, sink: &mut Sink) -> syn::Result<Item> {
    let docs = body.call(Attribute::parse_outer)?;
    for attr in docs.iter().filter(|attr| !attr.path().is_ident("doc")) {
        sink.error_over(attr, with_help("only documentation stands in front of an item", "write `/// ..`"));
    }
    let docs: Vec<_> = docs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect();
    let span = body.span();
    let word = body.call(Ident::parse_any).map_err(|_| {
        error(span, "an item of the network stands here", format!("items are {}", crate::diag::list(ITEMS, "and")))
    })?;
    let item = match word.to_string().as_str() {
        "asynchronous" => Item::Asynchronous(span),
        "clock" => Item::Clock(clocked::clock(body, names, span)?),
        "precision" => Item::Precision(clocked::precision(body)?),
        "const" => Item::Const(binding(body, docs, names, sink)?),
        "param" => Item::Param(binding(body, docs, names, sink)?),
        "size" => Item::Size(size(body, docs)?),
        "let" => Item::Let(binding_let(body, names)?),
        "given" => Item::Given(given(body, docs, names)?),
        "source" => source(body, docs, names, sink)?,
        "population" => Item::Population(Box::new(population(body, docs, names, sink)?)),
        "projection" => Item::Projection(projection(body, names, span, sink)?),
        "stimulus" => Item::Stimulus(clocked::stimulus(body, names)?),
        "record" => measure::record(body)?,
        "schedule" => Item::Schedule(clocked::schedule(body, span)?),
        "stop" => Item::Stop(Stop::parse(body, names, span)?),
        later if LATER.contains(&later) => {
            return Err(error(span, format!("`{later}` is not there yet"), "leave it out for now"));
        }
        other => {
            return Err(error(span, format!("no item starts with `{other}`"), did_you_mean(other, ITEMS, "items are")));
        }
    };
    Ok(item)
}

pub(crate) fn name(body: ParseStream, what: &str) -> syn::Result<Ident> {
    let span = body.span();
    body.parse::<Ident>()
        .map_err(|_| error(span, format!("the name of the {what} is missing here"), "write a name in lower case"))
}

fn binding(
    body: ParseStream,
    docs: Vec<Attribute>,
    names: &mut HashSet<String>,
    sink: &mut Sink,
) -> syn::Result<Binding> {
    let name = name(body, "value")?;
    if body.peek(Token![:]) {
        let help = format!("the unit says what it is: write `{name} = 5 ms`");
        return Err(error(body.span(), format!("`{name}` has no type of its own"), help));
    }
    if !body.peek(Token![=]) {
        let help = format!("write `{name} = 1.0`");
        return Err(error(body.span(), format!("the value of `{name}` is missing here"), help));
    }
    body.parse::<Token![=]>()?;
    // The name counts as declared even if its value cannot be read.
    names.insert(name.to_string());
    let mut broken = false;
    let value = match Value::parse(body, names) {
        Ok(value) => value,
        Err(problem) => {
            sink.push(problem);
            broken = true;
            while !body.is_empty() && !body.peek(Token![;]) && !is_item(body) {
                body.parse::<TokenTree>()?;
            }
            Value::Explicit(Box::new(syn::parse_quote!(0.0)))
        }
    };
    Ok(Binding { docs, name, value, broken })
}

fn size(body: ParseStream, docs: Vec<Attribute>) -> syn::Result<SizeItem> {
    let name = name(body, "size")?;
    if !body.peek(Token![=]) {
        let help = format!("write `size {name} = 1000`");
        return Err(error(body.span(), format!("the number of `{name}` is missing here"), help));
    }
    body.parse::<Token![=]>()?;
    Ok(SizeItem { docs, name, value: body.parse()? })
}

fn binding_let(body: ParseStream, names: &mut HashSet<String>) -> syn::Result<Let> {
    if body.peek(Token![mut]) {
        return Err(error(
            body.span(),
            "a `let` of a network does not change",
            "leave `mut` out; compute in a function",
        ));
    }
    let name = name(body, "let")?;
    names.insert(name.to_string());
    if !body.peek(Token![=]) {
        return Err(error(
            body.span(),
            format!("the value of `{name}` is missing here"),
            format!("write `let {name} = ..`"),
        ));
    }
    body.parse::<Token![=]>()?;
    Ok(Let { name, value: body.parse()? })
}

fn given(body: ParseStream, docs: Vec<Attribute>, names: &mut HashSet<String>) -> syn::Result<Given> {
    let name = name(body, "data")?;
    names.insert(name.to_string());
    let form = || {
        error(
            body.span(),
            format!("the shape of `{name}` is missing here"),
            format!("write `given {name}: [rows][columns]`"),
        )
    };
    if !body.peek(Token![:]) {
        return Err(form());
    }
    body.parse::<Token![:]>()?;
    if !body.peek(token::Bracket) {
        return Err(form());
    }
    let rows = bracket(body, "rows")?;
    if !body.peek(token::Bracket) {
        let help = format!("write its columns too: `given {name}: [rows][columns]`");
        return Err(error(body.span(), "only matrices can be given so far", help));
    }
    let columns = bracket(body, "columns")?;
    Ok(Given { docs, name, rows, columns })
}

/// `[size]`
fn bracket(body: ParseStream, what: &str) -> syn::Result<Expr> {
    let content;
    let brackets = bracketed!(content in body);
    let size = first(&content, brackets.span.join(), what)?;
    end_of_sizes(&content, "one size stands here, this is more")?;
    Ok(size)
}

/// `[size]` or `[rows, columns]`
fn dimensions(body: ParseStream) -> syn::Result<(Expr, Option<Expr>)> {
    let content;
    let brackets = bracketed!(content in body);
    let size = first(&content, brackets.span.join(), "neurons")?;
    if !content.peek(Token![,]) {
        end_of_sizes(&content, "one size stands here, this is more")?;
        return Ok((size, None));
    }
    let comma = content.parse::<Token![,]>()?;
    let columns = first(&content, comma.span, "columns")?;
    end_of_sizes(&content, "rows and columns stand here, this is more")?;
    Ok((size, Some(columns)))
}

fn first(content: ParseStream, span: Span, what: &str) -> syn::Result<Expr> {
    if content.is_empty() {
        return Err(error(span, format!("the number of {what} is missing here"), "write it in the brackets"));
    }
    content.parse()
}

fn end_of_sizes(content: ParseStream, message: &str) -> syn::Result<()> {
    if content.is_empty() {
        return Ok(());
    }
    Err(error(content.span(), message, "write a number, a constant or a parameter"))
}

/// `source name: kind(values)`, or `source name: kind[size] { keys }`.
fn source(body: ParseStream, docs: Vec<Attribute>, names: &mut HashSet<String>, sink: &mut Sink) -> syn::Result<Item> {
    let name = name(body, "source")?;
    names.insert(name.to_string());
    if !body.peek(Token![:]) {
        let help = format!("write `source {name}: constant(1.0)`");
        return Err(error(body.span(), format!("the kind of the source `{name}` is missing here"), help));
    }
    body.parse::<Token![:]>()?;
    if body.peek(Ident) && body.peek2(token::Bracket) {
        let kind: Ident = body.parse()?;
        let size = bracket(body, "channels")?;
        let (keys, broken) = keys(body, names, None, sink)?;
        return Ok(Item::Channels(Channels { name, kind, size, keys, broken }));
    }
    Ok(Item::Source(Binding { docs, name, value: Value::parse(body, names)?, broken: false }))
}

fn population(
    body: ParseStream,
    docs: Vec<Attribute>,
    names: &mut HashSet<String>,
    sink: &mut Sink,
) -> syn::Result<Population> {
    let name = name(body, "population")?;
    let form = format!("write `population {name}: Binary[100] {{ tau: 10 ms }}`");
    if !body.peek(Token![:]) {
        return Err(error(body.span(), format!("the model of `{name}` is missing here"), form));
    }
    body.parse::<Token![:]>()?;
    let span = body.span();
    let model = body
        .call(Path::parse_mod_style)
        .map_err(|_| error(span, format!("the model of `{name}` is missing here"), &form))?;
    if !body.peek(token::Bracket) {
        return Err(error(body.span(), format!("the size of `{name}` is missing here"), form));
    }
    let (size, columns) = dimensions(body)?;
    let clusters = if body.peek(Token![in]) {
        body.parse::<Token![in]>()?;
        let span = body.span();
        let written = || error(span, "`in` is followed by a number of clusters", "write `in clusters[20]`");
        let word: Ident = body.parse().map_err(|_| written())?;
        if word != "clusters" || !body.peek(token::Bracket) {
            return Err(written());
        }
        Some(bracket(body, "clusters")?)
    } else {
        None
    };
    let (keys, broken) = keys(body, names, None, sink)?;
    Ok(Population { docs, name, model, size, columns, clusters, keys, broken, bare: None, fed: Vec::new() })
}

/// `{ key: value, .. }`, which may be left out. Also says whether something in it was unreadable. Where there may be
/// `synapse: Model { .. }` or `receptor: kind(..)`, they go to `models`.
fn keys(
    body: ParseStream,
    names: &HashSet<String>,
    mut models: Option<&mut Models>,
    sink: &mut Sink,
) -> syn::Result<(Vec<Key>, bool)> {
    let (mut keys, mut broken) = (Vec::new(), false);
    if !body.peek(token::Brace) {
        return Ok((keys, broken));
    }
    let content;
    braced!(content in body);
    while !content.is_empty() {
        let parsed = match models.as_deref_mut() {
            Some(models) if starts(&content, "synapse") => {
                synapse(&content, names, &mut broken, sink).map(|synapse| models.synapses.push(synapse))
            }
            Some(models) if starts(&content, "receptor") => {
                receptor(&content, names, &mut broken, sink).map(|receptor| models.receptors.push(receptor))
            }
            _ => key(&content, names).map(|key| keys.push(key)),
        };
        match parsed {
            Ok(()) => {}
            Err(problem) => {
                sink.push(problem);
                broken = true;
                while !content.is_empty() && !content.peek(Token![,]) {
                    content.parse::<TokenTree>()?;
                }
            }
        }
        if !content.is_empty() {
            // Values end at a comma, at a word of the language, or a `;`, which is reported by the next key.
            if starts_item(&content) {
                sink.push(error(content.span(), "the value should have ended here", "separate keys by commas"));
                broken = true;
            }
            content.parse::<Option<Token![,]>>()?;
        }
    }
    Ok((keys, broken))
}

/// The models that a projection names.
#[derive(Default)]
struct Models {
    synapses: Vec<Equipment>,
    receptors: Vec<Receptor>,
}

fn starts(content: ParseStream, key: &str) -> bool {
    content.peek2(Token![:]) && content.fork().parse::<Ident>().is_ok_and(|word| word == key)
}

/// `receptor: kind(values)`, or `receptor: Kind { key: value, .. }`
fn receptor(
    content: ParseStream,
    names: &HashSet<String>,
    broken: &mut bool,
    sink: &mut Sink,
) -> syn::Result<Receptor> {
    let word: Ident = content.parse()?;
    content.parse::<Token![:]>()?;
    let (span, written) = (content.span(), content.fork());
    let help = "name its kind with its values, as in `receptor: exponential(5 ms)`";
    let kind = content
        .call(Path::parse_mod_style)
        .map_err(|_| error(span, "the kind of the receptor is missing here", help))?;
    let args = if content.peek(token::Paren) {
        let inner;
        parenthesized!(inner in content);
        arguments(&inner, names)?
    } else {
        let (keys, unreadable) = keys(content, names, None, sink)?;
        *broken |= unreadable;
        let argument = |key: Key| Arg { name: Some(key.name), value: key.value, tokens: TokenStream::new() };
        keys.into_iter().map(argument).collect()
    };
    if !(content.is_empty() || content.peek(Token![,])) {
        return Err(error(content.span(), "the receptor should have ended here", help));
    }
    let mut text = TokenStream::new();
    while written.cursor() != content.cursor() {
        text.extend([written.parse::<TokenTree>()?]);
    }
    Ok(Receptor { word, kind, args, text: super::receptors::tidy(&text) })
}

/// `synapse: Model { key: value, .. }`
fn synapse(
    content: ParseStream,
    names: &HashSet<String>,
    broken: &mut bool,
    sink: &mut Sink,
) -> syn::Result<Equipment> {
    let word: Ident = content.parse()?;
    content.parse::<Token![:]>()?;
    let span = content.span();
    let help = "name it with its values, as in `synapse: TsodyksMarkram { u_0: 0.2, tau_f: 50 ms }`";
    let model = content
        .call(Path::parse_mod_style)
        .map_err(|_| error(span, "the model of the synapses is missing here", help))?;
    let (keys, unreadable) = keys(content, names, None, sink)?;
    *broken |= unreadable;
    if !(content.is_empty() || content.peek(Token![,])) {
        return Err(error(content.span(), "the synapse should have ended here", help));
    }
    Ok(Equipment { word, model, keys })
}

fn key(content: ParseStream, names: &HashSet<String>) -> syn::Result<Key> {
    let span = content.span();
    let name: Ident =
        content.parse().map_err(|_| error(span, "a key stands here", "write `key: value`, separated by commas"))?;
    if !content.peek(Token![:]) || content.peek(Token![::]) {
        return Err(error(
            content.span(),
            format!("the value of `{name}` is missing here"),
            format!("write `{name}: value`"),
        ));
    }
    content.parse::<Token![:]>()?;
    let span = content.span();
    Ok(Key { name, value: Value::parse(content, names)?, span })
}

fn projection(body: ParseStream, names: &HashSet<String>, span: Span, sink: &mut Sink) -> syn::Result<Projection> {
    let name = if body.peek(Ident) && body.peek2(Token![:]) {
        let name: Ident = body.parse()?;
        body.parse::<Token![:]>()?;
        Some(name)
    } else {
        None
    };
    let pre = ends(body)?;
    if !body.peek(Token![->]) {
        return Err(error(
            body.span(),
            "a projection goes from one population to another",
            "write `projection pre -> post { .. }`",
        ));
    }
    body.parse::<Token![->]>()?;
    let post = ends(body)?;
    let pairs = if body.peek(Token![where]) { Some(pairs(body)?) } else { None };
    let mut models = Models::default();
    let (keys, broken) = keys(body, names, Some(&mut models), sink)?;
    let Models { synapses, receptors } = models;
    Ok(Projection { name, pre, post, pairs, keys, synapses, receptors, arrivals: Vec::new(), span, broken })
}

fn pairs(body: ParseStream) -> syn::Result<(Pairs, Span)> {
    let span = body.parse::<Token![where]>()?.span;
    let at = body.span();
    let written =
        || error(at, "`where` selects pairs by cluster", "write `where same cluster` or `where other cluster`");
    let which: Ident = body.parse().map_err(|_| written())?;
    let pairs = match which.to_string().as_str() {
        "same" => Pairs::Same,
        "other" => Pairs::Other,
        _ => return Err(written()),
    };
    let cluster = body.span();
    if !body.parse::<Ident>().is_ok_and(|word| word == "cluster") {
        return Err(error(cluster, "the word `cluster` is missing here", format!("write `where {which} cluster`")));
    }
    Ok((pairs, span))
}

fn ends(body: ParseStream) -> syn::Result<Ends> {
    let content;
    let (form, span) = if body.peek(token::Bracket) {
        (Form::Block, bracketed!(content in body).span.join())
    } else if body.peek(token::Paren) {
        (Form::Group, parenthesized!(content in body).span.join())
    } else {
        return Ok(Ends { form: Form::Single, each: vec![end(body)?] });
    };
    let each = content.parse_terminated(end, Token![,])?;
    if each.is_empty() {
        return Err(error(span, "populations are missing here", "write their names, separated by commas"));
    }
    Ok(Ends { form, each: each.into_iter().collect() })
}

fn end(body: ParseStream) -> syn::Result<End> {
    Ok(End { name: name(body, "population")?, slice: Slice::parse(body)? })
}
