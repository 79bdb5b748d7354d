use super::{ROUNDER, SIGN, pick, polynomial};

/// From here on, numbers are an eighth apart or more, and the result is NaN.
const LIMIT: f64 = 562_949_953_421_312.0;

/// |x| = n pi/2 + y + tail with a whole n and |y| < 0.8.
struct Reduced {
    /// The low bits hold n.
    bits: u64,
    y: f64,
    tail: f64,
}

/// Cody and Waite's reduction with pi/2 in parts of 33 bits (fdlibm's): products with n < 2^20 are exact.
#[inline(always)]
fn reduce(x: f64) -> Reduced {
    const PART1: f64 = 1.570_796_326_734_125_6;
    const PART2: f64 = 6.077_100_506_303_966e-11;
    const PART3: f64 = 2.022_266_248_711_166_5e-21;
    const PART4: f64 = 8.478_427_660_368_9e-32;
    let sum = x.abs() * std::f64::consts::FRAC_2_PI + ROUNDER;
    let n = sum - ROUNDER;
    let first = x.abs() - n * PART1;
    // first - n PART2 with its rounding error (Knuth).
    let second = n * PART2;
    let high = first - second;
    let change = high - first;
    let error = (first - (high - change)) - (second + change);
    let third = n * PART3;
    let y = high - third;
    let tail = ((high - y) - third) + (error - n * PART4);
    Reduced { bits: sum.to_bits(), y, tail }
}

/// sin(y + tail) for |y| < 0.8 (fdlibm's `__kernel_sin`).
#[inline(always)]
fn sin_near(y: f64, tail: f64) -> f64 {
    let z = y * y;
    let r = polynomial(
        z,
        [
            1.589_690_995_211_55e-10,
            -2.505_076_025_340_686_3e-8,
            2.755_731_370_707_006_8e-6,
            -1.984_126_982_985_795e-4,
            8.333_333_333_322_49e-3,
        ],
    );
    let v = z * y;
    y - ((z * (0.5 * tail - v * r) - tail) + v * 1.666_666_666_666_663_2e-1)
}

/// cos(y + tail) for |y| < 0.8 (fdlibm's `__kernel_cos`).
#[inline(always)]
fn cos_near(y: f64, tail: f64) -> f64 {
    let z = y * y;
    let r = z * polynomial(
        z,
        [
            -1.135_964_755_778_819_5e-11,
            2.087_572_321_298_175e-9,
            -2.755_731_435_139_066_3e-7,
            2.480_158_728_947_673e-5,
            -1.388_888_888_887_411e-3,
            4.166_666_666_666_66e-2,
        ],
    );
    let half = 0.5 * z;
    let w = 1.0 - half;
    w + (((1.0 - w) - half) + (z * r - y * tail))
}

/// The bits of `odd` if the lowest bit of `n` is set, else those of `even`.
#[inline(always)]
fn by_parity(n: u64, odd: f64, even: f64) -> u64 {
    let mask = (n & 1).wrapping_neg();
    (odd.to_bits() & mask) | (even.to_bits() & !mask)
}

#[inline(always)]
pub(crate) fn sin(x: f64) -> f64 {
    let Reduced { bits, y, tail } = reduce(x);
    let value = by_parity(bits, cos_near(y, tail), sin_near(y, tail));
    let sign = ((bits & 2) << 62) ^ (x.to_bits() & SIGN);
    pick(x.abs() < LIMIT, f64::from_bits(value ^ sign), f64::NAN)
}

#[inline(always)]
pub(crate) fn cos(x: f64) -> f64 {
    let Reduced { bits, y, tail } = reduce(x);
    let value = by_parity(bits, sin_near(y, tail), cos_near(y, tail));
    let sign = (bits.wrapping_add(1) & 2) << 62;
    pick(x.abs() < LIMIT, f64::from_bits(value ^ sign), f64::NAN)
}

#[inline(always)]
pub(crate) fn tan(x: f64) -> f64 {
    let Reduced { bits, y, tail } = reduce(x);
    let (sin, cos) = (sin_near(y, tail), cos_near(y, tail));
    let above = f64::from_bits(by_parity(bits, cos, sin));
    let below = f64::from_bits(by_parity(bits, sin, cos));
    let sign = ((bits & 1) << 63) ^ (x.to_bits() & SIGN);
    pick(x.abs() < LIMIT, f64::from_bits((above / below).to_bits() ^ sign), f64::NAN)
}
