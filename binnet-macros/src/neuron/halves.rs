//! Where the step of a model is cut in two.
//!
//! A processor begins the next lanes while it waits for those before, as far as it can look ahead: some hundred
//! instructions. A step with an exponential and a logarithm, one after the other, is longer than that. As two loops, each
//! over all lanes of a tile, it is not.

use super::check::{Condition, Plan, Step};
use super::emit::{expression, fixed};
use super::node::{Function, Id, Node};

/// What a half must cost at least, in additions: a little less than an exponential.
const LEAST: usize = 16;

/// How many of the statements of `update` belong to the first half, if there is a good place to cut. Nothing but fields
/// passes from one half to the other, and no value is computed twice.
pub(crate) fn cut(plan: &Plan<'_>) -> Option<usize> {
    let steps = plan.update.as_deref()?;
    if steps.iter().any(|step| is_opaque(expression(step))) {
        return None;
    }
    let fixed = fixed(plan);
    // What follows from states is computed at the beginning, from the old ones.
    let early: Vec<Id> = plan.lets.iter().filter(|id| !fixed.contains(id)).copied().collect();
    let costs: Vec<usize> = steps.iter().map(|step| cost(expression(step))).collect();
    let condition = plan.spike.as_ref().map_or(0, |spike| {
        let (Condition::When(node) | Condition::Count(node) | Condition::Rises(node)) = &spike.condition;
        cost(node)
    });
    let all = costs.iter().sum::<usize>() + condition;
    let crosses = |at: usize| {
        let own = steps[..at].iter().filter_map(|step| if let Step::Let(id, _) = step { Some(*id) } else { None });
        let known: Vec<Id> = own.chain(early.iter().copied()).collect();
        steps[at..].iter().any(|step| expression(step).mentions(&|id| known.contains(&id)))
    };
    let lesser = |at: usize| {
        let first: usize = costs[..at].iter().sum();
        first.min(all - first)
    };
    (1..steps.len()).filter(|at| lesser(*at) >= LEAST && !crosses(*at)).max_by_key(|at| lesser(*at))
}

/// Whether a Rust expression of the user's is in it, which may read any name.
fn is_opaque(node: &Node) -> bool {
    matches!(node, Node::Rust(_)) || node.children().into_iter().any(|child| is_opaque(child))
}

/// What an expression costs, in additions, roughly.
fn cost(node: &Node) -> usize {
    let own = match node {
        Node::Number(_) | Node::Symbol(_) | Node::LetSlope(_) | Node::Rust(_) => 0,
        Node::Div(..) => 8,
        Node::Pow(..) => 50,
        Node::Powi(_, n) => n.unsigned_abs().checked_ilog2().unwrap_or(0) as usize + 1,
        Node::Call(Function::Abs | Function::Min | Function::Max | Function::Sign | Function::Heaviside, _) => 1,
        Node::Call(Function::Floor | Function::Ceil | Function::Clip, _) => 3,
        Node::Call(Function::Sqrt, _) => 8,
        Node::Call(..) | Node::User(..) | Node::UserSlope(..) => 20,
        _ => 1,
    };
    own + node.children().into_iter().map(|child| cost(child)).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use crate::diag::Sink;
    use crate::neuron::{check, model, parse};

    /// Where `update` with these statements is cut.
    fn cut(lets: &str, statements: &str, condition: &str) -> Option<usize> {
        let items = format!(
            "param a = 2; local b = 3; state x = 1; state y = 1; {lets} update {{ {statements} }} spike when {condition} {{ x = 0; y = 0; }}"
        );
        let tokens = format!("[binnet] struct X {{ {items} }}").parse().expect("tokens");
        let mut sink = Sink::default();
        let neuron = parse::neuron(tokens, model::Dialect::Neuron, &mut sink).expect("a neuron");
        let plan = check::check(&neuron, &mut sink);
        assert_eq!(sink.messages(), Vec::<String>::new());
        super::cut(&plan)
    }

    #[test]
    fn where_both_halves_are_long_and_share_nothing_but_fields() {
        let long = "x = exp(x); y = log(x) + y; x = x + 1;";
        assert_eq!(cut("", long, "x > 1"), Some(1));
        assert_eq!(cut("", "x = x + 1; x = exp(x);", "log(x) > 1"), None, "one statement is not cut");
        assert_eq!(cut("", "x = exp(x); x = x + 1;", "log(x) > 1"), Some(1), "the condition counts");
        assert_eq!(cut("", "x = exp(x); y = x + y;", "y > 1"), None, "too short a half");
        assert_eq!(cut("", "x = exp(x) + log(y);", "y > 1"), None, "nothing to cut");
        assert_eq!(cut("", "let z = exp(x); x = z; y = log(x) + z;", "y > 1"), None, "z passes");
        assert_eq!(cut("", "let z = exp(x); x = z; y = log(x);", "y > 1"), Some(2));
        assert_eq!(cut("let c = a * b;", "x = exp(x) * c; y = log(x) + c;", "y > 1"), Some(1), "c is computed before");
        assert_eq!(cut("let c = a * x;", "x = exp(x); y = log(x) + c;", "y > 1"), None, "c is of the old state");
        assert_eq!(cut("", "x = exp(x); y = log(x) + rust(1.0);", "y > 1"), None, "Rust may read any name");
    }
}
