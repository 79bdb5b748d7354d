//! Electrical synapses.

crate::synapse! {
    /// An electrical synapse: a current along the difference of the potentials, in each step.
    ///
    /// ```text
    /// i = g (v_pre - v_post)
    /// ```
    ///
    /// Delivers onto an input in pA. A symmetric junction is two synapses, one in each direction.
    ///
    /// Source: Galarreta & Hestrin (1999), Nature 402; Lewis & Rinzel (2003), J. Comput. Neurosci. 14.
    pub struct GapJunction {
        local g = 1 nS;
        pre v: mV;
        post v: mV;

        deliver g * (pre.v - post.v);
    }
}
