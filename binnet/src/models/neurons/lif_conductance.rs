//! The leaky integrate-and-fire neuron with conductance-based synapses.

crate::neuron! {
    /// Leaky integrate-and-fire neuron with exponential synaptic conductances.
    ///
    /// ```text
    /// c_m v' = g_leak (v_rest - v) + g_exc (e_exc - v) + g_inh (e_inh - v) + i;  v > v_th: v = v_reset for t_ref
    /// tau_exc g_exc' = -g_exc,  tau_inh g_inh' = -g_inh
    /// ```
    ///
    /// Projections target `g_exc` and `g_inh` (weights in nS, positive for both).
    ///
    /// Source: Vogels & Abbott (2005), J. Neurosci. 25, as in Brette et al. (2007), J. Comput. Neurosci. 23.
    pub struct LifConductance {
        param c_m     = 200 pF > 0 pF;
        param g_leak  = 10 nS;
        param v_rest  = -60 mV;
        param v_th    = -50 mV;
        param v_reset = -60 mV;
        param t_ref   = 5 ms >= 0 ms;
        param e_exc   = 0 mV;
        param e_inh   = -80 mV;
        param tau_exc = 5 ms > 0 ms;
        param tau_inh = 10 ms > 0 ms;
        input i: pA;
        state v     = v_rest;
        state g_exc = 0 nS;
        state g_inh = 0 nS;

        let i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v);
        dv/dt     = (g_leak * (v_rest - v) + i_syn + i) / c_m;
        dg_exc/dt = -g_exc / tau_exc;
        dg_inh/dt = -g_inh / tau_inh;
        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}
