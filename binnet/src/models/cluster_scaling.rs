//! The clustered E/I network on the continuum between clustering by wiring and by weights.

/// Parameters of the clustered E/I network, from which [`derive`](Self::derive) computes connection
/// probabilities, weights and thresholds.
///
/// `n_e` excitatory and `n_i` inhibitory neurons are split into `q` clusters, each with its share of
/// both. With `R` the strength of clustering, `[post][pre]` the type of the neurons, and
///
/// ```text
/// R_E+ for E -> E,    R_I+ = 1 + R_j (R_E+ - 1) for all other blocks,    R clipped at 0 from below,
/// o = (Q - R) / (Q - 1),
/// ```
///
/// the probability `p` and weight `j` of a block become
///
/// ```text
/// inside a cluster:    p R^(1 - kappa),   j R^kappa
/// between clusters:    p o^(1 - kappa),   j o^kappa
/// ```
///
/// so that `kappa = 0` clusters by wiring and `kappa = 1` by weights, while `p j` is the same for
/// every `kappa` and its mean over clusters, `(R + (Q - 1) o) / Q = 1`, that of the network without
/// clusters. With one cluster only the inside exists, and nothing compensates `R`. The weights
/// balance excitation and inhibition:
///
/// ```text
/// j_EE = V_th / sqrt(p_EE N_E)              j_EI = -g j_EE p_EE N_E / (p_EI N_I)
/// j_IE = V_th / sqrt(p_IE N_E)              j_II = -  j_IE p_IE N_E / (p_II N_I)
/// ```
///
/// # Units
/// Weights and thresholds are in units of `v_th`; all else is dimensionless.
///
/// # Example
/// ```
/// use binnet::models::ClusterScaling;
///
/// let scaling = ClusterScaling {
///     q: 20, n_e: 8000, n_i: 2000, v_th: 1.0, p0: [[0.3; 2]; 2],
///     r_e_plus: 8.0, r_j: 0.8, kappa: 0.0, g: 1.2,
/// }
/// .derive()?;
/// assert!((scaling.p_in[0][0] - 2.4).abs() < 1e-14);
/// assert!((scaling.theta_e(0.03) + 0.4696938).abs() < 1e-7);
/// # Ok::<(), binnet::models::ScalingError>(())
/// ```
///
/// # Source
/// V. Rostami, T. Rost, F. J. Schmitt, S. J. van Albada, A. Riehle and M. P. Nawrot, "Spiking attractor model of motor
/// cortex explains modulation of neural and behavioral variability by prior target information",
/// Nature Communications 15, 6304 (2024), for joint clustering of excitation and inhibition (`R_j`).
/// F. J. Schmitt and co-workers, EI-Clustering (Python package `BinaryNetwork`), for `kappa`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterScaling {
    /// Number of clusters, `Q`; it divides both sizes.
    pub q: usize,
    /// Number of excitatory neurons, `N_E`.
    pub n_e: usize,
    /// Number of inhibitory neurons, `N_I`.
    pub n_i: usize,
    /// Threshold before the drive, `V_th` > 0; it sets the scale of the weights.
    pub v_th: f64,
    /// Connection probabilities of the network without clusters, `[post][pre]`, E first; in (0, 1].
    pub p0: [[f64; 2]; 2],
    /// Strength of excitatory clustering, `R_E+`: 1 is none, at most `q`. Negative values act as 0.
    pub r_e_plus: f64,
    /// How far inhibition takes part in the clustering, `R_j`: 0 is not at all, 1 as much as E.
    pub r_j: f64,
    /// Place on the continuum, in 0..=1: 0 clusters by wiring, 1 by weights.
    pub kappa: f64,
    /// Relative strength of inhibition onto excitatory neurons, `g`, not negative.
    pub g: f64,
}

/// What follows from a [`ClusterScaling`]. Matrices are `[post][pre]`, E first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// Connection probability, or mean number of contacts, of a pair inside a cluster. It may exceed
    /// 1, which `poisson` and `bernoulli_sum` can draw and `fixed_prob` cannot.
    pub p_in: [[f64; 2]; 2],
    /// The same between clusters; 0 if there is only one cluster.
    pub p_out: [[f64; 2]; 2],
    /// Weight of a contact inside a cluster.
    pub j_in: [[f64; 2]; 2],
    /// Weight of a contact between clusters; 0 if there is only one cluster.
    pub j_out: [[f64; 2]; 2],
    /// Strength of clustering of the blocks with inhibition, `R_I+ = 1 + R_j (R_E+ - 1)`, before it is clipped at 0.
    pub r_i_plus: f64,
    /// Threshold before the drive, `V_th`, of both types.
    pub v_th: f64,
    /// External drive of an excitatory neuron at `m_x = 1`: `sqrt(p_EE N_E)`.
    pub external_exc: f64,
    /// External drive of an inhibitory neuron at `m_x = 1`: 0.8 of the excitatory one.
    pub external_inh: f64,
}

