//! Checked expressions: numbers without units, in which conversions are factors. Built by functions
//! that simplify, so that derivatives stay short.

use std::rc::Rc;

use proc_macro2::TokenStream;
use syn::Path;

use super::expr::Op;

pub(crate) type Shared = Rc<Node>;

/// A number of a symbol in `Symbols`.
pub(crate) type Id = usize;

pub(crate) enum Node {
    Number(f64),
    Symbol(Id),
    Minus(Shared),
    Add(Shared, Shared),
    Sub(Shared, Shared),
    Mul(Shared, Shared),
    Div(Shared, Shared),
    Powi(Shared, i32),
    Pow(Shared, Shared),
    Call(Function, Vec<Shared>),
    /// A function of the user's, generic over the scalar.
    User(Path, Vec<Shared>),
    /// Its derivative by one argument.
    UserSlope(Path, Vec<Shared>, usize),
    /// The derivative of an intermediate value, which has a name of its own.
    LetSlope(Id),
    /// A Rust expression, an `f64`.
    Rust(TokenStream),
    Select(Shared, Shared, Shared),
    Compare(Op, Shared, Shared),
    And(Shared, Shared),
    Or(Shared, Shared),
    Not(Shared),
}

/// A function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Exp,
    Ln,
    Log10,
    Log1p,
    Expm1,
    Sqrt,
    Sin,
    Cos,
    Tan,
    Tanh,
    Sigmoid,
    Abs,
    Min,
    Max,
    Clip,
    Floor,
    Ceil,
    Sign,
    Heaviside,
    Exprel,
    /// The derivative of `exprel`.
    ExprelSlope,
}

/// What a function asks of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Pure numbers in, a pure number out.
    Number,
    /// Any dimension in, a pure number out.
    Any,
    /// All of one dimension, which the result has.
    Same,
    /// The root of the dimension.
    Root,
}

pub(crate) const FUNCTIONS: [(&str, Function, usize, Rule); 20] = [
    ("exp", Function::Exp, 1, Rule::Number),
    ("log", Function::Ln, 1, Rule::Number),
    ("log10", Function::Log10, 1, Rule::Number),
    ("log1p", Function::Log1p, 1, Rule::Number),
    ("expm1", Function::Expm1, 1, Rule::Number),
    ("sqrt", Function::Sqrt, 1, Rule::Root),
    ("sin", Function::Sin, 1, Rule::Number),
    ("cos", Function::Cos, 1, Rule::Number),
    ("tan", Function::Tan, 1, Rule::Number),
    ("tanh", Function::Tanh, 1, Rule::Number),
    ("sigmoid", Function::Sigmoid, 1, Rule::Number),
    ("abs", Function::Abs, 1, Rule::Same),
    ("min", Function::Min, 2, Rule::Same),
    ("max", Function::Max, 2, Rule::Same),
    ("clip", Function::Clip, 3, Rule::Same),
    ("floor", Function::Floor, 1, Rule::Number),
    ("ceil", Function::Ceil, 1, Rule::Number),
    ("sign", Function::Sign, 1, Rule::Any),
    ("heaviside", Function::Heaviside, 1, Rule::Any),
    ("exprel", Function::Exprel, 1, Rule::Number),
];

/// Functions of the language that are composed of others, with the number of their arguments.
pub(crate) const COMPOSED: [(&str, usize); 3] = [("pow", 2), ("sinh", 1), ("cosh", 1)];

