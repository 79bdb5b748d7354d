use super::{ROUNDER, pick, polynomial};

/// Leaves n + 254 in the low bits, which is twice an exponent's bias: see [`scale`].
const EXPONENT: f32 = ROUNDER + 254.0;

/// ln 2 in two parts (Cephes); the first has 9 bits, so its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// x = n ln 2 + r + tail with a whole n and |r| < 0.35.
struct Reduced {
    /// The low bits hold n + 254.
    bits: u32,
    r: f32,
    tail: f32,
}

#[inline(always)]
fn reduce(x: f32) -> Reduced {
    let sum = x * std::f32::consts::LOG2_E + EXPONENT;
    let n = sum - EXPONENT;
    let high = x - n * LN2_HIGH;
    let low = n * LN2_LOW;
    let r = high - low;
    Reduced { bits: sum.to_bits(), r, tail: (high - r) - low }
}

/// e^r - 1 - r for |r| < 0.35. Minimax coefficients of Cephes' `expf`.
#[inline(always)]
fn rest(r: f32) -> f32 {
    r * r * polynomial(r, [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_6e-1, 0.5])
}

/// 2^n y, from the bits that hold n + 254 and for |n| < 160: in two steps, each with half of the
/// exponent, so that the product is rounded once also where it is subnormal.
#[inline(always)]
fn scale(y: f32, bits: u32) -> f32 {
    let half = bits >> 1;
    let other = bits.wrapping_sub(half);
    y * f32::from_bits(half << 23) * f32::from_bits(other << 23)
}

#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let x = pick(x < -105.0, -105.0, x);
    let x = pick(x > 89.0, 89.0, x);
    let Reduced { bits, r, tail } = reduce(x);
    scale(1.0 + (r + (rest(r) + tail)), bits)
}

/// e^x for |x| < 85.
#[inline(always)]
fn exp_moderate(x: f32) -> f32 {
    let Reduced { bits, r, tail } = reduce(x);
    let power = f32::from_bits(bits.wrapping_sub(127) << 23);
    (1.0 + (r + (rest(r) + tail))) * power
}

/// 2^-DOWN (e^x - 1) for -20 <= x <= 89 + DOWN ln 2 and |x| not tiny.
#[inline(always)]
fn expm1_scaled<const DOWN: u32, const CAREFUL: bool>(x: f32) -> f32 {
    let Reduced { bits, r, tail } = reduce(x);
    let one = f32::from_bits((127 - DOWN) << 23);
    let power = f32::from_bits(bits.wrapping_sub(127 + DOWN) << 23);
    // (power - 1) + power r, with the errors of both sums; that of the first is half of the last place at most, and 0
    // for most powers.
    let whole = power - one;
    let part = power * r;
    let sum = whole + part;
    let error = (whole - sum) + part;
    let error = if CAREFUL { error + ((power - whole) - one) } else { error };
    sum + (power * (rest(r) + tail) + error)
}

#[inline(always)]
pub(crate) fn expm1(x: f32) -> f32 {
    let inside = pick(x < -20.0, -20.0, x);
    let inside = pick(inside > 89.0, 89.0, inside);
    pick(x.abs() < 1e-8, x, 2.0 * expm1_scaled::<1, true>(inside))
}

#[inline(always)]
pub(crate) fn exprel(x: f32) -> f32 {
    const DOWN: f32 = 1.0 / 65536.0;
    // e^x overflows before the quotient, so both of its terms are scaled. From 96 on, it overflows too.
    let divisor = pick(x > 96.0, 96.0, x);
    let inside = pick(divisor < -20.0, -20.0, divisor);
    let quotient = expm1_scaled::<16, false>(inside) / (divisor * DOWN);
    pick(x.abs() < 1e-8, 1.0, quotient)
}

#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    let decay = exp(-x.abs());
    pick(x < 0.0, decay, 1.0) / (1.0 + decay)
}

/// Cephes `tanhf`.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let magnitude = x.abs();
    let magnitude = pick(magnitude > 10.0, 10.0, magnitude);
    let z = magnitude * magnitude;
    let p = polynomial(z, [-5.704_988_7e-3, 2.063_908_8e-2, -5.373_971_5e-2, 1.333_144_2e-1, -3.333_328e-1]);
    let near = magnitude + magnitude * (z * p);
    let far = 1.0 - 2.0 / (exp_moderate(2.0 * magnitude) + 1.0);
    pick(magnitude < 0.625, near, far).copysign(x)
}