impl Scaling {
    /// The threshold of excitatory neurons once the drive by an external activity `m_x` is taken off.
    #[must_use]
    pub fn theta_e(&self, m_x: f64) -> f64 {
        self.v_th - m_x * self.external_exc
    }

    /// The threshold of inhibitory neurons once the drive by an external activity `m_x` is taken off.
    #[must_use]
    pub fn theta_i(&self, m_x: f64) -> f64 {
        self.v_th - m_x * self.external_inh
    }
}

/// Why no network follows from a [`ClusterScaling`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ScalingError {
    /// A parameter that is infinite or not a number.
    #[error("`{name}` is {value}\nhelp: give a finite number")]
    NotFinite {
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: f64,
    },
    /// No clusters at all.
    #[error("the network has 0 clusters\nhelp: `q` = 1 is the network without clusters")]
    NoClusters,
    /// A type without neurons.
    #[error(
        "there are no {kind} neurons\nhelp: the weights balance excitation against inhibition, so both sizes are at least `q`"
    )]
    NoNeurons {
        /// Which neurons.
        kind: &'static str,
    },
    /// A size that the number of clusters does not divide.
    #[error("{size} {kind} neurons cannot be split into {q} equal clusters\nhelp: {} can", nearest_multiples(*.size, *.q))]
    Indivisible {
        /// Which neurons.
        kind: &'static str,
        /// How many.
        size: usize,
        /// The number of clusters.
        q: usize,
    },
    /// A connection probability out of its range.
    #[error(
        "`p0` of {pre} -> {post} is {value}\nhelp: it lies above 0, since weights scale with 1/sqrt(p0), and is at most 1"
    )]
    Probability {
        /// The postsynaptic type.
        post: &'static str,
        /// The presynaptic type.
        pre: &'static str,
        /// The value.
        value: f64,
    },
    /// A threshold that is not positive.
    #[error(
        "`v_th` is {0}\nhelp: the weights are proportional to it, so it must be positive; `m_x` lowers the thresholds below 0"
    )]
    Threshold(f64),
    /// A place off the continuum.
    #[error("`kappa` is {0}\nhelp: it runs from 0 (clusters by wiring) to 1 (clusters by weights)")]
    Kappa(f64),
    /// A negative strength of inhibition.
    #[error("`g` is {0}, which would make inhibition excite\nhelp: give its strength as a positive number")]
    Inhibition(f64),
    /// More excitatory clustering than the number of clusters allows.
    #[error(
        "`r_e_plus` = {r_e_plus} exceeds the number of clusters, {q}: input from the other clusters would be negative\n\
         help: at R_E+ = Q all excitatory input comes from the own cluster; lower `r_e_plus` or raise `q`"
    )]
    Excitatory {
        /// `R_E+`.
        r_e_plus: f64,
        /// The number of clusters.
        q: usize,
    },
    /// More clustering of inhibition than the number of clusters allows.
    #[error(
        "R_I+ = 1 + R_j (R_E+ - 1) = {r_i_plus} exceeds the number of clusters, {q}: input from the other clusters would be negative\n\
         help: `r_j` is {r_j}; with 0..=1 inhibition clusters at most as strongly as excitation"
    )]
    Inhibitory {
        /// `R_I+`.
        r_i_plus: f64,
        /// `R_j`.
        r_j: f64,
        /// The number of clusters.
        q: usize,
    },
    /// Values so large or small that weights or probabilities overflow.
    #[error(
        "weights or probabilities derived from these parameters are not finite\nhelp: check the parameters for misplaced powers of ten"
    )]
    Overflow,
}

/// The multiples of `q` around `size`, in words.
fn nearest_multiples(size: usize, q: usize) -> String {
    let (below, above) = (size / q * q, (size / q).saturating_add(1).saturating_mul(q));
    if below == 0 { above.to_string() } else { format!("{below} or {above}") }
}

const TYPES: [&str; 2] = ["E", "I"];

