use super::exponential::exp2_exp;
use super::{SIGN, TWO52, floor, high_half, pick, polynomial};

const TWO54: f64 = 18_014_398_509_481_984.0;

/// log2(x) in two parts, the first with at most 32 bits, for positive finite x. From fdlibm's `pow`,
/// whose relative error is below 2^-64.
#[inline(always)]
fn log2_parts(x: f64) -> (f64, f64) {
    // 2 / (3 ln 2), log2(1.5).
    const CP: f64 = 9.617_966_939_259_756e-1;
    const CP_HIGH: f64 = 9.617_967_009_544_373e-1;
    const CP_LOW: f64 = -7.028_461_650_952_758e-9;
    const LOG2_1_5_HIGH: f64 = 5.849_624_872_207_642e-1;
    const LOG2_1_5_LOW: f64 = 1.350_039_202_129_749e-8;

    let tiny = x < f64::MIN_POSITIVE;
    let bits = pick(tiny, x * TWO54, x).to_bits();
    let exponent = f64::from_bits((bits >> 52) | TWO52.to_bits()) - pick(tiny, TWO52 + 1077.0, TWO52 + 1023.0);
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 1.0f64.to_bits());

    // The mantissa is divided by 1, by 1.5 (between the roots of 1.5 and of 3), or by 2.
    let upper = mantissa > 1.732_050_807;
    let middle = (mantissa > 1.224_744_871) & !upper;
    let m = pick(upper, 0.5 * mantissa, mantissa);
    let exponent = exponent + pick(upper, 1.0, 0.0);
    let near = pick(middle, 1.5, 1.0);

    // s = (m - near) / (m + near) in two parts.
    let difference = m - near;
    let sum = m + near;
    let inverse = 1.0 / sum;
    let s = difference * inverse;
    let s_high = high_half(s);
    let sum_high = high_half(sum);
    let sum_low = m - (sum_high - near);
    let s_low = inverse * ((difference - s_high * sum_high) - s_high * sum_low);

    // log2(m / near) = 2 / (3 ln 2) * s * (3 + s^2 + r).
    let s2 = s * s;
    let r = s2
        * s2
        * polynomial(
            s2,
            [
                2.069_750_178_003_384_2e-1,
                2.306_607_457_755_617_5e-1,
                2.727_281_238_085_34e-1,
                3.333_333_298_183_774_3e-1,
                4.285_714_285_785_502e-1,
                5.999_999_999_999_946e-1,
            ],
        )
        + s_low * (s_high + s);
    let s2 = s_high * s_high;
    let t_high = high_half(3.0 + s2 + r);
    let t_low = r - ((t_high - 3.0) - s2);
    let u = s_high * t_high;
    let v = s_low * t_high + t_low * s;
    let p_high = high_half(u + v);
    let p_low = v - (p_high - u);
    let z_high = CP_HIGH * p_high;
    let z_low = CP_LOW * p_high + p_low * CP + pick(middle, LOG2_1_5_LOW, 0.0);
    let base = pick(middle, LOG2_1_5_HIGH, 0.0);
    let high = high_half(((z_high + z_low) + base) + exponent);
    (high, z_low - (((high - exponent) - base) - z_high))
}

/// |x|^y without the special cases.
#[inline(always)]
fn magnitude_power(x: f64, y: f64) -> f64 {
    const LN2: f64 = std::f64::consts::LN_2;
    const LN2_HIGH: f64 = 6.931_471_824_645_996e-1;
    const LN2_LOW: f64 = -1.904_654_299_957_768e-9;
    // The largest exponent that changes the smallest logarithm: 2^66.
    const LARGEST: f64 = 73_786_976_294_838_206_464.0;

    let (log_high, log_low) = log2_parts(x.abs());
    let y = pick(y > LARGEST, LARGEST, y);
    let y = pick(y < -LARGEST, -LARGEST, y);
    let y_high = high_half(y);
    let low = (y - y_high) * log_high + y * log_low;
    let high = y_high * log_high;
    let z = low + high;
    let z_inside = pick(z > 1200.0, 1200.0, z);
    let z_inside = pick(z_inside < -1200.0, -1200.0, z_inside);
    let moderate = z == z_inside;
    exp2_exp(z_inside, |n| {
        let fraction = high - n;
        let t = high_half(low + fraction);
        let u = t * LN2_HIGH;
        let v = (low - (t - fraction)) * LN2 + t * LN2_LOW;
        let r = u + v;
        let tail = v - (r - u);
        // Out there, where all is 0 or infinite, only the power of 2 counts.
        (pick(moderate, r, 0.0), pick(moderate, tail + r * tail, 0.0))
    })
}

/// x^y from |x|^y: signs, zeros, infinities, NaN.
#[inline(always)]
pub(crate) fn signed_power(x: f64, y: f64, magnitude: f64) -> f64 {
    let zero = x == 0.0;
    let infinite = x.abs() == f64::INFINITY;
    let extreme = pick(zero == (y < 0.0), f64::INFINITY, 0.0);
    let power = pick(zero | infinite, extreme, magnitude);

    let half = 0.5 * y;
    let whole = floor(y) == y;
    let odd = whole & (floor(half) != half);
    let power = pick(odd, f64::from_bits(power.to_bits() ^ (x.to_bits() & SIGN)), power);
    let power = pick((x < 0.0) & !infinite & !whole, f64::NAN, power);
    let power = pick(x.is_nan() | y.is_nan(), f64::NAN, power);
    pick((y == 0.0) | (x == 1.0), 1.0, power)
}

#[inline(always)]
pub(crate) fn pow(x: f64, y: f64) -> f64 {
    signed_power(x, y, magnitude_power(x, y))
}
