use super::{LN2_HIGH, LN2_LOW, TWO52, high_half, pick, polynomial};

const TWO54: f64 = 18_014_398_509_481_984.0;
/// The upper half of the bits of sqrt(1/2).
const SQRT_HALF: u64 = 0x3fe6_a09e_0000_0000;
const ONE: u64 = 0x3ff0_0000_0000_0000;

/// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for positive and normal x.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    let bits = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let k = f64::from_bits((bits >> 52) | TWO52.to_bits()) - (TWO52 + 1023.0);
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(SQRT_HALF));
    (k, m - 1.0)
}

/// The same for any positive x.
#[inline(always)]
fn split_any(x: f64) -> (f64, f64) {
    let tiny = x < f64::MIN_POSITIVE;
    let (k, f) = split(pick(tiny, x * TWO54, x));
    (k - pick(tiny, 54.0, 0.0), f)
}

/// h = f^2 / 2 and q such that ln(1 + f) = f - (h - q). Coefficients of fdlibm's `log`.
#[inline(always)]
fn series(f: f64) -> (f64, f64) {
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * polynomial(
        z,
        [
            1.479_819_860_511_658_6e-1,
            1.531_383_769_920_937_3e-1,
            1.818_357_216_161_805e-1,
            2.222_219_843_214_978_4e-1,
            2.857_142_874_366_239e-1,
            3.999_999_999_940_942e-1,
            6.666_666_666_666_735e-1,
        ],
    );
    let h = 0.5 * f * f;
    (h, s * (h + r))
}

/// What a logarithm is where `y`, an argument's distance from the pole, is not positive and finite.
#[inline(always)]
fn at_edges(y: f64, value: f64) -> f64 {
    // One comparison of bits, as those of positive numbers are in their order.
    let ordinary = y.to_bits().wrapping_sub(1) < f64::INFINITY.to_bits() - 1;
    let edge = pick(y > 0.0, y, f64::NAN);
    pick(ordinary, value, pick(y == 0.0, f64::NEG_INFINITY, edge))
}

/// The logarithm of a positive, normal, finite number.
#[inline(always)]
pub(crate) fn ln_normal(x: f64) -> f64 {
    let (k, f) = split(x);
    let (h, q) = series(f);
    k * LN2_HIGH - ((h - (q + k * LN2_LOW)) - f)
}

#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    let (k, f) = split_any(x);
    let (h, q) = series(f);
    at_edges(x, k * LN2_HIGH - ((h - (q + k * LN2_LOW)) - f))
}

/// As musl's `log10`: the logarithm in two parts, times 1 / ln 10 in two parts.
#[inline(always)]
pub(crate) fn log10(x: f64) -> f64 {
    const INV_LN10_HIGH: f64 = 4.342_944_818_781_689e-1;
    const INV_LN10_LOW: f64 = 2.508_294_671_164_527_5e-11;
    const LOG10_2_HIGH: f64 = 3.010_299_956_636_117_7e-1;
    const LOG10_2_LOW: f64 = 3.694_239_077_158_931e-13;
    let (k, f) = split_any(x);
    let (h, q) = series(f);
    let high = high_half(f - h);
    let low = ((f - high) - h) + q;
    let first = k * LOG10_2_HIGH;
    let second = high * INV_LN10_HIGH;
    let rest = k * LOG10_2_LOW + (low + high) * INV_LN10_LOW + low * INV_LN10_HIGH;
    let sum = first + second;
    at_edges(x, (rest + ((first - sum) + second)) + sum)
}

/// As musl's `log1p`: the logarithm of u = 1 + x, plus what rounding took from u.
#[inline(always)]
pub(crate) fn log1p(x: f64) -> f64 {
    let u = 1.0 + x;
    let lost = pick(x >= 1.0, 1.0 - (u - x), x - (u - 1.0));
    let (k, f) = split(u);
    let near = k == 0.0;
    let f = pick(near, x, f);
    let correction = pick(near, 0.0, lost / u);
    let (h, q) = series(f);
    let value = at_edges(u, k * LN2_HIGH - ((h - (q + (k * LN2_LOW + correction))) - f));
    pick(x.abs() < 1e-17, x, value)
}
