//! The muscle fibre of Morris and Lecar.

crate::neuron! {
    /// The barnacle muscle fibre of Morris and Lecar.
    ///
    /// ```text
    /// c_m v' = g_ca m_inf (e_ca - v) + g_k w (e_k - v) + g_leak (e_leak - v) + i;  v rises through 0 mV: spike
    /// w' = phi cosh((v - v_3) / (2 v_4)) (w_inf - w)
    /// m_inf = (1 + tanh((v - v_1) / v_2)) / 2,  w_inf = (1 + tanh((v - v_3) / v_4)) / 2
    /// ```
    ///
    /// By default it starts to fire with a finite rate (Hopf bifurcation, class 2); `g_ca` = 4 mS/cm2, `v_3` = 12 mV,
    /// `v_4` = 17.4 mV and `phi` = 0.067 /ms give class 1.
    ///
    /// Source: Morris & Lecar (1981), Biophys. J. 35; parameters of Rinzel & Ermentrout (1998), in Koch & Segev,
    /// Methods in neuronal modeling.
    pub struct MorrisLecar {
        param c_m    = 20 uF/cm2 > 0 uF/cm2;
        param g_ca   = 4.4 mS/cm2;
        param g_k    = 8 mS/cm2;
        param g_leak = 2 mS/cm2;
        param e_ca   = 120 mV;
        param e_k    = -84 mV;
        param e_leak = -60 mV;
        param v_1    = -1.2 mV;
        param v_2    = 18 mV > 0 mV;
        param v_3    = 2 mV;
        param v_4    = 30 mV > 0 mV;
        param phi    = 0.04 / ms;
        input i: uA/cm2;
        state v = -60 mV;

        let m_inf = 0.5 * (1 + tanh((v - v_1) / v_2));
        let w_inf = 0.5 * (1 + tanh((v - v_3) / v_4));
        let rate  = phi * cosh((v - v_3) / (2 * v_4));
        state w = w_inf;

        dv/dt = (g_ca * m_inf * (e_ca - v) + g_k * w * (e_k - v) + g_leak * (e_leak - v) + i) / c_m;
        dw/dt = rate * (w_inf - w);
        spike when v rises through 0 mV;
    }
}
