//! Numbers of a case: reading nested lists, comparing.

use ndarray::ArrayD;
use serde_json::Value;

use super::Result;

/// The largest difference of two lists; infinite if they differ in length or hold what is no number.
pub(super) fn largest(own: impl IntoIterator<Item = f64>, reference: impl IntoIterator<Item = f64>) -> f64 {
    fold(own, reference, |a, b| (a - b).abs())
}

/// The largest relative difference of two lists; a reference of 0 must be met exactly.
pub(super) fn largest_relative(own: impl IntoIterator<Item = f64>, reference: impl IntoIterator<Item = f64>) -> f64 {
    fold(own, reference, |a, b| if a == b { 0.0 } else { (a - b).abs() / b.abs() })
}

fn fold(
    own: impl IntoIterator<Item = f64>,
    reference: impl IntoIterator<Item = f64>,
    by: impl Fn(f64, f64) -> f64,
) -> f64 {
    let (mut own, mut reference) = (own.into_iter(), reference.into_iter());
    let mut worst = 0.0_f64;
    loop {
        match (own.next(), reference.next()) {
            (None, None) => return worst,
            (Some(a), Some(b)) => {
                let difference = by(a, b);
                worst = if difference.is_nan() { f64::INFINITY } else { worst.max(difference) };
            }
            _ => return f64::INFINITY,
        }
    }
}

/// A string of zeros and ones as states.
pub(crate) fn states(text: &str) -> Result<Vec<u8>> {
    text.chars()
        .map(|c| match c {
            '0' => Ok(0),
            '1' => Ok(1),
            other => Err(format!("`{other}` in a string of states").into()),
        })
        .collect()
}

/// Nested lists of integers as an array; lists on one level must be equally long.
pub(super) fn nested(value: &Value) -> Result<ArrayD<i64>> {
    let mut shape = Vec::new();
    let mut level = value;
    while let Value::Array(list) = level {
        shape.push(list.len());
        match list.first() {
            Some(first) => level = first,
            None => break,
        }
    }
    let mut values = Vec::new();
    flatten(value, &shape, &mut values)?;
    Ok(ArrayD::from_shape_vec(shape, values)?)
}

fn flatten(value: &Value, shape: &[usize], values: &mut Vec<i64>) -> Result<()> {
    match (value, shape) {
        (Value::Array(list), [length, rest @ ..]) if list.len() == *length => {
            list.iter().try_for_each(|v| flatten(v, rest, values))
        }
        (Value::Number(number), []) => {
            values.push(number.as_i64().ok_or_else(|| format!("{number} is no integer"))?);
            Ok(())
        }
        _ => Err("lists of unequal length, or what is no number".into()),
    }
}

/// All numbers of nested lists in order; `None` where there is something else.
pub(super) fn flat(value: &Value) -> Option<Vec<f64>> {
    match value {
        Value::Number(number) => number.as_f64().map(|x| vec![x]),
        Value::Array(list) => list.iter().map(flat).collect::<Option<Vec<_>>>().map(|parts| parts.concat()),
        _ => None,
    }
}
