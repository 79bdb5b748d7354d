//! From tokens to the written neuron or synapse. Generous: an item that cannot be read is reported and skipped.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Generics, Ident, Path, Token, Visibility, braced, bracketed, token};

use super::expr::{Expr, Op, Parser, is_equation, names, no_assignment};
use super::model::{Bound, Class, Dialect, Equation, Item, Let, Neuron, Side, Spike, Statement, Value};
use crate::diag::{Sink, did_you_mean, error, with_help};
use crate::quantity::parse_unit;

const ITEMS: [&str; 9] = ["const", "param", "local", "state", "input", "let", "spike", "update", "output"];
const SYNAPSE_ITEMS: [&str; 9] = ["const", "param", "local", "state", "let", "pre", "post", "on", "deliver"];

impl Dialect {
    /// The words that items start with.
    fn items(self) -> [&'static str; 9] {
        match self {
            Self::Neuron => ITEMS,
            Self::Synapse => SYNAPSE_ITEMS,
        }
    }
}

/// Reads `[crate path] attributes visibility struct Name { items }`.
pub(crate) fn neuron(tokens: TokenStream, dialect: Dialect, sink: &mut Sink) -> Option<Neuron> {
    let mut read = None;
    let parser = |input: ParseStream| {
        read = Some(block(input, dialect, sink)?);
        Ok(())
    };
    let outcome = parser.parse2(tokens);
    // What is left over in brackets after a mistake is an error to `syn`, but was reported.
    if read.is_none() || sink.is_empty() {
        sink.handle(outcome);
    }
    read
}

fn block(input: ParseStream, dialect: Dialect, sink: &mut Sink) -> syn::Result<Neuron> {
    let word = dialect.word();
    let content;
    bracketed!(content in input);
    let krate = content.call(Path::parse_mod_style)?.into_token_stream();
    if !content.is_empty() {
        return Err(content.error("the path of the crate ends here"));
    }
    let attrs = input.call(Attribute::parse_outer)?;
    let vis: Visibility = input.parse()?;
    if !input.peek(Token![struct]) {
        let help = "write `pub struct Name { .. }` around the items";
        return Err(error(input.span(), format!("a {word} is declared as a struct"), help));
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    if input.peek(Token![<]) {
        let help = "leave them out; the network chooses the precision: `precision f32;`";
        let message = format!("a {word} has no generic parameters of its own");
        sink.error_over(input.parse::<Generics>()?, with_help(message, help));
    }
    if !input.peek(token::Brace) {
        let help = format!("write `struct {name} {{ .. }}`");
        return Err(error(input.span(), format!("the items of the {word} stand in braces"), help));
    }
    let body;
    braced!(body in input);
    let mut reader = Reader { dialect, sink, lost: Vec::new(), broken: false };
    let items = reader.items(&body);
    let Reader { lost, broken, .. } = reader;
    if !input.is_empty() {
        let (message, help) = (format!("a block declares one {word}"), format!("write a `{word}!` block for each"));
        sink.error(input.span(), with_help(message, help));
        input.parse::<TokenStream>()?;
    }
    Ok(Neuron { dialect, krate, attrs, vis, name, items, lost, broken })
}

struct Reader<'a> {
    dialect: Dialect,
    sink: &'a mut Sink,
    /// Names whose declaration could not be read, and the class of their fields.
    lost: Vec<(Ident, Option<Class>)>,
    /// Whether something else could not.
    broken: bool,
}

