//! The neuron of the simulator that Rockpool releases.

use super::circuit::{dpi_neuron, dpi_neuron_of_rockpool};

dpi_neuron_of_rockpool! {
    {
        /// Neuron of the DYNAP-SE2 chip with one combined synapse, as `DynapSim` of Rockpool 2.6 to 3.1 computes it.
        ///
        /// The input `x` takes weighted events: counts times weights, which may be negative and any number.
        ///
        /// ```text
        /// i_syn  = exp(-dt / tau_syn) i_syn + (1 - exp(-t_pulse / tau_syn)) max(i_gain_syn / i_tau_syn i_scale x, i_o)
        /// i_ahp  = max(exp(-dt / tau_ahp) i_ahp + (1 - exp(-t_pulse_ahp / tau_ahp)) i_gain_ahp / i_tau_ahp i_w_ahp s, i_o)
        /// leak   = i_tau_mem + i_ahp
        /// i_in   = max(i_syn - leak + i_dc, i_o), and i_o in the refractory period
        /// i_inf  = i_gain_mem / i_tau_mem (i_in - leak)
        /// f      = i_o exp(beta v_mem / u_t) / leak (i_mem + i_gain_mem),     beta = kappa^2 / (kappa + 1)
        /// i_mem += dt i_mem / (tau_mem (i_mem + i_gain_mem)) (i_inf + f - i_mem (1 + i_ahp / i_tau_mem))
        /// tau_mem = u_t c_mem / (kappa leak);  i_mem = max(i_mem, i_o);  v_mem = u_t / kappa ln(i_mem / i_o)
        /// s      = ceil(ln(i_mem / i_spkthr)), at least 0;  if s > 0: i_mem = i_o, timer = t_ref
        /// ```
        ///
        /// All in this order; f is taken from `v_mem` and `i_mem` of the step before. See the
        /// [module](super) for what of this differs from Rockpool's documentation. [`DpiGated`](super::DpiGated) has
        /// four synapses instead of one, with currents as weights; [`DpiDocumented`](super::DpiDocumented) has the
        /// equations of the documentation.
        ///
        /// Source: Rockpool 3.1.0 (SynSense), `devices.dynapse.DynapSim`. The circuits: Chicca, Stefanini, Bartolozzi &
        /// Indiveri (2014), Proc. IEEE 102; Livi & Indiveri (2009), ISCAS.
        pub struct DpiNeuron
    }
    i_gain_ahp: { 28.368794326241126 pA }, i_ref: { 1050 pA }, i_w_ahp: { 0.5 pA };

    currents {
        let i_event = unit_syn * x;
        i_syn = decay_syn * i_syn + if least_syn > i_event { least_syn } else { i_event };
        let i_adapted = decay_ahp * i_ahp + unit_ahp * spikes;
        i_ahp = if i_o > i_adapted { i_o } else { i_adapted };
        let leak = i_leak + i_ahp;
        let load = leak * per_leak;
        let i_drive = i_syn - leak + i_dc;
    }

    /// The gate of NMDA synapses. This model has none: the value is kept for the chip, and has no effect here.
    local i_f_nmda   = 0.5 pA > 0 pA;
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
    let unit_syn = charge_syn * ratio_syn * i_scale;
    let least_syn = charge_syn * i_o;
    let unit_ahp = charge_ahp * ratio_ahp * i_w_ahp;
}
