//! The rate neuron with a sigmoid gain.

crate::neuron! {
    /// Rate neuron with a sigmoid gain.
    ///
    /// ```text
    /// tau r' = r_max / (1 + exp(-beta (i - theta))) - r
    /// ```
    ///
    /// Rates have no unit here: a rate of 1 may stand for any. The solution is exact.
    ///
    /// Source: Wilson & Cowan (1972), Biophys. J. 12, with the slope `beta` and threshold `theta` of their excitatory
    /// population.
    pub struct SigmoidRate {
        param tau   = 10 ms > 0 ms;
        param r_max = 1;
        param beta  = 1.2;
        param theta = 2.8;
        input i: 1;
        state r = 0;

        dr/dt = (r_max * sigmoid(beta * (i - theta)) - r) / tau;
        output r;
    }
}
