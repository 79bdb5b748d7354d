//! `Scalar` for `f32` and `f64`: the same text, over the functions of `single` and `double`.

use crate::{Scalar, double, single};

macro_rules! scalar {
    ($float:ident, $functions:ident) => {
        impl Scalar for $float {
            #[inline(always)]
            fn of(value: f64) -> Self {
                value as Self
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn exp(self) -> Self {
                $functions::exp(self)
            }

            #[inline(always)]
            fn expm1(self) -> Self {
                $functions::expm1(self)
            }

            #[inline(always)]
            fn exprel(self) -> Self {
                $functions::exprel(self)
            }

            #[inline(always)]
            fn ln(self) -> Self {
                $functions::ln(self)
            }

            #[inline(always)]
            fn ln_normal(self) -> Self {
                $functions::ln_normal(self)
            }

            #[inline(always)]
            fn log10(self) -> Self {
                $functions::log10(self)
            }

            #[inline(always)]
            fn log1p(self) -> Self {
                $functions::log1p(self)
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                $float::sqrt(self)
            }

            #[inline(always)]
            fn pow(self, exponent: Self) -> Self {
                $functions::pow(self, exponent)
            }

            #[inline(always)]
            fn powi(self, exponent: i32) -> Self {
                let mut rest = exponent.unsigned_abs();
                let mut square = self;
                let mut power = 1.0;
                while rest != 0 {
                    power *= $functions::pick(rest & 1 == 1, square, 1.0);
                    square *= square;
                    rest >>= 1;
                }
                $functions::pick(exponent < 0, 1.0 / power, power)
            }

            #[inline(always)]
            fn sin(self) -> Self {
                $functions::sin(self)
            }

            #[inline(always)]
            fn cos(self) -> Self {
                $functions::cos(self)
            }

            #[inline(always)]
            fn tan(self) -> Self {
                $functions::tan(self)
            }

            #[inline(always)]
            fn tanh(self) -> Self {
                $functions::tanh(self)
            }

            #[inline(always)]
            fn sigmoid(self) -> Self {
                $functions::sigmoid(self)
            }

            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }

            #[inline(always)]
            fn min(self, other: Self) -> Self {
                let smaller = $functions::pick(self < other, self, other);
                $functions::pick(self.is_nan(), self, smaller)
            }

            #[inline(always)]
            fn max(self, other: Self) -> Self {
                let larger = $functions::pick(self > other, self, other);
                $functions::pick(self.is_nan(), self, larger)
            }

            #[inline(always)]
            fn clip(self, low: Self, high: Self) -> Self {
                Scalar::min(Scalar::max(self, low), high)
            }

            #[inline(always)]
            fn floor(self) -> Self {
                $functions::floor(self)
            }

            #[inline(always)]
            fn ceil(self) -> Self {
                -$functions::floor(-self)
            }

            #[inline(always)]
            fn sign(self) -> Self {
                let below = $functions::pick(self < 0.0, -1.0, self);
                $functions::pick(self > 0.0, 1.0, below)
            }

            #[inline(always)]
            fn heaviside(self) -> Self {
                $functions::pick(self > 0.0, 1.0, 0.0)
            }

            #[inline(always)]
            fn select(condition: bool, yes: Self, no: Self) -> Self {
                $functions::pick(condition, yes, no)
            }

            #[inline(always)]
            fn is_finite(self) -> bool {
                $float::abs(self) < $float::INFINITY
            }
        }
    };
}

scalar!(f32, single);
scalar!(f64, double);
