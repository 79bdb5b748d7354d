//! Records (placeholder until the record module lands).
#![allow(missing_docs, reason = "placeholder")]
#[derive(Clone, Copy, Debug)]
pub struct PackedFlip { pub offset: u32, pub neuron_up: u32 }
#[derive(Clone, Copy, Debug)]
pub struct Flip { pub update: u64, pub neuron: u32, pub up: bool }
#[derive(Clone, Debug)]
pub struct Sections { pub names: Vec<String>, pub sizes: Vec<usize>, pub clusters: Vec<usize>, pub taus: Vec<f64> }
#[derive(Clone, Debug)]
pub struct FlipLog { first: u64, initial: Vec<u8>, flips: Vec<(u64, u32)>, updates: u64 }
impl FlipLog {
    pub fn new(_: Sections, initial: &[u8], first: u64) -> Self { Self { first, initial: initial.to_vec(), flips: vec![], updates: first } }
    pub fn append(&mut self, base: u64, flips: &[PackedFlip]) { self.flips.extend(flips.iter().map(|f| (base + u64::from(f.offset), f.neuron_up))); }
    pub fn advance_to(&mut self, updates: u64) { self.updates = updates; }
    pub fn bytes(&self) -> usize { self.flips.len() * 16 }
    pub fn first_update(&self) -> u64 { self.first }
    pub fn updates(&self) -> u64 { self.updates }
    pub fn initial_state(&self) -> Vec<u8> { self.initial.clone() }
    pub fn iter(&self) -> impl Iterator<Item = Flip> + '_ { self.flips.iter().map(|f| Flip { update: f.0, neuron: f.1 >> 1, up: f.1 & 1 == 1 }) }
}
