//! Methods of integration: their orders as measured, closed forms, and reference paths.

#![expect(clippy::print_stdout, reason = "the measured orders, with `--nocapture`")]

use binnet::Population;
use binnet::integrate::{
    Calculus, Euler, EulerMaruyama, Exact, ExponentialEuler, ExponentialEulerDiagJac, Heun, HeunDriftEuler, HeunFull,
    Integrator, METHODS, MethodInfo, Midpoint, MilsteinIto, MilsteinStratonovich, MilsteinStratonovichDerivativeFree,
    Rk2, Rk3, Rk4, Rk4ThreeEighths, Tolerances, solve,
};
use binnet::neuron::{Advance, Dual, Equations, Scalar, Spikes, StepContext, Vector};
use binnet::rng::Streams;
use rand_distr::{Distribution as _, StandardNormal};

/// `Equations` for a model with inherent methods `rates` (drift, with intermediate values frozen or not)
/// and `amplitudes` (diffusion).
macro_rules! equations {
    ($model:ident<$s:ty>, $n:literal equations, $m:literal sources, [$($variable:ident),*] $(, held: $held:ident)?) => {
        impl Equations for $model {
            type S = $s;
            type Vector<T: Scalar> = [T; $n];
            type Noise<T: Scalar> = [T; $m];
            type Diffusion<T: Scalar> = [T; $n * $m];
            type Matrix<T: Scalar> = [T; $n * $n];
            const METHODS: &'static [&'static str] = &[];

            #[inline(always)]
            fn state(&self) -> [$s; $n] {
                [$(self.$variable),*]
            }
            #[inline(always)]
            fn set_state(&mut self, x: &[$s; $n]) {
                [$(self.$variable),*] = *x;
            }
            #[inline(always)]
            fn drift<T: Scalar>(&self, x: &[T; $n], t: f64, _: &StepContext) -> [T; $n] {
                self.rates(x, t, false)
            }
            #[inline(always)]
            fn slopes(&self, x: &[$s; $n], t: f64, _: &StepContext, frozen: bool) -> [$s; $n] {
                <[$s; $n]>::from_fn(|i| {
                    let slope = |k| if i == k { 1.0 } else { 0.0 };
                    let varied = <[Dual<$s>; $n]>::from_fn(|k| Dual { value: x[k], slope: slope(k) });
                    self.rates(&varied, t, frozen)[i].slope
                })
            }
            #[inline(always)]
            fn diffusion<T: Scalar>(&self, x: &[T; $n], _: f64, _: &StepContext) -> [T; $n * $m] {
                self.amplitudes(x)
            }
            #[inline(always)]
            fn holding(&self, _held: bool) -> Self {
                Self { $($held: if _held { 1.0 } else { 0.0 },)? ..self.clone() }
            }
            $(
                #[inline(always)]
                fn is_held(&self) -> bool {
                    self.$held > 0.0
                }
            )?
            fn begin(&mut self, _: &StepContext) {}
            fn clip(&mut self) {}
            fn spikes(&self, _: &[$s; $n], _: &StepContext) -> Spikes {
                Spikes::NONE
            }
            fn reset(&mut self, _: &StepContext, _: Spikes) {}
        }
    };
}

/// `value`, without its slope if intermediate values are frozen.
fn kept<T: Scalar>(value: T, frozen: bool) -> T {
    if frozen { T::of(value.to_f64()) } else { value }
}

/// FitzHugh-Nagumo with a drive that depends on time.
#[derive(Population, Clone)]
struct FitzHughNagumo {
    #[state(-1)]
    v: f64,
    #[state(1)]
    w: f64,
}

impl FitzHughNagumo {
    #[inline(always)]
    fn rates<T: Scalar>(&self, x: &[T; 2], t: f64, frozen: bool) -> [T; 2] {
        let [v, w] = *x;
        let damping = T::of(1.0) - kept(v * v, frozen) / T::of(3.0);
        let drive = T::of(0.8 + 0.3 * Scalar::sin(0.7 * t));
        [v * damping - w + drive, (v + T::of(0.7) - T::of(0.8) * w) / T::of(3.0)]
    }
    fn amplitudes<T: Scalar>(&self, _: &[T; 2]) -> [T; 0] {
        []
    }
}
equations!(FitzHughNagumo<f64>, 2 equations, 0 sources, [v, w]);

/// A damped pendulum that is shaken.
#[derive(Population, Clone)]
struct Pendulum {
    #[state(2)]
    angle: f64,
    #[state(0.3)]
    speed: f64,
}

impl Pendulum {
    #[inline(always)]
    fn rates<T: Scalar>(&self, x: &[T; 2], t: f64, _: bool) -> [T; 2] {
        let [angle, speed] = *x;
        [speed, T::of(0.9 * Scalar::cos(1.3 * t)) - angle.sin() - T::of(0.2) * speed * speed * speed]
    }
    fn amplitudes<T: Scalar>(&self, _: &[T; 2]) -> [T; 0] {
        []
    }
}
equations!(Pendulum<f64>, 2 equations, 0 sources, [angle, speed]);