impl ClusterScaling {
    /// Computes probabilities, weights and drives.
    ///
    /// # Errors
    /// For values from which no network follows; see [`ScalingError`].
    pub fn derive(&self) -> Result<Scaling, ScalingError> {
        self.check()?;
        let Self { q, v_th, p0, r_e_plus, r_j, kappa, g, .. } = *self;
        let (n_e, n_i) = (self.n_e as f64, self.n_i as f64);
        let r_i_plus = 1.0 + r_j * (r_e_plus - 1.0);
        if q > 1 && r_i_plus > q as f64 {
            return Err(ScalingError::Inhibitory { r_i_plus, r_j, q });
        }

        let [[p_ee, p_ei], [p_ie, p_ii]] = p0;
        let (j_ee, j_ie) = (v_th / (p_ee * n_e).sqrt(), v_th / (p_ie * n_e).sqrt());
        let j0 = [[j_ee, -g * j_ee * p_ee * n_e / (p_ei * n_i)], [j_ie, -j_ie * p_ie * n_e / (p_ii * n_i)]];

        let r = [[r_e_plus.max(0.0), r_i_plus.max(0.0)], [r_i_plus.max(0.0); 2]];
        let inside = |post: usize, pre: usize| r[post][pre];
        let outside = |post: usize, pre: usize| match q {
            1 => 0.0,
            _ => (q as f64 - r[post][pre]) / (q as f64 - 1.0),
        };
        // The exponents 0 need no care: 0^0 = 1 keeps p (or j) of a block whose other factor vanishes.
        let each = |f: &dyn Fn(usize, usize) -> f64| [[f(0, 0), f(0, 1)], [f(1, 0), f(1, 1)]];
        let or_none = |m: [[f64; 2]; 2]| if q > 1 { m } else { [[0.0; 2]; 2] };
        let external_exc = (p_ee * n_e).sqrt();
        let scaling = Scaling {
            p_in: each(&|a, b| p0[a][b] * inside(a, b).powf(1.0 - kappa)),
            j_in: each(&|a, b| j0[a][b] * inside(a, b).powf(kappa)),
            p_out: or_none(each(&|a, b| p0[a][b] * outside(a, b).powf(1.0 - kappa))),
            j_out: or_none(each(&|a, b| j0[a][b] * outside(a, b).powf(kappa))),
            r_i_plus,
            v_th,
            external_exc,
            external_inh: 0.8 * external_exc,
        };
        let matrices = [scaling.p_in, scaling.p_out, scaling.j_in, scaling.j_out];
        if matrices.as_flattened().as_flattened().iter().all(|value| value.is_finite()) {
            Ok(scaling)
        } else {
            Err(ScalingError::Overflow)
        }
    }

