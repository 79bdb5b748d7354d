//! The error of every function, in units of the last place of the exact result, over random and
//! structured arguments: `f64` against arbitrary precision, `f32` against the standard library's `f64`.

use astro_float_num::{BigFloat, Consts, RoundingMode};
use binnet_math::Scalar;

/// Arguments a function and type; a multiple of it for the cheap `f32`.
const ARGUMENTS: usize = 20_000;
const SINGLE_FACTOR: usize = 20;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.bits() >> 11) as f64 * 2f64.powi(-53)
    }
}

/// Where the arguments of a function come from.
#[derive(Clone, Copy)]
enum Source {
    /// Uniform between two numbers.
    Uniform(f64, f64),
    /// Either sign, with a magnitude of uniform exponent to base 2.
    Exponents(f64, f64),
    /// As `Exponents`, positive only.
    Positive(f64, f64),
    /// The neighbourhood of multiples of a number, up to so many.
    Multiples(f64, u64),
}

impl Source {
    fn draw(self, random: &mut Random) -> f64 {
        match self {
            Source::Uniform(low, high) => random.uniform(low, high),
            Source::Positive(low, high) => 2f64.powf(random.uniform(low, high)),
            Source::Exponents(low, high) => {
                let sign = if random.bits() & 1 == 0 { 1.0 } else { -1.0 };
                sign * 2f64.powf(random.uniform(low, high))
            }
            Source::Multiples(unit, up_to) => {
                let near = unit * (random.bits() % (up_to + 1)) as f64;
                let near = if random.bits() & 1 == 0 { near } else { -near };
                let steps = random.bits() % 7;
                f64::from_bits(if near == 0.0 { near.to_bits() } else { near.to_bits() + steps - 3 })
            }
        }
    }
}

/// `x`, exactly. (The library's own conversion mistakes subnormal numbers.)
fn big(x: f64) -> BigFloat {
    let subnormal = x != 0.0 && x.abs() < f64::MIN_POSITIVE;
    let mut big = BigFloat::from_f64(if subnormal { x * 2f64.powi(200) } else { x }, 64);
    if subnormal {
        let exponent = big.exponent().unwrap();
        big.set_exponent(exponent - 200);
    }
    big
}

/// How far `found` is from `exact`, in units of the last place of `exact` in `f64`.
fn error_double(found: f64, exact: &BigFloat) -> f64 {
    assert!(!found.is_nan() && !exact.is_nan(), "{found} for {exact:?}");
    if exact.is_zero() {
        return if found == 0.0 { 0.0 } else { f64::INFINITY };
    }
    let exponent = exact.exponent().unwrap();
    if found.is_infinite() {
        return if exponent > 1024 || scaled(exact, 0) >= f64::MAX { 0.0 } else { f64::INFINITY };
    }
    let unit = (exponent - 53).max(-1074);
    let difference = exact.sub(&big(found), 256, RoundingMode::ToEven);
    scaled(&difference, -unit).abs()
}

/// x 2^shift, to the precision of `f64`.
fn scaled(x: &BigFloat, shift: i32) -> f64 {
    if x.is_zero() {
        return 0.0;
    }
    let (words, _, _, exponent, _) = x.as_raw_parts().unwrap();
    let magnitude = words[words.len() - 1] as f64 * 2f64.powi(-64);
    let exponent = exponent + shift;
    magnitude * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2)
}

/// How far `found` is from `exact`, in units of the last place of `exact` in `f32`.
fn error_single(found: f32, exact: f64) -> f64 {
    assert!(!found.is_nan() && !exact.is_nan(), "{found} for {exact}");
    if found.is_infinite() {
        return if exact.abs() >= f64::from(f32::MAX) { 0.0 } else { f64::INFINITY };
    }
    let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    let unit = (exponent - 23).max(-149);
    ((exact - f64::from(found)) * 2f64.powi(-unit)).abs()
}

/// Where the error is largest, and how large.
struct Worst {
    error: f64,
    at: (f64, f64),
}

impl Worst {
    const NONE: Worst = Worst { error: 0.0, at: (0.0, 0.0) };

    fn see(&mut self, error: f64, at: (f64, f64)) {
        if error > self.error {
            *self = Worst { error, at };
        }
    }

    fn check(&self, name: &str, bound: f64) {
        eprintln!("{name}: {:.3} ulp at {:e}, {:e}; bound {bound}", self.error, self.at.0, self.at.1);
        assert!(self.error <= bound, "{name}: {} ulp at {:e}, {:e}", self.error, self.at.0, self.at.1);
    }
}

const BITS: usize = 192;
const NEAREST: RoundingMode = RoundingMode::ToEven;

fn double(
    name: &str,
    bound: f64,
    from: &[Source],
    found: impl Fn(f64) -> f64,
    exact: impl Fn(&BigFloat, &mut Consts) -> BigFloat,
) {
    let (mut random, mut constants, mut worst) = (Random(7), Consts::new().unwrap(), Worst::NONE);
    for k in 0..ARGUMENTS {
        let x = from[k % from.len()].draw(&mut random);
        worst.see(error_double(found(x), &exact(&big(x), &mut constants)), (x, 0.0));
    }
    worst.check(&format!("{name} f64"), bound);
}

