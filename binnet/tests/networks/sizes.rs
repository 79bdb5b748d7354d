//! Sizes that are known when a network is built.

use binnet::prelude::*;

neuron! {
    /// Leaky integrate-and-fire neuron with two kinds of synapses.
    struct Lif {
        param tau = 20 ms;
        param tau_syn = 5 ms;
        param v_th = -50 mV;
        local v_rest = -49 mV;
        state v = -60 mV;
        state u = 0 mV;
        du/dt = -u / tau_syn;
        dv/dt = (v_rest - v + u) / tau;
        spike when v > v_th { v = -60 mV; refractory 5 ms holding v; }
    }
}

network! {
    struct Fixed {
        clock 0.1 ms;
        population e: Lif[300] { v: uniform(-60 mV, -50 mV), v_rest: normal(-49 mV, 0.5 mV) };
        population i: Lif[75]  { v: uniform(-60 mV, -50 mV) };
        population g: Lif[6, 5] { v: -55 mV };
        source noise: poisson[300] { rate: 50 Hz };
        projection e -> (e, i) { target: u, connect: fixed_prob(0.1), weight: 1.62 mV };
        projection i -> (e, i) { target: u, connect: fixed_prob(0.1), weight: -9 mV, delay: 1 ms };
        projection noise -> e  { target: u, connect: one_to_one, weight: 0.3 mV };
        projection e[0..30] -> g { target: u, connect: one_to_one, weight: 1 mV };
        projection g[..5, ..5] -> i[0..25] { target: u, connect: one_to_one, weight: 1 mV };
        record e.spikes;
        record i.spikes;
        record g.v[0..30] every 1 ms;
    }
}

network! {
    struct Sized {
        clock 0.1 ms;
        /// Excitatory neurons.
        size n_e = 300;
        size rows = 6;
        population e: Lif[n_e]     { v: uniform(-60 mV, -50 mV), v_rest: normal(-49 mV, 0.5 mV) };
        population i: Lif[n_e / 4] { v: uniform(-60 mV, -50 mV) };
        population g: Lif[rows, 5] { v: -55 mV };
        source noise: poisson[n_e] { rate: 50 Hz };
        projection e -> (e, i) { target: u, connect: fixed_prob(0.1), weight: 1.62 mV };
        projection i -> (e, i) { target: u, connect: fixed_prob(0.1), weight: -9 mV, delay: 1 ms };
        projection noise -> e  { target: u, connect: one_to_one, weight: 0.3 mV };
        projection e[0..5 * rows] -> g { target: u, connect: one_to_one, weight: 1 mV };
        projection g[..5, ..5] -> i[0..25] { target: u, connect: one_to_one, weight: 1 mV };
        record e.spikes;
        record i.spikes;
        record g.v[0..5 * rows] every 1 ms;
    }
}

#[test]
fn sizes_at_run_time_give_the_same_bits() -> binnet::Result<()> {
    let mut fixed = Fixed::builder().seed(3).build()?;
    let mut sized = Sized::builder().seed(3).build()?;
    fixed.run(200.ms())?;
    sized.run(200.ms())?;
    for population in ["e", "i"] {
        let (a, b) = (fixed.records(), sized.records());
        let (a, b) = (a.spikes(population)?, b.spikes(population)?);
        assert!(a.len() > 100, "{population} is silent");
        assert_eq!((a.ids(), a.steps()), (b.ids(), b.steps()), "{population}");
    }
    assert_eq!(fixed.records().trace("g.v")?.values(), sized.records().trace("g.v")?.values());
    assert_eq!(fixed.values("e", "v")?, sized.values("e", "v")?);
    Ok(())
}

#[test]
fn a_size_is_a_parameter_of_the_builder() -> binnet::Result<()> {
    let net = Sized::builder().n_e(500).set("rows", "7")?.build()?;
    let sizes = [("e", 500), ("i", 125), ("g", 35)];
    for (name, size) in sizes {
        assert_eq!(net.values(name, "v")?.len(), size, "{name}");
    }
    assert_eq!(net.populations().g.neurons().len(), 35);
    assert_eq!(net.populations().e.neurons().v.len(), 500);
    let info = <Sized as binnet::network::Network>::INFO.params;
    assert_eq!((info[0].name, info[0].unit, info[0].doc), ("n_e", "1", "Excitatory neurons."));
    Ok(())
}

#[test]
fn what_does_not_fit_is_said_when_building() {
    let error = |builder: SizedBuilder| builder.build().unwrap_err().to_string();
    // Fewer neurons than the slice, none at all, and ends that differ.
    assert!(error(Sized::builder().n_e(20)).contains("30"), "{}", error(Sized::builder().n_e(20)));
    let none = error(Sized::builder().n_e(3));
    assert!(none.contains("`i`") && none.contains("0 neurons"), "{none}");
    let grid = error(Sized::builder().rows(4));
    assert!(grid.contains("rows") && grid.contains('4'), "{grid}");
    let text = Sized::builder().set("n_e", "3.5").unwrap_err().to_string();
    assert!(text.contains("whole number"), "{text}");
    assert!(error(Sized::builder().n_e(usize::MAX)).contains("neurons"), "no allocation of that many");
}

network! {
    struct BinaryFixed {
        asynchronous;
        population e: Binary[400] in clusters[4] { threshold: uniform(0.4, 0.6), tau: 10 ms, init: bernoulli(0.2) };
        population i: Binary[100] { threshold: 0.5, tau: 5 ms, init: bernoulli(0.2) };
        projection e -> e where same cluster { connect: fixed_prob(0.4), weight: 0.03 };
        projection e -> i { connect: fixed_in_degree(40), weight: 0.05 };
        projection i -> (e, i) { connect: fixed_prob(0.2), weight: -0.1 };
        source drive: constant(1);
        projection drive -> (e, i) { weight: 0.4 };
        record flips;
    }
}

network! {
    struct BinarySized {
        asynchronous;
        const half = 50;
        size n = 400;
        population e: Binary[n] in clusters[4] { threshold: uniform(0.4, 0.6), tau: 10 ms, init: bernoulli(0.2) };
        population i: Binary[2 * half] { threshold: 0.5, tau: 5 ms, init: bernoulli(0.2) };
        projection e -> e where same cluster { connect: fixed_prob(0.4), weight: 0.03 };
        projection e -> i { connect: fixed_in_degree(40), weight: 0.05 };
        projection i -> (e, i) { connect: fixed_prob(0.2), weight: -0.1 };
        source drive: constant(1);
        projection drive -> (e, i) { weight: 0.4 };
        record flips;
    }
}

#[test]
fn binary_networks_too() -> binnet::Result<()> {
    let mut fixed = BinaryFixed::builder().seed(5).build()?;
    let mut sized = BinarySized::builder().seed(5).build()?;
    fixed.run(100.ms())?;
    sized.run(100.ms())?;
    let (a, b) = (fixed.log()?, sized.log()?);
    assert!(a.len() > 100, "{}", a.len());
    assert_eq!(a.len(), b.len());
    assert!(a.iter().eq(b.iter()));
    let uneven = BinarySized::builder().n(402).build().unwrap_err().to_string();
    assert!(uneven.contains("402") && uneven.contains('4'), "{uneven}");
    assert!(BinarySized::builder().n(30).build().is_err(), "fewer than the in-degree");
    Ok(())
}
