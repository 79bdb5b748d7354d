//! Drawing the connections: column by column, from rules into the planned layout.

use core::ops::Range;

use super::aligned::AlignedVec;
use super::classes::Classes;
use super::kernel::{Kernels, WORD, pack};
use super::layout::{Connectivity, Extra, Group, RealBlock, RealStore, RealValues, Store, TILE};
use super::planner::{Cell, Choice, ColumnPlan, Layout};
use super::spec::{PopulationSpec, ProjectionSpec};
use crate::connect::{Contacts, KindWeights, Pairs, Refusal, Sampler, Shape};
use crate::error::{BuildError, Result};
use crate::rng::Streams;

/// Everything that is known before the first connection is drawn.
pub(crate) struct Draft<'a> {
    pub(crate) populations: &'a [PopulationSpec],
    pub(crate) projections: &'a [ProjectionSpec],
    /// The first neuron of each population, and the number of all.
    pub(crate) first: Vec<usize>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) kinds: Vec<KindWeights>,
    pub(crate) classes: Classes,
    pub(crate) stride: usize,
    /// For each population, its groups: first neuron, length, and the plan of their columns.
    pub(crate) groups: Vec<Vec<(usize, usize, ColumnPlan)>>,
    /// Whether real weights are single-precision.
    pub(crate) single: bool,
}

/// What was drawn for one projection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Drawn {
    pub(crate) contacts: u64,
    pub(crate) autapses_removed: u64,
}

impl<'a> Draft<'a> {
    /// Checks all rules against their populations, assigns slots and plans the layout.
    pub(crate) fn new(
        populations: &'a [PopulationSpec],
        projections: &'a [ProjectionSpec],
        kinds: Vec<KindWeights>,
        layout: Layout,
        single: bool,
    ) -> Result<Self> {
        let mut first = vec![0];
        for population in populations {
            first.push(first[first.len() - 1] + population.size);
        }
        let n = first[populations.len()];
        let shapes: Vec<_> = projections.iter().map(|p| shape(populations, p)).collect::<Result<_>>()?;
        for (projection, shape) in projections.iter().zip(&shapes) {
            projection.rule.check(shape).map_err(|r| refused(populations, projection, r))?;
        }
        let classes = Classes::assign(populations.len(), projections, &kinds);
        let stride = n.next_multiple_of(WORD);
        let mut draft =
            Self { populations, projections, first, shapes, kinds, classes, stride, groups: Vec::new(), single };
        draft.groups = (0..populations.len()).map(|pre| draft.plan_groups(pre, layout)).collect();
        Ok(draft)
    }