fn single(name: &str, bound: f64, from: &[Source], found: impl Fn(f32) -> f32, exact: impl Fn(f64) -> f64) {
    let (mut random, mut worst) = (Random(8), Worst::NONE);
    for k in 0..SINGLE_FACTOR * ARGUMENTS {
        let x = from[k % from.len()].draw(&mut random) as f32;
        worst.see(error_single(found(x), exact(f64::from(x))), (f64::from(x), 0.0));
    }
    worst.check(&format!("{name} f32"), bound);
}

fn one() -> BigFloat {
    big(1.0)
}

/// e^x - 1 to `BITS` bits also for small x.
fn expm1_exact(x: &BigFloat, constants: &mut Consts) -> BigFloat {
    x.exp(3 * BITS, NEAREST, constants).sub(&one(), BITS, NEAREST)
}

/// 1 / (1 + e^-x).
fn sigmoid_exact(x: &BigFloat, constants: &mut Consts) -> BigFloat {
    let sum = x.neg().exp(BITS, NEAREST, constants).add(&one(), BITS, NEAREST);
    one().div(&sum, BITS, NEAREST)
}

use Source::{Exponents, Multiples, Positive, Uniform};

#[test]
fn exp() {
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-50.0, 50.0),
        Uniform(-708.0, 711.0),
        Exponents(-60.0, 0.0),
        Multiples(0.5 * std::f64::consts::LN_2, 100),
    ];
    double("exp", 1.0, &from, Scalar::exp, |x, c| x.exp(BITS, NEAREST, c));
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-10.0, 10.0),
        Uniform(-86.9, 90.0),
        Exponents(-30.0, 0.0),
        Multiples(0.5 * std::f64::consts::LN_2, 100),
    ];
    single("exp", 1.0, &from, Scalar::exp, f64::exp);
}

#[test]
fn expm1() {
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-45.0, 45.0),
        Uniform(40.0, 711.0),
        Exponents(-60.0, 3.0),
        Multiples(0.5 * std::f64::consts::LN_2, 40),
    ];
    double("expm1", 1.2, &from, Scalar::expm1, expm1_exact);
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-20.0, 20.0),
        Uniform(10.0, 90.0),
        Exponents(-30.0, 3.0),
        Multiples(0.5 * std::f64::consts::LN_2, 40),
    ];
    single("expm1", 1.25, &from, Scalar::expm1, f64::exp_m1);
}

#[test]
fn exprel() {
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-45.0, 45.0),
        Uniform(36.5, 38.5),
        Uniform(-1000.0, 718.0),
        Exponents(-60.0, 3.0),
        Multiples(0.5 * std::f64::consts::LN_2, 40),
    ];
    double("exprel", 2.5, &from, Scalar::exprel, |x, c| {
        if x.is_zero() { one() } else { expm1_exact(x, c).div(x, BITS, NEAREST) }
    });
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-20.0, 20.0),
        Uniform(16.0, 18.5),
        Uniform(-200.0, 95.0),
        Exponents(-30.0, 3.0),
        Multiples(0.5 * std::f64::consts::LN_2, 40),
    ];
    single("exprel", 2.5, &from, Scalar::exprel, |x| if x == 0.0 { 1.0 } else { x.exp_m1() / x });
}

#[test]
fn sigmoid() {
    let from = [Uniform(-1.0, 1.0), Uniform(-40.0, 40.0), Uniform(-708.0, 0.0), Exponents(-60.0, 3.0)];
    double("sigmoid", 2.5, &from, Scalar::sigmoid, sigmoid_exact);
    let from = [Uniform(-1.0, 1.0), Uniform(-20.0, 20.0), Uniform(-86.9, 0.0), Exponents(-30.0, 3.0)];
    single("sigmoid", 2.5, &from, Scalar::sigmoid, |x| 1.0 / (1.0 + (-x).exp()));
}

#[test]
fn tanh() {
    let from = [Uniform(-1.0, 1.0), Uniform(-5.0, 5.0), Uniform(-25.0, 25.0), Exponents(-60.0, 1.0)];
    double("tanh", 1.5, &from, Scalar::tanh, |x, c| x.tanh(BITS, NEAREST, c));
    let from = [Uniform(-1.0, 1.0), Uniform(-3.0, 3.0), Uniform(-12.0, 12.0), Exponents(-30.0, 1.0)];
    single("tanh", 1.5, &from, Scalar::tanh, f64::tanh);
}

#[test]
fn ln() {
    let from = [Uniform(0.5, 2.0), Uniform(0.99, 1.01), Positive(-1074.0, 1024.0), Positive(-10.0, 10.0)];
    double("ln", 1.0, &from, Scalar::ln, |x, c| x.ln(BITS, NEAREST, c));
    let from = [Uniform(0.5, 2.0), Uniform(0.99, 1.01), Positive(-149.0, 128.0), Positive(-10.0, 10.0)];
    single("ln", 1.0, &from, Scalar::ln, f64::ln);
}

