//! Nanoseconds an element of every function, for each set of vector instructions, beside a loop over
//! the standard library's. Run with `--release`.

use std::hint::black_box;
use std::time::Instant;

use binnet_math::Scalar;

const LENGTH: usize = 1024;

fn time(mut pass: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..100 {
            pass();
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / (100 * LENGTH) as f64);
    }
    best
}

macro_rules! measure {
    ($($name:literal $float:ident $low:literal .. $high:literal $function:expr, $standard:expr;)*) => {
        $({
            #[inline(always)]
            fn pass(x: &[$float; LENGTH], y: &mut [$float; LENGTH]) {
                for k in 0..LENGTH {
                    y[k] = $function(x[k]);
                }
            }
            fn baseline(x: &[$float; LENGTH], y: &mut [$float; LENGTH]) {
                pass(x, y);
            }
            fn standard(x: &[$float; LENGTH], y: &mut [$float; LENGTH]) {
                for k in 0..LENGTH {
                    y[k] = $standard(x[k]);
                }
            }
            let x: Box<[$float; LENGTH]> =
                Box::new(std::array::from_fn(|k| $low + ($high - $low) * (k as $float + 0.5) / LENGTH as $float));
            let mut y = Box::new([0.0; LENGTH]);
            let plain = time(|| baseline(black_box(&x), black_box(&mut y)));
            #[cfg(target_arch = "x86_64")]
            let (avx2, avx512) = {
                #[target_feature(enable = "avx2")]
                fn avx2(x: &[$float; LENGTH], y: &mut [$float; LENGTH]) {
                    pass(x, y);
                }
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
                fn avx512(x: &[$float; LENGTH], y: &mut [$float; LENGTH]) {
                    pass(x, y);
                }
                let mut measured = (f64::NAN, f64::NAN);
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the instructions are there.
                    measured.0 = time(|| unsafe { avx2(black_box(&x), black_box(&mut y)) });
                }
                let all = is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw");
                if all {
                    // SAFETY: the instructions are there.
                    measured.1 = time(|| unsafe { avx512(black_box(&x), black_box(&mut y)) });
                }
                measured
            };
            #[cfg(not(target_arch = "x86_64"))]
            let (avx2, avx512) = (f64::NAN, f64::NAN);
            let library = time(|| standard(black_box(&x), black_box(&mut y)));
            eprintln!(
                "{:<8} {:<4} {plain:>9.2} {avx2:>9.2} {avx512:>9.2} {library:>9.2}",
                $name, stringify!($float),
            );
        })*
    };
}

macro_rules! both {
    ($($name:literal $low:literal .. $high:literal $function:expr, $single:expr, $double:expr;)*) => {
        $(measure! {
            $name f32 $low .. $high $function, $single;
            $name f64 $low .. $high $function, $double;
        })*
    };
}

fn main() {
    eprintln!("function type  baseline      AVX2   AVX-512  standard");
    both! {
        "exp" -20.0 .. 20.0 Scalar::exp, f32::exp, f64::exp;
        "expm1" -5.0 .. 5.0 Scalar::expm1, f32::exp_m1, f64::exp_m1;
        "exprel" -5.0 .. 5.0 Scalar::exprel, |x: f32| x.exp_m1() / x, |x: f64| x.exp_m1() / x;
        "sigmoid" -20.0 .. 20.0 Scalar::sigmoid, |x: f32| 1.0 / (1.0 + (-x).exp()), |x: f64| 1.0 / (1.0 + (-x).exp());
        "tanh" -5.0 .. 5.0 Scalar::tanh, f32::tanh, f64::tanh;
        "ln" 0.01 .. 100.0 Scalar::ln, f32::ln, f64::ln;
        "log10" 0.01 .. 100.0 Scalar::log10, f32::log10, f64::log10;
        "log1p" -0.9 .. 10.0 Scalar::log1p, f32::ln_1p, f64::ln_1p;
        "sqrt" 0.01 .. 100.0 Scalar::sqrt, f32::sqrt, f64::sqrt;
        "sin" -100.0 .. 100.0 Scalar::sin, f32::sin, f64::sin;
        "cos" -100.0 .. 100.0 Scalar::cos, f32::cos, f64::cos;
        "tan" -100.0 .. 100.0 Scalar::tan, f32::tan, f64::tan;
        "pow" 0.01 .. 100.0 |x| Scalar::pow(x, 2.7), |x: f32| x.powf(2.7), |x: f64| x.powf(2.7);
        "powi 4" 0.01 .. 100.0 |x| Scalar::powi(x, 4), |x: f32| x.powi(4), |x: f64| x.powi(4);
        "floor" -100.0 .. 100.0 Scalar::floor, f32::floor, f64::floor;
        "clip" -100.0 .. 100.0 |x| Scalar::clip(x, -1.0, 1.0), |x: f32| x.clamp(-1.0, 1.0), |x: f64| x.clamp(-1.0, 1.0);
    }
}
