//! The bursting neuron of Hindmarsh and Rose.

crate::neuron! {
    /// The bursting neuron of Hindmarsh and Rose, without dimensions but for time.
    ///
    /// ```text
    /// x' = y - a x^3 + b x^2 - z + i,  y' = c - d x^2 - y,  z' = r (s (x - x_r) - z);  x rises through 1: spike
    /// ```
    ///
    /// An input of 2 gives bursts of two spikes, one of 3.25 with `r` = 0.005 /ms chaotic ones.
    ///
    /// Source: Hindmarsh & Rose (1984), Proc. R. Soc. Lond. B 221.
    pub struct HindmarshRose {
        param a   = 1;
        param b   = 3;
        param c   = 1;
        param d   = 5;
        param r   = 0.006 / ms;
        param s   = 4;
        param x_r = -1.6;
        input i: 1;
        state x = x_r;
        state y = c - d * x^2;
        state z = 0;

        dx/dt = (y - a * x^3 + b * x^2 - z + i) / 1 ms;
        dy/dt = (c - d * x^2 - y) / 1 ms;
        dz/dt = r * (s * (x - x_r) - z);
        spike when x rises through 1;
    }
}
