use super::{pick, polynomial};

const TWO25: f32 = 33_554_432.0;
/// The bits of sqrt(1/2).
const SQRT_HALF: u32 = 0x3f35_04f3;
const ONE: u32 = 0x3f80_0000;

/// ln 2 in two parts (fdlibm); the first has 16 bits, so its product with an exponent is exact.
const LN2_HIGH: f32 = 6.931_381e-1;
const LN2_LOW: f32 = 9.058_001e-6;

/// x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for positive and normal x.
#[inline(always)]
fn split(x: f32) -> (f32, f32) {
    let bits = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let k = ((bits >> 23).cast_signed() - 127) as f32;
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(SQRT_HALF));
    (k, m - 1.0)
}

/// The same for any positive x.
#[inline(always)]
fn split_any(x: f32) -> (f32, f32) {
    let tiny = x < f32::MIN_POSITIVE;
    let (k, f) = split(pick(tiny, x * TWO25, x));
    (k - pick(tiny, 25.0, 0.0), f)
}

/// h = f^2 / 2 and q such that ln(1 + f) = f - (h - q). Coefficients of fdlibm's `logf`.
#[inline(always)]
fn series(f: f32) -> (f32, f32) {
    let s = f / (2.0 + f);
    let z = s * s;
    let r = z * polynomial(z, [2.427_907_9e-1, 2.849_878_7e-1, 4.000_097_2e-1, 6.666_666e-1]);
    let h = 0.5 * f * f;
    (h, s * (h + r))
}

/// What a logarithm is where `y`, an argument's distance from the pole, is not positive and finite.
#[inline(always)]
fn at_edges(y: f32, value: f32) -> f32 {
    // One comparison of bits, as those of positive numbers are in their order.
    let ordinary = y.to_bits().wrapping_sub(1) < f32::INFINITY.to_bits() - 1;
    let edge = pick(y > 0.0, y, f32::NAN);
    pick(ordinary, value, pick(y == 0.0, f32::NEG_INFINITY, edge))
}

/// The logarithm of a positive, normal, finite number.
#[inline(always)]
pub(crate) fn ln_normal(x: f32) -> f32 {
    let (k, f) = split(x);
    let (h, q) = series(f);
    k * LN2_HIGH - ((h - (q + k * LN2_LOW)) - f)
}

#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    let (k, f) = split_any(x);
    let (h, q) = series(f);
    at_edges(x, k * LN2_HIGH - ((h - (q + k * LN2_LOW)) - f))
}

/// As musl's `log10f`: the logarithm in two parts, times 1 / ln 10 in two parts.
#[inline(always)]
pub(crate) fn log10(x: f32) -> f32 {
    const INV_LN10_HIGH: f32 = 4.343_261_7e-1;
    const INV_LN10_LOW: f32 = -3.168_997e-5;
    const LOG10_2_HIGH: f32 = 3.010_292e-1;
    const LOG10_2_LOW: f32 = 7.903_415e-7;
    let (k, f) = split_any(x);
    let (h, q) = series(f);
    let high = f32::from_bits((f - h).to_bits() & 0xffff_f000);
    let low = ((f - high) - h) + q;
    let first = k * LOG10_2_HIGH;
    let second = high * INV_LN10_HIGH;
    let rest = k * LOG10_2_LOW + (low + high) * INV_LN10_LOW + low * INV_LN10_HIGH;
    let sum = first + second;
    at_edges(x, (rest + ((first - sum) + second)) + sum)
}

/// As musl's `log1pf`: the logarithm of u = 1 + x, plus what rounding took from u.
#[inline(always)]
pub(crate) fn log1p(x: f32) -> f32 {
    let u = 1.0 + x;
    let lost = pick(x >= 1.0, 1.0 - (u - x), x - (u - 1.0));
    let (k, f) = split(u);
    let near = k == 0.0;
    let f = pick(near, x, f);
    let correction = pick(near, 0.0, lost / u);
    let (h, q) = series(f);
    let value = at_edges(u, k * LN2_HIGH - ((h - (q + (k * LN2_LOW + correction))) - f));
    pick(x.abs() < 1e-8, x, value)
}