impl Reader<'_> {
    fn items(&mut self, body: ParseStream) -> Vec<Item> {
        let mut items = Vec::new();
        while !body.is_empty() {
            let lost = self.lost.len();
            match self.item(body) {
                Ok((item, braced)) => {
                    items.push(item);
                    if body.peek(Token![;]) {
                        // Infallible after the peek.
                        let _semicolon = body.parse::<Token![;]>();
                        continue;
                    }
                    if braced {
                        continue;
                    }
                    if starts_item(body, self.dialect) || body.is_empty() {
                        let help = "end each item with `;`";
                        self.sink.error(body.span(), with_help("the item before this should have ended", help));
                        continue;
                    }
                    self.broken = true;
                    self.sink.push(junk(body, "items end with `;`"));
                }
                Err(problem) => {
                    self.sink.push(problem);
                    // Nothing but the name is missing where a declaration cannot be read.
                    self.broken |= self.lost.len() == lost;
                }
            }
            skip_item(body, self.dialect);
        }
        items
    }

    /// An item, and whether it ends with braces.
    fn item(&mut self, body: ParseStream) -> syn::Result<(Item, bool)> {
        let docs = body.call(Attribute::parse_outer)?;
        for attr in docs.iter().filter(|attr| !attr.path().is_ident("doc")) {
            self.sink.error_over(attr, with_help("only documentation stands in front of an item", "write `/// ..`"));
        }
        let docs: Vec<_> = docs.into_iter().filter(|attr| attr.path().is_ident("doc")).collect();
        let span = body.span();
        if is_equation(body) {
            return Ok((Item::Equation(self.equation(body)?), false));
        }
        let word = body.call(Ident::parse_any).map_err(|_| {
            let help =
                format!("items are {} and equations `dx/dt = ..`", crate::diag::list(self.dialect.items(), "or"));
            error(span, format!("an item of the {} stands here", self.dialect.word()), help)
        })?;
        let neuron = self.dialect == Dialect::Neuron;
        let item = match word.to_string().as_str() {
            "const" => self.value(body, Class::Const, docs)?,
            "param" => self.value(body, Class::Param, docs)?,
            "local" => self.value(body, Class::Local, docs)?,
            "state" => self.value(body, Class::State, docs)?,
            "input" if neuron => {
                let name = self.name(body, "input")?;
                let unit = self.rest(&name, Some(Class::Local), |_| {
                    if !body.peek(Token![:]) {
                        let message = format!("the unit of the input `{name}` is missing here");
                        return Err(error(body.span(), message, format!("write `input {name}: nA`")));
                    }
                    body.parse::<Token![:]>()?;
                    parse_unit(body)
                })?;
                Item::Input { docs, name, unit }
            }
            "let" => Item::Let(self.binding(body, docs)?),
            "spike" if neuron => return Ok((Item::Spike(self.spike(body, span)?), true)),
            "update" if neuron => {
                let body = self.statements(body, "update")?;
                return Ok((Item::Update { span, body }, true));
            }
            "output" if neuron => Item::Output(self.name(body, "output")?),
            "pre" | "post" if !neuron && !body.peek(Token![.]) => self.reads(body, &word, docs)?,
            "on" if !neuron => return Ok((self.event(body, span)?, true)),
            "deliver" if !neuron => Item::Deliver { span, value: self.expr(body)? },
            "refractory" if neuron => {
                let help = "it belongs into the braces of `spike when`";
                return Err(error(span, "a refractory period follows a spike", help));
            }
            other => {
                // What may have been declared here is not said to be missing elsewhere.
                let fork = body.fork();
                let declared = if body.peek(Token![=]) { Some(word.clone()) } else { fork.parse::<Ident>().ok() };
                self.lost.extend(declared.map(|name| (name, None)));
                self.broken = true;
                return Err(no_item(other, span, body, self.dialect));
            }
        };
        Ok((item, false))
    }

    fn name(&mut self, body: ParseStream, what: &str) -> syn::Result<Ident> {
        let span = body.span();
        body.parse::<Ident>().map_err(|_| match body.fork().call(Ident::parse_any) {
            Ok(word) => error(span, format!("`{word}` is a word of Rust, not a name"), "write another one"),
            Err(_) => error(span, format!("the name of the {what} is missing here"), "write a name in lower case"),
        })
    }

    /// What follows a declared name. If that cannot be read, nothing is said where the name is used.
    fn rest<T>(
        &mut self,
        name: &Ident,
        class: Option<Class>,
        read: impl FnOnce(&mut Self) -> syn::Result<T>,
    ) -> syn::Result<T> {
        let result = read(self);
        if result.is_err() {
            self.lost.push((name.clone(), class));
        }
        result
    }

    fn expr(&mut self, body: ParseStream) -> syn::Result<Expr> {
        Parser::new(self.dialect).expr(body)
    }

    fn sum(&mut self, body: ParseStream) -> syn::Result<Expr> {
        Parser::new(self.dialect).sum(body)
    }

    fn value(&mut self, body: ParseStream, class: Class, docs: Vec<Attribute>) -> syn::Result<Item> {
        let name = self.name(body, class.word())?;
        self.rest(&name.clone(), Some(class), |reader| {
            let help = format!("write `{} {name} = 5 ms`", class.word());
            if body.peek(Token![:]) {
                let neuron = reader.dialect == Dialect::Neuron;
                if neuron && matches!(class, Class::Param | Class::Local) && !is_typed(body) {
                    body.parse::<Token![:]>()?;
                    let (unit, bound) = (parse_unit(body)?, reader.bound(body)?);
                    return Ok(Item::Given { class, docs, name, unit, bound });
                }
                let help = format!("its value says what it is: {help}");
                return Err(error(body.span(), format!("`{name}` has no type of its own"), help));
            }
            if !body.peek(Token![=]) {
                return Err(error(body.span(), format!("the value of `{name}` is missing here"), help));
            }
            body.parse::<Token![=]>()?;
            let (value, bound) = (reader.sum(body)?, reader.bound(body)?);
            Ok(Item::Value(Value { class, docs, name, value, bound }))
        })
    }

    fn bound(&mut self, body: ParseStream) -> syn::Result<Option<Bound>> {
        let word = body.fork().call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default();
        if word == "in" || word == "within" {
            body.call(Ident::parse_any)?;
            let low = self.sum(body)?;
            if !body.peek(Token![..=]) {
                let help = format!("write `{word} 0..=1`");
                return Err(error(body.span(), "a range of values stands here, with both ends", help));
            }
            body.parse::<Token![..=]>()?;
            let high = self.sum(body)?;
            return Ok(Some(Bound::Range { clip: word == "in", low, high }));
        }
        let op = if body.peek(Token![>=]) {
            body.parse::<Token![>=]>()?;
            Op::GreaterEqual
        } else if body.peek(Token![<=]) {
            body.parse::<Token![<=]>()?;
            Op::LessEqual
        } else if body.peek(Token![>]) {
            body.parse::<Token![>]>()?;
            Op::Greater
        } else if body.peek(Token![<]) {
            body.parse::<Token![<]>()?;
            Op::Less
        } else {
            return Ok(None);
        };
        Ok(Some(Bound::Side(op, self.sum(body)?)))
    }

    fn binding(&mut self, body: ParseStream, docs: Vec<Attribute>) -> syn::Result<Let> {
        let name = self.name(body, "value")?;
        let value = self.rest(&name, None, |reader| {
            if !body.peek(Token![=]) {
                let message = format!("the value of `{name}` is missing here");
                return Err(error(body.span(), message, format!("write `let {name} = ..`")));
            }
            body.parse::<Token![=]>()?;
            reader.expr(body)
        });
        self.broken |= value.is_err();
        Ok(Let { docs, name, value: value? })
    }

    fn equation(&mut self, body: ParseStream) -> syn::Result<Equation> {
        let word: Ident = body.parse()?;
        body.parse::<Token![/]>()?;
        body.parse::<Ident>()?;
        let text = word.to_string();
        let state = Ident::new(text.strip_prefix('d').unwrap_or(&text), word.span());
        if !body.peek(Token![=]) {
            let help = format!("write `d{state}/dt = ..`");
            return Err(error(body.span(), format!("the rate of change of `{state}` is missing here"), help));
        }
        body.parse::<Token![=]>()?;
        let value = self.expr(body)?;
        let mut method = None;
        if body.fork().parse::<Ident>().is_ok_and(|word| word == "by") {
            body.parse::<Ident>()?;
            method = Some(self.name(body, "method")?);
        }
        Ok(Equation { state, value, method })
    }

    fn spike(&mut self, body: ParseStream, span: proc_macro2::Span) -> syn::Result<Spike> {
        let at = body.span();
        let word = body.call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default();
        let count = match word.as_str() {
            "when" => false,
            "count" => true,
            _ => {
                let help = "write `spike when v > v_th { v = v_reset; }`, or `spike count ..` for several in a step";
                return Err(error(at, "`when` and a condition stand here, or `count` and a number", help));
            }
        };
        let value = self.expr(body)?;
        no_assignment(body)?;
        let body = if body.peek(token::Brace) { self.statements(body, "spike")? } else { Vec::new() };
        Ok(Spike { span, count, value, body })
    }

    /// `pre v: mV`, behind its first word.
    fn reads(&mut self, body: ParseStream, word: &Ident, docs: Vec<Attribute>) -> syn::Result<Item> {
        let side = if word == "pre" { Side::Pre } else { Side::Post };
        let name = self.name(body, "variable that is read")?;
        if !body.peek(Token![:]) {
            // Not known as `v`, but as `pre.v`.
            self.broken = true;
            let message = format!("the unit of `{word}.{name}` is missing here");
            return Err(error(body.span(), message, format!("write `{word} {name}: mV;`")));
        }
        body.parse::<Token![:]>()?;
        let unit = parse_unit(body);
        self.broken |= unit.is_err();
        Ok(Item::Reads { docs, side, name, unit: unit? })
    }

    /// `on pre { .. }`, behind its first word.
    fn event(&mut self, body: ParseStream, span: Span) -> syn::Result<Item> {
        let at = body.span();
        let Some(side) = body.call(Ident::parse_any).ok().as_ref().and_then(Side::of) else {
            let help = "write `on pre { deliver w; }`";
            return Err(error(at, "`pre` or `post` stands here: which neuron spikes", help));
        };
        let body = self.statements(body, &format!("on {}", side.word()))?;
        Ok(Item::On { span, side, body })
    }

    fn statements(&mut self, input: ParseStream, what: &str) -> syn::Result<Vec<Statement>> {
        if !input.peek(token::Brace) {
            return Err(error(
                input.span(),
                format!("`{{` and the statements of `{what}` stand here"),
                match self.dialect {
                    Dialect::Neuron => "write `{ v = v_reset; }`",
                    Dialect::Synapse => "write `{ deliver w; }`",
                },
            ));
        }
        let body;
        braced!(body in input);
        let mut statements = Vec::new();
        while !body.is_empty() {
            let before = body.cursor();
            match self.statement(&body) {
                Ok(statement) => {
                    statements.push(statement);
                    if body.peek(Token![;]) {
                        body.parse::<Token![;]>()?;
                        continue;
                    }
                    if body.is_empty() || starts_statement(&body, self.dialect) {
                        let help = "end each statement with `;`";
                        self.sink.error(body.span(), with_help("the statement before this should have ended", help));
                        continue;
                    }
                    self.sink.push(junk(&body, "statements end with `;`"));
                }
                Err(problem) => {
                    self.broken = true;
                    self.sink.push(problem);
                }
            }
            // A keyword that starts a declaration is no statement and is not read as one.
            if body.cursor() == before {
                body.parse::<TokenTree>()?;
            }
            skip_item(&body, self.dialect);
        }
        Ok(statements)
    }

    fn statement(&mut self, body: ParseStream) -> syn::Result<Statement> {
        let span = body.span();
        if body.peek(Token![let]) {
            body.parse::<Token![let]>()?;
            return Ok(Statement::Let(self.binding(body, Vec::new())?));
        }
        if body.peek(Token![if]) {
            let help = "choose values instead: `v = if a > b { x } else { y };`";
            return Err(error(span, "`if` is no statement here", help));
        }
        let name = body
            .parse::<Ident>()
            .map_err(|_| error(span, "a statement stands here", "write `v = v_reset;` or `let x = ..;`"))?;
        if name == "deliver" && self.dialect == Dialect::Synapse {
            return Ok(Statement::Deliver { span, value: self.expr(body)? });
        }
        if self.dialect == Dialect::Synapse && Side::of(&name).is_some() && body.peek(Token![.]) {
            let help = "what is delivered goes to the `target` of the projection: write `deliver ..;`";
            return Err(error(span, "a synapse reads the variables of a neuron, it does not set them", help));
        }
        if name == "refractory" && !body.peek(Token![=]) {
            let duration = self.expr(body)?;
            if !body.fork().parse::<Ident>().is_ok_and(|word| word == "holding") {
                let help = "write `refractory t_ref holding v;`";
                return Err(error(body.span(), "say what is held during the refractory period", help));
            }
            body.parse::<Ident>()?;
            return Ok(Statement::Refractory { span, duration, held: names(body)? });
        }
        let op = if body.peek(Token![+=]) {
            body.parse::<Token![+=]>()?;
            Some(Op::Add)
        } else if body.peek(Token![-=]) {
            body.parse::<Token![-=]>()?;
            Some(Op::Sub)
        } else if body.peek(Token![*=]) {
            body.parse::<Token![*=]>()?;
            Some(Op::Mul)
        } else if body.peek(Token![/=]) {
            body.parse::<Token![/=]>()?;
            Some(Op::Div)
        } else if body.peek(Token![==]) {
            return Err(error(body.span(), "`==` compares, it does not set a value", format!("write `{name} = ..;`")));
        } else if body.peek(Token![=]) {
            body.parse::<Token![=]>()?;
            None
        } else {
            return Err(error(
                body.span(),
                format!("`=` stands here, and what `{name}` becomes"),
                format!("write `{name} = ..;`"),
            ));
        };
        Ok(Statement::Assign { name, op, value: self.expr(body)? })
    }
}

