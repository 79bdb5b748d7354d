//! The linear rate neuron.

crate::neuron! {
    /// Linear rate neuron: a low-pass filter of its input.
    ///
    /// ```text
    /// tau r' = r_0 + gain i - r
    /// ```
    ///
    /// Rates have no unit here: a rate of 1 may stand for any. The solution is exact.
    ///
    /// Source: Wilson & Cowan (1972), Biophys. J. 12, linear about a working point; Dayan & Abbott (2001),
    /// Theoretical neuroscience, section 7.2.
    pub struct LinearRate {
        param tau  = 10 ms > 0 ms;
        param gain = 1;
        param r_0  = 0;
        input i: 1;
        state r = r_0;

        dr/dt = (r_0 + gain * i - r) / tau;
        output r;
    }
}
