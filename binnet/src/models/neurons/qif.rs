//! The quadratic integrate-and-fire neuron.

crate::neuron! {
    /// Quadratic integrate-and-fire neuron.
    ///
    /// ```text
    /// tau_m v' = (v - v_rest) (v - v_crit) / (v_crit - v_rest) + r_m i;  v > v_peak: v = v_reset
    /// ```
    ///
    /// The normal form of neurons that start to fire at a rate of 0. Rest and threshold meet at the current
    /// (v_crit - v_rest) / (4 r_m) = 0.0375 nA.
    ///
    /// Source: Ermentrout & Kopell (1986), SIAM J. Appl. Math. 46; Latham, Richmond, Nelson & Nirenberg (2000),
    /// J. Neurophysiol. 83, where `v_peak` and `v_reset` are infinite.
    pub struct Qif {
        param tau_m   = 10 ms > 0 ms;
        param r_m     = 100 MOhm;
        param v_rest  = -65 mV;
        param v_crit  = -50 mV;
        param v_peak  = 30 mV;
        param v_reset = -80 mV;
        input i: nA;
        state v = v_rest;

        dv/dt = ((v - v_rest) * (v - v_crit) / (v_crit - v_rest) + r_m * i) / tau_m;
        spike when v > v_peak { v = v_reset; }
    }
}
