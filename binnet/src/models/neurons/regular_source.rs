//! A source of regular spikes.

crate::neuron! {
    /// Emits spikes at a fixed rate, several in one step if need be.
    ///
    /// ```text
    /// phase' = rate;  each time the phase passes 1, it loses 1 and the neuron spikes
    /// ```
    ///
    /// The first spike comes after (1 - phase) / rate. The rate can be driven by a stimulus.
    pub struct RegularSource {
        local rate = 10 Hz >= 0 Hz;
        state phase = 0;

        update { phase += rate * dt; }
        // A rounding error below a step's worth must not delay a spike by a step.
        spike count floor(phase + 1e-9) { phase -= floor(phase + 1e-9); }
    }
}
