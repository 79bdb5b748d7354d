//! Short-term plasticity.

crate::synapse! {
    /// Short-term depression and facilitation.
    ///
    /// ```text
    /// u' = (u_0 - u) / tau_f,  x' = (1 - x) / tau_d
    /// presynaptic spike: u = u + u_0 (1 - u); deliver w u x; x = x - u x
    /// ```
    ///
    /// `x` is the share of resources that are left, `u` the share of those that a spike uses. Both follow from the
    /// presynaptic spikes alone, so they are kept once for each presynaptic neuron. By default it depresses; with
    /// `u_0` = 0.05, `tau_f` = 1 s and `tau_d` = 100 ms it facilitates.
    ///
    /// Source: Tsodyks & Markram (1997), PNAS 94; Tsodyks, Pawelzik & Markram (1998), Neural Comput. 10.
    pub struct TsodyksMarkram {
        param u_0   = 0.5 within 0..=1;
        param tau_f = 50 ms > 0 ms;
        param tau_d = 200 ms > 0 ms;
        local w = 1 nS;
        state u = u_0;
        state x = 1;

        du/dt = (u_0 - u) / tau_f;
        dx/dt = (1 - x) / tau_d;
        on pre {
            u += u_0 * (1 - u);
            deliver w * u * x;
            x -= u * x;
        }
    }
}
