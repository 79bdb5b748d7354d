//! The relaxation oscillator of FitzHugh and Nagumo.

crate::neuron! {
    /// The relaxation oscillator of FitzHugh and Nagumo, without dimensions but for time.
    ///
    /// ```text
    /// v' = v - v^3 / 3 - w + i,  tau w' = v + a - b w;  v rises through 1: spike     (time in ms)
    /// ```
    ///
    /// It starts at rest. It fires for inputs between 0.331 and 1.419, where the fixed point is unstable.
    ///
    /// Source: FitzHugh (1961), Biophys. J. 1; Nagumo, Arimoto & Yoshizawa (1962), Proc. IRE 50.
    pub struct FitzHughNagumo {
        param a   = 0.7;
        param b   = 0.8;
        param tau = 12.5 ms > 0 ms;
        input i: 1;
        state v = -1.199408035;
        state w = -0.624260044;

        dv/dt = (v - v^3 / 3 - w + i) / 1 ms;
        dw/dt = (v + a - b * w) / tau;
        spike when v rises through 1;
    }
}
