//! The neuron with four synapses.

use super::circuit::{dpi_neuron, dpi_neuron_of_rockpool};

dpi_neuron_of_rockpool! {
    {
        /// Neuron of the DYNAP-SE2 chip with its four synapses: AMPA, GABA, NMDA and SHUNT.
        ///
        /// Each gate has an input of its own, in pA: counts times weight currents, not below 0. All synapses, and the
        /// adaptation with `t_pulse_ahp`, `i_w_ahp s` and a mix of 0.75, follow
        ///
        /// ```text
        /// q    = 0.95 i_gain / (i + i_gain);   i = exp(-dt / tau) i
        /// lin  = (1 - exp(-t_pulse / tau)) i_gain / i_tau max(input, 0)
        /// pot  = i t_pulse / tau (input / i_gain + 1 - i / i_gain)
        /// i    = max(i + q pot + (1 - q) lin, i_o)
        /// leak = i_tau_mem + i_gaba + i_ahp
        /// i_in = max(i_nmda / (1 + i_f_nmda / i_mem) + i_ampa - i_shunt + i_dc - leak, i_o), i_o in the refractory period
        /// ```
        ///
        /// A single event onto a synapse at rest adds only 5 % of `lin`, since q is close to 0.95 there; `pot` acts in
        /// each step, event or not. The membrane is that of [`DpiNeuron`](super::DpiNeuron), which differs in that
        /// GABA and SHUNT act there only against positive events of the same step.
        ///
        /// Defaults are those of the source: a refractory period of 2 ms, adaptation with gain 10 and weight 1 nA. Its
        /// built-in mismatch is left out: give parameters with `mismatch` instead.
        ///
        /// Source: the history of Rockpool (SynSense), never released: commit 9b60533 of November 2022.
        pub struct DpiGated
    }
    i_gain_ahp: { 283.68794326241125 pA }, i_ref: { 525 pA }, i_w_ahp: { 1000 pA };

    currents {
        i_ampa = max(gain_ampa * self::charged(
            i_ampa / gain_ampa, ampa / gain_ampa, decay_ampa, width_ampa, charge_ampa, 0.95
        ), i_o);
        i_gaba = max(gain_gaba * self::charged(
            i_gaba / gain_gaba, gaba / gain_gaba, decay_gaba, width_gaba, charge_gaba, 0.95
        ), i_o);
        i_nmda = max(gain_nmda * self::charged(
            i_nmda / gain_nmda, nmda / gain_nmda, decay_nmda, width_nmda, charge_nmda, 0.95
        ), i_o);
        i_shunt = max(gain_shunt * self::charged(
            i_shunt / gain_shunt, shunt / gain_shunt, decay_shunt, width_shunt, charge_shunt, 0.95
        ), i_o);
        i_ahp = max(gain_ahp * self::charged(
            i_ahp / gain_ahp, i_w_ahp * spikes / gain_ahp, decay_ahp, t_pulse_ahp / tau_ahp, charge_ahp * ratio_ahp, 0.75
        ), i_o);
        let leak = i_leak + i_gaba + i_ahp;
        let load = 1 + i_ahp * per_leak;
        let i_drive = i_nmda / (1 + i_f_nmda / i_mem) + i_ampa - i_shunt + i_dc - leak;
    }

    /// Current at which the gate of the NMDA synapse is half open.
    local i_f_nmda     = 0.5 pA > 0 pA;
    /// Gain of the AMPA synapse: 100 times its leak. Not below `i_o`.
    local i_gain_ampa  = 8687.943262411346 pA > 0 pA;
    /// Gain of the GABA synapse: 100 times its leak. Not below `i_o`.
    local i_gain_gaba  = 8865.248226950353 pA > 0 pA;
    /// Gain of the NMDA synapse: 100 times its leak. Not below `i_o`.
    local i_gain_nmda  = 8865.248226950353 pA > 0 pA;
    /// Gain of the SHUNT synapse: 100 times its leak. Not below `i_o`.
    local i_gain_shunt = 8687.943262411346 pA > 0 pA;
    /// Leak of the AMPA synapse: its time constant is 10 ms. Not below `i_o`.
    local i_tau_ampa   = 86.87943262411346 pA > 0 pA;
    /// Leak of the GABA synapse: its time constant is 10 ms. Not below `i_o`.
    local i_tau_gaba   = 88.65248226950353 pA > 0 pA;
    /// Leak of the NMDA synapse: its time constant is 10 ms. Not below `i_o`.
    local i_tau_nmda   = 88.65248226950353 pA > 0 pA;
    /// Leak of the SHUNT synapse: its time constant is 10 ms. Not below `i_o`.
    local i_tau_shunt  = 86.87943262411346 pA > 0 pA;
    /// Capacitance of the AMPA synapse.
    local c_ampa       = 24.5 pF > 0 pF;
    /// Capacitance of the GABA synapse.
    local c_gaba       = 25 pF > 0 pF;
    /// Capacitance of the NMDA synapse.
    local c_nmda       = 25 pF > 0 pF;
    /// Capacitance of the SHUNT synapse.
    local c_shunt      = 24.5 pF > 0 pF;

    /// Events onto the AMPA synapse, which excites.
    input ampa: pA;
    /// Events onto the GABA synapse, which adds to the leak.
    input gaba: pA;
    /// Events onto the NMDA synapse, which excites a neuron that is already active.
    input nmda: pA;
    /// Events onto the SHUNT synapse, which takes from the input of the membrane.
    input shunt: pA;

    /// Current of the AMPA synapse.
    state i_ampa  = i_o;
    /// Current of the GABA synapse.
    state i_gaba  = i_o;
    /// Current of the NMDA synapse, before its gate.
    state i_nmda  = i_o;
    /// Current of the SHUNT synapse.
    state i_shunt = i_o;

    let gain_ahp   = max(i_gain_ahp, i_o);
    let gain_ampa  = max(i_gain_ampa, i_o);
    let gain_gaba  = max(i_gain_gaba, i_o);
    let gain_nmda  = max(i_gain_nmda, i_o);
    let gain_shunt = max(i_gain_shunt, i_o);
    /// Time constant of the AMPA synapse.
    let tau_ampa  = u_t_kappa * c_ampa / max(i_tau_ampa, i_o);
    /// Time constant of the GABA synapse.
    let tau_gaba  = u_t_kappa * c_gaba / max(i_tau_gaba, i_o);
    /// Time constant of the NMDA synapse.
    let tau_nmda  = u_t_kappa * c_nmda / max(i_tau_nmda, i_o);
    /// Time constant of the SHUNT synapse.
    let tau_shunt = u_t_kappa * c_shunt / max(i_tau_shunt, i_o);
    let decay_ampa  = exp(-dt / tau_ampa);
    let decay_gaba  = exp(-dt / tau_gaba);
    let decay_nmda  = exp(-dt / tau_nmda);
    let decay_shunt = exp(-dt / tau_shunt);
    let width_ampa  = t_pulse / tau_ampa;
    let width_gaba  = t_pulse / tau_gaba;
    let width_nmda  = t_pulse / tau_nmda;
    let width_shunt = t_pulse / tau_shunt;
    let charge_ampa  = (1 - exp(-width_ampa)) * gain_ampa / max(i_tau_ampa, i_o);
    let charge_gaba  = (1 - exp(-width_gaba)) * gain_gaba / max(i_tau_gaba, i_o);
    let charge_nmda  = (1 - exp(-width_nmda)) * gain_nmda / max(i_tau_nmda, i_o);
    let charge_shunt = (1 - exp(-width_shunt)) * gain_shunt / max(i_tau_shunt, i_o);
}

/// A synapse after a step, in units of its gain: `level` and `drive` are in that unit, too.
#[inline(always)]
fn charged<T: crate::neuron::Scalar>(level: T, drive: T, decay: T, width: T, charge: T, mix: T) -> T {
    let one = T::of(1.0);
    let share = mix / (level + one);
    let level = decay * level;
    let linear = charge * T::max(drive, T::of(0.0));
    let potential = level * width * (drive + one - level);
    level + share * potential + (one - share) * linear
}
