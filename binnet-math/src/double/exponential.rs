use super::{LN2_HIGH, LN2_LOW, ROUNDER, pick, polynomial};

/// x = n ln 2 + r + tail with a whole n and |r| < 0.35.
struct Reduced {
    /// The low bits hold n and what was added to it.
    bits: u64,
    r: f64,
    tail: f64,
}

/// Leaves n + `BIAS` in the low bits.
#[inline(always)]
fn reduce<const BIAS: u64>(x: f64) -> Reduced {
    let rounder = ROUNDER + BIAS as f64;
    let sum = x * std::f64::consts::LOG2_E + rounder;
    let n = sum - rounder;
    let high = x - n * LN2_HIGH;
    let low = n * LN2_LOW;
    let r = high - low;
    Reduced { bits: sum.to_bits(), r, tail: (high - r) - low }
}

/// e^r - 1 - r for |r| < 0.35, to 2^-56 of e^r. Minimax coefficients (Remez' exchange in 60 digits, then rounded).
#[inline(always)]
fn rest(r: f64) -> f64 {
    let p = polynomial(
        r,
        [
            2.499_985_827_979_560_6e-8,
            2.763_052_346_985_649_5e-7,
            2.755_758_842_126_651_3e-6,
            2.480_149_238_828_576e-5,
            1.984_126_950_274_092e-4,
            1.388_888_894_424_919_6e-3,
            8.333_333_333_496_923e-3,
            4.166_666_666_652_81e-2,
            1.666_666_666_666_640_8e-1,
            0.500_000_000_000_001_1,
        ],
    );
    r * r * p
}

/// 2^z e^(w + tail), with |z| < 1300 and small w. The power of two comes in two steps, each with half of the exponent, so
/// that the product is rounded once also where it is subnormal.
#[inline(always)]
pub(super) fn exp2_exp(z: f64, fraction: impl Fn(f64) -> (f64, f64)) -> f64 {
    // Leaves n + 2046 in the low bits, which is twice an exponent's bias.
    const EXPONENT: f64 = ROUNDER + 2046.0;
    let sum = z + EXPONENT;
    let (r, tail) = fraction(sum - EXPONENT);
    let bits = sum.to_bits();
    let half = bits >> 1;
    let other = bits.wrapping_sub(half);
    (1.0 + (r + (rest(r) + tail))) * f64::from_bits(half << 52) * f64::from_bits(other << 52)
}

/// e^x for x <= 710, or NaN; 0 where the result would not be a normal number.
#[inline(always)]
fn exp_below(x: f64) -> f64 {
    // Half of the power is a number for the largest x too.
    let Reduced { bits, r, .. } = reduce::<1022>(x);
    let fraction = 1.0 + (r + rest(r));
    pick(x < -708.0, 0.0, (fraction + fraction) * f64::from_bits(bits << 52))
}

#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    exp_below(pick(x > 710.0, 710.0, x))
}

/// e^x for |x| < 700.
#[inline(always)]
pub(crate) fn exp_moderate(x: f64) -> f64 {
    let Reduced { bits, r, .. } = reduce::<1023>(x);
    (1.0 + (r + rest(r))) * f64::from_bits(bits << 52)
}

#[inline(always)]
pub(crate) fn expm1(x: f64) -> f64 {
    let inside = pick(x < -40.0, -40.0, x);
    let inside = pick(inside > 710.0, 710.0, inside);
    // Of half the powers, so that none overflows before the result.
    let Reduced { bits, r, tail } = reduce::<1022>(inside);
    let power = f64::from_bits(bits << 52);
    // (power - 1) + power r, with the errors of both sums; that of the first is 0 for most powers.
    let whole = power - 0.5;
    let part = power * r;
    let sum = whole + part;
    let error = (whole - sum) + part + ((power - whole) - 0.5);
    let half = sum + (power * (rest(r) + tail) + error);
    pick(x.abs() < 1e-17, x, 2.0 * half)
}

#[inline(always)]
pub(crate) fn exprel(x: f64) -> f64 {
    const UP: f64 = 65536.0;
    // The quotient as a product with the reciprocal, which is there before the other factor is, at half a unit more of error.
    // e^x overflows before the quotient, so the factors are scaled. From 720 on, it overflows too.
    let divisor = pick(x > 720.0, 720.0, x);
    let Reduced { bits, r, .. } = reduce::<{ 1023 - 16 }>(pick(divisor < -40.0, -40.0, divisor));
    let power = f64::from_bits(bits << 52);
    let quotient = ((power - 1.0 / UP) + power * (r + rest(r))) * (UP / divisor);
    pick(x.abs() < 1e-17, 1.0, quotient)
}

#[inline(always)]
pub(crate) fn sigmoid(x: f64) -> f64 {
    let decay = exp_below(-x.abs());
    pick(x < 0.0, decay, 1.0) / (1.0 + decay)
}

/// Cephes `tanh`, with one division for both of its ranges.
#[inline(always)]
pub(crate) fn tanh(x: f64) -> f64 {
    let magnitude = x.abs();
    let magnitude = pick(magnitude > 20.0, 20.0, magnitude);
    let small = magnitude < 0.625;
    let z = magnitude * magnitude;
    let above = z * polynomial(z, [-9.643_991_794_250_523e-1, -9.928_772_310_019_185e1, -1.614_687_684_417_084_5e3]);
    let below = polynomial(z, [1.0, 1.128_116_784_916_329_3e2, 2.235_488_390_601_004_5e3, 4.844_063_053_251_255e3]);
    let exponential = exp_moderate(2.0 * magnitude);
    let quotient = pick(small, above, 2.0) / pick(small, below, exponential + 1.0);
    pick(small, magnitude + magnitude * quotient, 1.0 - quotient).copysign(x)
}
