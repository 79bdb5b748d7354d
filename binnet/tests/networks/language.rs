//! Networks with a clock, as `network!` writes them.

use binnet::clocked::{Operator, Stimulus};
use binnet::prelude::*;

/// Izhikevich (2003) neuron: Program 4 of the language.
#[derive(Population, Clone)]
pub struct Izhikevich {
    #[local(0.02 / ms)]
    a: f64,
    #[local(0.2 / ms)]
    b: f64,
    #[local(-65 mV)]
    c: f64,
    #[local(8 mV/ms)]
    d: f64,
    #[state(-65 mV)]
    v: f64,
    #[state(-13 mV/ms)]
    u: f64,
    #[input(mV/ms)]
    i: f64,
}

impl Neuron for Izhikevich {
    /// Advances one neuron by `dt` (ms); returns its spikes.
    #[inline]
    fn step(&mut self, cx: &StepContext) -> Spikes {
        let spike = self.v >= 30.0;
        if spike {
            self.v = self.c;
            self.u += self.d;
        }
        let dv = 0.04 * self.v * self.v + 5.0 * self.v + 140.0 - self.u + self.i;
        let du = self.a * (self.b * self.v - self.u);
        self.v += cx.dt * dv;
        self.u += cx.dt * du;
        spike.into()
    }
}

network! {
    /// Regular and fast spiking neurons.
    pub struct Cortex<const N: usize = 50> {
        clock 0.1 ms;
        /// The strength of the current.
        param strength = 10 V/s;

        population rs: Izhikevich[1000] { d: 8 mV/ms, v: uniform(-0.07 V, -60 mV) };
        population fs: Izhikevich[N] { a: 0.1 / ms, d: 2 mV/ms };

        stimulus rs.i += steps [(0 mV/ms, 2 ms), (strength, 1 s)];
        stimulus fs.i[1..] += |t, i| t + i as f64;
        stimulus fs.i[0] = ramp(1 V/s, 2 mV/ms, 1 ms, 2 ms);
        stimulus fs.d *= pulses(2, 5 ms, 1 ms);

        record rs.spikes;
        record fs.spikes;
        record rs.v[0..4] every 1 ms;
        record current: fs.i;
        record fs.d[3] every 0.5 ms;
    }
}

network! {
    /// Neurons that differ.
    pub struct Spread {
        clock 0.1 ms;
        population chip: Izhikevich[20000] {
            a: mismatch(30 %, sigma_rule: 3),
            b: lognormal(200 / s, 0.1 / ms),
            c: normal(-65 mV, 10 mV, min: -0.07 V, max: -60 mV),
            d: mismatch(20 %),
            v: normal(-65 mV, 2 mV, min: -65 mV),
        };
    }
}

#[test]
fn neurons_deviate_as_they_are_told() {
    let build = |seed| Spread::builder().seed(seed).build().unwrap();
    let net = build(4);
    let of = |net: &Spread, field: &str| net.populations().chip.neurons().values(field).unwrap();
    // 20 000 draws: 5 standard errors, false alarms below 1e-6 each; the excess kurtosis widens that of a deviation.
    let check = |field: &str, mean: f64, deviation: f64, excess: f64| {
        let values = of(&net, field);
        let n = values.len() as f64;
        let m = values.iter().sum::<f64>() / n;
        let s = (values.iter().map(|x| (x - m).powi(2)).sum::<f64>() / n).sqrt();
        assert!((m - mean).abs() < 5.0 * deviation / n.sqrt(), "{field}: mean {m}");
        let error = ((2.0 + excess) / (4.0 * n)).sqrt();
        assert!((s / deviation - 1.0).abs() < 5.0 * error, "{field}: deviation {s}");
    };
    check("a", 0.02, 0.002, 0.0);
    check("d", 8.0, 1.6, 0.0);
    // Of a log-normal distribution with a coefficient of variation of 1/2: w^4 + 2 w^3 + 3 w^2 - 6, w = 5/4.
    check("b", 0.2, 0.1, 5.04);
    assert!(of(&net, "c").iter().all(|c| (-70.0..=-60.0).contains(c)));
    assert!(of(&net, "v").iter().all(|v| *v >= -65.0));
    assert_eq!(of(&net, "a"), of(&build(4), "a"));
    assert_ne!(of(&net, "a"), of(&build(5), "a"));
}