macro_rules! alpha {
    ($name:ident, $s:ty) => {
        /// A membrane with an alpha-shaped synaptic current; the potential may be held.
        #[derive(Population, Clone, Debug)]
        struct $name {
            /// The rate of the synapse, per ms.
            #[param(0.5)]
            beta: $s,
            /// The leak, per ms.
            #[param(0.1)]
            leak: $s,
            #[param(0.7)]
            weight: $s,
            #[param(0.25)]
            drive: $s,
            #[state(1.5)]
            rise: $s,
            #[state(0.2)]
            current: $s,
            #[state(-2)]
            v: $s,
            #[state(0)]
            held: $s,
        }

        impl $name {
            #[inline(always)]
            fn rates<T: Scalar>(&self, x: &[T; 3], _: f64, _: bool) -> [T; 3] {
                let of = |parameter: $s| T::of(f64::from(parameter));
                let [rise, current, v] = *x;
                let rate = of(self.drive) - of(self.leak) * v + of(self.weight) * current;
                [
                    -of(self.beta) * rise,
                    rise - of(self.beta) * current,
                    T::select(self.held > 0.0, T::of(0.0), rate),
                ]
            }
            fn amplitudes<T: Scalar>(&self, _: &[T; 3]) -> [T; 0] {
                []
            }
        }
        equations!($name<$s>, 3 equations, 0 sources, [rise, current, v], held: held);
    };
}
alpha!(Alpha, f64);
alpha!(AlphaSingle, f32);

impl Alpha {
    /// The closed form after `t` ms.
    fn after(&self, t: f64) -> [f64; 3] {
        let Self { beta, leak, weight, drive, rise, current, v, held } = *self;
        let (decay, leaked, z) = ((-beta * t).exp(), (-leak * t).exp(), (leak - beta) * t);
        // Integrals of e^(z s) and s e^(z s) over 0 <= s <= 1, less what leaks.
        let (first, second) = if z.abs() < 0.5 {
            let (mut term, mut sums) = (leaked, (0.0, 0.0));
            for k in 0..20 {
                let k = f64::from(k);
                sums = (sums.0 + term / (k + 1.0), sums.1 + term / (k + 2.0));
                term *= z / (k + 1.0);
            }
            sums
        } else {
            ((decay - leaked) / z, (decay * (z - 1.0) + leaked) / (z * z))
        };
        let filled = if leak == 0.0 { t } else { -(-leak * t).exp_m1() / leak };
        let arrived = weight * (current * t * first + rise * t * t * second);
        let free = v * leaked + drive * filled + arrived;
        [rise * decay, (current + rise * t) * decay, if held > 0.0 { v } else { free }]
    }
}

/// dX = mu X dt + sigma X dW.
#[derive(Population, Clone)]
struct Geometric {
    #[param(0.5)]
    mu: f64,
    #[param(0.8)]
    sigma: f64,
    #[state(1)]
    x: f64,
}

impl Geometric {
    #[inline(always)]
    fn rates<T: Scalar>(&self, x: &[T; 1], _: f64, _: bool) -> [T; 1] {
        [T::of(self.mu) * x[0]]
    }
    #[inline(always)]
    fn amplitudes<T: Scalar>(&self, x: &[T; 1]) -> [T; 1] {
        [T::of(self.sigma) * x[0]]
    }
}
equations!(Geometric<f64>, 1 equations, 1 sources, [x]);

/// dX = mu X dt + X (a dW1 + b dW2): two sources that commute.
#[derive(Population, Clone)]
struct TwoSources {
    #[param(0.5)]
    mu: f64,
    #[param(0.6)]
    a: f64,
    #[param(0.5)]
    b: f64,
    #[state(1)]
    x: f64,
}

impl TwoSources {
    #[inline(always)]
    fn rates<T: Scalar>(&self, x: &[T; 1], _: f64, _: bool) -> [T; 1] {
        [T::of(self.mu) * x[0]]
    }
    #[inline(always)]
    fn amplitudes<T: Scalar>(&self, x: &[T; 1]) -> [T; 2] {
        [T::of(self.a) * x[0], T::of(self.b) * x[0]]
    }
}
equations!(TwoSources<f64>, 1 equations, 2 sources, [x]);

/// Two variables, each with a source of its own.
#[derive(Population, Clone)]
struct Diagonal {
    #[param(0.6)]
    a: f64,
    #[param(0.8)]
    b: f64,
    #[state(1)]
    x: f64,
    #[state(2)]
    y: f64,
}

impl Diagonal {
    #[inline(always)]
    fn rates<T: Scalar>(&self, x: &[T; 2], _: f64, _: bool) -> [T; 2] {
        [T::of(0.5) * x[0], -x[1]]
    }
    #[inline(always)]
    fn amplitudes<T: Scalar>(&self, x: &[T; 2]) -> [T; 4] {
        let zero = T::of(0.0);
        [T::of(self.a) * x[0], zero, zero, T::of(self.b) * x[1]]
    }
}
equations!(Diagonal<f64>, 2 equations, 2 sources, [x, y]);

/// dX = theta (mu - X) dt + sigma dW.
#[derive(Population, Clone)]
struct OrnsteinUhlenbeck {
    #[param(1.5)]
    theta: f64,
    #[param(0.7)]
    mu: f64,
    #[param(0.6)]
    sigma: f64,
    #[state(-1)]
    x: f64,
}