/// Whether a type and a value stand behind `:`, instead of a unit alone.
fn is_typed(body: ParseStream) -> bool {
    let fork = body.fork();
    fork.parse::<Token![:]>().is_ok() && fork.parse::<syn::Type>().is_ok() && fork.peek(Token![=])
}

/// What stands at the end of an item or a statement and does not belong there.
fn junk(body: ParseStream, help: &str) -> syn::Error {
    error(body.span(), "an operator or `;` stands here", help)
}

/// Something that is no item, with what may have been meant.
fn no_item(word: &str, span: Span, body: ParseStream, dialect: Dialect) -> syn::Error {
    let synapse = dialect == Dialect::Synapse;
    let within = if synapse { "`on pre` and `on post`" } else { "`spike` and `update`" };
    if synapse && let Some(error) = foreign_item(word, span) {
        return error;
    }
    if body.peek(Token![=]) {
        let help = format!(
            "declare it: `param {word} = ..`, `let {word} = ..`; an equation is `d{word}/dt = ..`; \
             values are set within {within}"
        );
        return error(span, format!("`{word} = ..` alone is no item"), help);
    }
    if assigns(body) {
        return error(span, format!("`{word}` is changed outside of {within}"), "move it into their braces");
    }
    if word == "d" {
        return error(span, "no item starts with `d`", "a rate of change is one word: `dv/dt = ..`");
    }
    if word.starts_with('d') && body.peek(Token![/]) {
        return error(span, format!("`{word}/..` is no rate of change"), "time is called `dt`: `dv/dt = ..`");
    }
    let help = did_you_mean(word, dialect.items(), "items are equations `dx/dt = ..`,");
    error(span, format!("no item starts with `{word}`"), help)
}

