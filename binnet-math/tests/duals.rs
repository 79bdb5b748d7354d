//! Derivatives of dual numbers: known ones, central differences, and at the awkward places.

use binnet_math::{Dual, Scalar};
use proptest::prelude::*;

type D = Dual<f64>;
/// A function for duals and for plain numbers.
type Both = (fn(D) -> D, fn(f64) -> f64);

fn slope(function: impl Fn(D) -> D, x: f64) -> f64 {
    let result = function(Dual::variable(x));
    let constant = function(Dual::constant(x));
    assert_eq!(result.value.to_bits(), constant.value.to_bits());
    assert_eq!(constant.slope, 0.0, "at {x}");
    result.slope
}

#[track_caller]
fn close(found: f64, expected: f64, relative: f64) {
    let close = found == expected || (found - expected).abs() <= relative * expected.abs();
    assert!(close, "{found:e} for {expected:e}");
}

/// A function written once for duals and plain numbers.
macro_rules! written_once {
    ($($name:ident($x:ident) $body:expr;)*) => {
        $(fn $name<T: Scalar>($x: T) -> T {
            $body
        })*
    };
}

written_once! {
    exp(x) x.exp();
    expm1(x) x.expm1();
    exprel(x) x.exprel();
    ln(x) x.ln();
    ln_normal(x) x.ln_normal();
    log10(x) x.log10();
    log1p(x) x.log1p();
    sqrt(x) x.sqrt();
    sin(x) x.sin();
    cos(x) x.cos();
    tanh(x) x.tanh();
    sigmoid(x) x.sigmoid();
    cube(x) x.powi(3);
    inverse_square(x) x.powi(-2);
    power(x) x.pow(T::of(2.5));
    exponential(x) T::of(2.5).pow(x);
    itself(x) x.pow(x);
    // A rate of Hodgkin and Huxley, and a relaxation towards a sigmoid.
    rate(x) T::of(0.1) * (x + T::of(40.0)) / (T::of(1.0) - (-(x + T::of(40.0)) / T::of(10.0)).exp());
    relaxation(x) ((x - T::of(0.3)).sigmoid() - x) / (T::of(1.0) + x * x).sqrt();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn central_differences(x in 0.05f64..3.0, negative: bool) {
        let both: [Both; 12] = [
            (exp, exp), (expm1, expm1), (exprel, exprel), (sin, sin), (cos, cos), (tanh, tanh), (sigmoid, sigmoid),
            (cube, cube), (inverse_square, inverse_square), (exponential, exponential), (rate, rate),
            (relaxation, relaxation),
        ];
        let positive: [Both; 7] =
            [(ln, ln), (ln_normal, ln_normal), (log10, log10), (log1p, log1p), (sqrt, sqrt), (power, power), (itself, itself)];
        let signed = if negative { -x } else { x };
        for (functions, x) in [(&both[..], signed), (&positive[..], x)] {
            for (function, plain) in functions {
                let h = 1e-3 * x.abs();
                // Fourth order.
                let near = (plain(x + h) - plain(x - h)) / (2.0 * h);
                let far = (plain(x + 2.0 * h) - plain(x - 2.0 * h)) / (4.0 * h);
                let difference = (4.0 * near - far) / 3.0;
                let found = slope(function, x);
                let tolerance = 1e-8 * difference.abs() + 1e-11 / x.abs();
                prop_assert!((found - difference).abs() <= tolerance, "{found} for {difference} at {x}");
                prop_assert_eq!(function(Dual::variable(x)).value.to_bits(), plain(x).to_bits());
            }
        }
    }

    #[test]
    fn known(x in -30.0f64..30.0) {
        close(slope(Scalar::exp, x), x.exp(), 1e-15);
        close(slope(Scalar::expm1, x), x.exp(), 1e-15);
        close(slope(Scalar::sin, x), x.cos(), 1e-15);
        close(slope(Scalar::cos, x), -x.sin(), 1e-15);
        close(slope(Scalar::tan, x), 1.0 + x.tan().powi(2), 4e-15);
        close(slope(Scalar::ln, x.abs()), 1.0 / x.abs(), 1e-15);
        close(slope(Scalar::log10, x.abs()), 1.0 / (x.abs() * std::f64::consts::LN_10), 1e-15);
        close(slope(Scalar::log1p, x.abs()), 1.0 / (1.0 + x.abs()), 1e-15);
        close(slope(Scalar::sqrt, x.abs()), 0.5 / x.abs().sqrt(), 1e-15);
        close(slope(|x| x.powi(4), x), 4.0 * x.powi(3), 1e-15);
        close(slope(|x| x.pow(D::of(3.0)), x), 3.0 * x * x, 1e-15);
        // Also far out in the tails.
        close(slope(Scalar::tanh, x), 1.0 / x.cosh().powi(2), 4e-15);
        close(slope(Scalar::sigmoid, x), 0.25 / (0.5 * x).cosh().powi(2), 4e-15);
    }

    #[test]
    fn powers_of_two_variables(x in 0.1f64..5.0, y in -4.0f64..4.0, dx in -2.0f64..2.0, dy in -2.0f64..2.0) {
        let found = Dual { value: x, slope: dx }.pow(Dual { value: y, slope: dy });
        let (first, second) = (y * x.powf(y - 1.0) * dx, x.ln() * x.powf(y) * dy);
        prop_assert!((found.slope - first - second).abs() <= 1e-14 * (first.abs() + second.abs()));
    }

    /// Products, quotients and the chain rule.
    #[test]
    fn arithmetic(x in 0.1f64..5.0, a in -3.0f64..3.0) {
        let v = D::variable(x);
        let mut w = v * v + D::of(a) / v - v;
        w += v;
        w -= D::of(a) / v;
        w *= v;
        w /= D::of(2.0);
        close(w.value, x * x * x / 2.0, 1e-12);
        close(w.slope, 1.5 * x * x, 1e-12);
        close((-v).slope, -1.0, 0.0);
    }
}