impl OrnsteinUhlenbeck {
    #[inline(always)]
    fn rates<T: Scalar>(&self, x: &[T; 1], _: f64, _: bool) -> [T; 1] {
        [T::of(self.theta) * (T::of(self.mu) - x[0])]
    }
    #[inline(always)]
    fn amplitudes<T: Scalar>(&self, _: &[T; 1]) -> [T; 1] {
        [T::of(self.sigma)]
    }
}
equations!(OrnsteinUhlenbeck<f64>, 1 equations, 1 sources, [x]);

/// `steps` steps of method `I` over `duration` ms; `noise` gives the increments of each step.
fn run<I: Integrator, E: Equations>(
    neuron: &E,
    steps: usize,
    duration: f64,
    noise: impl Fn(usize) -> E::Noise<E::S>,
) -> E::Vector<E::S> {
    let dt = duration / steps as f64;
    let coefficients = I::prepare(neuron, dt);
    let mut x = neuron.state();
    for k in 0..steps {
        let cx = StepContext { t: k as f64 * dt, ..StepContext::new(dt) };
        x = I::step(neuron, &x, &cx, &coefficients, &noise(k));
    }
    x
}

/// The slope of the line through points (least squares).
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let (above, below) = points.iter().fold((0.0, 0.0), |(a, b), p| (a + (p.0 - x) * (p.1 - y), b + (p.0 - x).powi(2)));
    above / below
}

/// The power of the step that the error after `duration` ms shrinks with.
fn order<I: Integrator, E: Equations<S = f64, Noise<f64> = [f64; 0]>>(
    neuron: &E,
    duration: f64,
    steps: [usize; 4],
) -> f64 {
    let tolerances = Tolerances { relative: 1e-13, absolute: 1e-14, ..Tolerances::default() };
    let reference = solve(neuron, 0.0..duration, tolerances).unwrap();
    let points = steps.map(|steps| {
        let x = run::<I, E>(neuron, steps, duration, |_| []);
        let error = reference.last().iter().enumerate().map(|(i, r)| (x.at(i) - r).powi(2)).sum::<f64>().sqrt();
        ((duration / steps as f64).ln(), error.ln())
    });
    slope(&points)
}

fn observed<I: Integrator>() {
    // Small enough for the leading term, large enough for rounding.
    let steps = match I::ORDER {
        1 => [2000, 4000, 8000, 16000],
        2 => [500, 1000, 2000, 4000],
        3 => [200, 400, 800, 1600],
        _ => [150, 300, 600, 1200],
    };
    let oscillator = order::<I, _>(&FitzHughNagumo { v: -1.0, w: 1.0 }, 7.0, steps);
    let pendulum = order::<I, _>(&Pendulum { angle: 2.0, speed: 0.3 }, 5.0, steps);
    println!("{:<40} order {oscillator:.3} and {pendulum:.3}", I::NAME);
    for measured in [oscillator, pendulum] {
        assert!((measured - f64::from(I::ORDER)).abs() < 0.1, "{}: {measured}", I::NAME);
    }
}

#[test]
fn orders_without_noise() {
    observed::<Euler>();
    observed::<Midpoint>();
    observed::<Heun>();
    observed::<Rk2>();
    observed::<Rk2<3, 1>>();
    observed::<Rk3>();
    observed::<Rk4>();
    observed::<Rk4ThreeEighths>();
    observed::<ExponentialEuler>();
    observed::<ExponentialEulerDiagJac>();
    observed::<EulerMaruyama>();
    observed::<MilsteinIto>();
    observed::<MilsteinStratonovich>();
    observed::<MilsteinStratonovichDerivativeFree>();
    observed::<HeunFull>();
    observed::<HeunDriftEuler>();
}

#[test]
fn the_family_with_two_stages_has_midpoint_and_heun_in_it() {
    let neuron = FitzHughNagumo { v: -1.0, w: 1.0 };
    let close = |a: [f64; 2], b: [f64; 2]| a.iter().zip(b).for_each(|(a, b)| assert!((a - b).abs() < 1e-13, "{a} {b}"));
    close(run::<Rk2<1, 2>, _>(&neuron, 100, 7.0, |_| []), run::<Midpoint, _>(&neuron, 100, 7.0, |_| []));
    close(run::<Rk2<1, 1>, _>(&neuron, 100, 7.0, |_| []), run::<Heun, _>(&neuron, 100, 7.0, |_| []));
    assert_eq!(Rk2::<2, 3>::BETA, 2.0 / 3.0);
}