    /// Projections from a population, by position.
    fn projections_from(&self, pre: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.projections.len()).filter(move |&q| self.projections[q].pre == pre)
    }

    fn plan_groups(&self, pre: usize, layout: Layout) -> Vec<(usize, usize, ColumnPlan)> {
        let clustered = self.projections_from(pre).any(|q| self.projections[q].pairs != Pairs::All);
        let population = &self.populations[pre];
        let clusters = if clustered { population.clusters } else { 1 };
        let len = population.size / clusters;
        (0..clusters)
            .map(|cluster| {
                let cells = self.projections_from(pre).flat_map(|q| self.cells(q, cluster)).collect();
                (self.first[pre] + cluster * len, len, ColumnPlan::new(cells, layout, self.stride))
            })
            .collect()
    }

    /// The cells of one projection from one cluster: its targets, cut at the borders of clusters so
    /// that cells of different projections either coincide or are apart.
    fn cells(&self, q: usize, cluster: usize) -> Vec<Cell> {
        let (projection, shape) = (&self.projections[q], &self.shapes[q]);
        let KindWeights::Kinds(kinds) = &self.kinds[q] else { return Vec::new() };
        let mut multiplicity = projection.rule.multiplicity(shape);
        multiplicity.mean /= kinds.len().max(1) as f64;
        let clusters = self.populations[projection.post].clusters;
        let size = shape.n_post / clusters;
        let origin = self.first[projection.post];
        (0..clusters)
            .filter(|&c| match projection.pairs {
                Pairs::All => true,
                Pairs::SameCluster => c == cluster,
                Pairs::OtherCluster => c != cluster,
            })
            .flat_map(|c| {
                let lanes = origin + c * size..origin + (c + 1) * size;
                let multiplicity = &multiplicity;
                self.classes.slots_of[q].iter().map(move |&slot| Cell {
                    slot,
                    lanes: lanes.clone(),
                    multiplicity: multiplicity.clone(),
                })
            })
            .collect()
    }

    /// Bytes that the connections will take, by population of origin.
    pub(crate) fn expected_bytes(&self) -> Vec<(String, u64)> {
        let mut parts = Vec::new();
        for (pre, groups) in self.groups.iter().enumerate() {
            let integer: f64 = groups
                .iter()
                .map(|(_, len, plan)| {
                    let column =
                        (plan.words * 4 + plan.bytes + plan.lists.len() * 8) as f64 + plan.expected_entries() * 2.0;
                    *len as f64 * column
                })
                .sum();
            let real: f64 = self
                .projections_from(pre)
                .filter(|&q| self.kinds[q] == KindWeights::Real)
                .map(|q| {
                    let shape = &self.shapes[q];
                    let width = if self.single { 4.0 } else { 8.0 };
                    let entries = self.projections[q].rule.multiplicity(shape).mean * shape.pairs_connected() as f64;
                    (entries * (width + 4.0)).min(shape.n_pre as f64 * shape.n_post as f64 * width)
                })
                .sum();
            parts.push((format!("connections from `{}`", self.populations[pre].name), (integer + real) as u64));
        }
        let counters = self.classes.slots * self.stride;
        parts.push(("field counters".to_owned(), counters as u64 * 8));
        parts
    }

    /// Draws everything.
    pub(crate) fn draw(&self, streams: &Streams, kernels: Kernels) -> Result<(Connectivity, Vec<Drawn>)> {
        let n = self.first[self.populations.len()];
        let mut net = Connectivity {
            n,
            populations: self.populations.len(),
            stride: self.stride,
            slots: self.classes.slots,
            weights: self.classes.weights.clone(),
            groups: Vec::new(),
            group_of: Vec::with_capacity(n),
            words: AlignedVec::zeroed(self.total(|plan| plan.words)),
            bytes: AlignedVec::zeroed(self.total(|plan| plan.bytes)),
            list_ends: Vec::with_capacity(self.total(|plan| plan.lists.len())),
            list_targets: Vec::with_capacity(self.total(|plan| (plan.expected_entries() * 1.01) as usize + 1)),
            extra_starts: vec![0],
            extras: Vec::with_capacity(self.total(|plan| (plan.expected_extras() * 1.02) as usize + 1)),
            largest_in_degree: 0,
            largest_real_sum: 0.0,
            has_reals: self.kinds.contains(&KindWeights::Real),
            kernels,
        };
        let mut drawn = vec![Drawn::default(); self.projections.len()];
        let mut sums = InDegrees { contacts: vec![0; self.classes.slots * self.stride], reals: vec![0.0; n] };
        let mut counts = AlignedVec::<u16>::zeroed(self.classes.slots * self.stride);
        let (mut words, mut bytes) = (0, 0);
        for (pre, groups) in self.groups.iter().enumerate() {
            let mut samplers = self.samplers(pre, streams)?;
            for (first, len, plan) in groups {
                let index = net.groups.len() as u32;
                net.group_of.extend(core::iter::repeat_n(index, *len));
                net.groups.push(Group {
                    first: *first,
                    len: *len,
                    segments: plan.segments.iter().map(|s| s.0).collect(),
                    words_per_column: plan.words,
                    word_base: words,
                    bytes_per_column: plan.bytes,
                    byte_base: bytes,
                    lists: plan.lists.clone(),
                    list_base: net.list_ends.len(),
                    reals: self.real_blocks(pre),
                });
                let mut encoder = Encoder::new(plan, self.stride, kernels);
                for neuron in *first..first + len {
                    for sampler in &mut samplers {
                        self.draw_column(
                            sampler,
                            neuron - self.first[pre],
                            &mut counts,
                            &mut net,
                            &mut sums,
                            &mut drawn,
                        )?;
                    }
                    encoder.column(&mut counts, &mut net.words[words..], &mut net.bytes[bytes..], &mut sums.contacts);
                    encoder.flush(&mut net);
                    words += plan.words;
                    bytes += plan.bytes;
                }
            }
        }
        net.list_targets.shrink_to_fit();
        net.extras.shrink_to_fit();
        net.largest_in_degree = sums.contacts.iter().copied().max().unwrap_or(0).into();
        net.largest_real_sum = sums.reals.iter().copied().fold(0.0, f64::max);
        Ok((net, drawn))
    }

    fn total(&self, of: impl Fn(&ColumnPlan) -> usize) -> usize {
        self.groups.iter().flatten().map(|(_, len, plan)| len * of(plan)).sum()
    }

    fn real_blocks(&self, pre: usize) -> Vec<RealBlock> {
        self.projections_from(pre)
            .filter(|&q| self.kinds[q] == KindWeights::Real)
            .map(|q| {
                let shape = &self.shapes[q];
                let dense = self.projections[q].rule.multiplicity(shape).mean > 0.4;
                let values = RealValues::new(self.single);
                let store = if dense {
                    RealStore::Dense(values)
                } else {
                    RealStore::Sparse { ends: Vec::new(), targets: Vec::new(), weights: values }
                };
                RealBlock { first_post: self.first[self.projections[q].post], n_post: shape.n_post, store }
            })
            .collect()
    }

    fn samplers(&self, pre: usize, streams: &Streams) -> Result<Vec<ProjectionSampler<'_>>> {
        let mut real = 0;
        self.projections_from(pre)
            .map(|q| {
                let projection = &self.projections[q];
                let family = streams.family(&self.stream_name(q));
                let sampler = projection
                    .rule
                    .sampler(&self.shapes[q], family)
                    .map_err(|r| refused(self.populations, projection, r))?;
                let origin = self.first[projection.post];
                let lanes = self.classes.slots_of[q].iter().map(|slot| slot * self.stride + origin).collect();
                let is_real = self.kinds[q] == KindWeights::Real;
                real += usize::from(is_real);
                let own_kinds = matches!(projection.rule.weights(usize::MAX), KindWeights::Kinds(_));
                Ok(ProjectionSampler {
                    q,
                    sampler,
                    lanes,
                    real_block: is_real.then(|| real - 1),
                    row: vec![0.0; if is_real { self.shapes[q].n_post } else { 0 }],
                    counts: vec![0; if is_real && own_kinds { self.shapes[q].n_post } else { 0 }],
                })
            })
            .collect()
    }

    /// The stream of a projection: its name, or its ends, its `where` and its ordinal among equals.
    fn stream_name(&self, q: usize) -> String {
        let projection = &self.projections[q];
        let ends = format!("{}->{}", self.populations[projection.pre].name, self.populations[projection.post].name);
        if let Some(name) = &projection.stream {
            return format!("connect/{name}/{ends}");
        }
        let same = |p: &ProjectionSpec| {
            (p.pre, p.post, p.pairs, &p.stream) == (projection.pre, projection.post, projection.pairs, &None)
        };
        let ordinal = self.projections[..q].iter().filter(|p| same(p)).count();
        format!("connect/{ends}/{:?}/{ordinal}", projection.pairs)
    }

    /// Draws the contacts of one neuron under one projection.
    fn draw_column(
        &self,
        one: &mut ProjectionSampler<'_>,
        pre: usize,
        counts: &mut [u16],
        net: &mut Connectivity,
        sums: &mut InDegrees,
        drawn: &mut [Drawn],
    ) -> Result<()> {
        let (projection, shape) = (&self.projections[one.q], &self.shapes[one.q]);
        let remove = shape.recurrent && !projection.autapses;
        let drawn = &mut drawn[one.q];
        if let Some(block) = one.real_block {
            one.row.fill(0.0);
            if one.counts.is_empty() {
                one.sampler.column(pre, &mut Contacts::new(&mut [], &[], shape.n_post, &mut one.row));
            } else {
                // A rule with few weights in a network that stores real ones.
                one.counts.fill(0);
                let wants = projection.rule.weights(0) == KindWeights::Real;
                if wants {
                    one.sampler.column(pre, &mut Contacts::new(&mut [], &[], shape.n_post, &mut one.row));
                } else {
                    one.sampler.column(pre, &mut Contacts::new(&mut one.counts, &[0], shape.n_post, &mut []));
                    one.row.iter_mut().zip(&one.counts).for_each(|(w, n)| *w = f64::from(*n));
                }
            }
            if remove {
                drawn.autapses_removed += u64::from(one.row[pre] != 0.0);
                one.row[pre] = 0.0;
            }
            one.row.iter_mut().for_each(|w| *w *= projection.weight);
            drawn.contacts += one.row.iter().filter(|w| **w != 0.0).count() as u64;
            let origin = self.first[projection.post];
            for (sum, w) in sums.reals[origin..].iter_mut().zip(&one.row) {
                *sum += w.abs();
            }
            store_real(net, block, &one.row);
            return Ok(());
        }
        let own = |counts: &[u16]| -> u64 {
            let lane = |&lane: &usize| counts[lane..lane + shape.n_post].iter().map(|&n| u32::from(n)).sum::<u32>();
            one.lanes.iter().map(|l| u64::from(lane(l))).sum()
        };
        let before = own(counts);
        let diagonal: Vec<u16> =
            if remove { one.lanes.iter().map(|lane| counts[lane + pre]).collect() } else { Vec::new() };
        let mut contacts = Contacts::new(counts, &one.lanes, shape.n_post, &mut []);
        one.sampler.column(pre, &mut contacts);
        if contacts.overflowed() {
            let refusal =
                Refusal::new("a pair has more than 65535 contacts", "lower the number of contacts, raise the weight");
            return Err(refused(self.populations, projection, refusal));
        }
        for (lane, kept) in one.lanes.iter().zip(&diagonal) {
            drawn.autapses_removed += u64::from(counts[lane + pre] - kept);
            counts[lane + pre] = *kept;
        }
        drawn.contacts += own(counts) - before;
        Ok(())
    }
}

