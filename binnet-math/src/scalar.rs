use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A real number: `f32`, `f64`, or a [`Dual`](crate::Dual) of one.
///
/// Code written once for `T: Scalar` runs in single or double precision, and with dual numbers gives
/// its derivative. The crate's front page has the error bound and the range of every function.
///
/// On a number whose type is known to be `f64` or `f32`, a method call such as `x.exp()` means the
/// function of the standard library, which Rust prefers to a trait's. Write `Scalar::exp(x)` there.
///
/// ```
/// use binnet_math::Scalar;
///
/// fn gating<T: Scalar>(v: T) -> T {
///     ((v + T::of(40.0)) / T::of(10.0)).sigmoid()
/// }
/// assert_eq!(gating(-40.0), 0.5);
/// assert_eq!(gating(-40.0f32), 0.5);
/// ```
pub trait Scalar:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Send
    + Sync
    + 'static
{
    /// The constant `value`, rounded to this type.
    fn of(value: f64) -> Self;

    /// The value as `f64`, without any slope.
    fn to_f64(self) -> f64;

    /// e to the power of the number. Overflows to infinity; 0 where the result would be subnormal, below -708 (`f32`: -86.9).
    fn exp(self) -> Self;

    /// e to the power of the number, less 1; accurate near 0.
    fn expm1(self) -> Self;

    /// (eˣ - 1) / x, and 1 at 0; accurate near 0.
    fn exprel(self) -> Self;

    /// The natural logarithm: negative infinity at 0, NaN below.
    fn ln(self) -> Self;

    /// The natural logarithm of a positive, normal and finite number: what [`ln`](Self::ln) gives, at three quarters of
    /// its cost. Meaningless for other numbers.
    fn ln_normal(self) -> Self;

    /// The logarithm to base 10: negative infinity at 0, NaN below.
    fn log10(self) -> Self;

    /// The natural logarithm of 1 more than the number; accurate near 0.
    fn log1p(self) -> Self;

    /// The square root, correctly rounded; NaN below 0.
    fn sqrt(self) -> Self;

    /// The number to the power of `exponent`.
    ///
    /// As in the C and Rust standards, `x.pow(0)` and `1.pow(y)` are 1 for every `x` and `y`, NaN
    /// included. A negative number to a power that is not whole is NaN.
    fn pow(self, exponent: Self) -> Self;

    /// The number to a whole power, by repeated squaring; the reciprocal of that for a negative one.
    ///
    /// For a constant exponent, the multiplications are unrolled.
    fn powi(self, exponent: i32) -> Self;

    /// The sine.
    fn sin(self) -> Self;

    /// The cosine.
    fn cos(self) -> Self;

    /// The tangent.
    fn tan(self) -> Self;

    /// The hyperbolic tangent.
    fn tanh(self) -> Self;

    /// The logistic function 1 / (1 + e⁻ˣ), without overflow and with its full lower tail.
    fn sigmoid(self) -> Self;

    /// The magnitude.
    fn abs(self) -> Self;

    /// The smaller of two numbers; NaN if either is NaN, so that a NaN is not hidden.
    ///
    /// The standard library's `min` differs: it drops a NaN. Of 0 and -0, either may be returned.
    fn min(self, other: Self) -> Self;

    /// The larger of two numbers; NaN if either is NaN, so that a NaN is not hidden.
    ///
    /// The standard library's `max` differs: it drops a NaN. Of 0 and -0, either may be returned.
    fn max(self, other: Self) -> Self;

    /// The number, but at least `low` and at most `high`; NaN if any of the three is NaN.
    ///
    /// Where `low` is above `high`, the result is `high`.
    fn clip(self, low: Self, high: Self) -> Self;

    /// The largest whole number that is not above this one.
    fn floor(self) -> Self;

    /// The smallest whole number that is not below this one.
    fn ceil(self) -> Self;

    /// 1 above 0, -1 below 0; 0, -0 and NaN are kept.
    fn sign(self) -> Self;

    /// 1 above 0, else 0 (also for NaN): the condition `x > 0` as a number.
    fn heaviside(self) -> Self;

    /// `yes` where the condition holds, else `no`. Both are computed.
    fn select(condition: bool, yes: Self, no: Self) -> Self;

    /// Whether the value is neither infinite nor NaN.
    fn is_finite(self) -> bool;
}