#[test]
fn exponential_euler_by_both_slopes() {
    let neuron = FitzHughNagumo { v: -1.0, w: 1.0 };
    let (cx, x) = (StepContext::new(0.1), neuron.state());
    let phi = |z: f64| z.exp_m1() / z;
    let f = neuron.drift(&x, 0.0, &cx);
    let w = 1.0 + 0.1 * phi(-0.1 * 0.8 / 3.0) * f[1];
    for (found, slope) in [
        (ExponentialEuler::step(&neuron, &x, &cx, &(), &[]), 1.0 - 1.0 / 3.0),
        (ExponentialEulerDiagJac::step(&neuron, &x, &cx, &(), &[]), 1.0 - 1.0 + 1e-300),
    ] {
        let v = -1.0 + 0.1 * if slope < 1e-200 { 1.0 } else { phi(0.1 * slope) } * f[0];
        assert!((found[0] - v).abs() < 1e-15 && (found[1] - w).abs() < 1e-15, "{found:?} {v} {w}");
    }
    // Exact where nothing else moves.
    let still = OrnsteinUhlenbeck { theta: 1.5, mu: 0.7, sigma: 0.0, x: -1.0 };
    let x = run::<ExponentialEuler, _>(&still, 3, 6.0, |_| [0.0]);
    assert!((x[0] - (0.7 - 1.7 * (-9.0_f64).exp())).abs() < 1e-15);
}

#[test]
fn exact_is_the_closed_form() {
    // Usual; equal rates (no eigenvectors); without leak (singular); nilpotent; stiff.
    for (beta, leak) in [(0.5, 0.1), (0.1, 0.1), (0.5, 0.0), (0.0, 0.0), (50.0, 0.01), (0.0, 20.0)] {
        for held in [0.0, 1.0] {
            let neuron = Alpha { beta, leak, weight: 0.7, drive: 0.25, rise: 1.5, current: 0.2, v: -2.0, held };
            for (steps, duration) in [(1, 0.1), (1, 1.0), (1, 40.0), (1000, 100.0)] {
                let found = run::<Exact, _>(&neuron, steps, duration, |_| []);
                let expected = neuron.after(duration);
                let scale = expected.iter().fold(1.0, |a: f64, b| a.max(b.abs()));
                // Rounding: of each step, and of the exponential for rates that are large beside 1 / step.
                let fastest = beta.max(leak) * duration / steps as f64;
                let rounding = 1e-15 * scale * if steps == 1 { fastest.max(4.0) } else { 200.0 * fastest.max(1.0) };
                for (found, expected) in found.iter().zip(expected) {
                    let error = (found - expected).abs();
                    assert!(error <= rounding, "{neuron:?}, {steps} x {duration}: {found} {expected} ({error:e})");
                }
                assert!(held == 0.0 || found[2] == -2.0);
            }
        }
    }
}

#[test]
fn exact_takes_inputs_that_change_and_variables_that_are_released() {
    let mut neuron =
        Alpha { beta: 0.5, leak: 0.1, weight: 0.7, drive: 0.25, rise: 1.5, current: 0.2, v: -2.0, held: 1.0 };
    let coefficients = <Alpha as Advance<Exact>>::prepare(&neuron, 0.1);
    let mut closed = neuron.clone();
    for step in 0..100 {
        neuron.drive = f64::from(step % 7);
        neuron.held = if step < 30 { 1.0 } else { 0.0 };
        closed = Alpha { drive: neuron.drive, held: neuron.held, ..closed };
        let [rise, current, v] = closed.after(0.1);
        closed = Alpha { rise, current, v, ..closed };
        let cx = StepContext { t: 0.1 * f64::from(step), ..StepContext::new(0.1) };
        let spikes = Advance::<Exact>::advance(&mut neuron, &cx, &coefficients, &[]);
        assert_eq!(spikes, Spikes::NONE);
        for (found, expected) in neuron.state().iter().zip(closed.state()) {
            assert!((found - expected).abs() < 1e-13, "{step}: {found} {expected}");
        }
    }
}

#[test]
fn single_precision() {
    let double = Alpha { beta: 0.5, leak: 0.1, weight: 0.7, drive: 0.25, rise: 1.5, current: 0.2, v: -2.0, held: 0.0 };
    let single =
        AlphaSingle { beta: 0.5, leak: 0.1, weight: 0.7, drive: 0.25, rise: 1.5, current: 0.2, v: -2.0, held: 0.0 };
    fn compare<I: Integrator>(double: &Alpha, single: &AlphaSingle) {
        let (a, b) = (run::<I, _>(double, 100, 10.0, |_| []), run::<I, _>(single, 100, 10.0, |_| []));
        for (a, b) in a.iter().zip(b) {
            assert!((a - f64::from(b)).abs() < 5e-6, "{}: {a} {b}", I::NAME);
        }
    }
    compare::<Euler>(&double, &single);
    compare::<Rk4>(&double, &single);
    compare::<ExponentialEuler>(&double, &single);
    compare::<Exact>(&double, &single);
}

