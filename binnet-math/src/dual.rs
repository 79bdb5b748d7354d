use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::Scalar;

/// A number with its derivative: forward-mode differentiation.
///
/// Every function returns its exact derivative beside its value. Conditions see the value only, and
/// `select`, `min`, `max`, `abs` and `clip` take the slope of what is chosen. A number whose slope is 0
/// is constant: it adds no slope, even where the derivative of a function is infinite.
///
/// ```
/// use binnet_math::{Dual, Scalar};
///
/// let v = Dual::variable(2.0);
/// let rate = v.pow(Dual::of(3.0)) + v.exp();
/// assert_eq!(rate.slope, 3.0 * 4.0 + rate.value - 8.0);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Dual<T: Scalar> {
    /// The number.
    pub value: T,
    /// Its derivative with respect to whatever is varied.
    pub slope: T,
}

impl<T: Scalar> Dual<T> {
    /// The number that is varied: slope 1.
    #[inline(always)]
    pub fn variable(value: T) -> Self {
        Dual { value, slope: T::of(1.0) }
    }

    /// A number that does not vary: slope 0.
    #[inline(always)]
    pub fn constant(value: T) -> Self {
        Dual { value, slope: T::of(0.0) }
    }

    /// A function's `value` here, of which `derivative` is known.
    #[inline(always)]
    fn chain(self, value: T, derivative: T) -> Self {
        Dual { value, slope: product(derivative, self.slope) }
    }
}

/// `derivative * slope`, but 0 for an infinite or undefined derivative of a constant.
#[inline(always)]
fn product<T: Scalar>(derivative: T, slope: T) -> T {
    let zero = T::of(0.0);
    T::select((slope == zero) & !derivative.is_finite(), zero, derivative * slope)
}

/// The derivative of the logistic function: e^-|x| / (1 + e^-|x|)^2, which keeps its digits in the tails.
#[inline(always)]
fn bell<T: Scalar>(x: T) -> T {
    let one = T::of(1.0);
    let decay = T::select(x > T::of(0.0), -x, x).exp();
    let sum = one + decay;
    decay / (sum * sum)
}

/// The derivative of exprel.
#[inline(always)]
fn exprel_slope<T: Scalar>(x: T) -> T {
    let (zero, one) = (T::of(0.0), T::of(1.0));
    // sum of (k + 1) x^k / (k + 2)!, for |x| < 1.
    let mut near = zero;
    let mut k = 19;
    let mut factorial = 51_090_942_171_709_440_000.0; // 21!
    while k >= 0 {
        near = near * x + T::of(f64::from(k + 1) / factorial);
        factorial /= f64::from(k + 2);
        k -= 1;
    }
    let relative = x.exprel();
    let inverse = one / x;
    let above = relative * (one - inverse) + inverse;
    let below = (x.exp() - relative) * inverse;
    let far = T::select(x > zero, above, below);
    T::select((x < one) & (x > -one), near, far)
}

impl<T: Scalar> PartialEq for Dual<T> {
    /// By value: slopes do not count.
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Scalar> PartialOrd for Dual<T> {
    /// By value: slopes do not count.
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }

    #[inline(always)]
    fn lt(&self, other: &Self) -> bool {
        self.value < other.value
    }

    #[inline(always)]
    fn le(&self, other: &Self) -> bool {
        self.value <= other.value
    }

    #[inline(always)]
    fn gt(&self, other: &Self) -> bool {
        self.value > other.value
    }

    #[inline(always)]
    fn ge(&self, other: &Self) -> bool {
        self.value >= other.value
    }
}

impl<T: Scalar> Add for Dual<T> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Dual { value: self.value + other.value, slope: self.slope + other.slope }
    }
}

impl<T: Scalar> Sub for Dual<T> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Dual { value: self.value - other.value, slope: self.slope - other.slope }
    }
}

impl<T: Scalar> Mul for Dual<T> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Dual { value: self.value * other.value, slope: self.slope * other.value + self.value * other.slope }
    }
}

impl<T: Scalar> Div for Dual<T> {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Dual { value, slope: (self.slope - value * other.slope) / other.value }
    }
}

impl<T: Scalar> Neg for Dual<T> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Dual { value: -self.value, slope: -self.slope }
    }
}

macro_rules! assign {
    ($($operation:ident :: $method:ident = $operator:tt),*) => {
        $(impl<T: Scalar> $operation for Dual<T> {
            #[inline(always)]
            fn $method(&mut self, other: Self) {
                *self = *self $operator other;
            }
        })*
    };
}

