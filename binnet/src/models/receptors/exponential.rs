//! A jump that decays.

crate::neuron! {
    /// A current that jumps by the weight, and decays.
    ///
    /// ```text
    /// spike: g = g + w;  g' = -g / tau;  i = g
    /// ```
    pub struct Exponential {
        param tau = 5 ms > 0 ms;
        state g = 0;
        dg/dt = -g / tau;
        output g;
    }
}

crate::neuron! {
    /// A conductance that jumps by the weight, and decays.
    ///
    /// ```text
    /// spike: g = g + w;  g' = -g / tau;  i = g (e - v)
    /// ```
    pub struct ExponentialConductance {
        param tau = 5 ms > 0 ms;
        param e = 0 mV;
        input v: mV;
        state g = 0;
        dg/dt = -g / tau;
        let i = g * (e - v);
        output i;
    }
}
