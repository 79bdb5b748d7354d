//! Elementary functions of binnet, and their derivatives.
//!
//! [`Scalar`] is what a model's equations are written for: `f32`, `f64`, or [`Dual`] numbers, which
//! carry the exact derivative along.
//!
//! ```
//! use binnet_math::{Dual, Scalar};
//!
//! fn rate<T: Scalar>(v: T) -> T {
//!     T::of(0.125) * (-(v + T::of(65.0)) / T::of(80.0)).exp()
//! }
//! assert_eq!(rate(-65.0), 0.125);
//! assert_eq!(rate(Dual::variable(-65.0)).slope, -0.125 / 80.0);
//! ```
//!
//! # One loop, any machine
//!
//! No function branches, looks up a table or calls the C library, and all are inlined. So a plain loop
//! `for k in 0..n { y[k] = f(x[k]) }` becomes vector code, for baseline SSE2 as well as in functions
//! with `#[target_feature(enable = "avx2")]` or AVX-512. **The bits are the same everywhere**: there is
//! no fused multiplication, and nothing depends on which instructions exist. Only the sign and payload
//! of a NaN are left open. Rounding has to be to nearest, without flushing of subnormal numbers, as
//! Rust requires in any case.
//!
//! # Errors
//!
//! Bounds in units of the last place of the exact result, and in brackets the largest error found over
//! 400 000 arguments (`f64`, against arbitrary precision) or 8 million (`f32`).
//!
//! | function | `f64` | `f32` | range | source of coefficients or method |
//! | --- | --- | --- | --- | --- |
//! | `exp` | 1 (0.97) | 1 (0.98) | all; 0 instead of subnormal numbers | Remez |
//! | `expm1` | 1.2 (0.99) | 1.25 (1.19) | all | the same, with errors of sums carried along |
//! | `exprel` | 2.5 (2.24) | 2.5 (2.40) | all | as `expm1`, times the reciprocal |
//! | `sigmoid` | 2.5 (2.05) | 2.5 (2.36) | all; 0 instead of subnormal numbers | `exp` |
//! | `tanh` | 1.5 (1.30) | 1.5 (1.32) | all | Cephes `tanh`, `tanhf` |
//! | `ln` | 1 (0.80) | 1 (0.82) | all, subnormal too | fdlibm `log`, `logf` |
//! | `log10` | 1 (0.66) | 1 (0.71) | all, subnormal too | musl `log10`, `log10f` |
//! | `log1p` | 1 (0.80) | 1 (0.83) | all | musl `log1p`, `log1pf` |
//! | `pow` | 1 (0.84) | 0.51 (0.50) | all | fdlibm `pow`; for `f32` through `f64` |
//! | `sin`, `cos` | 1 (0.78) | 1 (0.94) | see below | fdlibm; Cephes `sinf`, `cosf` |
//! | `tan` | 3 (2.13) | 3 (2.49) | see below | sine by cosine |
//! | `powi` | about half the exponent | the same | all | repeated squaring |
//! | `sqrt` | 0.5 | 0.5 | all | the machine's |
//! | the others | exact | exact | all | |
//!
//! Angles are reduced in parts of pi/2 (Cody and Waite). The bounds hold for magnitudes up to 1.6e6 in
//! `f64` and 4.2e8 in `f32`. Beyond, the error of sine and cosine grows by an absolute 2^-52 of the
//! angle, in `f64` what rounding the angle itself costs. From 2^49 (5.6e14) on, the result is NaN.
//!
//! Special values follow IEEE 754 and the standard library, but for `min`, `max` and `clip`, which pass a
//! NaN on. `powi` with a negative exponent is the reciprocal of the positive power, so it is 0 already
//! where that power overflows.

mod double;
mod dual;
mod floats;
mod scalar;
mod single;

pub use dual::Dual;
pub use scalar::Scalar;