    fn check(&self) -> Result<(), ScalingError> {
        let Self { q, v_th, p0, r_e_plus, r_j, kappa, g, .. } = *self;
        let named = [("v_th", v_th), ("r_e_plus", r_e_plus), ("r_j", r_j), ("kappa", kappa), ("g", g)];
        if let Some(&(name, value)) = named.iter().find(|(_, value)| !value.is_finite()) {
            return Err(ScalingError::NotFinite { name, value });
        }
        if q == 0 {
            return Err(ScalingError::NoClusters);
        }
        for (kind, size) in [("excitatory", self.n_e), ("inhibitory", self.n_i)] {
            if size == 0 {
                return Err(ScalingError::NoNeurons { kind });
            }
            if !size.is_multiple_of(q) {
                return Err(ScalingError::Indivisible { kind, size, q });
            }
        }
        for (post, row) in TYPES.iter().zip(p0) {
            for (pre, value) in TYPES.iter().zip(row) {
                if !(value > 0.0 && value <= 1.0) {
                    return Err(ScalingError::Probability { post, pre, value });
                }
            }
        }
        if v_th <= 0.0 {
            return Err(ScalingError::Threshold(v_th));
        }
        if !(0.0..=1.0).contains(&kappa) {
            return Err(ScalingError::Kappa(kappa));
        }
        if g < 0.0 {
            return Err(ScalingError::Inhibition(g));
        }
        if q > 1 && r_e_plus > q as f64 {
            return Err(ScalingError::Excitatory { r_e_plus, q });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DEFAULT: ClusterScaling = ClusterScaling {
        q: 20,
        n_e: 8000,
        n_i: 2000,
        v_th: 1.0,
        p0: [[0.3; 2]; 2],
        r_e_plus: 7.25,
        r_j: 0.75,
        kappa: 1.0,
        g: 1.2,
    };

    #[test]
    fn without_clusters_inside_and_outside_agree() {
        let flat = ClusterScaling { r_e_plus: 1.0, ..DEFAULT }.derive().unwrap();
        assert_eq!(flat.p_in, flat.p_out);
        assert_eq!(flat.j_in, flat.j_out);
    }

    #[test]
    fn one_cluster_has_no_outside() {
        let one = ClusterScaling { q: 1, r_e_plus: 2.0, ..DEFAULT }.derive().unwrap();
        assert_eq!((one.p_out, one.j_out), ([[0.0; 2]; 2], [[0.0; 2]; 2]));
        assert!(one.j_in[0][0] > 0.0);
    }

    #[test]
    fn negative_clustering_acts_as_none_inside() {
        let negative = ClusterScaling { q: 4, r_e_plus: -1.0, r_j: 1.0, kappa: 0.5, ..DEFAULT }.derive().unwrap();
        assert_eq!(negative.p_in, [[0.0; 2]; 2]);
        assert!((negative.p_out[0][0] - 0.3 * (4.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert_eq!(negative.r_i_plus, -1.0);
    }

    #[test]
    fn what_makes_no_network_is_refused_with_a_reason() {
        let p0 = |p| [[0.3, 0.3], [p, 0.3]];
        let cases = [
            (ClusterScaling { q: 0, ..DEFAULT }, "0 clusters"),
            (
                ClusterScaling { q: 7, ..DEFAULT },
                "8000 excitatory neurons cannot be split into 7 equal clusters\nhelp: 7994 or 8001 can",
            ),
            (ClusterScaling { n_i: 2001, ..DEFAULT }, "2001 inhibitory neurons"),
            (ClusterScaling { n_e: 5, ..DEFAULT }, "help: 20 can"),
            (ClusterScaling { v_th: 1e308, p0: p0(1e-300), ..DEFAULT }, "not finite"),
            (ClusterScaling { n_i: 0, ..DEFAULT }, "no inhibitory neurons"),
            (ClusterScaling { p0: p0(0.0), ..DEFAULT }, "`p0` of E -> I is 0"),
            (ClusterScaling { p0: p0(1.2), ..DEFAULT }, "`p0` of E -> I is 1.2"),
            (ClusterScaling { p0: p0(f64::NAN), ..DEFAULT }, "`p0` of E -> I is NaN"),
            (ClusterScaling { r_e_plus: 20.5, ..DEFAULT }, "`r_e_plus` = 20.5 exceeds the number of clusters, 20"),
            (ClusterScaling { r_e_plus: 15.0, r_j: 1.5, ..DEFAULT }, "R_I+ = 1 + R_j (R_E+ - 1) = 22"),
            (ClusterScaling { r_e_plus: f64::INFINITY, ..DEFAULT }, "`r_e_plus` is inf"),
            (ClusterScaling { kappa: 1.1, ..DEFAULT }, "`kappa` is 1.1"),
            (ClusterScaling { v_th: 0.0, ..DEFAULT }, "`v_th` is 0"),
            (ClusterScaling { g: -1.0, ..DEFAULT }, "make inhibition excite"),
        ];
        for (parameters, words) in cases {
            let message = parameters.derive().unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
            assert!(message.contains("help: "), "{message}");
        }
    }

    proptest! {
        /// The mean of p j over clusters does not depend on where and how strongly the network is clustered.
        #[test]
        fn clustering_keeps_the_mean_input(q in 2_usize..30, r in 0.0..1.0_f64, r_j in 0.0..1.0_f64, kappa in 0.0..=1.0_f64) {
            let base = ClusterScaling { q, n_e: 40 * q, n_i: 10 * q, kappa, r_j, r_e_plus: 1.0, ..DEFAULT };
            let flat = base.derive().unwrap();
            let clustered = ClusterScaling { r_e_plus: 1.0 + r * (q as f64 - 1.0), ..base }.derive().unwrap();
            for a in 0..2 {
                for b in 0..2 {
                    let inside = clustered.p_in[a][b] * clustered.j_in[a][b];
                    let outside = clustered.p_out[a][b] * clustered.j_out[a][b];
                    let mean = (inside + (q as f64 - 1.0) * outside) / q as f64;
                    let expected = flat.p_in[a][b] * flat.j_in[a][b];
                    prop_assert!((mean / expected - 1.0).abs() < 1e-12);
                }
            }
        }

        #[test]
        fn no_values_panic(q in 0_usize..5, n_e in 0_usize..9, n_i in 0_usize..9, x in proptest::array::uniform9(proptest::num::f64::ANY)) {
            let [v_th, a, b, c, d, r_e_plus, r_j, kappa, g] = x;
            if let Err(error) = (ClusterScaling { q, n_e, n_i, v_th, p0: [[a, b], [c, d]], r_e_plus, r_j, kappa, g }).derive() {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
