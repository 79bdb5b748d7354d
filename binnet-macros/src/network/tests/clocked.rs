//! Networks with a clock.

use super::errors;

/// A network with a clock and two populations of 100 and 50 neurons, with more items.
fn clocked(items: &str) -> String {
    errors(&format!("struct Net {{ clock 0.1 ms; population a: M[100]; population b: M[50] {{ v: 1 mV }}; {items} }}"))
}

#[test]
fn networks_with_a_clock() {
    assert_eq!(
        clocked(
            "precision f32; schedule [neurons, threshold, reset, deliver, record,]; param amount = 1 nA;
             population c: M[10] { v: uniform(-70 mV, -60 mV), tau_m: 20 ms, method: euler };
             population d: M[10] { v: normal(-70 mV, amount, min: -80 mV), u: normal(0, 1, max: 3, min: -3) };
             population e: M[10] { v: lognormal(5 mV, 1 mV), u: mismatch(20 %), w: mismatch(0.3, sigma_rule: 3) };
             record a.spikes; record b.spikes; record a.v[0..4] every 1 ms; record n: a.v[3]; record a.w[..];
             stimulus a.i += steps [(0 nA, 100 ms), (amount, 0.3 s), ([1 nA, amount], 1 ms)];
             stimulus a.i[..7] -= pulses(1 nA, 10 ms, 1 ms);
             stimulus a.tau_m *= ramp(1, 2, 0 ms, 10 ms);
             stimulus a.g /= |t, i| t + i as f64;
             stimulus a.i = sine(1 nA, 5 Hz, 0.5); stimulus a.i += 1 nA; stimulus a.i[..2] -= [1 nA, amount];
             stimulus b.i += ornstein_uhlenbeck(0 nA, 0.1 nA, 5 ms);
             stimulus b.i += Stimulus::rows(rows.clone());
             stimulus b.i += my_stimulus(3);
             stop when any(a.v > 20 mV);
             stop quiet: when all(b.v[..5] <= -65 mV) && (any(a.w < rust(3.0)) || any(b.spikes[0..2]));
             stop dear: when any(a.i >= amount);"
        ),
        ""
    );
    for (items, part) in [
        ("clock 1 ms;", "`clock` is said twice"),
        ("asynchronous;", "a network with a clock is not asynchronous"),
        ("precision f16;", "no precision `f16`"),
        ("precision f32; precision f64;", "`precision` is said twice"),
        ("schedule;", "the stages of a step stand here, in brackets\nhelp: write `schedule [record,"),
        ("schedule [1];", "the name of a stage stands here"),
        ("schedule [];", "`record`, `neurons`, `threshold`, `deliver` and `reset` missing in this order"),
        ("schedule [record, neurons, threshold, reset];", "`deliver` missing in this order\nhelp: write"),
        (
            "schedule [record, neurons, threshold, deliver, reset, reset];",
            "the stage `reset` is listed twice\nhelp: leave one of them out",
        ),
        ("schedule [record, neuron, threshold, deliver, reset];", "did you mean `neurons`?"),
        (
            "schedule [record, groups, threshold, deliver, reset];",
            "no stage `groups`\nhelp: what is `groups` in Brian2 is `neurons` here",
        ),
        (
            "schedule [threshold, neurons, record, deliver, reset];",
            "`threshold` stands apart from `neurons`, but it is tested as they advance\nhelp: write `neurons, threshold`",
        ),
        (
            "schedule [neurons, threshold, record, deliver, reset]; schedule [record];",
            "`schedule` is said twice\nhelp: leave",
        ),
        ("record flips;", "nothing to record named `flips` in a network with a clock\nhelp: write `record a.spikes;`"),
        ("record c.v;", "no population `c`"),
        ("record a.;", "the variable of `a` is missing"),
        ("record n: a;", "the variable of `a` is missing"),
        ("record a.v[0..101];", "`a[0..101]` reaches beyond the 100 neurons"),
        ("record a.v[100];", "`a[100..101]` reaches beyond"),
        ("record a.v[4..4];", "has no neurons"),
        ("record a.v[0..=4];", "ranges end before their last number"),
        ("record a.v every 0.25 ms;", "a period must be a multiple of the clock\nhelp: 0.2 or 0.3 ms?"),
        ("record a.v every 0 ms;", "a period must be a multiple of the clock\nhelp: write `every 0.1 ms`"),
        ("record a.v every 5 mV;", "a period is a time, `5 mV` is a voltage"),
        ("record a.v from 0.25 ms;", "a start must be a multiple of the clock\nhelp: 0.2 or 0.3 ms?"),
        ("record a.v during 5 ms..1 ms;", "the window ends before it begins"),
        ("record a.v during 5 ms;", "the end of the window is missing"),
        ("record a.v every 1 ms every 2 ms;", "`every` is said twice"),
        ("record mean(a.v);", "the `mean` needs a name\nhelp: write `record n: mean(a.v) ..`"),
        ("record n: meen(a.v);", "nothing to record named `meen`\nhelp: did you mean `mean`?"),
        ("record n: mean(a.spikes);", "spikes have no values"),
        ("record n: counts(a.v);", "this is of spikes, not of values"),
        ("record n: rate(a.spikes);", "the length of the bins is missing"),
        ("record n: histogram(a.v, 3);", "`histogram` is not written like this"),
        ("record n: autocorrelation(a.v);", "`autocorrelation` is not written like this"),
        ("record a.v onto 3;", "`a` is no projection"),
        (
            "projection p: a -> b { target: i, connect: fixed_prob(0.1), weight: 1 nA }; record p.w;",
            "have no equations",
        ),
        (
            "projection p: (a, b) -> b { synapse: S, target: i, connect: fixed_prob(0.1) }; record p.w;",
            "`p` is several projections",
        ),
        (
            "projection p: a -> b { synapse: S, target: i, connect: fixed_prob(0.1) }; record p.w[..5];",
            "how many synapses there are is known when they are drawn",
        ),
        ("record a.v[..5, ..5];", "`a` has one dimension"),
        ("population c: M[4, 5]; record c.v[..5, ..5];", "rows 0..5 of `c` reach beyond its 4"),
        (
            "population c: M[4, 5]; stimulus c.i[..5, ..2] += pulses(1 nA, 1 ms, 1 ms);",
            "rows 0..5 of `c` reach beyond its 4",
        ),
        ("record a.v always;", "`always` does not belong here"),
        ("record a.v; record a.v;", "`a.v` is recorded twice\nhelp: give one of them a name"),
        ("record a: b.v;", "`a` is declared twice"),
        ("stop any(a.v > 1 mV);", "`when` is missing here"),
        ("stop when some(a.v > 1 mV);", "of `any` or of `all` neurons, not `some`"),
        ("stop when any;", "`any` of what is missing"),
        ("stop when any(c.v > 1 mV);", "no population `c`"),
        ("stop when any(a.v == 1 mV);", "seldom equal to a number\nhelp: write `>`"),
        ("stop when any(a.v 1 mV);", "a comparison stands here"),
        ("stop when any(a.v);", "`a.v` is compared with nothing"),
        ("stop when any(a.v > [1 mV, 2 mV]);", "all neurons are compared with one limit"),
        ("stop when any(a.spikes > 3);", "a neuron has spiked in a step, or it has not"),
        ("stop when any(a.v[..101] > 1 mV);", "reaches beyond the 100 neurons"),
        ("stop when any(a.v > 1 mV) && all(d.spikes);", "no population `d`"),
        ("stop a: when any(a.spikes);", "`a` is declared twice"),
        ("stop when (any(a.spikes) any(b.spikes));", "the condition should have ended here"),
        ("stimulus a.i;", "an operator is missing here"),
        ("stimulus a.i += stops [(1, 2 ms)];", "no list `stops`\nhelp: did you mean `steps`?"),
        ("stimulus a.i += steps [1 nA];", "a value and its duration stand here"),
        ("stimulus a.i += steps [(1 nA)];", "the duration is missing here"),
        ("stimulus a.i += steps [(1 nA, 5 mV)];", "is a time, `5 mV` is a voltage"),
        ("stimulus a.i += pulse(1, 1 ms, 1 ms);", "no stimulus `pulse`\nhelp: did you mean `pulses`?"),
        ("stimulus a.i += pulses(1, 1 ms);", "`pulses` takes 3 values"),
        ("record es: a[10..20].spikes;", "the range stands behind the variable: `a.spikes[10..20]`"),
        ("stimulus a[..7].i += 1 nA;", "the range stands behind the variable"),
        ("record a.spikes\n record a.v;", "each item with `;`"),
        ("stimulus a.i *= pulses(1 nA, 1 ms, 1 ms);", "a factor is a pure number"),
        ("stimulus a.i += sine(1 nA, 5 ms, 0);", "this is a frequency"),
        ("population c: M[5] { method: eular };", "no method `eular`\nhelp: did you mean `euler`?"),
        ("population c: M[5] { method: 5 };", "a method is named by one word"),
        ("population c: M[5] { init: 1 };", "has no `init`"),
        ("source s: poisson(3);", "a source of a network with a clock has a number of channels"),
    ] {
        let message = clocked(items);
        assert!(message.contains(part), "{items}: {message}");
    }
    assert!(errors("struct N { clock; population a: M[1]; }").contains("a value is missing here"));
    assert!(errors("struct N { clock 0 ms; population a: M[1]; }").contains("a step must be above 0 ms"));
    assert!(
        errors("struct N { clock 3 mV; population a: M[1]; }").contains("the clock is a time, `3 mV` is a voltage")
    );
    assert!(errors("struct N { population a: M[1]; }").contains("write `asynchronous;` or `clock 0.1 ms;`"));
}