/// The derivative of exprel by series whose terms have one sign.
fn exprel_slope(x: f64) -> f64 {
    // sum of (k + 1) x^k / (k + 2)! above 0; below, with a = -x, e^-a times sum of a^k / (k + 2)!.
    let (mut term, mut terms) = (0.5, vec![]);
    for k in 0..900 {
        let k = f64::from(k);
        terms.push(if x > 0.0 { term * (k + 1.0) } else { term });
        term *= x.abs() / (k + 3.0);
    }
    terms.into_iter().rev().sum::<f64>() * x.min(0.0).exp()
}

#[test]
fn exprel_is_accurate_everywhere() {
    for k in -4000..4000 {
        let x = 0.01 * f64::from(k) + 0.0017;
        close(slope(Scalar::exprel, x), exprel_slope(x), 2e-14);
    }
    for k in 0..200 {
        let x = 2f64.powi(-k);
        close(slope(Scalar::exprel, x), exprel_slope(x), 2e-15);
        close(slope(Scalar::exprel, -x), exprel_slope(-x), 2e-15);
    }
    assert_eq!(slope(Scalar::exprel, 0.0), 0.5);
    assert_eq!(slope(Scalar::exprel, -0.0), 0.5);
    assert_eq!(slope(Scalar::exprel, f64::NEG_INFINITY), 0.0);
    assert_eq!(Scalar::exprel(D::variable(f64::INFINITY)).slope, f64::INFINITY);
    close(slope(Scalar::exprel, -1e5), 1e-10, 1e-14);
    // Where e^x overflows and the quotient does not.
    close(slope(Scalar::exprel, 712.0), Scalar::exprel(712.0) * (1.0 - 1.0 / 712.0), 1e-14);
    let single = |x: f32| Scalar::exprel(Dual::variable(x)).slope;
    for k in -1000..1000 {
        let x = 0.02 * k as f32;
        close(single(x).into(), if x == 0.0 { 0.5 } else { exprel_slope(x.into()) }, 2e-6);
    }
}

