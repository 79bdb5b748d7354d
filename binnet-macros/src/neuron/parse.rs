//! From tokens to the written neuron. Generous: an item that cannot be read is reported and skipped.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Ident, Path, Token, Visibility, braced, bracketed, token};

use super::expr::{Expr, Op, Parser, names};
use super::model::{Bound, Class, Equation, Item, Let, Neuron, Spike, Statement, Value};
use crate::diag::{Sink, did_you_mean, error, with_help};
use crate::quantity::parse_unit;

const ITEMS: [&str; 9] = ["const", "param", "local", "state", "input", "let", "spike", "update", "output"];

/// Reads `[crate path] attributes visibility struct Name { items }`.
pub(crate) fn neuron(tokens: TokenStream, sink: &mut Sink) -> Option<Neuron> {
    let parser = |input: ParseStream| block(input, sink);
    let parsed = parser.parse2(tokens);
    sink.handle(parsed)
}

fn block(input: ParseStream, sink: &mut Sink) -> syn::Result<Neuron> {
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
        return Err(error(input.span(), "a neuron is declared as a struct", help));
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    if input.peek(Token![<]) {
        let help = "its precision is chosen by the network: `precision f32;`";
        return Err(error(input.span(), "a neuron has no generic parameters of its own", help));
    }
    if !input.peek(token::Brace) {
        let help = format!("write `struct {name} {{ .. }}`");
        return Err(error(input.span(), "the items of the neuron stand in braces", help));
    }
    let body;
    braced!(body in input);
    let (items, broken) = Reader { sink }.items(&body);
    if !input.is_empty() {
        sink.error(input.span(), with_help("a block declares one neuron", "write a `neuron!` block for each"));
        input.parse::<TokenStream>()?;
    }
    Ok(Neuron { krate, attrs, vis, name, items, broken })
}