/// One projection while it is drawn.
struct ProjectionSampler<'a> {
    q: usize,
    sampler: Box<dyn Sampler + 'a>,
    /// The lane of each kind.
    lanes: Vec<usize>,
    /// Position of its block among the real blocks of its groups.
    real_block: Option<usize>,
    row: Vec<f64>,
    counts: Vec<u16>,
}

/// Sums over each target, for the width of the counters and the bound of the drift.
struct InDegrees {
    contacts: Vec<u32>,
    reals: Vec<f64>,
}

/// Appends a column of real weights to the block of the group that is being drawn.
fn store_real(net: &mut Connectivity, block: usize, row: &[f64]) {
    let Some(group) = net.groups.last_mut() else { return };
    match &mut group.reals[block].store {
        RealStore::Dense(values) => row.iter().for_each(|w| values.push(*w)),
        RealStore::Sparse { ends, targets, weights } => {
            for (i, w) in row.iter().enumerate().filter(|(_, w)| **w != 0.0) {
                targets.push(i as u32);
                weights.push(*w);
            }
            ends.push(targets.len() as u64);
        }
    }
}

/// Turns the counts of a column into segments, lists and extras.
struct Encoder<'a> {
    plan: &'a ColumnPlan,
    stride: usize,
    kernels: Kernels,
    /// Lanes that the group uses.
    used: Vec<Range<usize>>,
    /// Targets of the column, by list.
    lists: Vec<Vec<u16>>,
    extras: Vec<Extra>,
}