/// An item of a neuron in a synapse.
fn foreign_item(word: &str, span: Span) -> Option<syn::Error> {
    let help = match word {
        "input" => "write what it reads of either neuron: `pre v: mV;` or `post v: mV;`",
        "spike" => "say what a spike of either neuron does: `on pre { .. }` or `on post { .. }`",
        "update" => "write equations `dx/dt = ..`, and `on pre { .. }` for what a spike does",
        "output" => "write `deliver ..`: in `on pre` for each spike, or alone for each step",
        _ => return None,
    };
    Some(error(span, format!("`{word}` belongs to a neuron, not to a synapse"), help))
}

/// Whether `+= ..` stands here.
fn assigns(body: ParseStream) -> bool {
    body.peek(Token![+=]) || body.peek(Token![-=]) || body.peek(Token![*=]) || body.peek(Token![/=])
}

fn starts_statement(body: ParseStream, dialect: Dialect) -> bool {
    let fork = body.fork();
    let own = if dialect == Dialect::Synapse { "deliver" } else { "refractory" };
    fork.call(Ident::parse_any).is_ok_and(|word| {
        word == "let" || word == own || (fork.peek(Token![=]) && !fork.peek(Token![==])) || assigns(&fork)
    })
}

fn starts_item(body: ParseStream, dialect: Dialect) -> bool {
    let starts = |word: Ident| dialect.items().iter().any(|item| word == item);
    is_equation(body) || body.fork().call(Ident::parse_any).is_ok_and(starts)
}

