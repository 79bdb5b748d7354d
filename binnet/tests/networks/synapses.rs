//! Synapses by equations: where their states are kept, what happens to them, and what is refused.

use binnet::models::synapses::{GapJunction, GradedGaba, NearestStdp, PairStdp, TsodyksMarkram};
use binnet::population::Model as _;
use binnet::prelude::*;
use binnet::synapse::{Kept, Reads, Synapse, SynapseStore};
use proptest::prelude::*;

/// Every pair of some neurons.
fn all_to_all<Y: Synapse>(model: Y, n_pre: usize, n_post: usize) -> binnet::synapse::SynapseStoreBuilder<Y> {
    let offsets = (0..=n_pre).map(|i| i * n_post).collect();
    let targets = (0..n_pre).flat_map(|_| 0..n_post as u32).collect();
    SynapseStore::builder(model, offsets, targets, n_post)
}

#[test]
fn states_are_kept_where_they_differ() {
    let stdp = all_to_all(PairStdp::<f64>::default(), 2, 3).build(0.1.ms()).unwrap();
    assert_eq!(stdp.kept("w"), Some(Kept::Synapse));
    assert_eq!(stdp.kept("apre"), Some(Kept::Pre));
    assert_eq!(stdp.kept("apost"), Some(Kept::Post));
    assert_eq!(stdp.kept("a_plus"), Some(Kept::Shared));
    assert_eq!(stdp.kept("b"), None);

    let build = |name: &str| all_to_all(TsodyksMarkram::<f64>::default(), 2, 3).values(name, vec![0.5; 6]);
    let depressing = build("w").unwrap().build(0.1.ms()).unwrap();
    // The weight only scales what is delivered.
    assert_eq!(depressing.kept("w"), Some(Kept::Synapse));
    assert_eq!(depressing.kept("u"), Some(Kept::Pre));
    assert_eq!(depressing.kept("x"), Some(Kept::Pre));
    // Where `u` starts from a value of its own, `x` follows from what differs.
    let depressing = build("u").unwrap().build(0.1.ms()).unwrap();
    assert_eq!((depressing.kept("u"), depressing.kept("x")), (Some(Kept::Synapse), Some(Kept::Synapse)));

    let graded = all_to_all(GradedGaba::<f64>::default(), 2, 3).build(0.1.ms()).unwrap();
    assert_eq!((graded.kept("s"), graded.kept("g")), (Some(Kept::Pre), Some(Kept::Shared)));
}

binnet::synapse! {
    /// Everything in one synapse, for comparison with a plain loop.
    struct Everything {
        param tau_u = 30 ms;
        param tau_a = 15 ms;
        local tau_b = 25 ms > 0 ms;
        local g = 2 nS;
        state u = 0.25;
        state goal = 0.5;
        state a = 0;
        state b = 1;
        state c = 0.1;
        state w = 0.5 in 0..=1;
        state n = 0;
        pre v: mV;
        post v: mV;

        let drop = post.v / 100 mV;
        du/dt = (goal - u) / tau_u;
        da/dt = -a / tau_a;
        db/dt = (g / 2 nS - b) / tau_b;
        dc/dt = (0.2 - c + 0.1 * pre.v / 1 mV) / 10 ms by heun;
        on pre {
            let step = 0.1 * (1 - u);
            u += step;
            goal = clip(goal + 0.01, 0, 1);
            deliver g * u * (b + drop) * w;
            b -= 0.2 * a;
            w -= 0.3 * a * c;
            n += 1;
        }
        on post {
            a += 0.5;
            w = w + if w > 0.5 { 0.1 } else { 0.3 } * b;
            b += 0.05 * u;
        }
    }
}

/// The same synapse by hand: all states of each synapse advance in each step.
#[derive(Clone)]
struct Plain {
    tau_b: f64,
    g: f64,
    u: f64,
    target: f64,
    a: f64,
    b: f64,
    c: f64,
    w: f64,
}