impl Function {
    /// The method of `Scalar`.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Exp => "exp",
            Self::Ln => "ln",
            Self::Log10 => "log10",
            Self::Log1p => "log1p",
            Self::Expm1 => "expm1",
            Self::Sqrt => "sqrt",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Tan => "tan",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Abs => "abs",
            Self::Min => "min",
            Self::Max => "max",
            Self::Clip => "clip",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Sign => "sign",
            Self::Heaviside => "heaviside",
            Self::Exprel | Self::ExprelSlope => "exprel",
        }
    }

    /// Its value, where that is known while compiling.
    fn eval(self, x: &[f64]) -> f64 {
        let first = x.first().copied().unwrap_or(f64::NAN);
        let second = x.get(1).copied().unwrap_or(f64::NAN);
        match self {
            Self::Exp => first.exp(),
            Self::Ln => first.ln(),
            Self::Log10 => first.log10(),
            Self::Log1p => first.ln_1p(),
            Self::Expm1 => first.exp_m1(),
            Self::Sqrt => first.sqrt(),
            Self::Sin => first.sin(),
            Self::Cos => first.cos(),
            Self::Tan => first.tan(),
            Self::Tanh => first.tanh(),
            Self::Sigmoid => 1.0 / (1.0 + (-first).exp()),
            Self::Abs => first.abs(),
            Self::Min => first.min(second),
            Self::Max => first.max(second),
            Self::Clip => first.max(second).min(x.get(2).copied().unwrap_or(f64::NAN)),
            Self::Floor => first.floor(),
            Self::Ceil => first.ceil(),
            Self::Sign => {
                if first == 0.0 {
                    0.0
                } else {
                    first.signum()
                }
            }
            Self::Heaviside => f64::from(first > 0.0),
            Self::Exprel => {
                if first == 0.0 {
                    1.0
                } else {
                    first.exp_m1() / first
                }
            }
            Self::ExprelSlope => {
                if first.abs() < 1e-4 {
                    0.5 + first / 3.0
                } else {
                    (first.exp() * (first - 1.0) + 1.0) / (first * first)
                }
            }
        }
    }
}

pub(crate) fn number(x: f64) -> Shared {
    Rc::new(Node::Number(x))
}

pub(crate) fn symbol(id: Id) -> Shared {
    Rc::new(Node::Symbol(id))
}

/// The number, if it is one.
pub(crate) fn value(node: &Node) -> Option<f64> {
    if let Node::Number(x) = node { Some(*x) } else { None }
}

pub(crate) fn minus(a: &Shared) -> Shared {
    match &**a {
        Node::Number(x) => number(-x),
        Node::Minus(inner) => Rc::clone(inner),
        _ => Rc::new(Node::Minus(Rc::clone(a))),
    }
}

pub(crate) fn add(a: &Shared, b: &Shared) -> Shared {
    match (&**a, &**b) {
        (Node::Number(x), Node::Number(y)) => number(x + y),
        (Node::Number(0.0), _) => Rc::clone(b),
        (_, Node::Number(0.0)) => Rc::clone(a),
        (_, Node::Minus(inner)) => sub(a, inner),
        _ => Rc::new(Node::Add(Rc::clone(a), Rc::clone(b))),
    }
}

pub(crate) fn sub(a: &Shared, b: &Shared) -> Shared {
    match (&**a, &**b) {
        (Node::Number(x), Node::Number(y)) => number(x - y),
        (Node::Number(0.0), _) => minus(b),
        (_, Node::Number(0.0)) => Rc::clone(a),
        _ => Rc::new(Node::Sub(Rc::clone(a), Rc::clone(b))),
    }
}

pub(crate) fn mul(a: &Shared, b: &Shared) -> Shared {
    match (&**a, &**b) {
        (Node::Number(x), Node::Number(y)) => number(x * y),
        (Node::Number(0.0), _) | (_, Node::Number(0.0)) => number(0.0),
        (Node::Number(1.0), _) => Rc::clone(b),
        (_, Node::Number(1.0)) => Rc::clone(a),
        (Node::Number(-1.0), _) => minus(b),
        (_, Node::Number(-1.0)) => minus(a),
        _ => Rc::new(Node::Mul(Rc::clone(a), Rc::clone(b))),
    }
}

pub(crate) fn div(a: &Shared, b: &Shared) -> Shared {
    match (&**a, &**b) {
        (Node::Number(x), Node::Number(y)) if *y != 0.0 => number(x / y),
        (Node::Number(0.0), _) => number(0.0),
        (_, Node::Number(1.0)) => Rc::clone(a),
        (Node::Minus(inner), _) => minus(&div(inner, b)),
        _ => Rc::new(Node::Div(Rc::clone(a), Rc::clone(b))),
    }
}