#[test]
fn projections_of_networks_with_a_clock() {
    assert_eq!(
        clocked(
            "const half = 50; param w = 6 nS; param late = [[1 ms, 2 ms], [3 ms, 4 ms]]; given m: [100][50];
             population grid: M[30, 40]; population c: M[10] in clusters[5]; population d: M[20] in clusters[5];
             source noise: poisson[100] { rate: 8 Hz }; source beat: regular[50] { rate: 0.04 / ms };
             projection noise -> a { connect: one_to_one, weight: w };
             projection beat[3..7] -> b[..4] { connect: one_to_one, weight: -w };
             projection (a, noise) -> (b, grid) { connect: poisson(rate()), weight: strength(), delay: delays.clone() };
             projection [a, b] -> [a, b] { connect: fixed_in_degree([[1, 2], [0.5, 3]]), weight: [[w, 2 nS], [normal(1 nS, 0.1 nS), |i, j| 1.0]],
                                           delay: late };
             projection [a, b] -> b { connect: fixed_prob([[0.1, 0.2]]), weight: m2, delay: [[1.5 ms, uniform(1 ms, 2 ms)]] };
             projection a -> b { connect: dense, weight: m };
             projection a[..half] -> b { connect: one_to_one(), weight: [1 nS, 2 nS], delay: 0 };
             projection grid[..5, 7] -> a { connect: all_to_all, weight: lognormal_of_my_own(3) };
             projection c -> d where other cluster { connect: fixed_prob(0.1, procedural: true), weight: 1 nS };
             projection e: a -> b { target: g, connect: Ring { k: 3 }, weight: 1 nS, delay: 0.3 ms };
             const k = 4; param j = 0.1 mV;
             record noise.spikes; record some: noise.spikes[..5];
             stimulus a.v += poisson_input(n: k, rate: 20 Hz, weight: -j);
             stimulus a.v += poisson_input(n: 10, rate: rate(3), weight: rust(w));
             projection [a, b] -> a { connect: fixed_out_degree([[k, 0.1]], multapses: false, autapses: true), weight: 1 nS };
             projection [a, b] -> a { connect: fixed_total_number([[100, k]]), weight: 1 nS };
             projection grid -> grid { connect: grid_four, weight: 1 nS };
             projection grid -> grid { connect: grid_n(k, periodic: true, centre: true), weight: 1 nS };
             projection grid -> a { connect: gaussian_prob(sigma: 0.1, normalised: false), weight: 1 nS };
             projection grid -> a { connect: dog(0.1, 0.2, w_n: 1, w_p: 2, w_min: 0.1), weight: 1 nS };
             projection a -> a { connect: small_world(k, 10 %, directed: false), weight: 1 nS };
             projection a -> a { connect: scale_free(3), weight: 1 nS };
             projection a -> a { connect: ring_of_my_own(3, autapses: true), weight: 1 nS };"
        ),
        ""
    );
    for (items, part) in [
        ("projection c -> a { connect: poisson(1) };", "no population `c`\nhelp: there is `a` or `b`"),
        ("projection a -> (a, a) { connect: poisson(1) };", "`a` is listed twice"),
        ("projection a -> [a[..5], a[..5]] { connect: poisson(1) };", "`a[..5]` is listed twice"),
        ("projection a -> b;", "this projection has no `connect`"),
        ("projection a -> b { taget: g, connect: poisson(1) };", "has no `taget`\nhelp: did you mean `target`?"),
        ("projection a -> b { connect: poisson(1), autapses: true };", "it belongs to the rule"),
        ("projection a -> b { target: 5, connect: poisson(1) };", "a target is the name of a field"),
        ("projection a -> b { connect: fixed_prob(1.2) };", "a probability lies in 0..=1, but this is 1.2"),
        ("projection a -> b { connect: one_to_one };", "sizes differ: 100 -> 50"),
        ("projection a[..20] -> b { connect: one_to_one };", "sizes differ: 20 -> 50"),
        ("projection a[..101] -> b { connect: all_to_all };", "`a[0..101]` reaches beyond the 100 neurons"),
        ("projection a[3..3] -> b { connect: all_to_all };", "has no neurons"),
        ("projection a[..3, ..3] -> b { connect: all_to_all };", "`a` has one dimension"),
        ("projection a[..3, ..3, 1] -> b { connect: all_to_all };", "one of rows and one of columns, stands here"),
        (
            "population g: M[3, 4]; projection g[..3, ..5] -> b { connect: all_to_all };",
            "columns 0..5 of `g` reach beyond its 4\nhelp: the last range is `..4`",
        ),
        ("population g: M[3, 4]; stop when any(g.v[1, 4] > 1 mV);", "columns 4..5 of `g` reach beyond its 4"),
        ("population g: M[3, 0];", "`g` has no neurons"),
        (
            "projection a -> b { connect: fixed_in_degree(3, procedural: true) };",
            "`fixed_in_degree` has no option `procedural`",
        ),
        ("projection a -> b { connect: poisson(1), delay: 5 mV };", "a delay is a time, `5 mV` is a voltage"),
        ("projection a -> b { connect: poisson(1), delay: 1 };", "a delay is a time, `1` is a pure number"),
        ("projection a -> b { connect: poisson(1), delay: -1 ms };", "a delay is not negative"),
        (
            "projection a -> b { connect: poisson(1), delay: 0.25 ms };",
            "a delay must be a multiple of the clock: 0.2 or 0.3 ms?",
        ),
        ("projection a -> b { connect: poisson(1), delay: 0.05 ms };", "a multiple of the clock: 0 or 0.1 ms?"),
        ("projection a -> (a, b) { connect: poisson(1), delay: [1 ms, 2 ms] };", "a delay is one value here"),
        ("projection a -> b { connect: poisson(1), weight: [[1 nS]] };", "goes with `connect: dense`"),
        (
            "projection [a] -> [a, b] { connect: poisson(1), weight: [[1 nS]] };",
            "the matrix is 1 x 1, the blocks are 2 x 1",
        ),
        ("projection a -> b { connect: poisson(1), weight: bernoulli(0.5) };", "a weight is not 0 or 1"),
        ("given m: [100][50]; projection a -> b { connect: poisson(1), weight: m };", "write `connect: dense`"),
        (
            "given m: [50][100]; projection a -> b { connect: dense, weight: m };",
            "`dense_post_pre` takes `w[post][pre]`",
        ),
        (
            "given m: [50][100]; projection a -> b { connect: all_to_all, delay: m };",
            "`m` is 50 x 100, but `a` x `b` is",
        ),
        (
            "projection a -> b { connect: all_to_all, delay: [[1 ms, 2 ms]] };",
            "`delay` is 1 x 2, but `a` x `b` is 100 x 50",
        ),
        ("projection a[0] -> b[..2] { connect: all_to_all, delay: [[1 ms, 2 mV]] };", "a delay is a time, `2 mV`"),
        ("param w = [[1, 2]]; projection a -> b { connect: poisson(1), weight: w };", "goes with `connect: dense`"),
        ("projection a -> b { connect: dense };", "`dense` needs the matrix as `weight`"),
        ("projection a -> b { connect: all_to_all, weight: 3 ** 2 nS };", "there is no `**`"),
        (
            "projection a -> b { connect: all_to_all, weight: gamma(1 nS, 0.5 nS) };",
            "this must be Rust\nhelp: distributions are `uniform`",
        ),
        ("projection a -> b { connect: all_to_all, weight: 3 nS delay: 1 ms };", "separate keys by commas"),
        ("projection a -> b where same cluster { connect: all_to_all };", "`a` has no clusters"),
        ("projection a[..5] -> b where same cluster { connect: all_to_all };", "a slice has no clusters"),
        ("projection a -> b { connect: ones_to_one };", "no connection rule `ones_to_one`"),
        (
            "projection a -> b { connect: fixed_out_degree(51, multapses: false) };",
            "51 different targets cannot be drawn",
        ),
        ("projection a -> b { connect: fixed_out_degree(-1) };", "an out-degree is not negative"),
        ("projection a -> b { connect: fixed_total_number(10.5) };", "is a whole number, but this is 10.5"),
        ("param n = 3; projection a -> b { connect: fixed_total_number(n) };", "but `n` is a real one"),
        ("projection a -> b { connect: grid_four };", "rows and columns differ: 1 x 100 -> 1 x 50"),
        ("population g: M[10, 10]; projection a -> g { connect: grid_n(1) };", "1 x 100 -> 10 x 10 (`a` -> `g`)"),
        ("population g: M[9, 9]; projection g[..3, ..] -> g[3..5, ..] { connect: grid_eight };", "3 x 9 -> 2 x 9"),
        ("projection a -> a { connect: grid_n(0) };", "a neighbourhood reaches at least 1"),
        ("projection a -> a { connect: grid_n(1, centr: true) };", "no option `centr`\nhelp: did you mean `centre`?"),
        ("projection a -> a { connect: gaussian_prob(0) };", "a width is above 0"),
        (
            "projection a -> a { connect: gaussian_prob() };",
            "takes one value\nhelp: write `connect: gaussian_prob(sigma)`",
        ),
        ("projection a -> a { connect: gaussian_prob(0.1, sigma: 0.2) };", "`sigma` is given twice"),
        ("projection a -> a { connect: gaussian_weight(0.1, 1) };", "takes 3 values"),
        ("projection a -> a { connect: dog(0.1, 0.2, 1, 2, w_min: -1) };", "the smallest weight is not negative"),
        ("projection a -> a { connect: small_world(3, 0.1) };", "their number is even"),
        (
            "projection a -> a { connect: small_world(100, 0.1) };",
            "100 neighbours for each neuron, but `a` has 100 neurons",
        ),
        ("projection a -> a { connect: small_world(4, 1.1) };", "a probability lies in 0..=1"),
        ("projection a -> b { connect: scale_free(3) };", "sizes differ: 100 -> 50"),
        ("projection a -> a { connect: scale_free(100) };", "100 edges for each neuron"),
        ("projection a -> a { connect: watts_strogatz(4, 0.1) };", "did you mean `small_world`?"),
        ("projection a -> a { connect: my_own(4, k: 3) };", "`my_own` is no word of the language"),
        ("projection p: a -> b { connect: all_to_all }; param p = 1;", "`p` is declared twice"),
    ] {
        let message = clocked(items);
        assert!(message.contains(part), "{items}: {message}");
    }
}

