//! The adaptive exponential integrate-and-fire neuron.

crate::neuron! {
    /// Adaptive exponential integrate-and-fire neuron.
    ///
    /// ```text
    /// c_m v' = g_leak (v_rest - v) + g_leak delta_t exp((v - v_t) / delta_t) - w + i
    /// tau_w w' = a (v - v_rest) - w;  v > v_peak: v = v_reset, w = w + b
    /// ```
    ///
    /// It adapts by default; `tau_w` = 40 ms, `b` = 150 pA, `v_reset` = -47.2 mV let it burst.
    ///
    /// Source: Brette & Gerstner (2005), J. Neurophysiol. 94, with a spike at `v_t` + 5 `delta_t`.
    pub struct AdEx {
        param c_m     = 281 pF > 0 pF;
        param g_leak  = 30 nS;
        param v_rest  = -70.6 mV;
        param v_t     = -50.4 mV;
        param delta_t = 2 mV > 0 mV;
        param v_peak  = -40.4 mV;
        param v_reset = -70.6 mV;
        param tau_w   = 144 ms > 0 ms;
        param a       = 4 nS;
        param b       = 80.5 pA;
        input i: pA;
        state v = v_rest;
        state w = 0 pA;

        dv/dt = (g_leak * (v_rest - v) + g_leak * delta_t * exp((v - v_t) / delta_t) - w + i) / c_m;
        dw/dt = (a * (v - v_rest) - w) / tau_w;
        spike when v > v_peak {
            v = v_reset;
            w += b;
        }
    }
}