#[test]
fn the_error_of_the_adaptive_method_follows_the_tolerance() {
    let neuron = Pendulum { angle: 2.0, speed: 0.3 };
    let solution = |relative: f64| {
        let tolerances = Tolerances { relative, absolute: relative, ..Tolerances::default() };
        solve(&neuron, 0.0..20.0, tolerances).unwrap()
    };
    let times: Vec<f64> = (0..=300).map(|k| f64::from(k) / 15.0).collect();
    let reference = solution(2e-14);
    // The reference against a method of fixed step.
    let classical = run::<Rk4, _>(&neuron, 100_000, 20.0, |_| []);
    for (a, b) in reference.last().iter().zip(classical) {
        assert!((a - b).abs() < 1e-11, "{a} {b}");
    }
    let reference = reference.sample(&times).unwrap();
    let mut points = Vec::new();
    for exponent in 4..=11 {
        let tolerance = 10.0_f64.powi(-exponent);
        let solution = solution(tolerance);
        let error = (solution.sample(&times).unwrap() - &reference).iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        println!("{tolerance:e}: {error:.2e}, {} steps, {} rejected", solution.times().len() - 1, solution.rejected());
        assert!((0.1..50.0).contains(&(error / tolerance)), "{tolerance:e}: {error:e}");
        points.push((tolerance.ln(), error.ln()));
    }
    let slope = slope(&points);
    println!("error ~ tolerance^{slope:.3}");
    assert!((slope - 1.0).abs() < 0.1, "{slope}");
}

#[test]
fn a_solution_between_its_steps() {
    let neuron = FitzHughNagumo { v: -1.0, w: 1.0 };
    let solution = solve(&neuron, 2.0..30.0, Tolerances::default()).unwrap();
    assert_eq!((solution.times()[0], *solution.times().last().unwrap()), (2.0, 30.0));
    assert_eq!(solution.at(2.0).unwrap(), [-1.0, 1.0]);
    assert_eq!(solution.at(30.0).unwrap(), solution.last());
    assert_eq!(solution.states().row(0).to_vec(), [-1.0, 1.0]);
    // Continuous at the steps.
    let inner = solution.times()[5];
    let (before, at) = (solution.at(inner - 1e-12).unwrap(), solution.at(inner).unwrap());
    assert!(before.iter().zip(at).all(|(a, b)| (a - b).abs() < 1e-10));
    let error = solution.sample(&[2.5, 31.0]).unwrap_err();
    assert_eq!(error.to_string(), "31 ms is outside the solution, which reaches from 2 to 30 ms");
    let nothing = solve(&neuron, 2.0..2.0, Tolerances::default()).unwrap();
    assert_eq!((nothing.times(), nothing.last()), (&[2.0][..], &[-1.0, 1.0][..]));
}

/// Equations that cannot be solved: by `kind`.
#[derive(Population, Clone)]
struct Awkward {
    #[param(0)]
    kind: f64,
    #[state(1)]
    x: f64,
}

impl Awkward {
    fn rates<T: Scalar>(&self, x: &[T; 1], t: f64, _: bool) -> [T; 1] {
        [match self.kind as u8 {
            0 => x[0] * x[0],
            1 => T::of((2.0 - t).sqrt()),
            2 => T::of(-1e7) * (x[0] - T::of(Scalar::cos(t))),
            3 => T::of(1.0) / (x[0] - T::of(1.0)),
            _ => T::of(if t > 1.0 { 1e9 } else { 0.0 }),
        }]
    }
    fn amplitudes<T: Scalar>(&self, _: &[T; 1]) -> [T; 0] {
        []
    }
}
equations!(Awkward<f64>, 1 equations, 0 sources, [x]);

#[test]
fn what_cannot_be_solved_is_an_error() {
    let failed = |kind: f64, span: std::ops::Range<f64>, tolerances| {
        solve(&Awkward { kind, x: 1.0 }, span, tolerances).unwrap_err().to_string()
    };
    let usual = Tolerances::default();
    let infinite = failed(0.0, 0.0..2.0, usual);
    assert!(infinite.contains("could not be solved beyond") && infinite.contains("too short"), "{infinite}");
    let ms: f64 = infinite.split(' ').nth(7).unwrap().parse().unwrap();
    assert!((ms - 1.0).abs() < 1e-5, "{infinite}");
    let undefined = failed(1.0, 0.0..3.0, usual);
    assert!(undefined.contains("(NaN) beyond"), "{undefined}");
    let stiff = failed(2.0, 0.0..100.0, Tolerances { max_steps: 1000, ..usual });
    assert!(stiff.contains("1000 steps were not enough"), "{stiff}");
    let start = failed(3.0, 0.0..1.0, usual);
    assert!(start.contains("beyond 0 ms: variable 1"), "{start}");
    for span in [0.0..f64::INFINITY, 1.0..0.0, f64::NAN..1.0] {
        assert!(failed(0.0, span, usual).contains("cannot run for"));
    }
    for bad in [
        Tolerances { relative: -1.0, ..usual },
        Tolerances { relative: 1e-17, ..usual },
        Tolerances { relative: 0.0, absolute: 0.0, ..usual },
        Tolerances { absolute: f64::NAN, ..usual },
        Tolerances { max_step: 0.0, ..usual },
    ] {
        assert!(failed(0.0, 0.0..1.0, bad).contains("tolerances"));
    }
    // A jump in the rates is found and passed.
    let jump = solve(&Awkward { kind: 4.0, x: 1.0 }, 0.0..2.0, Tolerances { max_step: 0.3, ..usual }).unwrap();
    assert!((jump.last()[0] / 1e9 - 1.0).abs() < 1e-5);
}