impl<'a> Encoder<'a> {
    fn new(plan: &'a ColumnPlan, stride: usize, kernels: Kernels) -> Self {
        let mut used: Vec<Range<usize>> = Vec::new();
        for (cell, _) in &plan.cells {
            let start = cell.slot * stride + cell.lanes.start / WORD * WORD;
            let end = cell.slot * stride + cell.lanes.end.next_multiple_of(WORD);
            match used.last_mut() {
                Some(last) if last.end >= start && last.start <= start => last.end = last.end.max(end),
                _ => used.push(start..end),
            }
        }
        Self { plan, stride, kernels, used, lists: vec![Vec::new(); plan.lists.len()], extras: Vec::new() }
    }

    /// Packs the counts of one column, adds them to the in-degrees, and clears them.
    fn column(&mut self, counts: &mut [u16], words: &mut [u32], bytes: &mut [u8], sums: &mut [u32]) {
        for (segment, window, low) in &self.plan.segments {
            let lanes = &counts[segment.lane..segment.lane + segment.words * WORD];
            let first = segment.lane % self.stride;
            match segment.store {
                Store::Fields { bits, offset, .. } => {
                    let out = &mut words[offset..offset + bits * segment.words];
                    for (w, (out, counts)) in out.chunks_exact_mut(bits).zip(lanes.as_chunks::<WORD>().0).enumerate() {
                        let first = first + w * WORD;
                        if first >= window.start && first + WORD <= window.end {
                            pack(counts, *low, out);
                        } else {
                            let inside =
                                core::array::from_fn(|l| if window.contains(&(first + l)) { counts[l] } else { 0 });
                            pack(&inside, *low, out);
                        }
                    }
                }
                Store::Bytes { offset } => {
                    for (i, (out, count)) in bytes[offset..].iter_mut().zip(lanes).enumerate() {
                        *out = if window.contains(&(first + i)) { *count as u8 } else { 0 };
                    }
                }
            }
        }
        for (cell, choice) in &self.plan.cells {
            self.rest(cell, *choice, counts);
        }
        for range in &self.used {
            for (sum, count) in sums[range.clone()].iter_mut().zip(&mut counts[range.clone()]) {
                *sum += u32::from(*count);
                *count = 0;
            }
        }
    }