/// Whether no more than a declaration can stand here: enough to go on reading behind a mistake.
fn is_declaration(body: ParseStream, dialect: Dialect) -> bool {
    let fork = body.fork();
    is_equation(body)
        || fork.call(Ident::parse_any).is_ok_and(|word| match word.to_string().as_str() {
            "const" | "param" | "local" | "state" | "let" => fork.parse::<Ident>().is_ok() && fork.peek(Token![=]),
            "on" if dialect == Dialect::Synapse => fork.parse::<Ident>().is_ok_and(|side| Side::of(&side).is_some()),
            "pre" | "post" if dialect == Dialect::Synapse => fork.parse::<Ident>().is_ok() && fork.peek(Token![:]),
            "input" => fork.parse::<Ident>().is_ok() && fork.peek(Token![:]),
            "spike" => fork.parse::<Ident>().is_ok_and(|word| word == "when" || word == "count"),
            _ => false,
        })
}

/// Skips to behind the next `;`, behind braces, or to the next declaration.
fn skip_item(body: ParseStream, dialect: Dialect) {
    while !body.is_empty() && !is_declaration(body, dialect) {
        match body.parse::<TokenTree>() {
            Ok(TokenTree::Punct(punct)) if punct.as_char() == ';' => return,
            Ok(TokenTree::Group(group))
                if group.delimiter() == proc_macro2::Delimiter::Brace && starts_item(body, dialect) =>
            {
                return;
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
