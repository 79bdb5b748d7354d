//! NMDA receptors: a slow conductance, and the magnesium block.
//!
//! The gating variables of Wang (1999), J. Neurosci. 19, times the conductance of open receptors; so both are in the unit
//! of the weight. States are those of all synapses of a neuron together. (With states of its own for each presynaptic
//! neuron: the synapse [`Nmda`](crate::models::synapses::Nmda).) The block: Jahr & Stevens (1990), J. Neurosci. 10.

crate::neuron! {
    /// NMDA receptors with magnesium block, which do not saturate.
    ///
    /// ```text
    /// spike: x = x + w;  x' = -x / tau_rise,  g' = -g / tau_decay + alpha x
    /// i = g (e - v) / (1 + mg / 3.57 mM exp(-v / 16.129 mV))
    /// ```
    ///
    /// With alpha tau_rise = 1, the conductance rises to a little less than the weight.
    pub struct Nmda {
        param tau_rise  = 2 ms > 0 ms;
        param tau_decay = 100 ms > 0 ms;
        param alpha     = 0.5 / ms;
        param mg        = 1 mM >= 0 mM;
        param e         = 0 mV;
        input v: mV;
        state x = 0;
        state g = 0;
        dx/dt = -x / tau_rise;
        dg/dt = -g / tau_decay + alpha * x;
        let block = 1 + mg / 3.57 mM * exp(-0.062 / 1 mV * v);
        let i = g * (e - v) / block;
        output i;
    }
}

crate::neuron! {
    /// NMDA receptors with magnesium block, which saturate together at the conductance `g_max`.
    ///
    /// ```text
    /// spike: x = x + w;  x' = -x / tau_rise,  g' = -g / tau_decay + alpha x (1 - g / g_max)
    /// i = g (e - v) / (1 + mg / 3.57 mM exp(-v / 16.129 mV))
    /// ```
    ///
    /// A synapse whose weight is `g_max` is that of the source: x and g are its gating variables times `g_max`.
    pub struct NmdaSaturating {
        param tau_rise  = 2 ms > 0 ms;
        param tau_decay = 100 ms > 0 ms;
        param alpha     = 0.5 / ms;
        param mg        = 1 mM >= 0 mM;
        param e         = 0 mV;
        param g_max     = 1 > 0;
        input v: mV;
        state x = 0;
        state g = 0;
        dx/dt = -x / tau_rise;
        dg/dt = -g / tau_decay + alpha * x * (1 - g / g_max);
        let block = 1 + mg / 3.57 mM * exp(-0.062 / 1 mV * v);
        let i = g * (e - v) / block;
        output i;
    }
}
