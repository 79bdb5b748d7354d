//! A continuous attractor: neurons on a ring hold a bump of activity where a cue has put it, and follow a cue that moves.
//!
//! ```text
//! cargo run --release --example attractor
//! cargo run --release --example attractor -- --set k=12 --set strength=0.1
//! ```
//!
//! Source: S. Wu, K. Hamaguchi and S. Amari, Neural Comput. 20, 994 (2008), with the numbers of BrainPy's `CANN1D`.
//! Rates are the squares of the inputs over a common inhibition, r = u^2 / (1 + k sum u^2), and neurons excite each other
//! by J exp(-d^2 / 2 a^2) / (a sqrt(2 pi)) at the distance d.
//!
//! Expected: without a cue, u = u_0 exp(-d^2 / 4 a^2) stays wherever it is, with u_0 the greater root of
//! (1 + k rho a sqrt(2 pi) u^2) u = J rho u^2 / sqrt(2), 0.2742 here, with rho = 512 / 2 pi neurons a radian. `--check`
//! compares. Takes a quarter of a second.
#![allow(clippy::print_stdout, reason = "a program that prints its results")]

use std::f64::consts::{PI, TAU};
use std::process::ExitCode;

use binnet::cli::{App, RunFlags};
use binnet::plot::Panel;
use binnet::prelude::*;
use binnet::results::Manifest;
use binnet_examples::output::{Check, Checks, Output};

/// Neurons on the ring.
const N: usize = 512;
/// The range of excitation, in radians.
const A: f64 = 0.5;
/// The strength of excitation.
const J: f64 = 4.0;

/// Where a neuron is, from -pi to pi.
fn place(i: usize) -> f64 {
    (i as f64 + 0.5) / N as f64 * TAU - PI
}

/// How far apart two places on the ring are.
fn distance(x: f64, y: f64) -> f64 {
    let d = (x - y).rem_euclid(TAU);
    d.min(TAU - d)
}

/// The weight from one neuron to another.
fn weight(pre: usize, post: usize) -> f64 {
    let d = distance(place(pre), place(post));
    J / (A * TAU.sqrt()) * (-d * d / (2.0 * A * A)).exp()
}

/// Where the cue is, in radians, if there is one: it stays at -1 for 20 ms, and later goes from there to 2.
fn cue(ms: f64) -> Option<f64> {
    match ms {
        ms if ms < 20.0 => Some(-1.0),
        ms if ms < 80.0 => None,
        ms if ms < 180.0 => Some(-1.0 + 3.0 * (ms - 80.0) / 100.0),
        _ => None,
    }
}

neuron! {
    /// A neuron of the ring.
    pub struct Rate {
        param tau = 1 ms;
        /// The strength of the common inhibition.
        param k = 8.1;
        /// What neighbours send, before inhibition; what all send; the cue.
        input near: 1;
        input all: 1;
        input i: 1;
        state u = 0;

        // Inhibition divides what all neurons send by the same number, so that it can be left to the receiver.
        let q = u^2;
        let r = q / (1 + k * all);
        du/dt = (-u + near / (1 + k * all) + i) / tau;
        output q;
    }
}

network! {
    /// Continuous attractor on a ring (Wu, Hamaguchi and Amari 2008).
    pub struct Attractor {
        clock 0.1 ms;
        param k = 8.1;
        /// The input at the peak of the cue.
        param strength = 0.3;

        population ring: Rate[N] { k: k, method: exponential_euler };
        projection ring -> ring { target: near, connect: all_to_all(autapses: true), weight: |pre, post| self::weight(pre, post) };
        projection ring -> ring { target: all, connect: all_to_all(autapses: true), weight: 1 };
        stimulus ring.i += |t, i| cue(t).map_or(0.0, |x| strength * (-(distance(x, place(i)) / (2.0 * A)).powi(2)).exp());

        record ring.u every 0.5 ms;
        record ring.r every 0.5 ms;
    }
}

fn main() -> ExitCode {
    App::<Attractor, Check>::new().duration("240 ms").run(run).main()
}

