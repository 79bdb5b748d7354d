//! The straightforward kernel: compressed columns of `u32` targets and `f32` weights, `f32` fields.
//!
//! It is what one writes first, and what the numba package compiles to; the benches state speeds as
//! ratios to it.

use binnet::asynchronous::{Asynchronous, Gains};

/// A network as compressed columns, on its trajectory.
#[derive(Clone, Debug)]
pub struct Plain {
    first: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f32>,
    fields: Vec<f32>,
    thresholds: Vec<f32>,
    states: Vec<u8>,
    n_e: usize,
    rng: u64,
    log: Vec<(u32, i8)>,
}

impl Plain {
    /// The same connections, states and fields as a network, whose first `n_e` neurons are updated
    /// by two thirds of all updates.
    pub fn of<G: Gains>(net: &Asynchronous<G>, n_e: usize) -> Self {
        let matrix = net.weights_csr();
        let first = (0..=net.len()).map(|k| matrix.indptr().index(k)).collect();
        Self {
            first,
            targets: matrix.indices().iter().map(|i| *i as u32).collect(),
            weights: matrix.data().iter().map(|w| *w as f32).collect(),
            fields: net.fields().iter().map(|h| *h as f32).collect(),
            thresholds: net.thresholds().iter().map(|t| *t as f32).collect(),
            states: net.states(),
            n_e,
            rng: 0x1234_5678_9abc_def1,
            log: Vec::new(),
        }
    }

    /// Makes `n` updates and logs each of them, as the package does; returns the flips.
    pub fn run(&mut self, n: usize) -> usize {
        self.log.clear();
        self.log.reserve(n);
        let mut flips = 0;
        let n_i = self.states.len() - self.n_e;
        for _ in 0..n {
            // xorshift64*: as cheap as generators get.
            self.rng ^= self.rng >> 12;
            self.rng ^= self.rng << 25;
            self.rng ^= self.rng >> 27;
            let x = self.rng.wrapping_mul(0x2545_f491_4f6c_dd1d);
            let (high, low) = (x >> 32, x & 0xffff_ffff);
            let k = if high < 2_863_311_530 {
                (low * self.n_e as u64) >> 32
            } else {
                self.n_e as u64 + ((low * n_i as u64) >> 32)
            };
            let k = k as usize;
            let new = u8::from(self.fields[k] > self.thresholds[k]);
            let delta = new as i8 - self.states[k] as i8;
            self.log.push((k as u32, delta));
            if delta != 0 {
                flips += 1;
                self.states[k] = new;
                let range = self.first[k]..self.first[k + 1];
                for (target, weight) in self.targets[range.clone()].iter().zip(&self.weights[range]) {
                    self.fields[*target as usize] += f32::from(delta) * weight;
                }
            }
        }
        flips
    }
}