assign!(AddAssign::add_assign = +, SubAssign::sub_assign = -, MulAssign::mul_assign = *, DivAssign::div_assign = /);

impl<T: Scalar> Scalar for Dual<T> {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Dual::constant(T::of(value))
    }

    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.value.to_f64()
    }

    #[inline(always)]
    fn exp(self) -> Self {
        let value = self.value.exp();
        self.chain(value, value)
    }

    #[inline(always)]
    fn expm1(self) -> Self {
        self.chain(self.value.expm1(), self.value.exp())
    }

    #[inline(always)]
    fn exprel(self) -> Self {
        self.chain(self.value.exprel(), exprel_slope(self.value))
    }

    #[inline(always)]
    fn ln(self) -> Self {
        self.chain(self.value.ln(), T::of(1.0) / self.value)
    }

    #[inline(always)]
    fn ln_normal(self) -> Self {
        self.chain(self.value.ln_normal(), T::of(1.0) / self.value)
    }

    #[inline(always)]
    fn log10(self) -> Self {
        self.chain(self.value.log10(), T::of(std::f64::consts::LOG10_E) / self.value)
    }

    #[inline(always)]
    fn log1p(self) -> Self {
        let one = T::of(1.0);
        self.chain(self.value.log1p(), one / (one + self.value))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        self.chain(value, T::of(0.5) / value)
    }

    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        let zero = T::of(0.0);
        let (x, y) = (self.value, exponent.value);
        let value = x.pow(y);
        // y x^(y - 1), which is 0 for y = 0 also where the power is infinite.
        let less = x.pow(y - T::of(1.0));
        let by_base = T::select((y == zero) & !less.is_finite(), zero, y * less);
        // x^y ln x, which goes to 0 with x for y > 0.
        let by_exponent = T::select((x == zero) & (y > zero), zero, value * x.ln());
        Dual { value, slope: product(by_base, self.slope) + product(by_exponent, exponent.slope) }
    }

    #[inline(always)]
    fn powi(self, exponent: i32) -> Self {
        let zero = T::of(0.0);
        let derivative = T::of(f64::from(exponent)) * self.value.powi(exponent.saturating_sub(1));
        self.chain(self.value.powi(exponent), T::select(exponent == 0, zero, derivative))
    }

    #[inline(always)]
    fn sin(self) -> Self {
        self.chain(self.value.sin(), self.value.cos())
    }

    #[inline(always)]
    fn cos(self) -> Self {
        self.chain(self.value.cos(), -self.value.sin())
    }

    #[inline(always)]
    fn tan(self) -> Self {
        let value = self.value.tan();
        self.chain(value, T::of(1.0) + value * value)
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        self.chain(self.value.tanh(), T::of(4.0) * bell(self.value + self.value))
    }

    #[inline(always)]
    fn sigmoid(self) -> Self {
        self.chain(self.value.sigmoid(), bell(self.value))
    }

    #[inline(always)]
    fn abs(self) -> Self {
        let slope = T::select(self.value < T::of(0.0), -self.slope, self.slope);
        Dual { value: self.value.abs(), slope }
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        let first = (self.value < other.value) | is_nan(self.value);
        Self::select(first, self, other)
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        let first = (self.value > other.value) | is_nan(self.value);
        Self::select(first, self, other)
    }

    #[inline(always)]
    fn clip(self, low: Self, high: Self) -> Self {
        self.max(low).min(high)
    }

    #[inline(always)]
    fn floor(self) -> Self {
        Dual::constant(self.value.floor())
    }

    #[inline(always)]
    fn ceil(self) -> Self {
        Dual::constant(self.value.ceil())
    }

    #[inline(always)]
    fn sign(self) -> Self {
        Dual::constant(self.value.sign())
    }

    #[inline(always)]
    fn heaviside(self) -> Self {
        Dual::constant(self.value.heaviside())
    }

    #[inline(always)]
    fn select(condition: bool, yes: Self, no: Self) -> Self {
        Dual { value: T::select(condition, yes.value, no.value), slope: T::select(condition, yes.slope, no.slope) }
    }

    #[inline(always)]
    fn is_finite(self) -> bool {
        self.value.is_finite()
    }
}

#[inline(always)]
fn is_nan<T: Scalar>(x: T) -> bool {
    #[expect(clippy::eq_op, reason = "only NaN differs from itself, and a Scalar has no other test for it")]
    let differs = x != x;
    differs
}
