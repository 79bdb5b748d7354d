//! Spike-timing-dependent plasticity.

crate::synapse! {
    /// Plasticity by pairs of spikes: each pair of a presynaptic and a postsynaptic spike counts.
    ///
    /// ```text
    /// presynaptic spike:  deliver g_max w; apre = apre + 1;    w = w - a_minus w^mu_minus apost
    /// postsynaptic spike:                  apost = apost + 1;  w = w + a_plus (1 - w)^mu_plus apre
    /// apre' = -apre / tau_plus,  apost' = -apost / tau_minus,  0 <= w <= 1
    /// ```
    ///
    /// Updates are additive where the exponents are 0, as by default, multiplicative where they are 1. The traces are
    /// kept once for each neuron, the weight `w` (relative to `g_max`) for each synapse.
    ///
    /// Source: Song, Miller & Abbott (2000), Nat. Neurosci. 3; the exponents: Guetig, Aharonov, Rotter & Sompolinsky
    /// (2003), J. Neurosci. 23.
    pub struct PairStdp {
        param tau_plus  = 20 ms > 0 ms;
        param tau_minus = 20 ms > 0 ms;
        param a_plus    = 0.01;
        param a_minus   = 0.0105;
        param mu_plus   = 0 >= 0;
        param mu_minus  = 0 >= 0;
        param g_max     = 1 nS;
        state w     = 0.5 in 0..=1;
        state apre  = 0;
        state apost = 0;

        dapre/dt  = -apre / tau_plus;
        dapost/dt = -apost / tau_minus;
        on pre {
            deliver g_max * w;
            apre += 1;
            w -= a_minus * w^mu_minus * apost;
        }
        on post {
            apost += 1;
            w += a_plus * (1 - w)^mu_plus * apre;
        }
    }
}

crate::synapse! {
    /// Plasticity by the nearest spikes: each spike is paired with the last one of the other neuron.
    ///
    /// The equations of [`PairStdp`], but a spike sets the trace of its neuron to 1 instead of adding to it.
    ///
    /// Source: Morrison, Diesmann & Gerstner (2008), Biol. Cybern. 98 (symmetric nearest neighbours).
    pub struct NearestStdp {
        param tau_plus  = 20 ms > 0 ms;
        param tau_minus = 20 ms > 0 ms;
        param a_plus    = 0.01;
        param a_minus   = 0.0105;
        param mu_plus   = 0 >= 0;
        param mu_minus  = 0 >= 0;
        param g_max     = 1 nS;
        state w     = 0.5 in 0..=1;
        state apre  = 0;
        state apost = 0;

        dapre/dt  = -apre / tau_plus;
        dapost/dt = -apost / tau_minus;
        on pre {
            deliver g_max * w;
            apre = 1;
            w -= a_minus * w^mu_minus * apost;
        }
        on post {
            apost = 1;
            w += a_plus * (1 - w)^mu_plus * apre;
        }
    }
}