pub(crate) fn powi(a: &Shared, n: i32) -> Shared {
    match (&**a, n) {
        (_, 0) => number(1.0),
        (_, 1) => Rc::clone(a),
        (Node::Number(x), _) => number(x.powi(n)),
        _ => Rc::new(Node::Powi(Rc::clone(a), n)),
    }
}

pub(crate) fn pow(a: &Shared, b: &Shared) -> Shared {
    match (&**a, &**b) {
        (Node::Number(x), Node::Number(y)) => number(x.powf(*y)),
        (_, Node::Number(0.5)) => call(Function::Sqrt, vec![Rc::clone(a)]),
        (_, Node::Number(y)) if y.fract() == 0.0 && y.abs() <= 64.0 => powi(a, *y as i32),
        _ => Rc::new(Node::Pow(Rc::clone(a), Rc::clone(b))),
    }
}

pub(crate) fn call(function: Function, arguments: Vec<Shared>) -> Shared {
    let known: Option<Vec<f64>> = arguments.iter().map(|a| value(a)).collect();
    match known {
        Some(x) if function.eval(&x).is_finite() => number(function.eval(&x)),
        _ => Rc::new(Node::Call(function, arguments)),
    }
}

/// (eˣ - e⁻ˣ) / 2, accurate near 0.
pub(crate) fn sinh(x: &Shared) -> Shared {
    let expm1 = |x: Shared| call(Function::Expm1, vec![x]);
    mul(&number(0.5), &sub(&expm1(Rc::clone(x)), &expm1(minus(x))))
}

/// (eˣ + e⁻ˣ) / 2
pub(crate) fn cosh(x: &Shared) -> Shared {
    let exp = |x: Shared| call(Function::Exp, vec![x]);
    mul(&number(0.5), &add(&exp(Rc::clone(x)), &exp(minus(x))))
}

pub(crate) fn select(condition: &Shared, yes: &Shared, no: &Shared) -> Shared {
    match (value(yes), value(no)) {
        (Some(a), Some(b)) if a == b => Rc::clone(yes),
        _ => Rc::new(Node::Select(Rc::clone(condition), Rc::clone(yes), Rc::clone(no))),
    }
}

pub(crate) fn compare(op: Op, a: &Shared, b: &Shared) -> Shared {
    Rc::new(Node::Compare(op, Rc::clone(a), Rc::clone(b)))
}

impl Node {
    /// The nodes that this one is made of.
    pub(crate) fn children(&self) -> Vec<&Shared> {
        match self {
            Self::Number(_) | Self::Symbol(_) | Self::LetSlope(_) | Self::Rust(_) => Vec::new(),
            Self::Minus(a) | Self::Powi(a, _) | Self::Not(a) => vec![a],
            Self::Add(a, b)
            | Self::Sub(a, b)
            | Self::Mul(a, b)
            | Self::Div(a, b)
            | Self::Pow(a, b)
            | Self::Compare(_, a, b)
            | Self::And(a, b)
            | Self::Or(a, b) => vec![a, b],
            Self::Call(_, arguments) | Self::User(_, arguments) | Self::UserSlope(_, arguments, _) => {
                arguments.iter().collect()
            }
            Self::Select(c, a, b) => vec![c, a, b],
        }
    }

    /// Calls `visit` with every symbol in it.
    pub(crate) fn symbols(&self, visit: &mut impl FnMut(Id)) {
        if let Self::Symbol(id) = self {
            visit(*id);
        }
        for child in self.children() {
            child.symbols(visit);
        }
    }

    /// Whether Rust code of the user's is in it.
    pub(crate) fn is_foreign(&self) -> bool {
        matches!(self, Self::User(..) | Self::UserSlope(..) | Self::Rust(_))
            || self.children().into_iter().any(|child| child.is_foreign())
    }

    /// Whether any symbol satisfies the predicate.
    pub(crate) fn mentions(&self, predicate: &impl Fn(Id) -> bool) -> bool {
        matches!(self, Self::Symbol(id) if predicate(*id))
            || self.children().into_iter().any(|child| child.mentions(predicate))
    }

