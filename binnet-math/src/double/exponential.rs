use super::{LN2_HIGH, LN2_LOW, ROUNDER, pick, polynomial};

/// Leaves n + 2046 in the low bits, which is twice an exponent's bias: see [`exp`].
const EXPONENT: f64 = ROUNDER + 2046.0;

/// x = n ln 2 + r + tail with a whole n and |r| < 0.35.
struct Reduced {
    /// The low bits hold n + 2046.
    bits: u64,
    r: f64,
    tail: f64,
}

#[inline(always)]
fn reduce(x: f64) -> Reduced {
    let sum = x * std::f64::consts::LOG2_E + EXPONENT;
    let n = sum - EXPONENT;
    let high = x - n * LN2_HIGH;
    let low = n * LN2_LOW;
    let r = high - low;
    Reduced { bits: sum.to_bits(), r, tail: (high - r) - low }
}

/// e^r - 1 - r for |r| < 0.35. Minimax coefficients of SLEEF's `xexp`.
#[inline(always)]
fn rest(r: f64) -> f64 {
    let p = polynomial(
        r,
        [
            2.088_606_211_072_837e-9,
            2.511_129_308_928_765_2e-8,
            2.755_739_112_349_004_7e-7,
            2.755_723_629_119_288_3e-6,
            2.480_158_715_923_547_3e-5,
            1.984_126_989_605_092e-4,
            1.388_888_888_897_745e-3,
            8.333_333_333_316_527e-3,
            4.166_666_666_666_650_5e-2,
            1.666_666_666_666_668_5e-1,
            0.5,
        ],
    );
    r * r * p
}

/// 2^n y, from the bits that hold n + 2046 and for |n| < 1300: in two steps, each with half of the
/// exponent, so that the product is rounded once also where it is subnormal.
#[inline(always)]
pub(super) fn scale(y: f64, bits: u64) -> f64 {
    let half = bits >> 1;
    let other = bits.wrapping_sub(half);
    y * f64::from_bits(half << 52) * f64::from_bits(other << 52)
}

/// 2^z e^(w + tail), with |z| < 1300 and small w.
#[inline(always)]
pub(super) fn exp2_exp(z: f64, fraction: impl Fn(f64) -> (f64, f64)) -> f64 {
    let sum = z + EXPONENT;
    let (r, tail) = fraction(sum - EXPONENT);
    scale(1.0 + (r + (rest(r) + tail)), sum.to_bits())
}

#[inline(always)]
pub(crate) fn exp(x: f64) -> f64 {
    let x = pick(x < -750.0, -750.0, x);
    let x = pick(x > 710.0, 710.0, x);
    let Reduced { bits, r, tail } = reduce(x);
    scale(1.0 + (r + (rest(r) + tail)), bits)
}

/// e^x for |x| < 700.
#[inline(always)]
pub(crate) fn exp_moderate(x: f64) -> f64 {
    let Reduced { bits, r, tail } = reduce(x);
    let power = f64::from_bits(bits.wrapping_sub(1023) << 52);
    (1.0 + (r + (rest(r) + tail))) * power
}

/// 2^-DOWN (e^x - 1) for -40 <= x <= 710 + DOWN ln 2 and |x| not tiny.
#[inline(always)]
fn expm1_scaled<const DOWN: u64, const CAREFUL: bool>(x: f64) -> f64 {
    let Reduced { bits, r, tail } = reduce(x);
    let one = f64::from_bits((1023 - DOWN) << 52);
    let power = f64::from_bits(bits.wrapping_sub(1023 + DOWN) << 52);
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
pub(crate) fn expm1(x: f64) -> f64 {
    let inside = pick(x < -40.0, -40.0, x);
    let inside = pick(inside > 710.0, 710.0, inside);
    pick(x.abs() < 1e-17, x, 2.0 * expm1_scaled::<1, true>(inside))
}

#[inline(always)]
pub(crate) fn exprel(x: f64) -> f64 {
    const DOWN: f64 = 1.0 / 65536.0;
    // e^x overflows before the quotient, so both of its terms are scaled. From 720 on, it overflows too.
    let divisor = pick(x > 720.0, 720.0, x);
    let inside = pick(divisor < -40.0, -40.0, divisor);
    let quotient = expm1_scaled::<16, false>(inside) / (divisor * DOWN);
    pick(x.abs() < 1e-17, 1.0, quotient)
}

#[inline(always)]
pub(crate) fn sigmoid(x: f64) -> f64 {
    let decay = exp(-x.abs());
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
