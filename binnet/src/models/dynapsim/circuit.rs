//! What the three models have in common: the biases of soma and adaptation, what follows from them, and
//! the membrane of the released simulator.

/// Declares a neuron of the family: `{ documentation and name }`, the defaults that differ, then what is its own.
///
/// The block of `neuron!` that it writes begins with the shared declarations. Own items may use all of them.
macro_rules! dpi_neuron {
    (
        { $($head:tt)* }
        i_gain_ahp: { $($i_gain_ahp:tt)* }, i_ref: { $($i_ref:tt)* }, i_w_ahp: { $($i_w_ahp:tt)* };
        $($own:tt)*
    ) => {
        crate::neuron! {
            $($head)* {
                /// Constant current into the membrane.
                local i_dc        = 0.5 pA >= 0 pA;
                /// Gain of the membrane: 4 times `i_tau_mem`. Not below `i_o`.
                local i_gain_mem  = 21.276595744680848 pA > 0 pA;
                /// Leak of the membrane: `tau_mem` is 20 ms. Not below `i_o`.
                local i_tau_mem   = 5.319148936170212 pA > 0 pA;
                /// The membrane current above which the neuron spikes.
                local i_spkthr    = 100000 pA > 0 pA;
                /// Sets the refractory period `t_ref`.
                local i_ref       = $($i_ref)* > 0 pA;
                /// Sets the width of the pulse that an event makes: `t_pulse` is 10 us.
                local i_pulse     = 35000 pA > 0 pA;
                /// Sets the width of the pulse that a spike gives to the adaptation: `t_pulse_ahp` is 1 us.
                local i_pulse_ahp = 350000 pA > 0 pA;
                /// Gain of the adaptation. Not below `i_o`.
                local i_gain_ahp  = $($i_gain_ahp)* > 0 pA;
                /// Leak of the adaptation: `tau_ahp` is 50 ms. Not below `i_o`.
                local i_tau_ahp   = 28.368794326241126 pA > 0 pA;
                /// Weight of a spike onto the adaptation.
                local i_w_ahp     = $($i_w_ahp)* >= 0 pA;
                /// Capacitance of the membrane.
                local c_mem       = 3 pF > 0 pF;
                /// Capacitance of the adaptation.
                local c_ahp       = 40 pF > 0 pF;
                /// Capacitance of the refractory circuit.
                local c_ref       = 1.5 pF > 0 pF;
                /// Capacitance of the pulse extender.
                local c_pulse     = 0.5 pF > 0 pF;
                /// Capacitance of the pulse extender of the adaptation.
                local c_pulse_ahp = 0.5 pF > 0 pF;
                /// Dark current of a transistor: the floor of most currents, and what the membrane is reset to.
                local i_o         = 0.5 pA > 0 pA;
                /// Subthreshold slope factor of n-type transistors.
                local kappa_n     = 0.75 > 0;
                /// Subthreshold slope factor of p-type transistors.
                local kappa_p     = 0.66 > 0;
                /// Thermal voltage.
                local u_t         = 25 mV > 0 mV;
                /// Cut-off voltage of a transistor: the pulse and refractory circuits charge up to it.
                local v_th        = 700 mV > 0 mV;

                /// Adaptation current.
                state i_ahp = i_o;
                /// Membrane current.
                state i_mem = i_o;
                /// What is left of the refractory period.
                state timer = 0 ms;

                /// Mean slope factor.
                let kappa = (kappa_n + kappa_p) / 2;
                let u_t_kappa = u_t / kappa;
                /// Refractory period.
                let t_ref = v_th * c_ref / i_ref;
                /// Width of the pulse that an event makes.
                let t_pulse = v_th * c_pulse / i_pulse;
                /// Width of the pulse that a spike gives to the adaptation.
                let t_pulse_ahp = v_th * c_pulse_ahp / i_pulse_ahp;
                let i_leak = max(i_tau_mem, i_o);
                let i_leak_ahp = max(i_tau_ahp, i_o);
                /// Time constant of the membrane at rest.
                let tau_mem = u_t_kappa * c_mem / i_leak;
                /// Time constant of the adaptation.
                let tau_ahp = u_t_kappa * c_ahp / i_leak_ahp;
                let decay_ahp = exp(-dt / tau_ahp);
                let charge_ahp = 1 - exp(-t_pulse_ahp / tau_ahp);
                let gain_mem = max(i_gain_mem, i_o);
                let ratio_mem = gain_mem / i_leak;
                let ratio_ahp = max(i_gain_ahp, i_o) / i_leak_ahp;

                $($own)*
            }
        }
    };
}

