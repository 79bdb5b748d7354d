//! The neuron as it is documented.

use super::circuit::dpi_neuron;

dpi_neuron! {
    {
        /// Neuron of the DYNAP-SE2 chip after the equations that Rockpool's documentation gives.
        ///
        /// ```text
        /// i_syn  = exp(-dt / tau_syn) i_syn + (1 - exp(-t_pulse / tau_syn)) i_gain_syn / i_tau_syn i_scale x
        /// i_ahp  = exp(-dt / tau_ahp) i_ahp + (1 - exp(-t_pulse_ahp / tau_ahp)) i_gain_ahp / i_tau_ahp i_w_ahp s
        /// i_inf  = i_gain_mem / i_tau_mem (i_in - i_ahp - i_tau_mem),    i_in = i_syn + i_dc, 0 in the refractory period
        /// i_a    = i_a_gain / (1 + exp(-(i_mem + i_a_th) / i_a_norm))
        /// f      = i_a / i_tau_mem (i_mem + i_gain_mem)
        /// i_mem += dt i_mem / (tau_mem (i_mem + i_gain_mem)) (i_inf + f - i_mem (1 + i_ahp / i_tau_mem))
        /// i_mem > i_spkthr: one spike, i_mem = i_o, timer = t_ref
        /// ```
        ///
        /// Unlike [`DpiNeuron`](super::DpiNeuron), the feedback is a logistic function of the membrane current, the leak is
        /// subtracted once, the time constant of the membrane is that of `i_tau_mem` alone, a step has at most one
        /// spike, and synapses without events decay to 0. The documentation says nothing of floors; here the membrane
        /// current stays at or above the dark current `i_o`, where it would otherwise get stuck at 0.
        ///
        /// The feedback has no published values: `i_a_gain`, `i_a_th` and `i_a_norm` must be given. With the sign as it is
        /// published, the logistic function is at its middle at `i_mem = -i_a_th`: give a negative `i_a_th` for feedback
        /// that sets in at a membrane current of that size.
        ///
        /// Source: documentation of `DynapSim` in Rockpool 3.1.0 (SynSense), after Chicca, Stefanini, Bartolozzi & Indiveri (2014),
        /// Proc. IEEE 102.
        pub struct DpiDocumented
    }
    i_gain_ahp: { 28.368794326241126 pA }, i_ref: { 1050 pA }, i_w_ahp: { 0.5 pA };

    /// Strength of the positive feedback.
    local i_a_gain: pA >= 0 pA;
    /// Offset of the positive feedback.
    local i_a_th: pA;
    /// Width of the onset of the positive feedback.
    local i_a_norm: pA > 0 pA;
    /// Gain of the synapse: 100 times `i_tau_syn`. Not below `i_o`.
    local i_gain_syn = 8687.943262411346 pA > 0 pA;
    /// Leak of the synapse: `tau_syn` is 10 ms. Not below `i_o`.
    local i_tau_syn  = 86.87943262411346 pA > 0 pA;
    /// Capacitance of the synapse.
    local c_syn      = 24.5 pF > 0 pF;
    /// The current of an event of weight 1.
    param i_scale    = 10000 pA > 0 pA;
    /// Weighted events of a step.
    input x: 1;
    /// Synaptic current.
    state i_syn = i_o;

    let i_leak_syn = max(i_tau_syn, i_o);
    /// Time constant of the synapse.
    let tau_syn = u_t_kappa * c_syn / i_leak_syn;
    let decay_syn = exp(-dt / tau_syn);
    let charge_syn = 1 - exp(-t_pulse / tau_syn);
    let ratio_syn = max(i_gain_syn, i_o) / i_leak_syn;

    update {
        i_syn = decay_syn * i_syn + charge_syn * ratio_syn * i_scale * x;
        i_ahp = decay_ahp * i_ahp + charge_ahp * ratio_ahp * i_w_ahp * spikes;
        let i_in = if timer != 0 ms { 0 pA } else { i_syn + i_dc };
        let i_inf = ratio_mem * (i_in - i_ahp - i_leak);
        let i_a = i_a_gain * sigmoid((i_mem + i_a_th) / i_a_norm);
        let f = i_a / i_leak * (i_mem + gain_mem);
        let target = i_inf + f - i_mem * (1 + i_ahp / i_leak);
        i_mem = max(i_mem + dt * i_mem / (tau_mem * (i_mem + gain_mem)) * target, i_o);
        timer = max(timer - dt, 0 ms);
    }
    spike when i_mem > i_spkthr {
        i_mem = i_o;
        timer = t_ref;
    }
}