    /// Lists what the fields of a cell do not hold.
    fn rest(&mut self, cell: &Cell, choice: Choice, counts: &[u16]) {
        let base = cell.slot * self.stride;
        let bits = choice.dense_bits();
        for word in cell.lanes.start / WORD..cell.lanes.end.div_ceil(WORD) {
            let first = word * WORD;
            let Some((chunk, _)) = counts[base + first..].split_first_chunk::<WORD>() else { return };
            let mut mask = self.kernels.test(chunk, u16::MAX << bits) & inside(first, &cell.lanes);
            if mask == 0 {
                continue;
            }
            let tile = first / TILE * TILE;
            let list = self.plan.lists.iter().position(|k| k.lane == base + tile);
            while mask != 0 {
                let i = mask.trailing_zeros() as usize;
                let count = chunk[i] >> bits << bits;
                match (choice, list) {
                    (Choice::Lists, Some(list)) => {
                        self.lists[list].extend(core::iter::repeat_n((first + i - tile) as u16, usize::from(count)));
                    }
                    _ => push_extra(&mut self.extras, base + first + i, count),
                }
                mask &= mask - 1;
            }
        }
    }

    /// Moves the lists of the column to where they stay.
    fn flush(&mut self, net: &mut Connectivity) {
        for list in &mut self.lists {
            net.list_targets.append(list);
            net.list_ends.push(net.list_targets.len() as u64);
        }
        net.extras.append(&mut self.extras);
        net.extra_starts.push(net.extras.len() as u64);
    }
}

/// Adds contacts of one target, split where they exceed what an extra holds.
fn push_extra(extras: &mut Vec<Extra>, lane: usize, count: u16) {
    let mut left = count;
    while left > 0 {
        let count = left.min(i16::MAX as u16);
        extras.push(Extra { lane: lane as u32, count: count as i16 });
        left -= count;
    }
}

/// The lanes of the word that begins at `first` that lie inside a window, as bits.
#[inline]
fn inside(first: usize, window: &Range<usize>) -> u32 {
    let low = window.start.saturating_sub(first).min(WORD);
    let high = window.end.saturating_sub(first).min(WORD);
    let below = |k: usize| if k == WORD { u32::MAX } else { (1 << k) - 1 };
    below(high) & !below(low)
}

/// The shape of a projection, once it is known that it can have one.
fn shape(populations: &[PopulationSpec], projection: &ProjectionSpec) -> Result<Shape> {
    let (pre, post) = (&populations[projection.pre], &populations[projection.post]);
    if projection.pairs != Pairs::All && pre.clusters != post.clusters {
        let refusal = Refusal::new(
            format!("`{}` has {} clusters, `{}` has {}", pre.name, pre.clusters, post.name, post.clusters),
            "`where same cluster` and `where other cluster` need equal numbers of clusters",
        );
        return Err(refused(populations, projection, refusal));
    }
    if projection.pairs == Pairs::OtherCluster && pre.clusters == 1 {
        let refusal = Refusal::new(
            format!("`{}` and `{}` have one cluster, so there is no other", pre.name, post.name),
            "leave out the projection, or give the populations clusters with `in clusters[Q]`",
        );
        return Err(refused(populations, projection, refusal));
    }
    let clusters = if projection.pairs == Pairs::All { 1 } else { pre.clusters };
    let recurrent = projection.pre == projection.post;
    Ok(Shape { clusters, pairs: projection.pairs, recurrent, ..Shape::new(pre.size, post.size) })
}

pub(crate) fn refused(populations: &[PopulationSpec], projection: &ProjectionSpec, refusal: Refusal) -> crate::Error {
    BuildError::Connect {
        projection: format!("{} -> {}", populations[projection.pre].name, populations[projection.post].name),
        problem: refusal.problem,
        help: refusal.help,
    }
    .into()
}
