//! Currents of the circuit, and what they stand for: time constants, gain ratios, pulse widths.
//!
//! ```text
//! time constant   tau = u_t c / (kappa i)          of a leak i, with kappa = (kappa_n + kappa_p) / 2
//! pulse width     t   = v_th c / i                 of a pulse extender, and of the refractory circuit
//! gain ratio      r   = i_gain / i_tau
//! ```
//!
//! Currents are in pA, capacitances in pF, voltages in mV, times in ms: the units in which the models declare them.

use crate::error::{BuildError, Result};

/// Capacitances and transistors of a neuron: what the layout of the chip fixes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Capacitance of the membrane, pF.
    pub c_mem: f64,
    /// Capacitance of the adaptation, pF.
    pub c_ahp: f64,
    /// Capacitance of the AMPA synapse, pF; that of the combined synapse of [`DpiNeuron`](super::DpiNeuron).
    pub c_ampa: f64,
    /// Capacitance of the GABA synapse, pF.
    pub c_gaba: f64,
    /// Capacitance of the NMDA synapse, pF.
    pub c_nmda: f64,
    /// Capacitance of the SHUNT synapse, pF.
    pub c_shunt: f64,
    /// Capacitance of the refractory circuit, pF.
    pub c_ref: f64,
    /// Capacitance of the pulse extender, pF.
    pub c_pulse: f64,
    /// Capacitance of the pulse extender of the adaptation, pF.
    pub c_pulse_ahp: f64,
    /// Dark current, pA.
    pub i_o: f64,
    /// Subthreshold slope factor of n-type transistors.
    pub kappa_n: f64,
    /// Subthreshold slope factor of p-type transistors.
    pub kappa_p: f64,
    /// Thermal voltage, mV.
    pub u_t: f64,
    /// Cut-off voltage, mV.
    pub v_th: f64,
}

impl Default for Layout {
    /// The DYNAP-SE2 as Rockpool describes it.
    fn default() -> Self {
        Self {
            c_mem: 3.0,
            c_ahp: 40.0,
            c_ampa: 24.5,
            c_gaba: 25.0,
            c_nmda: 25.0,
            c_shunt: 24.5,
            c_ref: 1.5,
            c_pulse: 0.5,
            c_pulse_ahp: 0.5,
            i_o: 0.5,
            kappa_n: 0.75,
            kappa_p: 0.66,
            u_t: 25.0,
            v_th: 700.0,
        }
    }
}

impl Layout {
    /// The mean slope factor.
    #[must_use]
    pub fn kappa(&self) -> f64 {
        (self.kappa_n + self.kappa_p) / 2.0
    }

    /// The time constant (ms) of a capacitance (pF) with a leak (pA).
    #[must_use]
    pub fn time_constant(&self, c: f64, leak: f64) -> f64 {
        self.u_t / self.kappa() * c / leak
    }

    /// The leak (pA) that gives a capacitance (pF) this time constant (ms).
    #[must_use]
    pub fn leak(&self, c: f64, tau: f64) -> f64 {
        self.u_t / self.kappa() * c / tau
    }

    /// The width (ms) of the pulse of a capacitance (pF) with a bias (pA).
    #[must_use]
    pub fn pulse_width(&self, c: f64, bias: f64) -> f64 {
        self.v_th * c / bias
    }

    /// The bias (pA) for a pulse of this width (ms).
    #[must_use]
    pub fn pulse_bias(&self, c: f64, width: f64) -> f64 {
        self.v_th * c / width
    }
}

/// Times of a core, in ms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// Time constant of the membrane at rest.
    pub tau_mem: f64,
    /// Time constant of the adaptation.
    pub tau_ahp: f64,
    /// Time constant of the AMPA synapse; that of the combined synapse.
    pub tau_ampa: f64,
    /// Time constant of the GABA synapse.
    pub tau_gaba: f64,
    /// Time constant of the NMDA synapse.
    pub tau_nmda: f64,
    /// Time constant of the SHUNT synapse.
    pub tau_shunt: f64,
    /// Refractory period.
    pub t_ref: f64,
    /// Width of the pulse of an event.
    pub t_pulse: f64,
    /// Width of the pulse of a spike onto the adaptation.
    pub t_pulse_ahp: f64,
}

impl Default for Times {
    /// Membrane 20 ms, adaptation 50 ms, synapses 10 ms, refractory period 1 ms, pulses 10 us and 1 us.
    fn default() -> Self {
        Self {
            tau_mem: 20.0,
            tau_ahp: 50.0,
            tau_ampa: 10.0,
            tau_gaba: 10.0,
            tau_nmda: 10.0,
            tau_shunt: 10.0,
            t_ref: 1.0,
            t_pulse: 1e-2,
            t_pulse_ahp: 1e-3,
        }
    }
}

