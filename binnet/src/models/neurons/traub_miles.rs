//! The cortical neuron of Traub and Miles.

crate::neuron! {
    /// A pyramidal cell of the hippocampus with the currents of spikes only, after Traub and Miles.
    ///
    /// ```text
    /// c_m v' = g_na m^3 h (e_na - v) + g_k n^4 (e_k - v) + g_leak (e_leak - v) + i
    /// y' = alpha_y (1 - y) - beta_y y  for y = m, h, n;  v rises through -20 mV: spike
    /// alpha_m = 0.32 (13 - x) / (exp((13 - x)/4) - 1),   beta_m = 0.28 (x - 40) / (exp((x - 40)/5) - 1)
    /// alpha_h = 0.128 exp((17 - x)/18),                  beta_h = 4 / (1 + exp((40 - x)/5))
    /// alpha_n = 0.032 (15 - x) / (exp((15 - x)/5) - 1),  beta_n = 0.5 exp((10 - x)/40)     (mV, ms)
    /// with x = v - v_t
    /// ```
    ///
    /// Gates start at their steady state.
    ///
    /// Source: Traub & Miles (1991), Neuronal networks of the hippocampus, with the parameters of
    /// Brette et al. (2007), J. Comput. Neurosci. 23, benchmark 3.
    pub struct TraubMiles {
        param c_m    = 1 uF/cm2 > 0 uF/cm2;
        param g_na   = 100 mS/cm2;
        param g_k    = 30 mS/cm2;
        param g_leak = 0.05 mS/cm2;
        param e_na   = 50 mV;
        param e_k    = -90 mV;
        param e_leak = -65 mV;
        param v_t    = -63 mV;
        input i: uA/cm2;
        state v = -65 mV;

        let alpha_m = 1.28 / ms / exprel((v_t - v + 13 mV) / 4 mV);
        let beta_m  = 1.4 / ms / exprel((v - v_t - 40 mV) / 5 mV);
        let alpha_h = 0.128 / ms * exp((v_t - v + 17 mV) / 18 mV);
        let beta_h  = 4 / ms * sigmoid((v - v_t - 40 mV) / 5 mV);
        let alpha_n = 0.16 / ms / exprel((v_t - v + 15 mV) / 5 mV);
        let beta_n  = 0.5 / ms * exp((v_t - v + 10 mV) / 40 mV);
        state m = alpha_m / (alpha_m + beta_m);
        state h = alpha_h / (alpha_h + beta_h);
        state n = alpha_n / (alpha_n + beta_n);

        dv/dt = (g_na * m^3 * h * (e_na - v) + g_k * n^4 * (e_k - v) + g_leak * (e_leak - v) + i) / c_m;
        dm/dt = alpha_m * (1 - m) - beta_m * m;
        dh/dt = alpha_h * (1 - h) - beta_h * h;
        dn/dt = alpha_n * (1 - n) - beta_n * n;
        spike when v rises through -20 mV;
    }
}
