//! The alpha function: w t/tau exp(1 - t/tau), whose largest value is w, at t = tau.
//!
//! Source: Rall (1967), J. Neurophysiol. 30.

crate::neuron! {
    /// A current in the form of an alpha function.
    ///
    /// ```text
    /// spike: x = x + w;  x' = -x / tau,  g' = (exp(1) x - g) / tau;  i = g
    /// ```
    pub struct Alpha {
        param tau = 5 ms > 0 ms;
        state x = 0;
        state g = 0;
        dx/dt = -x / tau;
        dg/dt = (exp(1) * x - g) / tau;
        output g;
    }
}

crate::neuron! {
    /// A conductance in the form of an alpha function.
    ///
    /// ```text
    /// spike: x = x + w;  x' = -x / tau,  g' = (exp(1) x - g) / tau;  i = g (e - v)
    /// ```
    pub struct AlphaConductance {
        param tau = 5 ms > 0 ms;
        param e = 0 mV;
        input v: mV;
        state x = 0;
        state g = 0;
        dx/dt = -x / tau;
        dg/dt = (exp(1) * x - g) / tau;
        let i = g * (e - v);
        output i;
    }
}