/// Increments of `sources` Wiener processes over `steps` steps of one ms in all.
fn increments(stream: &mut binnet::rng::Stream, sources: usize, steps: usize) -> Vec<Vec<f64>> {
    let root = (1.0 / steps as f64).sqrt();
    let mut normal = || -> f64 { StandardNormal.sample(stream) };
    (0..sources).map(|_| (0..steps).map(|_| root * normal()).collect()).collect()
}

struct Orders {
    strong: f64,
    weak: f64,
    strong_error: f64,
    weak_error: f64,
}

/// Strong and weak order of a method over 1 ms, with their standard errors: paths in batches, against
/// `exact` (of the increments' sums) on the same paths.
fn stochastic_orders<I: Integrator, E: Equations<S = f64>>(
    neuron: &E,
    exact: impl Fn(&[f64]) -> Vec<f64>,
    levels: std::ops::RangeInclusive<u32>,
    paths: usize,
) -> Orders {
    const BATCHES: usize = 16;
    let sources = <E::Noise<f64>>::LEN;
    let fine = 1_usize << levels.end();
    let mut slopes: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for batch in 0..BATCHES {
        let mut stream = Streams::new(11).family("paths").stream(batch as u64);
        let mut sums = vec![[0.0; 2]; levels.clone().count()];
        for _ in 0..paths / BATCHES {
            let dw = increments(&mut stream, sources, fine);
            let totals: Vec<f64> = dw.iter().map(|source| source.iter().sum()).collect();
            let expected = exact(&totals);
            for (sum, level) in sums.iter_mut().zip(levels.clone()) {
                let (steps, group) = (1 << level, fine >> level);
                let coarse = |k: usize| <E::Noise<f64>>::from_fn(|j| dw[j][k * group..(k + 1) * group].iter().sum());
                let x = run::<I, E>(neuron, steps, 1.0, coarse);
                for (i, expected) in expected.iter().enumerate() {
                    sum[0] += (x.at(i) - expected).abs();
                    sum[1] += x.at(i) - expected;
                }
            }
        }
        for (kind, slopes) in slopes.iter_mut().enumerate() {
            let point = |(level, sum): (u32, &[f64; 2])| (-f64::from(level), sum[kind].abs().log2());
            slopes.push(slope(&levels.clone().zip(&sums).map(point).collect::<Vec<_>>()));
        }
    }
    let summary = |slopes: &[f64]| {
        let mean = slopes.iter().sum::<f64>() / BATCHES as f64;
        let variance = slopes.iter().map(|slope| (slope - mean).powi(2)).sum::<f64>() / (BATCHES - 1) as f64;
        (mean, (variance / BATCHES as f64).sqrt())
    };
    let ((strong, strong_error), (weak, weak_error)) = (summary(&slopes[0]), summary(&slopes[1]));
    Orders { strong, weak, strong_error, weak_error }
}

/// The exact end of dX = mu X dt + X sum of sigma_j dW_j, from `x`, after 1 ms.
fn growth(calculus: Option<Calculus>, x: f64, mu: f64, sources: &[(f64, f64)]) -> f64 {
    let less = if calculus == Some(Calculus::Ito) { 0.5 } else { 0.0 };
    let exponent: f64 = sources.iter().map(|(sigma, w)| sigma * w - less * sigma * sigma).sum();
    x * (mu + exponent).exp()
}

fn strong<I: Integrator>(order: f64) {
    let one = Geometric { mu: 0.5, sigma: 0.8, x: 1.0 };
    let found = stochastic_orders::<I, _>(&one, |w| vec![growth(I::STOCHASTIC, 1.0, 0.5, &[(0.8, w[0])])], 4..=9, 1600);
    let two = TwoSources { mu: 0.5, a: 0.6, b: 0.5, x: 1.0 };
    let exact = |w: &[f64]| vec![growth(I::STOCHASTIC, 1.0, 0.5, &[(0.6, w[0]), (0.5, w[1])])];
    let commuting = stochastic_orders::<I, _>(&two, exact, 4..=9, 1600);
    let each = Diagonal { a: 0.6, b: 0.8, x: 1.0, y: 2.0 };
    let exact = |w: &[f64]| {
        vec![growth(I::STOCHASTIC, 1.0, 0.5, &[(0.6, w[0])]), growth(I::STOCHASTIC, 2.0, -1.0, &[(0.8, w[1])])]
    };
    let diagonal = stochastic_orders::<I, _>(&each, exact, 4..=9, 1600);
    for (what, found) in [("one source", found), ("two sources", commuting), ("diagonal", diagonal)] {
        println!("{:<40} {what:<12} strong {:.3} +- {:.3}", I::NAME, found.strong, found.strong_error);
        assert!((found.strong - order).abs() < 0.15, "{}, {what}: {}", I::NAME, found.strong);
        assert!(found.strong_error < 0.03, "{}, {what}: {}", I::NAME, found.strong_error);
    }
}

#[test]
fn strong_orders() {
    strong::<EulerMaruyama>(0.5);
    strong::<ExponentialEuler>(0.5);
    strong::<MilsteinIto>(1.0);
    strong::<MilsteinStratonovich>(1.0);
    strong::<MilsteinStratonovichDerivativeFree>(0.5);
    strong::<HeunFull>(1.0);
    strong::<HeunDriftEuler>(1.0);
}

