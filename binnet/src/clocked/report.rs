//! What a network says of itself: its size and speed, and how it is computed.

use super::{Clocked, Populations, Schedule};
use crate::neuron::{Method as _, Own};
use crate::receptor::Apart;

impl<P: Populations> Clocked<P> {
    /// Sizes, mean rates, time and speed, as text; also why the last run ended early, and the times of stages if they
    /// are taken (see [`profile`](Self::profile)).
    #[must_use]
    pub fn summary(&self) -> String {
        let (ms, seconds) = (self.time().ms(), self.wall().as_secs_f64());
        let neurons: usize = (0..self.populations().count()).map(|p| self.populations().at(p).size()).sum();
        let mut text = format!("{}: {neurons} neurons, {ms} ms in {} steps", self.name(), self.steps());
        if ms > 0.0 && seconds > 0.0 {
            text += &format!(", {seconds:.3} s of computing ({:.2} times real time)", ms * 1e-3 / seconds);
        }
        text.push('\n');
        text += &self.order();
        for p in 0..self.populations().count() {
            let cohort = self.populations().at(p);
            text += &format!("  {}: {}[{}]", cohort.name(), cohort.model(), cohort.size());
            if ms > 0.0 {
                let rate = self.spike_count(p) as f64 / (cohort.size() as f64 * ms * 1e-3);
                text += &format!(", {rate:.2} Hz");
            }
            text.push('\n');
        }
        let synapses: u64 = self.projections().iter().map(|projection| projection.synapses).sum();
        if synapses > 0 {
            text += &format!("  {synapses} synapses\n");
        }
        if let Some(ended) = self.ended.as_ref().filter(|ended| !ended.is_complete()) {
            text += &format!("  {ended}\n");
        }
        let times = self.stage_times();
        let total: f64 = times.iter().map(|(_, time)| time.as_secs_f64()).sum();
        for (part, time) in times.iter().filter(|(_, time)| !time.is_zero()) {
            let seconds = time.as_secs_f64();
            text += &format!("  {part}: {seconds:.3} s, {:.1} % of the steps timed\n", 100.0 * seconds / total);
        }
        text
    }

    /// The order of the stages of a step, if it is not the usual one.
    fn order(&self) -> String {
        let schedule = self.options().schedule;
        if schedule == Schedule::default() {
            return String::new();
        }
        format!("  order of a step: {schedule}\n")
    }

    /// How the network is computed: clock, instructions, the method of each population, and the right-hand
    /// sides of each model, as text; of DPI neurons also whether they fit the chip.
    #[must_use]
    pub fn explain(&self) -> String {
        match crate::models::dynapsim::fit(self) {
            Ok(None) => self.explain_computing(),
            Ok(Some(fit)) => format!("{}{fit}", self.explain_computing()),
            Err(error) => format!("{}{error}\n", self.explain_computing()),
        }
    }

    /// The same without the chip.
    pub(crate) fn explain_computing(&self) -> String {
        let instructions = self.options().instructions.kernels().name();
        let mut text = format!("{}: steps of {} ms, vectors of {instructions}\n", self.name(), self.clock().ms());
        text += &self.order();
        for p in 0..self.populations().count() {
            let cohort = self.populations().at(p);
            let (method, default) = cohort.method();
            let why = if default { "the best that its model admits" } else { "chosen in the population" };
            let why = if [Own::NAME, Apart::NAME].contains(&method) { "its model is written by hand" } else { why };
            text += &format!("  {}: {} advances by {method} ({why})\n", cohort.name(), cohort.model());
        }
        self.notes().iter().for_each(|line| text += &format!("  {line}\n"));
        for projection in self.projections() {
            let each = projection.bytes as f64 / projection.synapses.max(1) as f64;
            text += &format!(
                "  {}: {}, {} synapses as {} ({each:.2} bytes each), delays up to {} steps",
                projection.name, projection.rule, projection.synapses, projection.storage, projection.longest_delay
            );
            if projection.autapses_removed > 0 {
                text += &format!(", {} autapses removed", projection.autapses_removed);
            }
            text.push('\n');
        }
        self.wiring().describe(self.populations()).iter().for_each(|line| text += &format!("  {line}\n"));
        text += &match self.threads() {
            1 if self.chooses_threads() => "  one thread; more are tried where steps take long\n".to_owned(),
            1 => "  one thread\n".to_owned(),
            threads => {
                let processors = super::workers::processors();
                let wait = if threads > processors {
                    format!(", and slower than on the {processors} processors of this machine")
                } else {
                    String::new()
                };
                format!("  {threads} threads, with the same results as one{wait}\n")
            }
        };
        let mut told = Vec::new();
        for p in 0..self.populations().count() {
            let cohort = self.populations().at(p);
            if let Some(model) = cohort.text().filter(|_| !told.contains(&cohort.model())) {
                told.push(cohort.model());
                model.explain().lines().for_each(|line| text += &format!("  | {line}\n"));
            }
        }
        let sentinel = if self.options().sentinel { "stops" } else { "does not stop" };
        text += &format!("  the run {sentinel} at states that are NaN, infinite or out of their bounds\n");
        text
    }
}
