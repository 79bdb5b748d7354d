//! Special values, and values that have to be exact.

use binnet_math::Scalar;

/// One set of tests for each type: `$low` is its smallest subnormal number, `$digits` its precision.
macro_rules! edges {
    ($float:ident, $tiny:expr) => {
        mod $float {
            use super::Scalar;

            type F = $float;
            const INF: F = F::INFINITY;
            const TINY: F = $tiny;

            /// The same number, and the same sign of 0.
            #[track_caller]
            fn same(found: F, expected: F) {
                if expected.is_nan() {
                    assert!(found.is_nan(), "{found} for NaN");
                } else {
                    assert_eq!(found.to_bits(), expected.to_bits(), "{found:e} for {expected:e}");
                }
            }

            #[test]
            fn nan_in_nan_out() {
                let functions: [fn(F) -> F; 17] = [
                    Scalar::exp,
                    Scalar::expm1,
                    Scalar::exprel,
                    Scalar::ln,
                    Scalar::log10,
                    Scalar::log1p,
                    Scalar::sqrt,
                    Scalar::sin,
                    Scalar::cos,
                    Scalar::tan,
                    Scalar::tanh,
                    Scalar::sigmoid,
                    Scalar::abs,
                    Scalar::floor,
                    Scalar::ceil,
                    Scalar::sign,
                    |x| Scalar::powi(x, 3),
                ];
                for function in functions {
                    same(function(F::NAN), F::NAN);
                    same(function(-F::NAN), F::NAN);
                }
                assert!(!Scalar::is_finite(F::NAN) && !Scalar::is_finite(INF) && !Scalar::is_finite(-INF));
                assert!(Scalar::is_finite(F::MAX) && Scalar::is_finite(TINY));
                for (a, b) in [(F::NAN, 1.0), (1.0, F::NAN), (F::NAN, F::NAN)] {
                    same(Scalar::min(a, b), F::NAN);
                    same(Scalar::max(a, b), F::NAN);
                }
                same(Scalar::clip(F::NAN, 0.0, 1.0), F::NAN);
                same(Scalar::clip(0.5, F::NAN, 1.0), F::NAN);
                same(Scalar::clip(0.5, 0.0, F::NAN), F::NAN);
            }

            #[test]
            fn exponentials() {
                same(Scalar::exp(0.0 as F), 1.0);
                same(Scalar::exp(-0.0 as F), 1.0);
                same(Scalar::exp(TINY), 1.0);
                same(Scalar::exp(INF), INF);
                same(Scalar::exp(F::MAX), INF);
                same(Scalar::exp(-INF), 0.0);
                same(Scalar::exp(F::MIN), 0.0);
                // Next to overflow; and where the next numbers would be subnormal, 0.
                let highest = F::MAX.ln();
                let highest = if Scalar::exp(highest) < INF { highest } else { highest.next_down() };
                assert!(Scalar::exp(highest) > 0.999 * F::MAX);
                same(Scalar::exp(highest.next_up().next_up()), INF);
                assert!(Scalar::exp(F::MIN_POSITIVE.ln() + 0.5) > F::MIN_POSITIVE);
                same(Scalar::exp(F::MIN_POSITIVE.ln() - 0.001), 0.0);
                for k in 0..1000 {
                    let power: F = Scalar::exp(F::MIN_POSITIVE.ln() + 1.0 - 0.002 * (k as F));
                    assert!(power == 0.0 || power.is_normal());
                }

                for keeps_tiny in [Scalar::expm1 as fn(F) -> F, Scalar::log1p, Scalar::tanh, Scalar::sin, Scalar::tan] {
                    for x in [0.0, -0.0, TINY, -TINY, F::MIN_POSITIVE, -F::MIN_POSITIVE] {
                        same(keeps_tiny(x), x);
                    }
                }
                same(Scalar::expm1(INF), INF);
                same(Scalar::expm1(F::MAX), INF);
                same(Scalar::expm1(-INF), -1.0);
                same(Scalar::expm1(F::MIN), -1.0);
                same(Scalar::expm1(highest), Scalar::exp(highest));

                same(Scalar::exprel(0.0 as F), 1.0);
                same(Scalar::exprel(-0.0 as F), 1.0);
                same(Scalar::exprel(TINY), 1.0);
                same(Scalar::exprel(INF), INF);
                same(Scalar::exprel(F::MAX), INF);
                same(Scalar::exprel(-INF), 0.0);
                same(Scalar::exprel(F::MIN), 1.0 / F::MAX);
                assert!(Scalar::exprel(highest + 2.0) < INF);

                same(Scalar::tanh(INF), 1.0);
                same(Scalar::tanh(-INF), -1.0);
                same(Scalar::tanh(50.0 as F), 1.0);
                same(Scalar::sigmoid(0.0 as F), 0.5);
                same(Scalar::sigmoid(-0.0 as F), 0.5);
                same(Scalar::sigmoid(INF), 1.0);
                same(Scalar::sigmoid(F::MAX), 1.0);
                same(Scalar::sigmoid(-INF), 0.0);
                same(Scalar::sigmoid(F::MIN), 0.0);
                same(Scalar::sigmoid(-highest - 1.0), Scalar::exp(-highest - 1.0));
            }

            #[test]
            fn logarithms() {
                for logarithm in [Scalar::ln as fn(F) -> F, Scalar::log10] {
                    same(logarithm(1.0), 0.0);
                    same(logarithm(0.0), -INF);
                    same(logarithm(-0.0), -INF);
                    same(logarithm(INF), INF);
                    for x in [-TINY, -1.0, F::MIN, -INF] {
                        same(logarithm(x), F::NAN);
                    }
                }
                assert!((Scalar::ln(TINY) - TINY.log2() * std::$float::consts::LN_2).abs() <= 1e-7 * 745.0);
                for x in [F::MIN_POSITIVE, 1e-3, 0.7, 1.0, (1.0 as F).next_up(), 3e7, F::MAX] {
                    same(Scalar::ln_normal(x), Scalar::ln(x));
                }
                for k in 0..10 {
                    same(Scalar::log10((10 as F).powi(k)), k as F);
                }
                same(Scalar::log1p(-1.0 as F), -INF);
                same(Scalar::log1p(INF), INF);
                for x in [(-1.0 as F).next_down(), -2.0, F::MIN, -INF] {
                    same(Scalar::log1p(x), F::NAN);
                }
                same(Scalar::log1p(F::MAX), Scalar::ln(F::MAX));
                same(Scalar::sqrt(-0.0 as F), -0.0);
                same(Scalar::sqrt(-TINY), F::NAN);
                same(Scalar::sqrt(INF), INF);
            }

            #[test]
            fn angles() {
                same(Scalar::cos(0.0 as F), 1.0);
                same(Scalar::cos(-0.0 as F), 1.0);
                for function in [Scalar::sin as fn(F) -> F, Scalar::cos, Scalar::tan] {
                    for x in [INF, -INF, F::MAX, 1e15] {
                        same(function(x), F::NAN);
                    }
                }
                for k in 0..1000 {
                    let x = 0.37 * k as F;
                    same(Scalar::sin(-x), -Scalar::sin(x));
                    same(Scalar::cos(-x), Scalar::cos(x));
                    same(Scalar::tan(-x), -Scalar::tan(x));
                }
            }

            /// Every pair of these, against the standard library, which follows IEEE 754 there.
            #[test]
            fn powers() {
                let numbers = [
                    0.0,
                    0.5,
                    1.0,
                    1.5,
                    2.0,
                    3.0,
                    4.0,
                    5.0,
                    1e20,
                    8388607.0,
                    8388608.0,
                    16777215.0,
                    TINY,
                    F::MIN_POSITIVE,
                    F::MAX,
                    INF,
                    F::NAN,
                    (1.0 as F).next_up(),
                    (1.0 as F).next_down(),
                    1e-20,
                    0.25,
                ];
                let signed: Vec<F> = numbers.iter().flat_map(|&x| [x, -x]).collect();
                for &x in &signed {
                    for &y in &signed {
                        let (found, expected) = (Scalar::pow(x, y), x.powf(y));
                        let close = expected.is_normal() && (found / expected - 1.0).abs() <= F::EPSILON;
                        let subnormal = expected.is_subnormal() && (found - expected).abs() <= TINY;
                        if !(close || subnormal) {
                            if expected.is_nan() || expected == 0.0 || expected.is_infinite() {
                                assert!(
                                    found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan(),
                                    "{x:e} to the power of {y:e}: {found:e} for {expected:e}"
                                );
                            } else {
                                panic!("{x:e} to the power of {y:e}: {found:e} for {expected:e}");
                            }
                        }
                    }
                }
                for k in -30i32..=30 {
                    same(Scalar::pow(2.0 as F, k as F), (2.0 as F).powi(k));
                    same(Scalar::powi(2.0 as F, k), (2.0 as F).powi(k));
                }
                same(Scalar::powi(-3.0 as F, 3), -27.0);
                same(Scalar::powi(-3.0 as F, 0), 1.0);
                same(Scalar::powi(0.0 as F, -1), INF);
                same(Scalar::powi(1.0 as F, i32::MIN), 1.0);
                same(Scalar::powi(2.0 as F, i32::MAX), INF);
            }

            #[test]
            fn whole_numbers() {
                let mut numbers = vec![0.0, 0.5, 1.0, 1.5, 2.5, TINY, F::MIN_POSITIVE, F::MAX, INF, 0.1, 1e10];
                numbers.extend((0..64).flat_map(|k| {
                    let power = (2.0 as F).powi(k);
                    [power, power - 0.5, power + 0.5, power.next_up(), power.next_down()]
                }));
                for x in numbers.into_iter().flat_map(|x| [x, -x]) {
                    same(Scalar::floor(x), x.floor());
                    same(Scalar::ceil(x), x.ceil());
                }
            }

            #[test]
            fn conditions() {
                same(Scalar::sign(3.0 as F), 1.0);
                same(Scalar::sign(-TINY), -1.0);
                same(Scalar::sign(INF), 1.0);
                same(Scalar::sign(0.0 as F), 0.0);
                same(Scalar::sign(-0.0 as F), -0.0);
                same(Scalar::heaviside(TINY), 1.0);
                same(Scalar::heaviside(0.0 as F), 0.0);
                same(Scalar::heaviside(-1.0 as F), 0.0);
                same(Scalar::heaviside(F::NAN), 0.0);
                same(Scalar::abs(-INF), INF);
                same(Scalar::abs(-0.0 as F), 0.0);
                same(Scalar::min(1.0 as F, 2.0), 1.0);
                same(Scalar::max(-INF, 2.0 as F), 2.0);
                same(Scalar::clip(5.0 as F, 0.0, 1.0), 1.0);
                same(Scalar::clip(-5.0 as F, 0.0, 1.0), 0.0);
                same(Scalar::clip(0.5 as F, 0.0, 1.0), 0.5);
                same(Scalar::clip(0.5 as F, 2.0, 1.0), 1.0);
                same(Scalar::select(true, 1.0 as F, F::NAN), 1.0);
                same(F::of(0.1), 0.1);
                assert_eq!(Scalar::to_f64(0.1 as F), f64::from(0.1 as F));
            }
        }
    };
}

edges!(f32, f32::from_bits(1));
edges!(f64, f64::from_bits(1));