fn weak<I: Integrator>(mu: f64, sigma: f64, order: f64) {
    let neuron = Geometric { mu, sigma, x: 1.0 };
    let exact = |w: &[f64]| vec![growth(I::STOCHASTIC, 1.0, mu, &[(sigma, w[0])])];
    let found = stochastic_orders::<I, _>(&neuron, exact, 3..=6, 64_000);
    println!("{:<40} weak {:.3} +- {:.3}", I::NAME, found.weak, found.weak_error);
    assert!((found.weak - order).abs() < 0.25, "{}: {}", I::NAME, found.weak);
    assert!(found.weak_error < 0.06, "{}: {}", I::NAME, found.weak_error);
}

#[test]
fn weak_orders() {
    weak::<EulerMaruyama>(1.5, 0.5, 1.0);
    weak::<MilsteinIto>(1.5, 0.5, 1.0);
    weak::<MilsteinStratonovich>(1.5, 0.5, 1.0);
    // Where terms of order 1/2 and 1 do not cancel each other.
    weak::<MilsteinStratonovichDerivativeFree>(-1.0, 1.2, 0.5);
    weak::<HeunFull>(1.5, 0.5, 1.0);
    weak::<HeunDriftEuler>(1.5, 0.5, 1.0);
}

#[test]
fn additive_noise() {
    let neuron = OrnsteinUhlenbeck { theta: 1.5, mu: 0.7, sigma: 0.6, x: -1.0 };
    // All forms of Milstein are Euler-Maruyama.
    let mut stream = Streams::new(3).named("noise");
    let dw = increments(&mut stream, 1, 64).remove(0);
    let expected = run::<EulerMaruyama, _>(&neuron, 64, 1.0, |k| [dw[k]]);
    assert_eq!(run::<MilsteinIto, _>(&neuron, 64, 1.0, |k| [dw[k]]), expected);
    assert_eq!(run::<MilsteinStratonovich, _>(&neuron, 64, 1.0, |k| [dw[k]]), expected);
    assert_eq!(run::<MilsteinStratonovichDerivativeFree, _>(&neuron, 64, 1.0, |k| [dw[k]]), expected);
    assert_eq!(run::<HeunDriftEuler, _>(&neuron, 64, 1.0, |k| [dw[k]]), expected);

    fn order<I: Integrator>(neuron: &OrnsteinUhlenbeck) {
        // Against the same paths in steps 32 times as short.
        const FINE: usize = 1 << 13;
        let mut stream = Streams::new(4).named("noise");
        let mut errors = [0.0; 5];
        for _ in 0..400 {
            let dw = increments(&mut stream, 1, FINE).remove(0);
            let reference = run::<HeunFull, _>(neuron, FINE, 1.0, |k| [dw[k]])[0];
            for (error, level) in errors.iter_mut().zip(4..) {
                let group = FINE >> level;
                let x = run::<I, _>(neuron, 1 << level, 1.0, |k| [dw[k * group..(k + 1) * group].iter().sum()]);
                *error += (x[0] - reference).abs();
            }
        }
        let points: Vec<_> = errors.iter().zip(4..).map(|(error, level)| (f64::from(-level), error.log2())).collect();
        let found = slope(&points);
        println!("{:<40} additive     strong {found:.3}", I::NAME);
        assert!((found - 1.0).abs() < 0.15, "{}: {found}", I::NAME);
    }
    order::<EulerMaruyama>(&neuron);
    order::<ExponentialEuler>(&neuron);
    order::<ExponentialEulerDiagJac>(&neuron);
}

/// Mean, variance and covariance at a lag of 20 steps against those of the discrete chain
/// x' = mu + decay (x - mu) + sigma dW.
fn moments<I: Integrator>(decay: f64) {
    const CELLS: usize = 60_000;
    let (dt, tau, sigma) = (0.5, 10.0, 2.0);
    let neuron = OrnsteinUhlenbeck { theta: 1.0 / tau, mu: 1.0, sigma: sigma * f64::sqrt(2.0 / tau), x: 1.0 };
    let variance = neuron.sigma.powi(2) * dt / (1.0 - decay * decay);
    let mut stream = Streams::new(5).named("moments");
    let mut sums = [0.0; 3];
    for _ in 0..CELLS {
        let noise = increments(&mut stream, 1, 160).remove(0);
        let mut x = neuron.state();
        let mut early = 0.0;
        for (k, dw) in noise.iter().enumerate() {
            if k == 140 {
                early = x[0] - 1.0;
            }
            let cx = StepContext { t: dt * k as f64, ..StepContext::new(dt) };
            x = I::step(&neuron, &x, &cx, &I::prepare(&neuron, dt), &[dw * (160.0 * dt).sqrt()]);
        }
        let late = x[0] - 1.0;
        sums = [sums[0] + late, sums[1] + late * late, sums[2] + early * late];
    }
    let [mean, found, lagged] = sums.map(|sum| sum / CELLS as f64);
    let root = (CELLS as f64).sqrt();
    println!("{:<40} variance {found:.4}, of the chain {variance:.4}, of the equation 4", I::NAME);
    assert!(mean.abs() < 4.0 * variance.sqrt() / root, "{mean}");
    assert!((found - variance).abs() < 4.0 * variance * 2.0_f64.sqrt() / root, "{found} {variance}");
    let covariance = variance * decay.powi(20);
    let error = (variance * variance + covariance * covariance).sqrt() / root;
    assert!((lagged - covariance).abs() < 4.0 * error, "{lagged} {covariance}");
}

