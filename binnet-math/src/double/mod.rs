//! Functions of `f64`.
//!
//! Everything is computed on both sides of every condition and picked, so that a loop over a slice
//! becomes vector code. What baseline SSE2 lacks is avoided: conversions between `f64` and `i64`,
//! rounding instructions, 64-bit integer comparisons and arithmetic shifts. Integers come from adding
//! 1.5 * 2^52 instead, which leaves them in the low bits of the sum.

mod exponential;
mod logarithm;
mod power;
mod trigonometric;

pub(crate) use exponential::{exp, exp_moderate, expm1, exprel, sigmoid, tanh};
pub(crate) use logarithm::{ln, ln_normal, log1p, log10};
pub(crate) use power::{pow, signed_power};
pub(crate) use trigonometric::{cos, sin, tan};

/// Added to a number below 2^51, leaves it rounded to a whole number in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
const TWO52: f64 = 4_503_599_627_370_496.0;
const SIGN: u64 = 1 << 63;

/// ln 2 in two parts (fdlibm); the first has 32 bits, so its product with an exponent is exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

#[inline(always)]
pub(crate) fn pick(condition: bool, yes: f64, no: f64) -> f64 {
    if condition { yes } else { no }
}

/// The polynomial whose coefficients are given from the highest power down: in the square of `x`, over
/// pairs of coefficients, which halves the chain of operations that wait for each other.
#[inline(always)]
fn polynomial<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
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

/// The number with the low half of its bits cleared: products of two such are exact.
#[inline(always)]
fn high_half(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xffff_ffff_0000_0000)
}

/// The largest whole number that is not above `x`.
#[inline(always)]
pub(crate) fn floor(x: f64) -> f64 {
    let magnitude = x.abs();
    // Adding 2^52 rounds to the nearest whole number; from there on, every number is whole.
    let nearest = ((magnitude + TWO52) - TWO52).copysign(x);
    let below = nearest - pick(nearest > x, 1.0, 0.0);
    pick(magnitude < TWO52, below, x)
}
