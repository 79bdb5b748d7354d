//! The leaky integrate-and-fire neuron.

crate::neuron! {
    /// Leaky integrate-and-fire neuron.
    ///
    /// ```text
    /// tau_m v' = v_rest - v + r_m i;  v > v_th: v = v_reset for t_ref
    /// ```
    ///
    /// Between spikes the solution is exact. Projections may target `v`, which then jumps by the weight (mV):
    /// delta synapses. A constant current beyond (v_th - v_rest) / r_m = 0.15 nA lets it fire at the rate
    /// 1 / (t_ref + tau_m ln((v_rest + r_m i - v_reset) / (v_rest + r_m i - v_th))).
    ///
    /// Source: Lapicque (1907), J. Physiol. Pathol. Gen. 9; reviewed by Burkitt (2006), Biol. Cybern. 95.
    pub struct Lif {
        param tau_m   = 10 ms > 0 ms;
        param r_m     = 100 MOhm;
        param v_rest  = -65 mV;
        param v_th    = -50 mV;
        param v_reset = -65 mV;
        param t_ref   = 2 ms >= 0 ms;
        input i: nA;
        state v = v_rest;

        dv/dt = (v_rest - v + r_m * i) / tau_m;
        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}

/// [`Lif`] under the name that tells its synapses: spikes jump `v`.
pub type LifDelta<S = f64> = Lif<S>;
