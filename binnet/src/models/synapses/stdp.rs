//! Spike-timing-dependent plasticity.

crate::synapse! {
    /// Plasticity by pairs of spikes: each pair of a presynaptic and a postsynaptic spike counts.
    ///
    /// ```text
    /// presynaptic spike:  deliver g_max w; apre = apre + 1;    w = w - a_minus (1 - mu_minus (1 - w)) apost
    /// postsynaptic spike:                  apost = apost + 1;  w = w + a_plus (1 - mu_plus w) apre
    /// apre' = -apre / tau_plus,  apost' = -apost / tau_minus,  0 <= w <= 1
    /// ```
    ///
    /// Updates are additive where `mu_plus` and `mu_minus` are 0, as by default, and multiplicative (in proportion to
    /// what is left up to the bound) where they are 1. The traces are kept once for each neuron, the weight `w`
    /// (relative to `g_max`) for each synapse.
    ///
    /// Source: Song, Miller & Abbott (2000), Nat. Neurosci. 3; multiplicative: van Rossum, Bi & Turrigiano (2000), J.
    /// Neurosci. 20, and Rubin, Lee & Sompolinsky (2001), Phys. Rev. Lett. 86.
    pub struct PairStdp {
        param tau_plus  = 20 ms > 0 ms;
        param tau_minus = 20 ms > 0 ms;
        param a_plus    = 0.01;
        param a_minus   = 0.0105;
        param mu_plus   = 0 within 0..=1;
        param mu_minus  = 0 within 0..=1;
        param g_max     = 1 nS;
        state w     = 0.5 in 0..=1;
        state apre  = 0;
        state apost = 0;

        dapre/dt  = -apre / tau_plus;
        dapost/dt = -apost / tau_minus;
        on pre {
            deliver g_max * w;
            apre += 1;
            w -= a_minus * (1 - mu_minus * (1 - w)) * apost;
        }
        on post {
            apost += 1;
            w += a_plus * (1 - mu_plus * w) * apre;
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
        param mu_plus   = 0 within 0..=1;
        param mu_minus  = 0 within 0..=1;
        param g_max     = 1 nS;
        state w     = 0.5 in 0..=1;
        state apre  = 0;
        state apost = 0;

        dapre/dt  = -apre / tau_plus;
        dapost/dt = -apost / tau_minus;
        on pre {
            deliver g_max * w;
            apre = 1;
            w -= a_minus * (1 - mu_minus * (1 - w)) * apost;
        }
        on post {
            apost = 1;
            w += a_plus * (1 - mu_plus * w) * apre;
        }
    }
}
