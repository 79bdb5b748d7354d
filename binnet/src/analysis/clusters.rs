//! All statistics of a clustered E/I network, from one trace.

use ndarray::{ArrayView2, Axis, s};

use super::{
    Autocorrelation, Hysteresis, Moments, Spells, Trace, TraceError, histogram, mean_pairwise_correlation, quantile,
};

/// Sizes and time constants of a clustered network: excitatory neurons first, then inhibitory ones,
/// each split into equal clusters of consecutive neurons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Excitatory neurons.
    pub n_e: usize,
    /// Inhibitory neurons.
    pub n_i: usize,
    /// Clusters.
    pub clusters: usize,
    /// Mean update interval of an excitatory neuron, in ms.
    pub tau_e: f64,
    /// Mean update interval of an inhibitory neuron, in ms.
    pub tau_i: f64,
}

impl Layout {
    /// The time that one update stands for, in ms: `1 / (N_E / tau_E + N_I / tau_I)`.
    #[must_use]
    pub fn ms_per_update(&self) -> f64 {
        1.0 / (self.n_e as f64 / self.tau_e + self.n_i as f64 / self.tau_i)
    }

    /// The number of updates nearest to one ms, at least 1.
    #[must_use]
    pub fn stride(&self) -> u64 {
        ((1.0 / self.ms_per_update()).round_ties_even() as u64).max(1)
    }

    /// The first neuron of each cluster, all excitatory ones first, and the number of neurons.
    #[must_use]
    pub fn edges(&self) -> Vec<usize> {
        let q = self.clusters.max(1);
        let excitatory = (0..=q).map(|c| c * (self.n_e / q));
        excitatory.chain((1..=q).map(|c| self.n_e + c * (self.n_i / q))).collect()
    }

    /// The share of updates that excitatory neurons get on average.
    #[must_use]
    pub fn share_e(&self) -> f64 {
        self.n_e as f64 / self.tau_e * self.ms_per_update()
    }

    fn check(&self, neurons: usize) -> Result<(), TraceError> {
        let sizes = [self.n_e, self.n_i];
        let divisible = self.clusters > 0 && sizes.iter().all(|n| n.is_multiple_of(self.clusters));
        let timed = [self.tau_e, self.tau_i].iter().all(|tau| tau.is_finite() && *tau > 0.0);
        if divisible && timed && self.n_e > 0 && self.n_i > 0 && self.n_e + self.n_i == neurons {
            return Ok(());
        }
        Err(TraceError::Populations {
            populations: format!("{self:?}"),
            neurons,
            help: "both types have neurons, which the clusters divide and which add up to all there are; tau is positive",
        })
    }
}

/// The active shares of single neurons over a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeuronMeans {
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation over neurons.
    pub deviation: f64,
    /// Their quantiles at 5, 25, 50, 75 and 95 %.
    pub quantiles: [f64; 5],
}