#[test]
fn program_4_is_the_plain_loop() {
    let mut net = <Cortex>::builder().seed(3).strength(9.0).set("strength", "9.5 mV/ms").unwrap().build().unwrap();
    let mut plain: Vec<Izhikevich> = (0..1000).map(|i| net.populations().rs.neurons().get(i).unwrap()).collect();
    assert!(plain.iter().all(|n| (-70.0..-60.0).contains(&n.v)));
    net.run(50.ms()).unwrap();
    let (mut spikes, mut samples) = (Vec::new(), Vec::new());
    for k in 0..500 {
        if k % 10 == 0 {
            samples.extend(plain[..4].iter().map(|n| n.v));
        }
        for (i, neuron) in plain.iter_mut().enumerate() {
            neuron.i = if k < 20 { 0.0 } else { 9.5 };
            let cx = StepContext { t: f64::from(k) / 10.0, dt: 0.1, index: i, spikes: 0 };
            if neuron.step(&cx).any() {
                spikes.push((k as u64, i as u32));
            }
        }
    }
    let records = net.records();
    assert!(spikes.len() > 1000);
    let train = records.rs.spikes;
    assert_eq!(train.steps().iter().copied().zip(train.ids().iter().copied()).collect::<Vec<_>>(), spikes);
    assert_eq!(records.rs.v.as_f64().unwrap().as_slice().unwrap(), samples);
    assert_eq!(records.trace("rs.v").unwrap().times()[..3], [0.0, 1.0, 2.0]);
    assert_eq!(records.rs.v.unit(), "mV");
    let current = records.current.values();
    assert_eq!(current[[10, 3]], 4.0, "a function of time and neuron");
    assert_eq!((current[[9, 0]], current[[20, 0]], current[[40, 0]]), (0.0, 1.5, 2.0));
    assert_eq!(records.fs.d.values().column(0).to_vec()[9..13], [2.0, 4.0, 4.0, 2.0]);
    assert!(net.summary().contains("Cortex: 1050 neurons, 50 ms in 500 steps"));
}

#[test]
fn seeds_and_populations_are_independent() {
    let run = |seed| {
        let mut net = Cortex::<5>::builder().seed(seed).build().unwrap();
        net.run(10.ms()).unwrap();
        net.values("rs", "v").unwrap()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    let mut other = <Cortex>::builder().seed(1).options(|o| o.sentinel = false).build().unwrap();
    other.stimulate("fs", "i", Stimulus::sine(1.0, 10.0, 0.0).by(Operator::Add)).unwrap();
    other.run(10.ms()).unwrap();
    assert_eq!(other.values("rs", "v").unwrap(), run(1), "another size of `fs` leaves `rs` alone");
}

/// A perfect integrator in either precision.
#[derive(Population, Clone)]
pub struct Integrator<S: Real = f64> {
    #[param(1 mV)]
    v_th: S,
    #[local(0.1 mV/ms)]
    drive: S,
    #[state(0 mV)]
    v: S,
}

impl<S: Real> Neuron for Integrator<S> {
    fn step(&mut self, cx: &StepContext) -> Spikes {
        self.v += S::of(cx.dt) * self.drive;
        let spike = self.v >= self.v_th;
        self.v = S::select(spike, S::of(0.0), self.v);
        spike.into()
    }
}

network! {
    struct Single {
        clock 1 ms;
        precision f32;
        population c: Integrator[3] { drive: [0.1 mV/ms, 0.5 V/s, 1 V/s], v_th: 0.002 V };
        record c.v;
        record c.spikes;
    }
}

#[test]
fn precision_f32() {
    let mut net = <Single>::builder().build().unwrap();
    net.run(4.ms()).unwrap();
    let v = net.records().c.v.as_f32().unwrap();
    assert_eq!(v.row(3).to_vec(), [0.1_f32 + 0.1 + 0.1, 1.5, 1.0]);
    assert_eq!(net.records().c.spikes.ids(), [2, 1, 2]);
}

#[cfg(feature = "plot")]
#[test]
fn spikes_are_drawn_as_a_raster() {
    let folder = std::env::temp_dir().join(format!("binnet-raster-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut net = <Cortex>::builder().build().unwrap();
    let file = folder.join("spikes.svg");
    assert!(
        plot::raster(&net.records().rs.spikes).save(&file).unwrap_err().to_string().contains("nothing was recorded")
    );
    net.run(20.ms()).unwrap();
    net.clear_records();
    net.run(30.ms()).unwrap();
    let spikes = net.records().rs.spikes;
    assert_eq!(spikes.span(), (20.ms(), 50.ms()));
    assert!(spikes.times().iter().all(|ms| (20.0..50.0).contains(ms)));
    plot::raster(&net.records().rs.spikes).save(&file).unwrap();
    assert!(std::fs::read_to_string(&file).unwrap().contains("Spikes of all 1000 neurons"));
    plot::raster(&[net.records().rs.spikes, net.records().fs.spikes]).save(folder.join("both.png")).unwrap();
    plot::lines([plot::Panel::of(net.records().rs.v).spikes(spikes.times())]).save(&file).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!([">v (mV)<", ">0<", ">3<"].iter().all(|part| text.contains(part)), "a line for each neuron");
    std::fs::remove_dir_all(&folder).unwrap();
}
