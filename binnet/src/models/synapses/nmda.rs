//! NMDA receptors.

crate::synapse! {
    /// Saturating NMDA receptors with magnesium block.
    ///
    /// ```text
    /// presynaptic spike: x = x + 1
    /// x' = -x / tau_rise,  s' = -s / tau_decay + alpha x (1 - s)
    /// i = g s (e - v) / (1 + mg / 3.57 mM exp(-v / 16.129 mV)), with v of the postsynaptic neuron
    /// ```
    ///
    /// Delivers onto an input in pA, in each step. Both states are kept once for each presynaptic neuron, and advance
    /// with the clock.
    ///
    /// Source: Wang (1999), J. Neurosci. 19; the block: Jahr & Stevens (1990), J. Neurosci. 10.
    pub struct Nmda {
        param tau_rise  = 2 ms > 0 ms;
        param tau_decay = 100 ms > 0 ms;
        param alpha     = 0.5 / ms;
        param mg        = 1 mM >= 0 mM;
        param e         = 0 mV;
        local g = 1 nS;
        state x = 0;
        state s = 0;
        post v: mV;

        dx/dt = -x / tau_rise by rk4;
        ds/dt = -s / tau_decay + alpha * x * (1 - s) by rk4;
        on pre { x += 1; }
        deliver g * s * (e - post.v) / (1 + mg / 3.57 mM * exp(-0.062 / 1 mV * post.v));
    }
}