/// The same, for those with the membrane of Rockpool's code: `currents` are the statements that bring synapses and
/// adaptation up to date and give `leak`, `load`, which is 1 + i_ahp / i_leak, and `i_drive`, all that flows into the membrane.
macro_rules! dpi_neuron_of_rockpool {
    (
        { $($head:tt)* }
        i_gain_ahp: { $($i_gain_ahp:tt)* }, i_ref: { $($i_ref:tt)* }, i_w_ahp: { $($i_w_ahp:tt)* };
        currents { $($currents:tt)* }
        $($own:tt)*
    ) => {
        dpi_neuron! {
            { $($head)* }
            i_gain_ahp: { $($i_gain_ahp)* }, i_ref: { $($i_ref)* }, i_w_ahp: { $($i_w_ahp)* };

            /// Membrane potential before the reset.
            state v_mem = 0 mV;
            /// Exponent of the positive feedback, and the same per potential.
            let beta = kappa^2 / (kappa + 1);
            let feedback = beta / u_t;
            // Computed before the step, since divisions and logarithms are what a step mostly costs.
            let rate = dt / (u_t_kappa * c_mem);
            let per_leak = 1 / i_leak;
            let per_o = 1 / i_o;
            let per_potential = 1 / u_t_kappa;
            let log_spkthr = log(i_spkthr / i_o);

            $($own)*

            update {
                $($currents)*
                // `max(x, i_o)`, written so that it is one instruction; x that is no number stays so.
                let i_free = if timer != 0 ms { 0 pA } else { i_drive };
                let i_in = if i_o > i_free { i_o } else { i_free };
                let i_inf = ratio_mem * (i_in - leak);
                let i_fb = i_o * exp(feedback * v_mem);
                // Rockpool: i_mem / (tau_mem (i_mem + gain_mem)) (i_inf + f - i_mem (1 + i_ahp / i_leak)), tau_mem =
                // u_t_kappa c_mem / leak and f = i_fb / leak (i_mem + gain_mem); multiplied out to save two divisions.
                let pull = leak * (i_inf - i_mem * load) / (i_mem + gain_mem);
                let i_next = i_mem + rate * i_mem * (pull + i_fb);
                i_mem = if i_o > i_next { i_o } else { i_next };
                v_mem = u_t_kappa * super::circuit::log_of_ratio(i_mem * per_o);
                timer = max(timer - dt, 0 ms);
            }
            // ceil(log(i_mem / i_spkthr)), from the logarithm that is there.
            spike count ceil(v_mem * per_potential - log_spkthr) {
                i_mem = i_o;
                timer = t_ref;
            }
        }
    };
}

/// The logarithm of the membrane current over its floor, a number from 1 on; what is no number or infinite stays no number,
/// so that it is not taken for a spike and reset.
#[inline(always)]
pub(super) fn log_of_ratio<T: crate::neuron::Scalar>(ratio: T) -> T {
    #[expect(clippy::eq_op, reason = "0, but for infinite numbers and those that are none")]
    let rest = ratio - ratio;
    ratio.ln_normal() + rest
}

pub(super) use {dpi_neuron, dpi_neuron_of_rockpool};