#[test]
fn log10() {
    let from = [Uniform(0.5, 2.0), Uniform(0.99, 1.01), Positive(-1074.0, 1024.0), Positive(-10.0, 10.0)];
    double("log10", 1.0, &from, Scalar::log10, |x, c| x.log10(BITS, NEAREST, c));
    let from = [Uniform(0.5, 2.0), Uniform(0.99, 1.01), Positive(-149.0, 128.0), Positive(-10.0, 10.0)];
    single("log10", 1.0, &from, Scalar::log10, f64::log10);
}

#[test]
fn log1p() {
    let from =
        [Uniform(-1.0, 1.0), Uniform(-0.3, 0.5), Positive(-60.0, 1000.0), Exponents(-60.0, 0.0), Uniform(-0.1, 20.0)];
    double("log1p", 1.0, &from, Scalar::log1p, |x, c| x.add(&one(), 3 * BITS, NEAREST).ln(BITS, NEAREST, c));
    let from =
        [Uniform(-1.0, 1.0), Uniform(-0.3, 0.5), Positive(-30.0, 128.0), Exponents(-30.0, 0.0), Uniform(-0.1, 20.0)];
    single(
        "log1p",
        1.0,
        &from,
        |x| if x == -1.0 { 0.0 } else { Scalar::log1p(x) },
        |x| if x == -1.0 { 0.0 } else { x.ln_1p() },
    );
}

#[test]
fn angles() {
    let half_pi = std::f64::consts::FRAC_PI_2;
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-10.0, 10.0),
        Uniform(-1e5, 1e5),
        Uniform(-1.6e6, 1.6e6),
        Exponents(-40.0, 20.0),
        Multiples(half_pi, 1 << 20),
        Multiples(0.5 * half_pi, 1 << 20),
    ];
    double("sin", 1.0, &from, Scalar::sin, |x, c| x.sin(BITS, NEAREST, c));
    double("cos", 1.0, &from, Scalar::cos, |x, c| x.cos(BITS, NEAREST, c));
    double("tan", 3.0, &from, Scalar::tan, |x, c| x.tan(BITS, NEAREST, c));
    let from = [
        Uniform(-1.0, 1.0),
        Uniform(-10.0, 10.0),
        Uniform(-1e5, 1e5),
        Uniform(-4.2e8, 4.2e8),
        Exponents(-20.0, 28.0),
        Multiples(half_pi, 1 << 27),
        Multiples(0.5 * half_pi, 1 << 20),
    ];
    single("sin", 1.0, &from, Scalar::sin, f64::sin);
    single("cos", 1.0, &from, Scalar::cos, f64::cos);
    single("tan", 3.0, &from, Scalar::tan, f64::tan);
}

#[test]
fn pow() {
    let (mut random, mut constants) = (Random(9), Consts::new().unwrap());
    let (mut in_double, mut in_single) = (Worst::NONE, Worst::NONE);
    let bases = [Uniform(0.0, 3.0), Positive(-1070.0, 1023.0), Uniform(0.9, 1.1), Positive(-20.0, 20.0)];
    for k in 0..ARGUMENTS {
        let x = bases[k % bases.len()].draw(&mut random);
        // Exponents that use the whole range of results, or ordinary ones.
        let limit = 745.0 / x.ln().abs();
        let y = if k % 3 == 0 { random.uniform(-10.0, 10.0) } else { random.uniform(-limit, limit) };
        let exact = big(x).pow(&big(y), BITS, NEAREST, &mut constants);
        in_double.see(error_double(Scalar::pow(x, y), &exact), (x, y));
    }
    let bases = [Uniform(0.0, 3.0), Positive(-149.0, 127.0), Uniform(0.9, 1.1), Positive(-20.0, 20.0)];
    for k in 0..SINGLE_FACTOR * ARGUMENTS {
        let x = bases[k % bases.len()].draw(&mut random) as f32;
        let limit = 100.0 / f64::from(x).ln().abs().max(1e-6);
        let y = if k % 3 == 0 { random.uniform(-10.0, 10.0) } else { random.uniform(-limit, limit) } as f32;
        in_single.see(error_single(Scalar::pow(x, y), f64::from(x).powf(f64::from(y))), (x.into(), y.into()));
    }
    in_double.check("pow f64", 1.0);
    in_single.check("pow f32", 0.51);
}

/// Beyond the range, an angle's own last place is what is lost.
#[test]
fn large_angles() {
    let (mut random, mut constants) = (Random(10), Consts::new().unwrap());
    for _ in 0..2000 {
        let x = Positive(20.0, 49.0).draw(&mut random);
        let exact = big(x).sin(BITS, NEAREST, &mut constants);
        let error = exact.sub(&big(Scalar::sin(x)), BITS, NEAREST);
        assert!(scaled(&error, 0).abs() <= x * 2f64.powi(-52), "{x:e}");
        let x = Positive(28.0, 49.0).draw(&mut random) as f32;
        let error = f64::from(Scalar::sin(x)) - f64::from(x).sin();
        assert!(error.abs() <= f64::from(x) * 2f64.powi(-52) + 2f64.powi(-24), "{x:e}");
    }
}
