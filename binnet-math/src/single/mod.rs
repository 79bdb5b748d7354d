//! Functions of `f32`: as those of `f64`, with twice the lanes. Only the reduction of angles and `pow`
//! go through `f64`.

mod exponential;
mod logarithm;
mod trigonometric;

pub(crate) use exponential::{exp, expm1, exprel, sigmoid, tanh};
pub(crate) use logarithm::{ln, ln_normal, log1p, log10};
pub(crate) use trigonometric::{cos, sin, tan};

use crate::double;

/// Added to a number below 2^22, leaves it rounded to a whole number in the low bits.
const ROUNDER: f32 = 12_582_912.0;
const TWO23: f32 = 8_388_608.0;

#[inline(always)]
pub(crate) fn pick(condition: bool, yes: f32, no: f32) -> f32 {
    if condition { yes } else { no }
}

/// The polynomial whose coefficients are given from the highest power down: in the square of `x`, over
/// pairs of coefficients, which halves the chain of operations that wait for each other.
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let square = x * x;
    let (mut sum, mut k) = (coefficients[0], 1);
    if N.is_multiple_of(2) {
        sum = sum * x + coefficients[1];
        k = 2;
    }
    while k < N {
        sum = sum * square + (coefficients[k] * x + coefficients[k + 1]);
        k += 2;
    }
    sum
}

/// The largest whole number that is not above `x`.
#[inline(always)]
pub(crate) fn floor(x: f32) -> f32 {
    let magnitude = x.abs();
    // Adding 2^23 rounds to the nearest whole number; from there on, every number is whole.
    let nearest = ((magnitude + TWO23) - TWO23).copysign(x);
    let below = nearest - pick(nearest > x, 1.0, 0.0);
    pick(magnitude < TWO23, below, x)
}

/// Through `f64`, where y ln x has bits to spare: e^150 still needs its exponent to 2^-32.
#[inline(always)]
pub(crate) fn pow(x: f32, y: f32) -> f32 {
    let (x, y) = (f64::from(x), f64::from(y));
    // Any exponent beyond this does the same, but an infinite one times ln 1 would be undefined.
    let moderate = double::pick(y > 1e38, 1e38, y);
    let moderate = double::pick(moderate < -1e38, -1e38, moderate);
    let exponent = moderate * double::ln_normal(x.abs());
    let exponent = double::pick(exponent < -200.0, -200.0, exponent);
    let exponent = double::pick(exponent > 200.0, 200.0, exponent);
    double::signed_power(x, y, double::exp_moderate(exponent)) as f32
}
