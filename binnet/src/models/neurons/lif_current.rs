//! The leaky integrate-and-fire neuron with exponential synaptic currents.

crate::neuron! {
    /// Leaky integrate-and-fire neuron with exponential synaptic currents.
    ///
    /// ```text
    /// c_m v' = c_m (v_rest - v) / tau_m + i_exc + i_inh + i;  v > v_th: v = v_reset for t_ref
    /// tau_exc i_exc' = -i_exc,  tau_inh i_inh' = -i_inh
    /// ```
    ///
    /// The solution is exact between spikes, with those of the synapses. Projections target `i_exc` and `i_inh`
    /// (weights in pA, negative onto `i_inh`).
    ///
    /// Source: Rotter & Diesmann (1999), Biol. Cybern. 81; parameters of Potjans & Diesmann (2014), Cereb. Cortex 24.
    pub struct LifCurrent {
        param c_m     = 250 pF > 0 pF;
        param tau_m   = 10 ms > 0 ms;
        param v_rest  = -65 mV;
        param v_th    = -50 mV;
        param v_reset = -65 mV;
        param t_ref   = 2 ms >= 0 ms;
        param tau_exc = 0.5 ms > 0 ms;
        param tau_inh = 0.5 ms > 0 ms;
        input i: pA;
        state v     = v_rest;
        state i_exc = 0 pA;
        state i_inh = 0 pA;

        dv/dt     = (v_rest - v) / tau_m + (i_exc + i_inh + i) / c_m;
        di_exc/dt = -i_exc / tau_exc;
        di_inh/dt = -i_inh / tau_inh;
        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}
