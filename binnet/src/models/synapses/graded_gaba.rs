//! Graded release.

crate::synapse! {
    /// GABA_A receptors whose transmitter follows the presynaptic potential.
    ///
    /// ```text
    /// s' = alpha f (1 - s) - beta s,  f = 1 / (1 + exp(-(v_pre - theta) / k)),  i = g s (e - v_post)
    /// ```
    ///
    /// Delivers onto an input in uA/cm2, in each step. `s` is kept once for each presynaptic neuron.
    ///
    /// Source: Wang & Buzsaki (1996), J. Neurosci. 16.
    pub struct GradedGaba {
        param alpha = 12 / ms;
        param beta  = 0.1 / ms;
        param theta = 0 mV;
        param k     = 2 mV > 0 mV;
        param e     = -75 mV;
        local g = 0.1 mS/cm2;
        state s = 0 in 0..=1;
        pre v: mV;
        post v: mV;

        let f = 1 / (1 + exp(-(pre.v - theta) / k));
        ds/dt = alpha * f * (1 - s) - beta * s by exponential_euler;
        deliver g * s * (e - post.v);
    }
}