#[test]
fn sources_of_networks_with_a_clock() {
    for (items, part) in [
        ("source s: poisson[5];", "`s` has no `rate`\nhelp: write `poisson[..] { rate: 8 Hz }`"),
        ("source s: poissn[5] { rate: 8 Hz };", "no source `poissn`\nhelp: did you mean `poisson`?"),
        ("source s: poisson[0] { rate: 8 Hz };", "source `s` has no channels"),
        ("source s: poisson[] { rate: 8 Hz };", "the number of channels is missing"),
        (
            "source s: poisson[5] { rte_factor: 8 };",
            "a source `poisson` has no `rte_factor`\nhelp: did you mean `rate_factor`?",
        ),
        ("source s: poisson[5] { rate: 8 mV };", "a rate is a frequency, `8 mV` is a voltage"),
        ("source s: poisson[5] { rate: -8 Hz };", "a rate is not negative"),
        ("source s: regular[5] { rate: [8 Hz, 9 Hz] };", "a rate is one frequency here"),
        ("source s: poisson[5] { rate: 8 Hz, rate_factor: 2 };", "a function of the time in ms"),
        ("source s: spike_times[5] { spikes: 3 };", "spikes are pairs of a channel and a time"),
        ("source s: external[5] { rate: 3 Hz };", "counts are handed in"),
        ("source a: external[5];", "`a` is declared twice"),
        ("source s: external[5]; record s.v;", "nothing to record named `v` of the source `s`"),
        ("source s: external[5]; record s.spikes[..6];", "`s[0..6]` reaches beyond the 5 neurons"),
        ("source s: external[5]; record s.spikes; record s.spikes;", "`s.spikes` is recorded twice"),
        ("stimulus a.v += poisson_input(n: 1000, rate: 20 Hz);", "takes `n`, `rate` and `weight`"),
        ("stimulus a.v += poisson_input(1000, 20 Hz, 1 mV);", "`poisson_input` takes no value"),
        ("stimulus a.v -= poisson_input(n: 1000, rate: 20 Hz, weight: 1 mV);", "spikes are added"),
        ("stimulus a.v[..3] += poisson_input(n: 1000, rate: 20 Hz, weight: 1 mV);", "reaches all neurons"),
        ("stimulus a.v += poisson_input(n: 1.5, rate: 20 Hz, weight: 1 mV);", "is a whole number"),
        (
            "stimulus a.v += poisson_input(n: 10, rate: 20 ms, weight: 1 mV);",
            "a rate is a frequency, `20 ms` is a time",
        ),
        ("stimulus a.v += poisson_input(n: 10, rate: 20 Hz, weight: [1 mV]);", "the weight of all spikes is one"),
        ("stimulus a.v += poison_input(n: 10, rate: 20 Hz, weight: 1 mV);", "did you mean `poisson_input`?"),
        ("source s: external[5]; projection a -> s { connect: one_to_one };", "`s` is a source"),
    ] {
        let message = clocked(items);
        assert!(message.contains(part), "{items}: {message}");
    }
}
