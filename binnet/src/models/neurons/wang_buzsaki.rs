//! The interneuron of Wang and Buzsaki.

crate::neuron! {
    /// The fast-spiking interneuron of Wang and Buzsaki.
    ///
    /// ```text
    /// c_m v' = g_na m_inf^3 h (e_na - v) + g_k n^4 (e_k - v) + g_leak (e_leak - v) + i
    /// y' = phi (alpha_y (1 - y) - beta_y y)  for y = h, n;  v rises through 0 mV: spike
    /// m_inf = alpha_m / (alpha_m + beta_m)
    /// alpha_m = 0.1 (v + 35) / (1 - exp(-(v + 35)/10)),   beta_m = 4 exp(-(v + 60)/18)
    /// alpha_h = 0.07 exp(-(v + 58)/20),                   beta_h = 1 / (1 + exp(-(v + 28)/10))
    /// alpha_n = 0.01 (v + 34) / (1 - exp(-(v + 34)/10)),  beta_n = 0.125 exp(-(v + 44)/80)     (mV, ms)
    /// ```
    ///
    /// Gates start at their steady state.
    ///
    /// Source: Wang & Buzsaki (1996), J. Neurosci. 16.
    pub struct WangBuzsaki {
        param c_m    = 1 uF/cm2 > 0 uF/cm2;
        param g_na   = 35 mS/cm2;
        param g_k    = 9 mS/cm2;
        param g_leak = 0.1 mS/cm2;
        param e_na   = 55 mV;
        param e_k    = -90 mV;
        param e_leak = -65 mV;
        param phi    = 5;
        input i: uA/cm2;
        state v = -64 mV;

        let alpha_m = 1 / ms / exprel(-(v + 35 mV) / 10 mV);
        let beta_m  = 4 / ms * exp(-(v + 60 mV) / 18 mV);
        let m_inf   = alpha_m / (alpha_m + beta_m);
        let alpha_h = 0.07 / ms * exp(-(v + 58 mV) / 20 mV);
        let beta_h  = 1 / ms * sigmoid((v + 28 mV) / 10 mV);
        let alpha_n = 0.1 / ms / exprel(-(v + 34 mV) / 10 mV);
        let beta_n  = 0.125 / ms * exp(-(v + 44 mV) / 80 mV);
        state h = alpha_h / (alpha_h + beta_h);
        state n = alpha_n / (alpha_n + beta_n);

        dv/dt = (g_na * m_inf^3 * h * (e_na - v) + g_k * n^4 * (e_k - v) + g_leak * (e_leak - v) + i) / c_m;
        dh/dt = phi * (alpha_h * (1 - h) - beta_h * h);
        dn/dt = phi * (alpha_n * (1 - n) - beta_n * n);
        spike when v rises through 0 mV;
    }
}