/// Gain ratios of a core: gain current over leak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gains {
    /// Of the membrane.
    pub mem: f64,
    /// Of the adaptation.
    pub ahp: f64,
    /// Of the AMPA synapse; that of the combined synapse.
    pub ampa: f64,
    /// Of the GABA synapse.
    pub gaba: f64,
    /// Of the NMDA synapse.
    pub nmda: f64,
    /// Of the SHUNT synapse.
    pub shunt: f64,
}

impl Default for Gains {
    /// Membrane 4, adaptation 1, synapses 100.
    fn default() -> Self {
        Self { mem: 4.0, ahp: 1.0, ampa: 100.0, gaba: 100.0, nmda: 100.0, shunt: 100.0 }
    }
}

/// All currents of a core, in pA: the biases that a user sets.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields of the models, where they are documented")]
pub struct Currents {
    pub i_dc: f64,
    pub i_f_nmda: f64,
    pub i_gain_mem: f64,
    pub i_gain_ahp: f64,
    pub i_gain_ampa: f64,
    pub i_gain_gaba: f64,
    pub i_gain_nmda: f64,
    pub i_gain_shunt: f64,
    pub i_tau_mem: f64,
    pub i_tau_ahp: f64,
    pub i_tau_ampa: f64,
    pub i_tau_gaba: f64,
    pub i_tau_nmda: f64,
    pub i_tau_shunt: f64,
    pub i_pulse: f64,
    pub i_pulse_ahp: f64,
    pub i_ref: f64,
    pub i_spkthr: f64,
    pub i_w_ahp: f64,
}

impl Default for Currents {
    /// Those of the default times and gains.
    fn default() -> Self {
        Self::from_times(&Layout::default(), &Times::default(), &Gains::default())
    }
}

impl Currents {
    /// The currents that give these times and gain ratios. The others are at their defaults: threshold 100 nA, constant
    /// current, NMDA gate and adaptation weight 0.5 pA.
    ///
    /// ```
    /// use binnet::models::dynapsim::{Currents, Gains, Layout, Times};
    ///
    /// let times = Times { tau_mem: 12.0, ..Times::default() };
    /// let currents = Currents::of(&Layout::default(), &times, &Gains::default())?;
    /// assert!((currents.i_tau_mem - 8.865).abs() < 1e-3); // pA
    /// # Ok::<(), binnet::Error>(())
    /// ```
    ///
    /// # Errors
    /// For times and values of the layout that are not above 0, ratios that are below 0, and what is not finite.
    pub fn of(layout: &Layout, times: &Times, gains: &Gains) -> Result<Self> {
        let positive = [
            ("tau_mem", times.tau_mem),
            ("tau_ahp", times.tau_ahp),
            ("tau_ampa", times.tau_ampa),
            ("tau_gaba", times.tau_gaba),
            ("tau_nmda", times.tau_nmda),
            ("tau_shunt", times.tau_shunt),
            ("t_ref", times.t_ref),
            ("t_pulse", times.t_pulse),
            ("t_pulse_ahp", times.t_pulse_ahp),
        ];
        for (name, value) in positive {
            check(name, value, value > 0.0, "ms", "give a time above 0 ms")?;
        }
        let capacitances = [
            ("c_mem", layout.c_mem),
            ("c_ahp", layout.c_ahp),
            ("c_ampa", layout.c_ampa),
            ("c_gaba", layout.c_gaba),
            ("c_nmda", layout.c_nmda),
            ("c_shunt", layout.c_shunt),
            ("c_ref", layout.c_ref),
            ("c_pulse", layout.c_pulse),
            ("c_pulse_ahp", layout.c_pulse_ahp),
        ];
        for (name, value) in capacitances {
            check(name, value, value > 0.0, "pF", "a capacitance is above 0 pF")?;
        }
        for (name, value) in [("u_t", layout.u_t), ("v_th", layout.v_th)] {
            check(name, value, value > 0.0, "mV", "a voltage of the layout is above 0 mV")?;
        }
        check("i_o", layout.i_o, layout.i_o > 0.0, "pA", "a dark current is above 0 pA")?;
        check("kappa", layout.kappa(), layout.kappa() > 0.0, "in the mean", "slope factors are above 0, near 0.7")?;
        let ratios = [gains.mem, gains.ahp, gains.ampa, gains.gaba, gains.nmda, gains.shunt];
        for (name, value) in ["mem", "ahp", "ampa", "gaba", "nmda", "shunt"].into_iter().zip(ratios) {
            check(name, value, value >= 0.0, "times the leak", "a gain ratio is not negative")?;
        }
        Ok(Self::from_times(layout, times, gains))
    }