    /// Calls `visit` with every intermediate value whose derivative is in it.
    pub(crate) fn let_slopes(&self, visit: &mut impl FnMut(Id)) {
        if let Self::LetSlope(id) = self {
            visit(*id);
        }
        for child in self.children() {
            child.let_slopes(visit);
        }
    }

    /// The number of nodes.
    pub(crate) fn size(&self) -> usize {
        1 + self.children().into_iter().map(|child| child.size()).sum::<usize>()
    }
}

/// The node with symbols replaced where `with` gives something.
pub(crate) fn replace(node: &Shared, with: &impl Fn(Id) -> Option<Shared>) -> Shared {
    let again = |n: &Shared| replace(n, with);
    match &**node {
        Node::Number(_) | Node::LetSlope(_) | Node::Rust(_) => Rc::clone(node),
        Node::Symbol(id) => with(*id).unwrap_or_else(|| Rc::clone(node)),
        Node::Minus(a) => minus(&again(a)),
        Node::Add(a, b) => add(&again(a), &again(b)),
        Node::Sub(a, b) => sub(&again(a), &again(b)),
        Node::Mul(a, b) => mul(&again(a), &again(b)),
        Node::Div(a, b) => div(&again(a), &again(b)),
        Node::Powi(a, n) => powi(&again(a), *n),
        Node::Pow(a, b) => pow(&again(a), &again(b)),
        Node::Call(f, arguments) => call(*f, arguments.iter().map(again).collect()),
        Node::User(path, arguments) => Rc::new(Node::User(path.clone(), arguments.iter().map(again).collect())),
        Node::UserSlope(path, arguments, k) => {
            Rc::new(Node::UserSlope(path.clone(), arguments.iter().map(again).collect(), *k))
        }
        Node::Select(c, a, b) => select(&again(c), &again(a), &again(b)),
        Node::Compare(op, a, b) => compare(*op, &again(a), &again(b)),
        Node::And(a, b) => Rc::new(Node::And(again(a), again(b))),
        Node::Or(a, b) => Rc::new(Node::Or(again(a), again(b))),
        Node::Not(a) => Rc::new(Node::Not(again(a))),
    }
}

/// The value of a node, given the values of its symbols; `None` where it cannot be known.
pub(crate) fn eval(node: &Node, known: &impl Fn(Id) -> Option<f64>) -> Option<f64> {
    let get = |n: &Shared| eval(n, known);
    Some(match node {
        Node::Number(x) => *x,
        Node::Symbol(id) => known(*id)?,
        Node::Minus(a) => -get(a)?,
        Node::Add(a, b) => get(a)? + get(b)?,
        Node::Sub(a, b) => get(a)? - get(b)?,
        Node::Mul(a, b) => get(a)? * get(b)?,
        Node::Div(a, b) => get(a)? / get(b)?,
        Node::Powi(a, n) => get(a)?.powi(*n),
        Node::Pow(a, b) => get(a)?.powf(get(b)?),
        Node::Call(f, arguments) => f.eval(&arguments.iter().map(get).collect::<Option<Vec<_>>>()?),
        Node::Select(c, a, b) => {
            if truth(c, known)? {
                get(a)?
            } else {
                get(b)?
            }
        }
        _ => return None,
    })
}

fn truth(node: &Node, known: &impl Fn(Id) -> Option<f64>) -> Option<bool> {
    Some(match node {
        Node::Compare(op, a, b) => {
            let (a, b) = (eval(a, known)?, eval(b, known)?);
            match op {
                Op::Less => a < b,
                Op::LessEqual => a <= b,
                Op::Greater => a > b,
                Op::GreaterEqual => a >= b,
                Op::Equal => a == b,
                _ => a != b,
            }
        }
        Node::And(a, b) => truth(a, known)? && truth(b, known)?,
        Node::Or(a, b) => truth(a, known)? || truth(b, known)?,
        Node::Not(a) => !truth(a, known)?,
        _ => return None,
    })
}
