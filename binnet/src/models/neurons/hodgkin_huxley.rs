//! The neuron of Hodgkin and Huxley.

crate::neuron! {
    /// The squid axon of Hodgkin and Huxley, in today's signs: rest at -65 mV.
    ///
    /// ```text
    /// c_m v' = g_na m^3 h (e_na - v) + g_k n^4 (e_k - v) + g_leak (e_leak - v) + i
    /// y' = alpha_y (1 - y) - beta_y y  for y = m, h, n;  v rises through 0 mV: spike
    /// alpha_m = 0.1 (v + 40) / (1 - exp(-(v + 40)/10)),   beta_m = 4 exp(-(v + 65)/18)
    /// alpha_h = 0.07 exp(-(v + 65)/20),                   beta_h = 1 / (1 + exp(-(v + 35)/10))
    /// alpha_n = 0.01 (v + 55) / (1 - exp(-(v + 55)/10)),  beta_n = 0.125 exp(-(v + 65)/80)     (mV, ms)
    /// ```
    ///
    /// Gates start at their steady state.
    ///
    /// Source: Hodgkin & Huxley (1952), J. Physiol. 117.
    pub struct HodgkinHuxley {
        param c_m    = 1 uF/cm2 > 0 uF/cm2;
        param g_na   = 120 mS/cm2;
        param g_k    = 36 mS/cm2;
        param g_leak = 0.3 mS/cm2;
        param e_na   = 50 mV;
        param e_k    = -77 mV;
        param e_leak = -54.387 mV;
        input i: uA/cm2;
        state v = -65 mV;

        let alpha_m = 1 / ms / exprel(-(v + 40 mV) / 10 mV);
        let beta_m  = 4 / ms * exp(-(v + 65 mV) / 18 mV);
        let alpha_h = 0.07 / ms * exp(-(v + 65 mV) / 20 mV);
        let beta_h  = 1 / ms * sigmoid((v + 35 mV) / 10 mV);
        let alpha_n = 0.1 / ms / exprel(-(v + 55 mV) / 10 mV);
        let beta_n  = 0.125 / ms * exp(-(v + 65 mV) / 80 mV);
        state m = alpha_m / (alpha_m + beta_m);
        state h = alpha_h / (alpha_h + beta_h);
        state n = alpha_n / (alpha_n + beta_n);

        dv/dt = (g_na * m^3 * h * (e_na - v) + g_k * n^4 * (e_k - v) + g_leak * (e_leak - v) + i) / c_m;
        dm/dt = alpha_m * (1 - m) - beta_m * m;
        dh/dt = alpha_h * (1 - h) - beta_h * h;
        dn/dt = alpha_n * (1 - n) - beta_n * n;
        spike when v rises through 0 mV;
    }
}