    /// The currents of a population, by the names of its fields; what it does not have is at its default. One synapse stands
    /// for those that excite and for those that inhibit.
    pub(super) fn read(value: impl Fn(&str) -> Option<f64>) -> Self {
        let default = Self::default();
        let of = |name: &str, other: &str, default: f64| value(name).or_else(|| value(other)).unwrap_or(default);
        let own = |name: &str, default: f64| of(name, name, default);
        Self {
            i_dc: own("i_dc", default.i_dc),
            i_f_nmda: own("i_f_nmda", default.i_f_nmda),
            i_gain_mem: own("i_gain_mem", default.i_gain_mem),
            i_gain_ahp: own("i_gain_ahp", default.i_gain_ahp),
            i_gain_ampa: of("i_gain_ampa", "i_gain_syn", default.i_gain_ampa),
            i_gain_gaba: of("i_gain_gaba", "i_gain_syn", default.i_gain_gaba),
            i_gain_nmda: own("i_gain_nmda", default.i_gain_nmda),
            i_gain_shunt: own("i_gain_shunt", default.i_gain_shunt),
            i_tau_mem: own("i_tau_mem", default.i_tau_mem),
            i_tau_ahp: own("i_tau_ahp", default.i_tau_ahp),
            i_tau_ampa: of("i_tau_ampa", "i_tau_syn", default.i_tau_ampa),
            i_tau_gaba: of("i_tau_gaba", "i_tau_syn", default.i_tau_gaba),
            i_tau_nmda: own("i_tau_nmda", default.i_tau_nmda),
            i_tau_shunt: own("i_tau_shunt", default.i_tau_shunt),
            i_pulse: own("i_pulse", default.i_pulse),
            i_pulse_ahp: own("i_pulse_ahp", default.i_pulse_ahp),
            i_ref: own("i_ref", default.i_ref),
            i_spkthr: own("i_spkthr", default.i_spkthr),
            i_w_ahp: own("i_w_ahp", default.i_w_ahp),
        }
    }

    fn from_times(layout: &Layout, times: &Times, gains: &Gains) -> Self {
        let i_tau_mem = layout.leak(layout.c_mem, times.tau_mem);
        let i_tau_ahp = layout.leak(layout.c_ahp, times.tau_ahp);
        let i_tau_ampa = layout.leak(layout.c_ampa, times.tau_ampa);
        let i_tau_gaba = layout.leak(layout.c_gaba, times.tau_gaba);
        let i_tau_nmda = layout.leak(layout.c_nmda, times.tau_nmda);
        let i_tau_shunt = layout.leak(layout.c_shunt, times.tau_shunt);
        Self {
            i_dc: 0.5,
            i_f_nmda: 0.5,
            i_gain_mem: gains.mem * i_tau_mem,
            i_gain_ahp: gains.ahp * i_tau_ahp,
            i_gain_ampa: gains.ampa * i_tau_ampa,
            i_gain_gaba: gains.gaba * i_tau_gaba,
            i_gain_nmda: gains.nmda * i_tau_nmda,
            i_gain_shunt: gains.shunt * i_tau_shunt,
            i_tau_mem,
            i_tau_ahp,
            i_tau_ampa,
            i_tau_gaba,
            i_tau_nmda,
            i_tau_shunt,
            i_pulse: layout.pulse_bias(layout.c_pulse, times.t_pulse),
            i_pulse_ahp: layout.pulse_bias(layout.c_pulse_ahp, times.t_pulse_ahp),
            i_ref: layout.pulse_bias(layout.c_ref, times.t_ref),
            i_spkthr: 1e5,
            i_w_ahp: 0.5,
        }
    }

    /// The times that these currents give.
    #[must_use]
    pub fn times(&self, layout: &Layout) -> Times {
        Times {
            tau_mem: layout.time_constant(layout.c_mem, self.i_tau_mem),
            tau_ahp: layout.time_constant(layout.c_ahp, self.i_tau_ahp),
            tau_ampa: layout.time_constant(layout.c_ampa, self.i_tau_ampa),
            tau_gaba: layout.time_constant(layout.c_gaba, self.i_tau_gaba),
            tau_nmda: layout.time_constant(layout.c_nmda, self.i_tau_nmda),
            tau_shunt: layout.time_constant(layout.c_shunt, self.i_tau_shunt),
            t_ref: layout.pulse_width(layout.c_ref, self.i_ref),
            t_pulse: layout.pulse_width(layout.c_pulse, self.i_pulse),
            t_pulse_ahp: layout.pulse_width(layout.c_pulse_ahp, self.i_pulse_ahp),
        }
    }