/// A field by its name, and how it is read.
type Field = (&'static str, fn(&Plain) -> f64);

impl Plain {
    fn advance(&mut self, dt: f64, pre_v: f64) {
        let relax = |x: &mut f64, to: f64, tau: f64| *x = to + (*x - to) * (-dt / tau).exp();
        relax(&mut self.u, self.target, 30.0);
        relax(&mut self.a, 0.0, 15.0);
        relax(&mut self.b, self.g / 2.0, self.tau_b);
        let slope = |c: f64| (0.2 - c + 0.1 * pre_v) / 10.0;
        let first = slope(self.c);
        self.c += dt / 2.0 * (first + slope(self.c + dt * first));
    }

    fn pre(&mut self, post_v: f64) -> f64 {
        self.u += 0.1 * (1.0 - self.u);
        self.target = (self.target + 0.01).clamp(0.0, 1.0);
        let delivered = self.g * self.u * (self.b + post_v / 100.0) * self.w;
        self.b -= 0.2 * self.a;
        self.w = (self.w - 0.3 * self.a * self.c).clamp(0.0, 1.0);
        delivered
    }

    fn post(&mut self) {
        self.a += 0.5;
        self.w = (self.w + if self.w > 0.5 { 0.1 } else { 0.3 } * self.b).clamp(0.0, 1.0);
        self.b += 0.05 * self.u;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Sparse updates of states that are kept once for a side are the updates of each synapse in each step.
    #[test]
    fn the_store_does_what_a_plain_loop_does(
        n_pre in 1_usize..5,
        n_post in 1_usize..40,
        seed in 0_u64..1000,
        each in any::<bool>(),
    ) {
        let mut random = seed;
        let mut draw = move || {
            // Steele, Lea & Flood (2014): SplitMix64.
            random = random.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (random ^ (random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (mut offsets, mut targets) = (vec![0], Vec::new());
        for _ in 0..n_pre {
            // With multapses.
            for post in 0..n_post as u32 {
                targets.extend(core::iter::repeat_n(post, (draw() * 2.5) as usize));
            }
            offsets.push(targets.len());
        }
        let n = targets.len();
        let sources: Vec<usize> = (0..n_pre).flat_map(|i| core::iter::repeat_n(i, offsets[i + 1] - offsets[i])).collect();
        let mut builder = SynapseStore::builder(Everything::<f64>::default(), offsets, targets.clone(), n_post);
        let stock = Plain { tau_b: 25.0, g: 2.0, u: 0.25, target: 0.5, a: 0.0, b: 1.0, c: 0.1, w: 0.5 };
        let mut plain = vec![stock; n];
        if each {
            let tau_b: Vec<f64> = (0..n).map(|_| 10.0 + 20.0 * draw()).collect();
            let g: Vec<f64> = (0..n).map(|_| draw()).collect();
            plain.iter_mut().zip(&tau_b).for_each(|(synapse, tau)| synapse.tau_b = *tau);
            plain.iter_mut().zip(&g).for_each(|(synapse, g)| synapse.g = *g);
            builder = builder.values("tau_b", tau_b).unwrap().values("g", g).unwrap();
        }
        let mut store = builder.build(0.5.ms()).unwrap();
        prop_assert_eq!(store.kept("u"), Some(Kept::Pre));
        prop_assert_eq!(store.kept("a"), Some(Kept::Post));
        prop_assert_eq!(store.kept("b"), Some(Kept::Synapse));
        prop_assert_eq!(store.kept("c"), Some(Kept::Pre));
        for step in 0..120 {
            let pre_v: Vec<f64> = (0..n_pre).map(|_| draw()).collect();
            let post_v: Vec<f64> = (0..n_post).map(|_| 20.0 * draw()).collect();
            let reads = Reads { pre: &[&pre_v], post: &[&post_v] };
            store.tick(step, reads).unwrap();
            for (synapse, own) in plain.iter_mut().enumerate() {
                own.advance(0.5, pre_v[sources[synapse]]);
            }
            for pre in (0..n_pre).filter(|_| draw() < 0.2).collect::<Vec<_>>() {
                let mut seen = Vec::new();
                store.pre_spike(step, pre, reads, |synapse, target, delivered| seen.push((synapse, target, delivered))).unwrap();
                let row: Vec<_> = (0..n).filter(|&synapse| sources[synapse] == pre).collect();
                prop_assert_eq!(seen.len(), row.len());
                for ((synapse, target, delivered), expected) in seen.into_iter().zip(row) {
                    prop_assert_eq!((synapse, target), (expected, targets[expected]));
                    let own = plain[synapse].pre(post_v[target as usize]);
                    prop_assert!((own - delivered).abs() < 1e-12, "{} {}", own, delivered);
                }
            }
            for post in (0..n_post).filter(|_| draw() < 0.2).collect::<Vec<_>>() {
                store.post_spike(step, post, reads).unwrap();
                let incoming = (0..n).filter(|&synapse| targets[synapse] as usize == post);
                incoming.for_each(|synapse| plain[synapse].post());
            }
            if step % 10 == 9 {
                let fields: [Field; 6] =
                    [("u", |s| s.u), ("goal", |s| s.target), ("b", |s| s.b), ("c", |s| s.c), ("w", |s| s.w), ("g", |s| s.g)];
                for (name, read) in fields {
                    for (own, plain) in store.values(name, step + 1).unwrap().iter().zip(&plain) {
                        prop_assert!((own - read(plain)).abs() < 1e-12, "{} {} {}", name, own, read(plain));
                    }
                }
                // Neurons without synapses have a trace that no synapse sees.
                for (own, plain) in store.values("a", step + 1).unwrap().iter().zip(&plain) {
                    prop_assert!((own - plain.a).abs() < 1e-12);
                }
            }
        }
    }
}

#[test]
fn single_precision_follows_double() {
    fn run<S: Real>() -> Vec<f64>
    where
        PairStdp<S>: Synapse<S = S>,
    {
        let mut store = all_to_all(PairStdp::<S>::default(), 3, 20).build(0.1.ms()).unwrap();
        for step in (0..5000).step_by(37) {
            store.pre_spike(step, (step % 3) as usize, Reads::NONE, |_, _, _| {}).unwrap();
            store.post_spike(step + 5, (step % 20) as usize, Reads::NONE).unwrap();
        }
        store.values("w", 5000).unwrap()
    }
    let (double, single) = (run::<f64>(), run::<f32>());
    assert!(double.iter().any(|w| (w - 0.5).abs() > 0.01));
    for (a, b) in double.iter().zip(single) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
}

#[test]
fn nearest_spikes_count_once() {
    let mut store = all_to_all(NearestStdp::<f64>::default(), 1, 1).build(1.ms()).unwrap();
    for step in [0, 1, 2] {
        store.pre_spike(step, 0, Reads::NONE, |_, _, _| {}).unwrap();
    }
    store.post_spike(12, 0, Reads::NONE).unwrap();
    let expected = 0.5 + 0.01 * (-10.0_f64 / 20.0).exp();
    assert!((store.value("w", 0, 13).unwrap() - expected).abs() < 1e-15);
}

#[test]
fn junctions_carry_what_is_between_the_potentials() {
    let store = all_to_all(GapJunction::<f64>::default(), 2, 2).values("g", vec![0.0, 1.0, 2.0, 0.0]).unwrap();
    let mut store = store.build(0.1.ms()).unwrap();
    let v = [-50.0, -70.0];
    let mut i = [0.0; 2];
    store.continuous(0, Reads { pre: &[&v], post: &[&v] }, |_, target, x| i[target as usize] += x).unwrap();
    assert_eq!(i, [-40.0, 20.0]);
}

/// Clocks of synapses are narrow; the store renews them in time.
#[test]
fn long_silence_is_no_wrap_around() {
    binnet::synapse! {
        struct Slow {
            local tau = 100 s;
            state y = 0;
            dy/dt = (1 - y) / (100000 * tau);
            on pre { deliver y * 1 nS; y = 0; }
            on post { y = 0.5; }
        }
    }
    let mut store = all_to_all(Slow::<f64>::default(), 1, 2).build(1.ms()).unwrap();
    store.post_spike(0, 0, Reads::NONE).unwrap();
    let late = 10_000_000_000_u64; // steps of 1 ms: one time constant
    let expected = 1.0 - 0.5 * (-1.0_f64).exp();
    let mut delivered = Vec::new();
    let mut copy = store.clone();
    copy.pre_spike(late, 0, Reads::NONE, |_, _, x| delivered.push(x)).unwrap();
    assert!((delivered[0] - expected).abs() < 1e-9 && (delivered[1] - 1.0 + (-1.0_f64).exp()).abs() < 1e-9);
    // The same in one go as with a renewal on the way.
    store.post_spike(late / 2, 1, Reads::NONE).unwrap();
    store
        .pre_spike(late, 0, Reads::NONE, |_, target, x| {
            if target == 0 {
                assert!((x - expected).abs() < 1e-9, "{x}");
            }
        })
        .unwrap();
    assert_eq!(store.value("y", 0, late + 1).unwrap(), 0.0);
}

#[test]
fn parameters_hold_from_when_they_are_set() {
    let mut store = all_to_all(PairStdp::<f64>::default(), 1, 1).build(1.ms()).unwrap();
    store.pre_spike(0, 0, Reads::NONE, |_, _, _| {}).unwrap();
    store.set_param("tau_plus", 10.0, 21).unwrap();
    let expected = (-20.0_f64 / 20.0 - 5.0 / 10.0).exp();
    assert!((store.value("apre", 0, 26).unwrap() - expected).abs() < 1e-15);
    store.set_values("w", &[0.9], 26).unwrap();
    assert_eq!(store.value("w", 0, 26).unwrap(), 0.9);
    for (problem, error) in [
        ("below", store.set_param("tau_plus", 0.0, 26)),
        ("no", store.set_param("w", 1.0, 26)),
        ("unknown", store.set_param("tau_plsu", 1.0, 26)),
        ("kept", store.set_values("apre", &[0.0], 26)),
        ("count", store.set_values("w", &[0.0; 2], 26)),
        ("finite", store.set_values("w", &[f64::NAN], 26)),
    ] {
        let text = error.expect_err(problem).to_string();
        assert!(text.len() > 20, "{text}");
    }
}

#[test]
fn contradictions_are_refused() {
    let build = |offsets: &[usize], targets: &[u32]| {
        let store = SynapseStore::builder(TsodyksMarkram::<f64>::default(), offsets.to_vec(), targets.to_vec(), 2);
        store.build(0.1.ms()).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(build(&[0, 2], &[0, 1]), Ok(()));
    assert_eq!(build(&[0], &[]), Ok(()));
    for (offsets, targets, word) in [
        (&[][..], &[][..], "rows"),
        (&[0, 1], &[0, 1], "rows"),
        (&[1, 2], &[0, 1], "rows"),
        (&[0, 2, 1, 2], &[0, 1], "rows"),
        (&[0, 2], &[0, 2], "target 2"),
        (&[0, 2], &[1, 0], "order"),
    ] {
        let text = build(offsets, targets).unwrap_err();
        assert!(text.contains(word) && text.contains("help: "), "{text}");
    }
    let with = |model: TsodyksMarkram| {
        SynapseStore::builder(model, vec![0, 1], vec![0], 1).build(0.1.ms()).map(drop).map_err(|e| e.to_string())
    };
    let text = with(TsodyksMarkram { tau_f: -1.0, ..TsodyksMarkram::default() }).unwrap_err();
    assert!(text.contains("`tau_f` of `TsodyksMarkram` is -1 ms") && text.contains("above 0 ms"), "{text}");
    assert!(with(TsodyksMarkram { w: f64::NAN, ..TsodyksMarkram::default() }).is_err());
    let builder = || SynapseStore::builder(TsodyksMarkram::<f64>::default(), vec![0, 1], vec![0], 1);
    assert!(builder().build(0.ms()).is_err());
    assert!(builder().values("u_0", vec![0.1]).is_err(), "a parameter");
    assert!(builder().values("w", vec![0.1; 2]).is_err(), "too many");
    assert!(builder().initial("w", 0.1).is_err(), "no state");
    let text = builder().values("ww", vec![0.1]).unwrap_err().to_string();
    assert!(text.contains('w') && text.contains('x'), "{text}");
    let mut store = builder().build(0.1.ms()).unwrap();
    assert!(store.value("u", 1, 0).is_err() && store.value("z", 0, 0).is_err());
    // What is read must be there, for all neurons.
    let rows = SynapseStore::builder(GapJunction::<f64>::default(), vec![0, 1, 2], vec![1, 0], 2);
    let mut junctions = rows.build(0.1.ms()).unwrap();
    let v = [1.0, 2.0];
    for (reads, what) in [
        (Reads { pre: &[&v[..1]], post: &[&v[..]] }, "pre.v"),
        (Reads { pre: &[&v[..]], post: &[&[]] }, "post.v"),
        (Reads { pre: &[&v[..]], post: &[] }, "post.v"),
    ] {
        let text = junctions.continuous(0, reads, |_, _, _| panic!("nothing is delivered")).unwrap_err().to_string();
        assert!(text.contains(&format!("the values of `{what}` for `GapJunction`")), "{text}");
    }
    junctions.tick(0, Reads::NONE).unwrap();
    junctions.pre_spike(0, 0, Reads::NONE, |_, _, _| {}).unwrap();
    // Neurons that do not exist have no synapses.
    store.pre_spike(0, 7, Reads::NONE, |_, _, _| panic!("nothing to deliver")).unwrap();
    store.post_spike(0, 7, Reads::NONE).unwrap();
}

#[test]
fn states_start_where_their_parameters_say() {
    let model = TsodyksMarkram::<f64> { u_0: 0.2, ..TsodyksMarkram::default() };
    let store = all_to_all(model.clone(), 1, 2).build(0.1.ms()).unwrap();
    assert_eq!(store.values("u", 0).unwrap(), [0.2, 0.2]);
    let store = all_to_all(model, 1, 2).initial("u", 0.7).unwrap().build(0.1.ms()).unwrap();
    assert_eq!(store.values("u", 0).unwrap(), [0.7, 0.7]);
    binnet::synapse! {
        struct Follows {
            local w = 2 nS;
            state y = w / 4 nS;
            dy/dt = -y / 10 ms;
            on pre { deliver w * y; y += 1; }
        }
    }
    let store =
        all_to_all(Follows::<f64>::default(), 1, 2).values("w", vec![1.0, 4.0]).unwrap().build(0.1.ms()).unwrap();
    assert_eq!(store.values("y", 0).unwrap(), [0.25, 1.0]);
}

#[test]
fn equations_as_text() {
    let text = PairStdp::equations();
    assert!(
        text.markdown()
            .contains("on pre: deliver g_max * w; apre += 1; w -= a_minus * (1 - mu_minus * (1 - w)) * apost"),
        "{text}"
    );
    assert!(text.latex().contains(r"\text{on post: }"), "{}", text.latex());
    assert!(
        text.explain().contains("dapre/dt = -(apre / tau_plus)   [1/ms], exactly from event to event"),
        "{}",
        text.explain()
    );
    assert!(text.explain().contains("changed by: on pre, on post; follows from: apre, apost"), "{}", text.explain());
    let text = GradedGaba::equations();
    assert!(text.markdown().contains("in each step: deliver g * s * (e - post.v)"), "{text}");
    assert!(text.markdown().contains("| `pre.v` | read |  | mV |"), "{text}");
    assert!(text.explain().contains("with the clock, by exponential_euler"), "{}", text.explain());
    // mS/cm2 times mV: uA/cm2.
    assert!((GradedGaba::<f64>::DELIVERED.scale / 1e-2 - 1.0).abs() < 1e-12);
    assert_eq!(TsodyksMarkram::<f64>::FIELDS.len(), 6);
}
