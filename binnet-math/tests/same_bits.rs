//! A loop gives the same bits whichever instructions it is compiled for.
#![cfg(target_arch = "x86_64")]

use binnet_math::{Dual, Scalar};

/// Arguments of every kind: of every exponent, near 1, ordinary, special.
fn arguments<T>(of: impl Fn(f64) -> T) -> Vec<T> {
    let mut state = 1u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut numbers = vec![0.0, -0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, f64::MIN];
    for _ in 0..2000 {
        numbers.push(f64::from_bits(next()));
        numbers.push(f64::from(f32::from_bits(next() as u32)));
        numbers.push((next() >> 11) as f64 * 2f64.powi(-53) * 2.0 - 1.0);
        numbers.push((next() >> 11) as f64 * 2f64.powi(-53) * 40.0 - 20.0);
        numbers.push((next() >> 11) as f64 * 2f64.powi(-53) * 2000.0 - 1000.0);
        numbers.push((next() >> 11) as f64 * 2f64.powi(-53) * 2e6 - 1e6);
    }
    numbers.into_iter().map(of).collect()
}

macro_rules! compare {
    ($float:ident: $($name:literal $function:expr;)*) => {
        $({
            #[inline(always)]
            fn pass(x: &[$float], z: &[$float], y: &mut [$float]) {
                for ((&x, &z), y) in x.iter().zip(z).zip(y) {
                    *y = $function(x, z);
                }
            }
            fn baseline(x: &[$float], z: &[$float], y: &mut [$float]) {
                pass(x, z, y);
            }
            #[target_feature(enable = "avx2")]
            fn avx2(x: &[$float], z: &[$float], y: &mut [$float]) {
                pass(x, z, y);
            }
            #[target_feature(enable = "avx2,fma")]
            fn fma(x: &[$float], z: &[$float], y: &mut [$float]) {
                pass(x, z, y);
            }
            #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
            fn avx512(x: &[$float], z: &[$float], y: &mut [$float]) {
                pass(x, z, y);
            }
            let x = arguments(|x| x as $float);
            let mut z = x.clone();
            z.rotate_left(7);
            let mut expected = vec![0.0; x.len()];
            baseline(&x, &z, &mut expected);
            // One at a time, as code outside of loops is compiled.
            for k in 0..x.len() {
                let one = std::hint::black_box($function)(x[k], z[k]);
                same(k, $name, "scalar", f64::from(one), f64::from(expected[k]));
            }
            let mut found = vec![0.0; x.len()];
            if is_x86_feature_detected!("avx2") {
                // SAFETY: the instructions are there.
                unsafe { avx2(&x, &z, &mut found) };
                all(&found, &expected, $name, "AVX2");
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the instructions are there.
                unsafe { fma(&x, &z, &mut found) };
                all(&found, &expected, $name, "AVX2 and FMA");
            }
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512bw")
            {
                // SAFETY: the instructions are there.
                unsafe { avx512(&x, &z, &mut found) };
                all(&found, &expected, $name, "AVX-512");
            }
        })*
    };
}

/// The same bits, but for the payload of a NaN, which Rust leaves open.
fn same(k: usize, name: &str, instructions: &str, found: f64, expected: f64) {
    let equal = found.to_bits() == expected.to_bits() || found.is_nan() && expected.is_nan();
    assert!(equal, "{name}, {instructions}, argument {k}: {found:e} for {expected:e}");
}

fn all<T: Copy + Into<f64>>(found: &[T], expected: &[T], name: &str, instructions: &str) {
    for (k, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        same(k, name, instructions, found.into(), expected.into());
    }
}

macro_rules! every_function {
    ($float:ident) => {
        compare! { $float:
            "exp" |x, _| Scalar::exp(x);
            "expm1" |x, _| Scalar::expm1(x);
            "exprel" |x, _| Scalar::exprel(x);
            "ln" |x, _| Scalar::ln(x);
            "log10" |x, _| Scalar::log10(x);
            "log1p" |x, _| Scalar::log1p(x);
            "sqrt" |x, _| Scalar::sqrt(x);
            "pow" |x, z| Scalar::pow(x, z);
            "pow of moderate numbers" |x: $float, z: $float| Scalar::pow(Scalar::abs(x), Scalar::clip(z, -5.0, 5.0));
            "powi" |x, _| Scalar::powi(x, 5) + Scalar::powi(x, -3);
            "sin" |x, _| Scalar::sin(x);
            "cos" |x, _| Scalar::cos(x);
            "tan" |x, _| Scalar::tan(x);
            "tanh" |x, _| Scalar::tanh(x);
            "sigmoid" |x, _| Scalar::sigmoid(x);
            "min, max, clip" |x, z| Scalar::min(x, z) + Scalar::max(x, 0.5) - Scalar::clip(x, -1.0, z);
            "floor, ceil" |x, z| Scalar::floor(x) * Scalar::ceil(z);
            "abs, sign, heaviside" |x, z| Scalar::abs(x) * Scalar::sign(z) + Scalar::heaviside(x);
            "sum of products" |x: $float, z: $float| x * z + x - z * 0.3;
            "a dual number" |x, z| {
                let x = Dual::variable(x);
                (x.exprel() * Dual::of(0.7) + x.tanh() / (x * x + Dual::constant(z))).sigmoid().slope
            };
        }
    };
}

#[test]
fn single() {
    every_function!(f32);
}

#[test]
fn double() {
    every_function!(f64);
}
