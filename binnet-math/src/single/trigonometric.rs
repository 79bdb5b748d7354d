use super::{pick, polynomial};

/// From here on, the reduction in `f64` runs out of bits, and the result is NaN.
const LIMIT: f32 = 562_949_953_421_312.0;
const SIGN: u32 = 1 << 31;

/// |x| = n pi/2 + y + tail with a whole n and |y| < 0.8.
struct Reduced {
    /// The low bits hold n.
    bits: u32,
    y: f32,
    tail: f32,
}

/// Reduces in `f64`, with pi/2 in parts of 25 and 53 bits (fdlibm's): products with n < 2^28 are exact.
#[inline(always)]
fn reduce(x: f32) -> Reduced {
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    const PART1: f64 = 1.570_796_310_901_641_8;
    const PART2: f64 = 1.589_325_477_352_819_6e-8;
    let x = f64::from(x.abs());
    let sum = x * std::f64::consts::FRAC_2_PI + ROUNDER;
    let n = sum - ROUNDER;
    let y = (x - n * PART1) - n * PART2;
    Reduced { bits: sum.to_bits() as u32, y: y as f32, tail: (y - f64::from(y as f32)) as f32 }
}

/// sin(y + tail) for |y| < 0.8. Minimax coefficients of Cephes' `sinf`.
#[inline(always)]
fn sin_near(y: f32, tail: f32) -> f32 {
    let z = y * y;
    y + (y * (z * polynomial(z, [-1.951_529_6e-4, 8.332_161e-3, -1.666_665_5e-1])) + tail)
}

/// cos(y + tail) for |y| < 0.8. Minimax coefficients of Cephes' `cosf`.
#[inline(always)]
fn cos_near(y: f32, tail: f32) -> f32 {
    let z = y * y;
    let half = 0.5 * z;
    let w = 1.0 - half;
    let rest = z * z * polynomial(z, [2.443_315_7e-5, -1.388_731_6e-3, 4.166_664_6e-2]);
    w + (((1.0 - w) - half) + (rest - y * tail))
}

/// The bits of `odd` if the lowest bit of `n` is set, else those of `even`.
#[inline(always)]
fn by_parity(n: u32, odd: f32, even: f32) -> u32 {
    let mask = (n & 1).wrapping_neg();
    (odd.to_bits() & mask) | (even.to_bits() & !mask)
}

#[inline(always)]
pub(crate) fn sin(x: f32) -> f32 {
    let Reduced { bits, y, tail } = reduce(x);
    let value = by_parity(bits, cos_near(y, tail), sin_near(y, tail));
    let sign = ((bits & 2) << 30) ^ (x.to_bits() & SIGN);
    pick(x.abs() < LIMIT, f32::from_bits(value ^ sign), f32::NAN)
}

#[inline(always)]
pub(crate) fn cos(x: f32) -> f32 {
    let Reduced { bits, y, tail } = reduce(x);
    let value = by_parity(bits, sin_near(y, tail), cos_near(y, tail));
    let sign = (bits.wrapping_add(1) & 2) << 30;
    pick(x.abs() < LIMIT, f32::from_bits(value ^ sign), f32::NAN)
}

#[inline(always)]
pub(crate) fn tan(x: f32) -> f32 {
    let Reduced { bits, y, tail } = reduce(x);
    let (sin, cos) = (sin_near(y, tail), cos_near(y, tail));
    let above = f32::from_bits(by_parity(bits, cos, sin));
    let below = f32::from_bits(by_parity(bits, sin, cos));
    let sign = ((bits & 1) << 31) ^ (x.to_bits() & SIGN);
    pick(x.abs() < LIMIT, f32::from_bits((above / below).to_bits() ^ sign), f32::NAN)
}