#[test]
fn powers_at_the_edges() {
    let pow = |x: f64, dx: f64, y: f64, dy: f64| Dual { value: x, slope: dx }.pow(Dual { value: y, slope: dy });
    // Of 0: 2 x, 1, 0 for a constant 1, infinite for a root.
    assert_eq!(pow(0.0, 1.0, 2.0, 0.0).slope, 0.0);
    assert_eq!(pow(0.0, 1.0, 1.0, 0.0).slope, 1.0);
    assert_eq!(pow(0.0, 1.0, 0.0, 0.0).slope, 0.0);
    assert_eq!(pow(0.0, 1.0, 0.5, 0.0).slope, f64::INFINITY);
    // A constant base does not vary, nor does 0 to a varying positive power.
    assert_eq!(pow(0.0, 0.0, 0.5, 0.0).slope, 0.0);
    assert_eq!(pow(0.0, 0.0, 0.5, 1.0).slope, 0.0);
    assert_eq!(pow(0.0, 1.0, 2.0, 1.0).slope, 0.0);
    // Of a negative number with a constant exponent.
    assert_eq!(pow(-2.0, 1.0, 3.0, 0.0).slope, 12.0);
    assert_eq!(pow(-2.0, 1.0, 0.0, 0.0).slope, 0.0);
    assert_eq!(pow(-2.0, 1.0, -1.0, 0.0).slope, -0.25);
    assert!(pow(-2.0, 1.0, 3.0, 1.0).slope.is_nan());
    assert!(pow(f64::NAN, 1.0, 3.0, 1.0).slope.is_nan());
    let powi = |x: f64, n| Dual::variable(x).powi(n).slope;
    assert_eq!((powi(0.0, 0), powi(0.0, 1), powi(0.0, 2), powi(-2.0, 3), powi(2.0, -1)), (0.0, 1.0, 0.0, 12.0, -0.25));
}

#[test]
fn conditions_take_the_slope_of_what_is_chosen() {
    let (a, b) = (Dual { value: 1.0, slope: 2.0 }, Dual { value: 3.0, slope: 5.0 });
    let nan = Dual { value: f64::NAN, slope: 7.0 };
    let parts = |x: D| (x.value, x.slope);
    assert_eq!(parts(a.min(b)), (1.0, 2.0));
    assert_eq!(parts(b.min(a)), (1.0, 2.0));
    assert_eq!(parts(a.max(b)), (3.0, 5.0));
    assert_eq!(parts(b.clip(D::of(0.0), D::of(2.0))), (2.0, 0.0));
    assert_eq!(parts(a.clip(D::of(0.0), D::of(2.0))), (1.0, 2.0));
    assert_eq!(parts(a.clip(b, D::of(9.0))), (3.0, 5.0));
    assert_eq!(parts(Scalar::select(false, a, b)), (3.0, 5.0));
    assert_eq!(parts((-a).abs()), (1.0, 2.0));
    assert_eq!(parts((-a).sign()), (-1.0, 0.0));
    assert_eq!(parts(a.heaviside()), (1.0, 0.0));
    assert_eq!(parts((a * D::of(1.5)).floor()), (1.0, 0.0));
    assert_eq!(parts((a * D::of(1.5)).ceil()), (2.0, 0.0));
    for x in [nan.min(a), a.min(nan), nan.max(a), a.max(nan), nan.clip(a, b)] {
        assert!(x.value.is_nan());
    }
    assert!(a < b && b >= a && a == Dual { value: 1.0, slope: 9.0 } && nan != nan && !nan.is_finite());
    assert_eq!(a.partial_cmp(&nan), None);
    assert_eq!((D::default().value, D::default().slope, D::of(2.0).slope, b.to_f64()), (0.0, 0.0, 0.0, 3.0));
    // Constants where the derivative is infinite.
    assert_eq!((D::of(0.0).sqrt().slope, D::of(0.0).ln().slope), (0.0, 0.0));
    assert_eq!(D::variable(0.0).sqrt().slope, f64::INFINITY);
}

#[test]
fn duals_of_duals_are_second_derivatives() {
    let second = |function: fn(Dual<D>) -> Dual<D>, x: f64| function(Dual::variable(Dual::variable(x))).slope.slope;
    for x in [0.0, 0.3, -0.7, 2.0, 12.0, -12.0] {
        close(second(Scalar::sin, x), -x.sin(), 1e-14);
        close(second(Scalar::exp, x), x.exp(), 1e-14);
        close(second(Scalar::tanh, x), -2.0 * x.tanh() / x.cosh().powi(2), 1e-13);
        close(second(|x| x.powi(2), x), 2.0, 1e-14);
        close(second(|x| x.pow(Scalar::of(2.0)), x), 2.0, 1e-14);
        close(second(|x| x.pow(Scalar::of(3.0)), x), 6.0 * x, 1e-14);
    }
    close(second(Scalar::exprel, 0.0), 1.0 / 3.0, 1e-14);
    close(second(Scalar::exprel, 0.5), (0.5f64.exp() * (0.25 - 1.0 + 2.0) - 2.0) / 0.125, 1e-12);
}