/// Statistics of a clustered E/I network. Rates are active shares, sampled once in about a ms; a
/// cluster counts as high where its rate exceeds 0.3, and "cluster" means its excitatory part.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterStatistics {
    /// Updates covered.
    pub updates: u64,
    /// Updates from one sample to the next.
    pub stride: u64,
    /// Samples.
    pub samples: usize,
    /// The time of one update, in ms.
    pub ms_per_update: f64,
    /// Mean rate of E, I over clusters and samples.
    pub rate: [f64; 2],
    /// Standard deviation over samples of the rate of E, I.
    pub rate_deviation: [f64; 2],
    /// Share of updates that hit E; counted if the trace tells all updates, else expected.
    pub share_of_updates_e: f64,
    /// Share of updates that changed the state.
    pub flip_fraction: f64,
    /// The same among updates of E, I neurons.
    pub flip_fraction_by_type: [f64; 2],
    /// Active shares of single E, I neurons.
    pub neuron_means: [NeuronMeans; 2],
    /// Standard deviation of cluster rates over samples and clusters.
    pub cluster_rate_deviation: f64,
    /// [`Moments::bimodality`] of cluster rates.
    pub bimodality: Option<f64>,
    /// Shares of cluster rates in 20 bins on 0..=1.
    pub cluster_rate_histogram: Vec<f64>,
    /// Mean of the cluster rates that are high.
    pub high_mean: Option<f64>,
    /// Mean of the cluster rates that are not.
    pub low_mean: Option<f64>,
    /// Share of cluster rates that are high.
    pub high_share: f64,
    /// Share of samples with 0, 1, 2, ... high clusters.
    pub active_count_histogram: Vec<f64>,
    /// Mean number of high clusters.
    pub active_count_mean: f64,
    /// Lag at which the autocorrelation of cluster rates falls below 1/e, in ms; `None` if it does
    /// not within a quarter of the samples or 4000 of them.
    pub autocorrelation_time_ms: Option<f64>,
    /// The autocorrelation of cluster rates at lags 1, 2, 5, 10, ... 1000 samples.
    pub autocorrelation: Vec<(usize, Option<f64>)>,
    /// Mean correlation of the rates of two clusters.
    pub cross_cluster_correlation: Option<f64>,
    /// Mean duration of an active spell of a cluster, in ms; see [`Spells`].
    pub dwell_ms: Option<f64>,
    /// Active spells of clusters.
    pub spells: Spells,
    /// Beginnings of an active spell, per cluster and second.
    pub entries_per_cluster_per_s: f64,
}

/// A cluster whose rate exceeds this is high.
const HIGH: f64 = 0.3;
const BINS: usize = 20;
const LAGS: [usize; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MOST_LAGS: usize = 4000;
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Computes all statistics of a clustered network.
///
/// Two of them need to know how often each type was updated. A trace made of flips alone does not
/// tell; the expected share then takes the place of the counted one.
///
/// # Errors
/// If the layout does not fit the neurons of the trace, or the trace has no updates.
pub fn cluster_statistics(trace: &Trace, layout: &Layout) -> Result<ClusterStatistics, TraceError> {
    let neurons = trace.initial().len();
    layout.check(neurons)?;
    if trace.updates() == 0 {
        let help = "statistics need a trace with updates";
        return Err(TraceError::Populations { populations: format!("{layout:?} without updates"), neurons, help });
    }
    let (q, n_e) = (layout.clusters, layout.n_e);
    let (stride, ms_per_update) = (layout.stride(), layout.ms_per_update());
    let ms = stride as f64 * ms_per_update;
    let rates = trace.rates(&layout.edges(), stride)?;
    let (e, i) = (rates.slice(s![.., ..q]), rates.slice(s![.., q..]));
    let samples = e.nrows();

    let pooled: Vec<f64> = e.iter().copied().collect();
    let moments = Moments::of(pooled.iter().copied());
    let (high, low): (Vec<f64>, Vec<f64>) = pooled.iter().partition(|rate| **rate > HIGH);
    let mean = |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);

    let mut active = vec![0_usize; q + 1];
    for row in e.rows() {
        active[row.iter().filter(|rate| **rate > HIGH).count()] += 1;
    }
    let active_count_histogram: Vec<f64> = active.iter().map(|n| *n as f64 / samples as f64).collect();
    let active_count_mean = (0_u32..).zip(&active_count_histogram).map(|(n, share)| f64::from(n) * share).sum();

    let lags = MOST_LAGS.min(samples / 4);
    let correlation = Autocorrelation::new(e);
    let spells = Spells::of(e, &Hysteresis::default());

    let updates = trace.updates();
    let updates_e = trace.updates_of(0..n_e).map_or(layout.share_e() * updates as f64, |n| n as f64);
    let flips_e = trace.flips_of(0..n_e) as f64;
    let flips = trace.flips().len() as f64;
    let means = trace.neuron_means();

    Ok(ClusterStatistics {
        updates,
        stride,
        samples,
        ms_per_update,
        rate: [mean_of(e), mean_of(i)],
        rate_deviation: [deviation_over_time(e), deviation_over_time(i)],
        share_of_updates_e: updates_e / updates as f64,
        flip_fraction: flips / updates as f64,
        flip_fraction_by_type: [flips_e / updates_e, (flips - flips_e) / (updates as f64 - updates_e)],
        neuron_means: [neuron_means(&means[..n_e]), neuron_means(&means[n_e..])],
        cluster_rate_deviation: moments.deviation(),
        bimodality: moments.bimodality(),
        cluster_rate_histogram: histogram(&pooled, BINS, 0.0, 1.0),
        high_mean: mean(&high),
        low_mean: mean(&low),
        high_share: high.len() as f64 / pooled.len() as f64,
        active_count_histogram,
        active_count_mean,
        autocorrelation_time_ms: correlation.decay(lags).map(|lag| lag * ms),
        autocorrelation: LAGS.iter().filter(|lag| **lag <= lags).map(|lag| (*lag, correlation.at(*lag))).collect(),
        cross_cluster_correlation: mean_pairwise_correlation(e),
        dwell_ms: spells.dwell().map(|dwell| dwell * ms),
        spells,
        entries_per_cluster_per_s: spells.entries as f64 / (q as f64 * samples as f64 * ms * 1e-3),
    })
}