    /// The gain ratios that these currents give.
    #[must_use]
    pub fn gains(&self) -> Gains {
        Gains {
            mem: self.i_gain_mem / self.i_tau_mem,
            ahp: self.i_gain_ahp / self.i_tau_ahp,
            ampa: self.i_gain_ampa / self.i_tau_ampa,
            gaba: self.i_gain_gaba / self.i_tau_gaba,
            nmda: self.i_gain_nmda / self.i_tau_nmda,
            shunt: self.i_gain_shunt / self.i_tau_shunt,
        }
    }

    /// All currents by name, in the order of the fields.
    #[must_use]
    pub fn named(&self) -> [(&'static str, f64); 19] {
        [
            ("i_dc", self.i_dc),
            ("i_f_nmda", self.i_f_nmda),
            ("i_gain_mem", self.i_gain_mem),
            ("i_gain_ahp", self.i_gain_ahp),
            ("i_gain_ampa", self.i_gain_ampa),
            ("i_gain_gaba", self.i_gain_gaba),
            ("i_gain_nmda", self.i_gain_nmda),
            ("i_gain_shunt", self.i_gain_shunt),
            ("i_tau_mem", self.i_tau_mem),
            ("i_tau_ahp", self.i_tau_ahp),
            ("i_tau_ampa", self.i_tau_ampa),
            ("i_tau_gaba", self.i_tau_gaba),
            ("i_tau_nmda", self.i_tau_nmda),
            ("i_tau_shunt", self.i_tau_shunt),
            ("i_pulse", self.i_pulse),
            ("i_pulse_ahp", self.i_pulse_ahp),
            ("i_ref", self.i_ref),
            ("i_spkthr", self.i_spkthr),
            ("i_w_ahp", self.i_w_ahp),
        ]
    }
}

fn check(name: &str, value: f64, fine: bool, unit: &str, help: &str) -> Result<()> {
    if fine && value.is_finite() {
        return Ok(());
    }
    let (what, problem) = (format!("`{name}`"), format!("is {value} {unit}"));
    Err(BuildError::Value { what, problem, help: help.to_owned() }.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::dynapsim::{DpiGated, DpiNeuron};

    #[test]
    fn defaults_are_those_of_the_models() {
        let (currents, released, gated) =
            (Currents::default(), DpiNeuron::<f64>::default(), DpiGated::<f64>::default());
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
        near(currents.i_tau_mem, released.i_tau_mem);
        near(currents.i_gain_mem, released.i_gain_mem);
        near(currents.i_tau_ampa, released.i_tau_syn);
        near(currents.i_gain_ampa, released.i_gain_syn);
        near(currents.i_tau_ahp, released.i_tau_ahp);
        near(currents.i_gain_ahp, released.i_gain_ahp);
        near(currents.i_pulse, released.i_pulse);
        near(currents.i_pulse_ahp, released.i_pulse_ahp);
        near(currents.i_ref, released.i_ref);
        near(currents.i_tau_gaba, gated.i_tau_gaba);
        near(currents.i_gain_nmda, gated.i_gain_nmda);
        let own = (Times { t_ref: 2.0, ..Times::default() }, Gains { ahp: 10.0, ..Gains::default() });
        let currents = Currents::of(&Layout::default(), &own.0, &own.1).unwrap();
        near(currents.i_ref, gated.i_ref);
        near(currents.i_gain_ahp, gated.i_gain_ahp);
    }

    #[test]
    fn times_and_gains_come_back() {
        let (layout, times, gains) = (
            Layout::default(),
            Times { tau_nmda: 80.0, t_ref: 2.5, ..Times::default() },
            Gains { gaba: 60.0, ..Gains::default() },
        );
        let currents = Currents::of(&layout, &times, &gains).unwrap();
        assert!((currents.times(&layout).tau_nmda - 80.0).abs() < 1e-12);
        assert!((currents.times(&layout).t_ref - 2.5).abs() < 1e-12);
        assert!((currents.gains().gaba - 60.0).abs() < 1e-12);
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = Currents::of(&layout, &Times { tau_mem: bad, ..times }, &gains).unwrap_err().to_string();
            assert!(error.contains("`tau_mem`") && error.contains("help: "), "{error}");
        }
        assert!(Currents::of(&layout, &times, &Gains { mem: -1.0, ..gains }).is_err());
    }

    #[test]
    fn layouts_without_a_meaning_are_refused() {
        let error = |layout: Layout| {
            Currents::of(&layout, &Times::default(), &Gains::default()).map(|_| ()).unwrap_err().to_string()
        };
        let layout = Layout::default();
        assert!(error(Layout { u_t: f64::NAN, ..layout }).contains("`u_t` is NaN mV"));
        assert!(error(Layout { c_mem: 0.0, ..layout }).contains("`c_mem` is 0 pF"));
        assert!(error(Layout { kappa_n: 0.0, kappa_p: 0.0, ..layout }).contains("`kappa` is 0"));
    }
}
