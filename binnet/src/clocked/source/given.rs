//! Counts that the caller hands in, and that wait for their step.

use core::ops::Range;

use crate::clocked::Spiked;

/// Counts of the next steps. Kept are those above 0: most channels are silent in most steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    spikes: Vec<Spiked>,
    /// Where each row ends.
    ends: Vec<usize>,
    /// The row of the next step.
    next: usize,
}

impl Given {
    /// Adds a row behind those that wait.
    pub(super) fn push(&mut self, counts: &[u32]) {
        // Silent channels are passed over many at once.
        const GROUP: usize = 16;
        self.make_room();
        let (groups, rest) = counts.as_chunks::<GROUP>();
        let mut add = |start: usize, counts: &[u32]| {
            let channels = (start as u32..).zip(counts).filter(|(_, count)| **count > 0);
            self.spikes.extend(channels.map(|(neuron, count)| Spiked { neuron, count: *count, before: 0 }));
        };
        for (number, group) in groups.iter().enumerate() {
            if group.iter().fold(0, |any, count| any | count) != 0 {
                add(number * GROUP, group);
            }
        }
        add(groups.len() * GROUP, rest);
        self.ends.push(self.spikes.len());
    }

    /// The row of the next step, which waits no longer; empty if there is none.
    pub(super) fn take(&mut self) -> &[Spiked] {
        let range = self.range(self.next);
        self.next = self.ends.len().min(self.next + 1);
        &self.spikes[range]
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.spikes.clear();
        self.ends.clear();
        self.next = 0;
    }

    /// The rows that wait, of so many channels.
    pub(super) fn rows(&self, size: usize) -> impl Iterator<Item = Vec<u32>> {
        (self.next..self.ends.len()).map(move |row| {
            let mut counts = vec![0; size];
            for spiked in &self.spikes[self.range(row)] {
                counts[spiked.neuron as usize] = spiked.count;
            }
            counts
        })
    }

    fn range(&self, row: usize) -> Range<usize> {
        let Some(end) = self.ends.get(row) else { return 0..0 };
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..*end
    }

    /// Forgets rows that were taken, once they are most.
    fn make_room(&mut self) {
        if self.next <= self.ends.len() / 2 || self.next == 0 {
            return;
        }
        let start = self.ends[self.next - 1];
        self.spikes.drain(..start);
        self.ends.drain(..self.next);
        self.ends.iter_mut().for_each(|end| *end -= start);
        self.next = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_as_they_went_in() {
        let size = 37;
        let row =
            |k: u32| -> Vec<u32> { (0..size).map(|i| if (i + k).is_multiple_of(5) { i * k % 3 } else { 0 }).collect() };
        let mut given = Given::default();
        let (mut pushed, mut taken) = (0, 0);
        // Handed in and taken by turns, so that rows wait, none wait, and some are asked for that were never given.
        for (more, fewer) in [(10, 4), (3, 9), (0, 2), (20, 1), (1, 19), (7, 8)] {
            for _ in 0..more {
                given.push(&row(pushed));
                pushed += 1;
            }
            assert_eq!(given.rows(size as usize).collect::<Vec<_>>(), (taken..pushed).map(row).collect::<Vec<_>>());
            for _ in 0..fewer {
                let mut found = vec![0; size as usize];
                given.take().iter().for_each(|spiked| found[spiked.neuron as usize] = spiked.count);
                let expected = if taken < pushed { row(taken) } else { vec![0; size as usize] };
                assert_eq!(found, expected);
                taken = pushed.min(taken + 1);
            }
        }
        given.push(&row(1));
        given.clear();
        assert!(given.take().is_empty());
    }
}