fn mean_of(rates: ArrayView2<'_, f64>) -> f64 {
    rates.sum() / rates.len() as f64
}

fn deviation_over_time(rates: ArrayView2<'_, f64>) -> f64 {
    let over_clusters = rates.sum_axis(Axis(1)) / rates.ncols() as f64;
    Moments::of(over_clusters.iter().copied()).deviation()
}

fn neuron_means(means: &[f64]) -> NeuronMeans {
    let moments = Moments::of(means.iter().copied());
    let mut sorted = means.to_vec();
    sorted.sort_by(f64::total_cmp);
    NeuronMeans {
        mean: moments.mean,
        deviation: moments.deviation(),
        quantiles: QUANTILES.map(|q| quantile(&sorted, q).unwrap_or(f64::NAN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout = Layout { n_e: 24, n_i: 12, clusters: 3, tau_e: 10.0, tau_i: 5.0 };

    /// Three clusters that take turns in being active, drawn with a generator that any language has.
    fn example() -> (Vec<u32>, Vec<i8>) {
        let (mut x, mut states) = (1_u64, [0_i8; 36]);
        let update = |t: usize| {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let neuron = ((x >> 33) % 36) as usize;
            let cluster = if neuron < 24 { neuron / 8 } else { (neuron - 24) / 4 };
            let percent = if (t / 400 + cluster).is_multiple_of(3) { 60 } else { 15 };
            let new = i8::from((x >> 20) % 100 < percent);
            let delta = new - states[neuron];
            states[neuron] = new;
            (neuron as u32, delta)
        };
        (0..20_000).map(update).unzip()
    }

    /// The numbers are those of the reference's `stats_from_log.py` for the same log.
    #[test]
    fn statistics_agree_with_the_reference_implementation() {
        let (ids, deltas) = example();
        let trace = Trace::from_updates(vec![0; 36], &ids, &deltas).unwrap();
        let s = cluster_statistics(&trace, &LAYOUT).unwrap();
        assert_eq!((s.updates, s.stride, s.samples), (20_000, 5, 4000));
        assert_eq!(s.spells, Spells { samples: s.spells.samples, exits: 95, entries: 96 });
        let pairs = [
            (s.ms_per_update, 0.208_333_333_333_333_34),
            (s.rate[0], 0.294_489_583_333_333_36),
            (s.rate[1], 0.293_166_666_666_666_7),
            (s.rate_deviation[0], 0.080_029_941_635_363_71),
            (s.rate_deviation[1], 0.120_709_016_509_400_27),
            (s.share_of_updates_e, 0.667_45),
            (s.flip_fraction, 0.3385),
            (s.flip_fraction_by_type[0], 0.334_481_983_669_188_7),
            (s.flip_fraction_by_type[1], 0.346_564_426_402_044_8),
            (s.neuron_means[0].mean, 0.294_360_416_666_666_7),
            (s.neuron_means[0].deviation, 0.021_318_985_959_148_922),
            (s.neuron_means[0].quantiles[0], 0.270_357_5),
            (s.neuron_means[0].quantiles[3], 0.302_85),
            (s.neuron_means[1].deviation, 0.021_177_400_493_607_96),
            (s.neuron_means[1].quantiles[4], 0.316_53),
            (s.cluster_rate_deviation, 0.242_681_632_785_616_97),
            (s.bimodality.unwrap(), 0.586_962_537_112_857_8),
            (s.cluster_rate_histogram[2], 0.256_083_333_333_333_33),
            (s.cluster_rate_histogram[19], 0.002_583_333_333_333_333_3),
            (s.high_mean.unwrap(), 0.559_557_387_719_678_9),
            (s.low_mean.unwrap(), 0.129_194_290_353_132_18),
            (s.high_share, 0.384_083_333_333_333_33),
            (s.active_count_histogram[3], 0.0135),
            (s.active_count_mean, 1.152_25),
            (s.autocorrelation_time_ms.unwrap(), 29.399_579_236_136_333),
            (s.autocorrelation[0].1.unwrap(), 0.951_952_613_533_255_8),
            (s.autocorrelation[9].1.unwrap(), 0.211_489_670_035_721_83),
            (s.cross_cluster_correlation.unwrap(), -0.336_971_202_057_875_5),
            (s.dwell_ms.unwrap(), 50.087_719_298_245_624),
            (s.entries_per_cluster_per_s, 7.68),
        ];
        for (k, (own, reference)) in pairs.into_iter().enumerate() {
            assert!((own - reference).abs() < 1e-12 * reference.abs().max(1.0), "number {k}: {own} {reference}");
        }
    }

    #[test]
    fn a_trace_of_flips_takes_the_expected_share() {
        let (ids, deltas) = example();
        let full = Trace::from_updates(vec![0; 36], &ids, &deltas).unwrap();
        let flips = Trace::new(vec![0; 36], full.updates(), full.flips().to_vec()).unwrap();
        // The updates of the example fall on all neurons alike.
        let layout = Layout { tau_i: 10.0, ..LAYOUT };
        let [a, b] = [full, flips].map(|trace| cluster_statistics(&trace, &layout).unwrap());
        assert!((b.share_of_updates_e - 2.0 / 3.0).abs() < 1e-15);
        assert!((a.flip_fraction_by_type[0] / b.flip_fraction_by_type[0] - 1.0).abs() < 0.005);
        assert_eq!((a.flip_fraction, a.rate), (b.flip_fraction, b.rate));
    }

    #[test]
    fn layouts_that_do_not_fit_are_refused() {
        let trace = Trace::new(vec![0; 36], 10, vec![]).unwrap();
        for bad in [
            Layout { n_e: 23, ..LAYOUT },
            Layout { clusters: 0, ..LAYOUT },
            Layout { clusters: 5, ..LAYOUT },
            Layout { tau_i: 0.0, ..LAYOUT },
            Layout { tau_e: f64::NAN, ..LAYOUT },
            Layout { n_e: 36, n_i: 0, ..LAYOUT },
        ] {
            assert!(cluster_statistics(&trace, &bad).is_err(), "{bad:?}");
        }
        let silent = cluster_statistics(&trace, &LAYOUT).unwrap();
        assert_eq!((silent.bimodality, silent.autocorrelation_time_ms, silent.dwell_ms), (None, None, None));
        assert!(cluster_statistics(&Trace::new(vec![0; 36], 0, vec![]).unwrap(), &LAYOUT).is_err());
    }
}
