//! The exponential integrate-and-fire neuron.

crate::neuron! {
    /// Exponential integrate-and-fire neuron.
    ///
    /// ```text
    /// c_m v' = g_leak (v_rest - v) + g_leak delta_t exp((v - v_t) / delta_t) + i;  v > v_peak: v = v_reset for t_ref
    /// ```
    ///
    /// Beyond the peak the exponential grows no further, so that no stage of a method overflows in the upstroke.
    ///
    /// Source: Fourcaud-Trocme, Hansel, van Vreeswijk & Brunel (2003), J. Neurosci. 23; the parameters are those
    /// that fit the neuron of Wang and Buzsaki.
    pub struct Eif {
        param c_m     = 1 uF/cm2 > 0 uF/cm2;
        param g_leak  = 0.1 mS/cm2;
        param v_rest  = -65 mV;
        param v_t     = -59.9 mV;
        param delta_t = 3.48 mV > 0 mV;
        param v_peak  = -30 mV;
        param v_reset = -68 mV;
        param t_ref   = 1.7 ms >= 0 ms;
        input i: uA/cm2;
        state v = v_rest;

        dv/dt = (g_leak * (v_rest - v) + g_leak * delta_t * exp((min(v, v_peak) - v_t) / delta_t) + i) / c_m;
        spike when v > v_peak {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}
