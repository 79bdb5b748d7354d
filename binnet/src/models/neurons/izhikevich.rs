//! Izhikevich's simple neuron.

crate::neuron! {
    /// Izhikevich's neuron.
    ///
    /// ```text
    /// v' = 0.04 v^2 + 5 v + 140 - u + i,  u' = a (b v - u);  v >= v_peak: v = c, u = u + d     (mV, ms)
    /// ```
    ///
    /// | kind of neuron | a | b | c | d |
    /// | --- | --- | --- | --- | --- |
    /// | regular spiking, the default | 0.02 | 0.2 | -65 | 8 |
    /// | intrinsically bursting | 0.02 | 0.2 | -55 | 4 |
    /// | chattering | 0.02 | 0.2 | -50 | 2 |
    /// | fast spiking | 0.1 | 0.2 | -65 | 2 |
    /// | low-threshold spiking | 0.02 | 0.25 | -65 | 2 |
    ///
    /// Source: Izhikevich (2003), IEEE Trans. Neural Netw. 14. Its program makes two half steps of 1 ms for `v`;
    /// here all variables advance together, by any method.
    pub struct Izhikevich {
        local a = 0.02 / ms;
        local b = 0.2 / ms;
        local c = -65 mV;
        local d = 8 mV/ms;
        param v_peak = 30 mV;
        input i: mV/ms;
        state v = -65 mV;
        state u = b * v;

        dv/dt = 0.04 * v^2 / (mV * ms) + 5 * v / ms + 140 mV / ms - u + i;
        du/dt = a * (b * v - u);
        spike when v >= v_peak {
            v = c;
            u += d;
        }
    }
}
