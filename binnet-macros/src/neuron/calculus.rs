//! Derivatives and degrees of checked expressions.

use std::rc::Rc;

use super::expr::Op;
use super::node::{
    Function, Id, Node, Shared, add, call, compare, div, minus, mul, number, pow, powi, select, sub, value,
};

/// What is known of a symbol when differentiating by a variable.
pub(crate) enum Slope {
    /// It is the variable.
    One,
    /// It does not depend on it.
    Zero,
    /// It has this derivative.
    Of(Shared),
}

/// The derivative; `slope` says how symbols depend on the variable.
pub(crate) fn derivative(node: &Shared, slope: &impl Fn(Id) -> Slope) -> Shared {
    let d = |n: &Shared| derivative(n, slope);
    match &**node {
        Node::Number(_) | Node::Rust(_) | Node::Compare(..) | Node::And(..) | Node::Or(..) | Node::Not(_) => {
            number(0.0)
        }
        Node::Symbol(id) => match slope(*id) {
            Slope::One => number(1.0),
            Slope::Zero => number(0.0),
            Slope::Of(derivative) => derivative,
        },
        Node::Minus(a) => minus(&d(a)),
        Node::Add(a, b) => add(&d(a), &d(b)),
        Node::Sub(a, b) => sub(&d(a), &d(b)),
        Node::Mul(a, b) => add(&mul(&d(a), b), &mul(a, &d(b))),
        Node::Div(a, b) => {
            let (da, db) = (d(a), d(b));
            if value(&db) == Some(0.0) { div(&da, b) } else { div(&sub(&da, &mul(&div(a, b), &db)), b) }
        }
        Node::Powi(a, n) => mul(&mul(&number(f64::from(*n)), &powi(a, n - 1)), &d(a)),
        Node::Pow(a, b) => {
            let (da, db) = (d(a), d(b));
            let by_base = mul(&mul(b, &pow(a, &sub(b, &number(1.0)))), &da);
            if value(&db) == Some(0.0) {
                by_base
            } else {
                add(&by_base, &mul(&mul(node, &call(Function::Ln, vec![Rc::clone(a)])), &db))
            }
        }
        Node::Call(function, arguments) => {
            let slopes: Vec<_> = arguments.iter().map(d).collect();
            function_slope(node, *function, arguments, &slopes)
        }
        Node::User(path, arguments) => arguments.iter().enumerate().fold(number(0.0), |sum, (k, argument)| {
            let inner = d(argument);
            if value(&inner) == Some(0.0) {
                return sum;
            }
            add(&sum, &mul(&Rc::new(Node::UserSlope(path.clone(), arguments.clone(), k)), &inner))
        }),
        // Second derivatives are not needed.
        Node::UserSlope(..) | Node::LetSlope(_) => number(0.0),
        Node::Select(c, a, b) => select(c, &d(a), &d(b)),
    }
}

fn function_slope(node: &Shared, function: Function, x: &[Shared], dx: &[Shared]) -> Shared {
    let (Some(u), Some(last), Some(du), Some(dlast)) = (x.first(), x.last(), dx.first(), dx.last()) else {
        return number(0.0);
    };
    if dx.iter().all(|slope| value(slope) == Some(0.0)) {
        return number(0.0);
    }
    let one = number(1.0);
    match function {
        Function::Exp => mul(node, du),
        Function::Ln => div(du, u),
        Function::Log10 => div(du, &mul(u, &number(core::f64::consts::LN_10))),
        Function::Log1p => div(du, &add(&one, u)),
        Function::Expm1 => mul(&call(Function::Exp, vec![Rc::clone(u)]), du),
        Function::Sqrt => div(du, &mul(&number(2.0), node)),
        Function::Sin => mul(&call(Function::Cos, vec![Rc::clone(u)]), du),
        Function::Cos => minus(&mul(&call(Function::Sin, vec![Rc::clone(u)]), du)),
        Function::Tan => mul(&add(&one, &mul(node, node)), du),
        Function::Tanh => mul(&sub(&one, &mul(node, node)), du),
        Function::Sigmoid => mul(&mul(node, &sub(&one, node)), du),
        Function::Abs => mul(&call(Function::Sign, vec![Rc::clone(u)]), du),
        Function::Min => select(&compare(Op::Less, u, last), du, dlast),
        Function::Max => select(&compare(Op::Greater, u, last), du, dlast),
        Function::Clip => {
            let inside = select(&compare(Op::Less, u, &x[1]), &dx[1], du);
            select(&compare(Op::Greater, u, last), dlast, &inside)
        }
        Function::Exprel => mul(&call(Function::ExprelSlope, vec![Rc::clone(u)]), du),
        Function::Floor | Function::Ceil | Function::Sign | Function::Heaviside | Function::ExprelSlope => number(0.0),
    }
}

/// How a node depends on some variables: 0 not at all, 1 linearly, 2 otherwise.
///
/// `of` gives the degree of a symbol.
pub(crate) fn degree(node: &Shared, of: &impl Fn(Id) -> u8) -> u8 {
    let d = |n: &Shared| degree(n, of);
    match &**node {
        Node::Number(_) | Node::LetSlope(_) | Node::Rust(_) => 0,
        Node::Symbol(id) => of(*id),
        Node::Minus(a) => d(a),
        Node::Add(a, b) | Node::Sub(a, b) => d(a).max(d(b)),
        Node::Mul(a, b) => (d(a) + d(b)).min(2),
        Node::Div(a, b) => {
            if d(b) == 0 {
                d(a)
            } else {
                2
            }
        }
        Node::Select(c, a, b) => {
            if d(c) == 0 {
                d(a).max(d(b))
            } else {
                2
            }
        }
        _ => {
            if node.children().into_iter().all(|child| d(child) == 0) {
                0
            } else {
                2
            }
        }
    }
}
