//! A rise and a decay: w N (exp(-t/tau_decay) - exp(-t/tau_rise)), with N so that the largest value is w.
//!
//! In the equations, n = N (1/tau_rise - 1/tau_decay) is written as exp(r / exprel(log r)) / tau_rise, with r = tau_rise /
//! tau_decay: the same, and right for equal time constants too, where the form is an alpha function.

crate::neuron! {
    /// A current that rises and decays, with a time constant for each.
    ///
    /// ```text
    /// spike: x = x + w;  x' = -x / tau_rise,  g' = n x - g / tau_decay;  i = g
    /// ```
    pub struct DualExponential {
        param tau_rise = 1 ms > 0 ms;
        param tau_decay = 5 ms > 0 ms;
        state x = 0;
        state g = 0;
        dx/dt = -x / tau_rise;
        dg/dt = exp(tau_rise / tau_decay / exprel(log(tau_rise / tau_decay))) / tau_rise * x - g / tau_decay;
        output g;
    }
}

crate::neuron! {
    /// A conductance that rises and decays, with a time constant for each.
    ///
    /// ```text
    /// spike: x = x + w;  x' = -x / tau_rise,  g' = n x - g / tau_decay;  i = g (e - v)
    /// ```
    pub struct DualExponentialConductance {
        param tau_rise = 1 ms > 0 ms;
        param tau_decay = 5 ms > 0 ms;
        param e = 0 mV;
        input v: mV;
        state x = 0;
        state g = 0;
        dx/dt = -x / tau_rise;
        dg/dt = exp(tau_rise / tau_decay / exprel(log(tau_rise / tau_decay))) / tau_rise * x - g / tau_decay;
        let i = g * (e - v);
        output i;
    }
}