/// Runs the network, prints where the bump is and draws it; tells whether the checks, if any, were met.
fn run(flags: &RunFlags, own: &Check) -> binnet::Result<bool> {
    let (output, duration) = (Output::of(flags, own.check)?, flags.total());
    output.file("")?;
    let builder = flags.configure(Attractor::builder())?;
    let mut net = builder.clone().build()?;
    net.run_with_progress(duration)?;
    print!("{}", net.summary());
    for path in Manifest::of(&builder, &net).save(&*net, &flags.out, "attractor", flags.csv)? {
        println!("written     {}", path.display());
    }

    let records = net.records();
    let (times, u) = (records.ring.u.times(), records.ring.u.values());
    let bumps: Vec<Bump> = u.outer_iter().map(|row| Bump::of(row.iter().copied())).collect();
    let at = |ms: f64| bumps[times.partition_point(|time| *time < ms).min(bumps.len() - 1)];
    let u_0 = height(net.populations().ring.neurons().get(0).map_or(f64::NAN, |neuron| neuron.k));
    println!("measured    {:<26} {:>8} {:>8} {:>8}", "", "centre", "height", "width");
    println!("            {:<26} {:>8.4} {u_0:>8.4} {:>8.4}", "in theory, without a cue", -1.0, A);
    for (what, ms) in [("60 ms after the cue", 79.5), ("as the cue has moved", 179.5), ("at the end", duration.ms())] {
        let Bump { centre, height, width } = at(ms);
        println!("            {what:<26} {centre:>8.4} {height:>8.4} {width:>8.4}");
    }

    // A dot for every eighth neuron whose input is above half of the most that there is at the time.
    let active = times.iter().zip(u.outer_iter()).zip(&bumps).step_by(4).flat_map(|((time, row), bump)| {
        let half = 0.5 * bump.height.max(1e-3);
        let places = row.into_iter().enumerate().step_by(8).filter(move |(_, u)| **u > half);
        places.map(|(i, _)| (*time, place(i))).collect::<Vec<_>>()
    });
    let (dot_times, dots): (Vec<f64>, Vec<f64>) = active.unzip();
    let cues = || times.iter().map(|time| cue(*time).unwrap_or(f64::NAN));
    let figure = plot::lines([
        Panel::new("place (rad)")
            .dots("active", dot_times, dots)
            .line("centre", &times, bumps.iter().map(|bump| bump.centre))
            .line("cue", &times, cues())
            .range(-PI, PI),
        Panel::new("height of the bump").line("", &times, bumps.iter().map(|bump| bump.height)).height(0.4),
    ])
    .window(0.ms(), duration)
    .size(900, 560)
    .title(format!("{N} neurons on a ring: a cue leaves a bump of activity, which follows a second one"));
    output.save("attractor", &figure)?;

    let mut checks = Checks::new(output.check);
    let held = at(79.5);
    checks.within("centre after the cue, rad", held.centre, -1.01..=-0.99);
    checks.within("height after the cue", held.height, u_0 * 0.999..=u_0 * 1.001);
    checks.within("width after the cue, rad", held.width, 0.99 * A..=1.01 * A);
    checks.within("centre as the cue has moved, rad", at(179.5).centre, 1.7..=2.0);
    let drift = at(duration.ms()).centre - at(185.0).centre;
    checks.within("drift from then on, rad", drift, -0.01..=0.01);
    Ok(checks.met)
}

/// The height of the bump in theory.
fn height(k: f64) -> f64 {
    let rho = N as f64 / TAU;
    let (gain, inhibition) = (J * rho / 2.0_f64.sqrt(), k * rho * A * TAU.sqrt());
    (gain + (gain * gain - 4.0 * inhibition).sqrt()) / (2.0 * inhibition)
}

/// A bump of activity.
#[derive(Clone, Copy)]
struct Bump {
    /// Of the squares of the inputs, as a mean angle.
    centre: f64,
    height: f64,
    /// The standard deviation of the squares of the inputs, around the centre.
    width: f64,
}

impl Bump {
    fn of(u: impl Iterator<Item = f64> + Clone) -> Self {
        let q = || u.clone().map(|u| u * u).enumerate();
        let (mut sine, mut cosine, mut sum) = (0.0, 0.0, 0.0);
        for (i, q) in q() {
            (sine, cosine, sum) = (sine + q * place(i).sin(), cosine + q * place(i).cos(), sum + q);
        }
        let centre = if sum > 0.0 { sine.atan2(cosine) } else { f64::NAN };
        let spread = q().map(|(i, q)| q * distance(place(i), centre).powi(2)).sum::<f64>() / sum;
        Self { centre, height: u.fold(0.0, f64::max), width: spread.sqrt() }
    }
}