struct Reader<'a> {
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn items(&mut self, body: ParseStream) -> (Vec<Item>, bool) {
        let (mut items, mut broken) = (Vec::new(), false);
        while !body.is_empty() {
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
                    broken = true;
                    self.sink
                        .error(body.span(), with_help("the item before this should have ended", "end it with `;`"));
                    if starts_item(body) {
                        continue;
                    }
                }
                Err(problem) => {
                    self.sink.push(problem);
                    broken = true;
                }
            }
            skip_item(body);
        }
        (items, broken)
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
            let help = format!("items are {} and equations `dx/dt = ..`", crate::diag::list(ITEMS, "or"));
            error(span, "an item of the neuron stands here", help)
        })?;
        let item = match word.to_string().as_str() {
            "const" => Item::Value(self.value(body, Class::Const, docs)?),
            "param" => Item::Value(self.value(body, Class::Param, docs)?),
            "local" => Item::Value(self.value(body, Class::Local, docs)?),
            "state" => Item::Value(self.value(body, Class::State, docs)?),
            "input" => {
                let name = self.name(body, "input")?;
                if !body.peek(Token![:]) {
                    return Err(error(
                        body.span(),
                        "the unit of the input is missing",
                        format!("write `input {name}: nA`"),
                    ));
                }
                body.parse::<Token![:]>()?;
                Item::Input { docs, name, unit: parse_unit(body)? }
            }
            "let" => Item::Let(self.binding(body, docs)?),
            "spike" => return Ok((Item::Spike(self.spike(body, span)?), true)),
            "update" => {
                let body = self.statements(body, "update")?;
                return Ok((Item::Update { span, body }, true));
            }
            "output" => Item::Output(self.name(body, "output")?),
            "refractory" => {
                let help = "it belongs into the braces of `spike when`";
                return Err(error(span, "a refractory period follows a spike", help));
            }
            other => {
                let help = did_you_mean(other, ITEMS, "items are equations `dx/dt = ..`,");
                return Err(error(span, format!("no item starts with `{other}`"), help));
            }
        };
        Ok((item, false))
    }

    fn name(&mut self, body: ParseStream, what: &str) -> syn::Result<Ident> {
        let span = body.span();
        body.parse::<Ident>()
            .map_err(|_| error(span, format!("the name of the {what} is missing here"), "write a name in lower case"))
    }

    fn expr(&mut self, body: ParseStream) -> syn::Result<Expr> {
        Parser::default().expr(body)
    }

    fn sum(&mut self, body: ParseStream) -> syn::Result<Expr> {
        Parser::default().sum(body)
    }

    fn value(&mut self, body: ParseStream, class: Class, docs: Vec<Attribute>) -> syn::Result<Value> {
        let name = self.name(body, class.word())?;
        if body.peek(Token![:]) {
            let help = format!("the unit of its value says what it is: write `{} {name} = 5 ms`", class.word());
            return Err(error(body.span(), format!("`{name}` has no type of its own"), help));
        }
        if !body.peek(Token![=]) {
            let help = format!("write `{} {name} = 5 ms`", class.word());
            return Err(error(body.span(), format!("the value of `{name}` is missing here"), help));
        }
        body.parse::<Token![=]>()?;
        let value = self.sum(body)?;
        let bound = self.bound(body)?;
        Ok(Value { class, docs, name, value, bound })
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
        if !body.peek(Token![=]) {
            return Err(error(
                body.span(),
                format!("the value of `{name}` is missing here"),
                format!("write `let {name} = ..`"),
            ));
        }
        body.parse::<Token![=]>()?;
        Ok(Let { docs, name, value: self.expr(body)? })
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
        let word = body.call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default();
        let count = match word.as_str() {
            "when" => false,
            "count" => true,
            _ => {
                let help = "write `spike when v > v_th { v = v_reset; }`, or `spike count ..` for several in a step";
                return Err(error(span, "a spike has a condition or a count", help));
            }
        };
        let value = self.expr(body)?;
        let body = if body.peek(token::Brace) { self.statements(body, "spike")? } else { Vec::new() };
        Ok(Spike { span, count, value, body })
    }

    fn statements(&mut self, input: ParseStream, what: &str) -> syn::Result<Vec<Statement>> {
        if !input.peek(token::Brace) {
            return Err(error(
                input.span(),
                format!("`{{` and the statements of `{what}` stand here"),
                "write `{ v = v_reset; }`",
            ));
        }
        let body;
        braced!(body in input);
        let mut statements = Vec::new();
        while !body.is_empty() {
            match self.statement(&body) {
                Ok(statement) => {
                    statements.push(statement);
                    if body.peek(Token![;]) {
                        body.parse::<Token![;]>()?;
                        continue;
                    }
                    self.sink.error(
                        body.span(),
                        with_help("the statement before this should have ended", "end it with `;`"),
                    );
                }
                Err(problem) => self.sink.push(problem),
            }
            skip_item(&body);
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

/// Whether `dx/dt` stands here.
fn is_equation(body: ParseStream) -> bool {
    body.peek2(Token![/])
        && body
            .fork()
            .call(Ident::parse_any)
            .is_ok_and(|word| word.to_string().len() > 1 && word.to_string().starts_with('d'))
        && {
            let fork = body.fork();
            fork.call(Ident::parse_any).is_ok()
                && fork.parse::<Token![/]>().is_ok()
                && fork.parse::<Ident>().is_ok_and(|word| word == "dt")
        }
}

fn starts_item(body: ParseStream) -> bool {
    is_equation(body) || body.fork().call(Ident::parse_any).is_ok_and(|word| ITEMS.iter().any(|item| word == item))
}

/// Skips to behind the next `;`, or behind braces.
fn skip_item(body: ParseStream) {
    while !body.is_empty() {
        match body.parse::<TokenTree>() {
            Ok(TokenTree::Punct(punct)) if punct.as_char() == ';' => return,
            Ok(TokenTree::Group(group)) if group.delimiter() == proc_macro2::Delimiter::Brace && starts_item(body) => {
                return;
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}