#[test]
fn moments_of_an_ornstein_uhlenbeck_population() {
    moments::<EulerMaruyama>(1.0 - 0.05);
    moments::<ExponentialEuler>((-0.05_f64).exp());
}

#[test]
fn reference_paths() {
    let data: serde_json::Value = serde_json::from_str(include_str!("../data/sde.json")).unwrap();
    let paths = |name: &str| -> Vec<Vec<f64>> {
        let list =
            |values: &serde_json::Value| values.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        data[name].as_array().unwrap_or_else(|| panic!("no {name}")).iter().map(list).collect()
    };
    let parameter = |model: &str, name: &str| data["params"][model][name].as_f64().unwrap();
    let dt = data["params"]["dt"].as_f64().unwrap();
    let (dw, dt) = (paths("dW"), dt);

    fn follow<I: Integrator, E: Equations<S = f64, Vector<f64> = [f64; 1], Noise<f64> = [f64; 1]>>(
        neuron: &E,
        dt: f64,
        dw: &[Vec<f64>],
        expected: &[Vec<f64>],
        tolerance: f64,
    ) {
        for (dw, expected) in dw.iter().zip(expected) {
            let mut x = neuron.state();
            for (k, dw) in dw.iter().enumerate() {
                let cx = StepContext { t: dt * k as f64, ..StepContext::new(dt) };
                x = I::step(neuron, &x, &cx, &I::prepare(neuron, dt), &[*dw]);
                assert!(
                    (x[0] - expected[k + 1]).abs() < tolerance,
                    "{} step {k}: {} {}",
                    I::NAME,
                    x[0],
                    expected[k + 1]
                );
            }
        }
    }

    let ou = OrnsteinUhlenbeck {
        theta: parameter("ou", "theta"),
        mu: parameter("ou", "mu"),
        sigma: parameter("ou", "sigma"),
        x: parameter("ou", "x0"),
    };
    let gbm = Geometric { mu: parameter("gbm", "mu"), sigma: parameter("gbm", "sigma"), x: parameter("gbm", "x0") };
    follow::<EulerMaruyama, _>(&ou, dt, &dw, &paths("ou_euler_maruyama"), 1e-12);
    follow::<MilsteinIto, _>(&ou, dt, &dw, &paths("ou_euler_maruyama"), 1e-12);
    follow::<EulerMaruyama, _>(&gbm, dt, &dw, &paths("gbm_euler_maruyama"), 1e-12);
    follow::<MilsteinIto, _>(&gbm, dt, &dw, &paths("gbm_milstein_ito"), 1e-12);
    follow::<MilsteinStratonovich, _>(&gbm, dt, &dw, &paths("gbm_milstein_stratonovich"), 1e-12);
    let free = paths("gbm_milstein_stratonovich_derivative_free");
    follow::<MilsteinStratonovichDerivativeFree, _>(&gbm, dt, &dw, &free, 1e-12);
    follow::<HeunDriftEuler, _>(&gbm, dt, &dw, &paths("gbm_heun_drift_euler"), 1e-12);
    follow::<HeunFull, _>(&gbm, dt, &dw, &paths("gbm_heun_full"), 1e-12);
    // The exact solutions, as far as methods of strong order 1 get with this step.
    follow::<MilsteinIto, _>(&gbm, dt, &dw, &paths("gbm_exact_ito"), 0.1);
    follow::<HeunFull, _>(&gbm, dt, &dw, &paths("gbm_exact_stratonovich"), 0.1);
}

#[test]
fn the_table_says_what_the_methods_are() {
    fn listed<I: Integrator>() -> &'static str {
        let info = MethodInfo::find(I::NAME).unwrap_or_else(|| panic!("`{}` is not listed", I::NAME));
        assert_eq!((info.order, info.calculus), (I::ORDER, I::STOCHASTIC), "{}", I::NAME);
        assert!(!info.summary.is_empty());
        I::NAME
    }
    let names = [
        listed::<Euler>(),
        listed::<Midpoint>(),
        listed::<Heun>(),
        listed::<Rk2<2, 3>>(),
        listed::<Rk3>(),
        listed::<Rk4>(),
        listed::<Rk4ThreeEighths>(),
        listed::<ExponentialEuler>(),
        listed::<ExponentialEulerDiagJac>(),
        listed::<Exact>(),
        listed::<EulerMaruyama>(),
        listed::<MilsteinIto>(),
        listed::<MilsteinStratonovich>(),
        listed::<MilsteinStratonovichDerivativeFree>(),
        listed::<HeunFull>(),
        listed::<HeunDriftEuler>(),
        "rk45",
    ];
    assert_eq!(names.len(), METHODS.len());
    assert!(METHODS.iter().all(|method| names.contains(&method.name)));
    assert_eq!(Calculus::Ito.to_string(), "Ito");
}
