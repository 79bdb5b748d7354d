use super::{ROUNDER, pick, polynomial};

/// ln 2 in two parts (Cephes); the first has 9 bits, so its product with an exponent is exact.
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// x = n ln 2 + r + tail with a whole n and |r| < 0.35.
struct Reduced {
    /// The low bits hold n and what was added to it.
    bits: u32,
    r: f32,
    tail: f32,
}

/// Leaves n + `BIAS` in the low bits.
#[inline(always)]
fn reduce<const BIAS: u32>(x: f32) -> Reduced {
    let rounder = ROUNDER + BIAS as f32;
    let sum = x * std::f32::consts::LOG2_E + rounder;
    let n = sum - rounder;
    let high = x - n * LN2_HIGH;
    let low = n * LN2_LOW;
    let r = high - low;
    Reduced { bits: sum.to_bits(), r, tail: (high - r) - low }
}

/// e^r - 1 - r for |r| < 0.35, to 2^-27 of e^r. Minimax coefficients (Remez' exchange in 60 digits, then rounded).
#[inline(always)]
fn rest(r: f32) -> f32 {
    r * r * polynomial(r, [1.381_432e-3, 8.368_851e-3, 4.166_84e-2, 1.666_652e-1, 0.499_999_94])
}

/// e^x for x <= 89, or NaN; 0 where the result would not be a normal number.
#[inline(always)]
fn exp_below(x: f32) -> f32 {
    // Half of the power is a number for the largest x too.
    let Reduced { bits, r, .. } = reduce::<126>(x);
    let fraction = 1.0 + (r + rest(r));
    pick(x < -86.9, 0.0, (fraction + fraction) * f32::from_bits(bits << 23))
}

#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    exp_below(pick(x > 89.0, 89.0, x))
}

/// e^x for |x| < 85.
#[inline(always)]
fn exp_moderate(x: f32) -> f32 {
    let Reduced { bits, r, .. } = reduce::<127>(x);
    (1.0 + (r + rest(r))) * f32::from_bits(bits << 23)
}

#[inline(always)]
pub(crate) fn expm1(x: f32) -> f32 {
    let inside = pick(x < -20.0, -20.0, x);
    let inside = pick(inside > 89.0, 89.0, inside);
    // Of half the powers, so that none overflows before the result.
    let Reduced { bits, r, tail } = reduce::<126>(inside);
    let power = f32::from_bits(bits << 23);
    // (power - 1) + power r, with the errors of both sums; that of the first is 0 for most powers.
    let whole = power - 0.5;
    let part = power * r;
    let sum = whole + part;
    let error = (whole - sum) + part + ((power - whole) - 0.5);
    let half = sum + (power * (rest(r) + tail) + error);
    pick(x.abs() < 1e-8, x, 2.0 * half)
}

#[inline(always)]
pub(crate) fn exprel(x: f32) -> f32 {
    const UP: f32 = 65536.0;
    // The quotient as a product with the reciprocal, which is there before the other factor is, at half a unit more of error.
    // e^x overflows before the quotient, so the factors are scaled. From 96 on, it overflows too.
    let divisor = pick(x > 96.0, 96.0, x);
    let Reduced { bits, r, .. } = reduce::<{ 127 - 16 }>(pick(divisor < -20.0, -20.0, divisor));
    let power = f32::from_bits(bits << 23);
    let quotient = ((power - 1.0 / UP) + power * (r + rest(r))) * (UP / divisor);
    pick(x.abs() < 1e-8, 1.0, quotient)
}

#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    let decay = exp_below(-x.abs());
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
