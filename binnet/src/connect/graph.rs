//! Graphs that are grown as a whole: small worlds and scale-free networks.

use super::probability::below;
use super::{Contacts, Multiplicity, Pairs, Refusal, Rule, Sampler, Shape};
use crate::rng::{Family, Stream};

/// A ring on which each neuron contacts its `k` nearest neighbours (`k / 2` on either side), with each
/// contact rewired with probability `p`.
///
/// Directed: the two contacts between neighbours are rewired apart, u -> v to another target of u and
/// v -> u to another source of u, drawn from all that keep the graph without autapses and multapses. So the
/// number of contacts is `k N`, and both degrees vary where p > 0. With
/// [`directed(false)`](Graph::directed) both are rewired as one, and the graph is symmetric.
///
/// # Source
/// Watts & Strogatz (1998); the directed form is that of BrainPy's `SmallWorld`.
///
/// ```
/// use binnet::connect::{Connectivity, Shape, small_world};
/// let ring = Connectivity::draw(&small_world(4, 0.0), &Shape::within(10), 0).unwrap();
/// assert_eq!(ring.pre2post(0), [1, 2, 8, 9]);
/// ```
#[must_use]
pub fn small_world(k: usize, p: f64) -> Graph {
    Graph { kind: Kind::SmallWorld { k, p }, directed: true }
}

/// A graph to which neurons are added one by one, each with `m` edges to older neurons, drawn in proportion to
/// the edges that these have (preferential attachment). The distribution of degrees falls off like
/// degree^-3. The first `m` neurons have no edges among each other.
///
/// Symmetric: an edge is a contact in either direction, `2 m (N - m)` in all. With
/// [`directed(true)`](Graph::directed) only the newer neuron contacts the older one.
///
/// # Source
/// Barabási & Albert (1999); BrainPy's `ScaleFreeBA`.
///
/// ```
/// use binnet::connect::{Connectivity, Shape, scale_free};
/// let drawn = Connectivity::draw(&scale_free(3), &Shape::within(100), 0).unwrap();
/// assert_eq!(drawn.len(), 2 * 3 * 97);
/// ```
#[must_use]
pub fn scale_free(m: usize) -> Graph {
    Graph { kind: Kind::ScaleFree { m }, directed: false }
}

/// The rule of [`small_world`] and [`scale_free`].
#[derive(Clone, Copy, Debug)]
pub struct Graph {
    kind: Kind,
    directed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    SmallWorld { k: usize, p: f64 },
    ScaleFree { m: usize },
}

/// All edges come from one stream, in one go.
const GROWING: u64 = 0;

impl Graph {
    /// Whether contacts have a direction, or come in pairs there and back.
    #[must_use]
    pub fn directed(self, directed: bool) -> Self {
        Self { directed, ..self }
    }

    fn name(&self) -> &'static str {
        match self.kind {
            Kind::SmallWorld { .. } => "small_world",
            Kind::ScaleFree { .. } => "scale_free",
        }
    }

    /// Grows the graph of `n` neurons: for each, whom it contacts.
    fn grow(&self, n: usize, rng: &mut Stream) -> Vec<Vec<u32>> {
        match self.kind {
            Kind::SmallWorld { k, p } if self.directed => Ring::new(n, k).rewired_apart(k, p, rng),
            Kind::SmallWorld { k, p } => Ring::new(n, k).rewired(k, p, rng),
            Kind::ScaleFree { m } => attach(n, m, self.directed, rng),
        }
    }
}

impl Rule for Graph {
    fn describe(&self) -> String {
        match (self.kind, self.directed) {
            (Kind::SmallWorld { k, p }, true) => format!("small_world({k}, {p})"),
            (Kind::SmallWorld { k, p }, false) => format!("small_world({k}, {p}, directed: false)"),
            (Kind::ScaleFree { m }, false) => format!("scale_free({m})"),
            (Kind::ScaleFree { m }, true) => format!("scale_free({m}, directed: true)"),
        }
    }

    fn multiplicity(&self, shape: &Shape) -> Multiplicity {
        let n = shape.n_pre as f64;
        let edges = match self.kind {
            Kind::SmallWorld { k, .. } => n * k as f64,
            Kind::ScaleFree { m } => m as f64 * (n - m as f64) * if self.directed { 1.0 } else { 2.0 },
        };
        Multiplicity::single(edges / (n * n).max(1.0))
    }

    fn check(&self, shape: &Shape) -> Result<(), Refusal> {
        let (name, n) = (self.name(), shape.n_pre);
        if shape.n_post != n {
            return Err(Refusal::new(
                format!("{name}: sizes differ: {n} -> {}", shape.n_post),
                "connect a population to itself, or to one of equal size",
            ));
        }
        if shape.pairs != Pairs::All {
            return Err(Refusal::new(
                format!("{name}: the graph spans all clusters"),
                "leave the `where` of the projection out",
            ));
        }
        match self.kind {
            Kind::SmallWorld { k, p } => {
                if let [[rows, columns], _] = shape.geometry()?
                    && rows > 1
                {
                    return Err(Refusal::new(
                        format!("{name}: the neurons form a ring, not {rows} x {columns}"),
                        "use `grid_n` for neighbours on a grid, or a population of one row",
                    ));
                }
                if !(0.0..=1.0).contains(&p) {
                    return Err(Refusal::new(
                        format!("{name}: a probability lies in 0..=1, but this is {p}"),
                        "give the share of contacts that are rewired",
                    ));
                }
                if !k.is_multiple_of(2) {
                    return Err(Refusal::new(
                        format!("{name}: {k} neighbours cannot be split between two sides"),
                        "`k` counts the neighbours on both sides: give an even number",
                    ));
                }
                if k >= n && k > 0 {
                    return Err(Refusal::new(
                        format!("{name}: {k} neighbours among {n} neurons"),
                        "give fewer neighbours; `all_to_all` connects all",
                    ));
                }
            }
            Kind::ScaleFree { m } => {
                if m == 0 || m >= n {
                    return Err(Refusal::new(
                        format!(
                            "{name}: each neuron brings at least 1 edge and fewer than there are neurons ({n}), not {m}"
                        ),
                        "give the edges of a new neuron",
                    ));
                }
            }
        }
        Ok(())
    }

    fn sampler(&self, shape: &Shape, streams: Family) -> Result<Box<dyn Sampler + '_>, Refusal> {
        self.check(shape)?;
        let graph = self.grow(shape.n_pre, &mut streams.stream(GROWING));
        Ok(Box::new(move |pre: usize, contacts: &mut Contacts<'_>| {
            for &post in graph.get(pre).into_iter().flatten() {
                contacts.add(0, post as usize, 1);
            }
        }))
    }
}

/// A ring of neighbours, on its way to a small world: targets and sources of each neuron.
struct Ring {
    targets: Vec<Vec<u32>>,
    sources: Vec<Vec<u32>>,
}

impl Ring {
    fn new(n: usize, k: usize) -> Self {
        let neighbours: Vec<Vec<u32>> = (0..n)
            .map(|u| (1..=k / 2).flat_map(|step| [((u + step) % n) as u32, ((u + n - step) % n) as u32]).collect())
            .collect();
        Self { targets: neighbours.clone(), sources: neighbours }
    }

    /// Edges in the order of Watts & Strogatz: the nearest neighbours of all, then the next.
    fn order(n: usize, k: usize) -> impl Iterator<Item = (usize, usize)> {
        (1..=k / 2).flat_map(move |step| (0..n).map(move |u| (u, (u + step) % n)))
    }

    /// Rewires the two contacts of each pair of neighbours independently.
    fn rewired_apart(mut self, k: usize, p: f64, rng: &mut Stream) -> Vec<Vec<u32>> {
        for (u, v) in Self::order(self.targets.len(), k) {
            if let Some(w) = other(u, &self.targets, p, rng) {
                replace(&mut self.targets[u], v, w);
                remove(&mut self.sources[v], u);
                self.sources[w].push(u as u32);
            }
            if let Some(w) = other(u, &self.sources, p, rng) {
                replace(&mut self.sources[u], v, w);
                remove(&mut self.targets[v], u);
                self.targets[w].push(u as u32);
            }
        }
        self.targets
    }

    /// Rewires both contacts of each pair of neighbours to the same neuron.
    fn rewired(self, k: usize, p: f64, rng: &mut Stream) -> Vec<Vec<u32>> {
        let mut edges = self.targets;
        for (u, v) in Self::order(edges.len(), k) {
            if let Some(w) = other(u, &edges, p, rng) {
                replace(&mut edges[u], v, w);
                remove(&mut edges[v], u);
                edges[w].push(u as u32);
            }
        }
        edges
    }
}

/// With probability `p`, a partner that `u` does not have yet; none if it has all.
fn other(u: usize, partners: &[Vec<u32>], p: f64, rng: &mut Stream) -> Option<usize> {
    use rand::RngExt as _;
    let n = partners.len();
    if rng.random::<f64>() >= p || partners[u].len() + 1 >= n {
        return None;
    }
    loop {
        let w = below(rng, n as u32);
        if w as usize != u && !partners[u].contains(&w) {
            return Some(w as usize);
        }
    }
}

fn replace(partners: &mut [u32], old: usize, new: usize) {
    if let Some(place) = partners.iter_mut().find(|v| **v as usize == old) {
        *place = new as u32;
    }
}

fn remove(partners: &mut Vec<u32>, old: usize) {
    if let Some(place) = partners.iter().position(|v| *v as usize == old) {
        partners.swap_remove(place);
    }
}

/// Grows a network by preferential attachment.
fn attach(n: usize, m: usize, directed: bool, rng: &mut Stream) -> Vec<Vec<u32>> {
    let mut targets: Vec<Vec<u32>> = vec![Vec::new(); n];
    // Every neuron once for each of its edges: a uniform draw from it is the draw that is wanted.
    let mut ends: Vec<u32> = Vec::with_capacity(2 * m * (n - m));
    let mut chosen: Vec<u32> = (0..m as u32).collect();
    for new in m..n {
        for &old in &chosen {
            targets[new].push(old);
            if !directed {
                targets[old as usize].push(new as u32);
            }
            ends.push(old);
        }
        ends.extend(core::iter::repeat_n(new as u32, m));
        chosen.clear();
        while chosen.len() < m {
            let old = ends[below(rng, ends.len() as u32) as usize];
            if !chosen.contains(&old) {
                chosen.push(old);
            }
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::Connectivity;

    fn draw(graph: Graph, n: usize, seed: u64) -> Connectivity {
        Connectivity::draw(&graph, &Shape::within(n), seed).unwrap()
    }

    /// Mean local clustering of a symmetric graph.
    fn clustering(graph: &Connectivity, n: usize) -> f64 {
        let of = |u: usize| {
            let near = graph.pre2post(u);
            let k = near.len() as f64;
            let links: usize = near
                .iter()
                .map(|v| near.iter().filter(|w| graph.pre2post(*v as usize).binary_search(w).is_ok()).count())
                .sum();
            if k > 1.0 { links as f64 / (k * (k - 1.0)) } else { 0.0 }
        };
        (0..n).map(of).sum::<f64>() / n as f64
    }

    fn is_simple(graph: &Connectivity) -> bool {
        graph.edges().all(|(pre, post)| pre != post)
            && (0..graph.n_pre()).all(|pre| graph.pre2post(pre).windows(2).all(|w| w[0] < w[1]))
    }

    fn is_symmetric(graph: &Connectivity) -> bool {
        graph.edges().all(|(pre, post)| graph.pre2post(post).binary_search(&(pre as u32)).is_ok())
    }

    #[test]
    fn small_worlds_keep_the_number_of_contacts() {
        for (p, directed) in [(0.0, true), (0.3, true), (1.0, true), (0.3, false), (1.0, false)] {
            let graph = draw(small_world(10, p).directed(directed), 200, 3);
            assert_eq!(graph.len(), 2000);
            assert!(is_simple(&graph), "{p}");
            assert_eq!(is_symmetric(&graph), p == 0.0 || !directed, "{p}");
            assert_eq!(graph, draw(small_world(10, p).directed(directed), 200, 3));
        }
        // Nothing left to rewire to.
        assert_eq!(draw(small_world(4, 1.0), 5, 1).len(), 20);
        assert!(draw(small_world(0, 0.5), 5, 1).is_empty());
    }

    #[test]
    fn contacts_are_rewired_with_the_probability_given() {
        let (n, k, p) = (2000, 10, 0.2);
        let graph = draw(small_world(k, p), n, 9);
        let near = |u: usize, v: usize| {
            let d = u.abs_diff(v);
            d.min(n - d) <= k / 2
        };
        let far = graph.edges().filter(|&(u, v)| !near(u, v)).count() as f64;
        // A rewired contact is a neighbour by chance, where others have been rewired: at most k / n of them.
        let edges = (n * k) as f64;
        let error = 5.0 * (edges * p * (1.0 - p)).sqrt();
        assert!((far - edges * p).abs() < error + edges * p * k as f64 / n as f64, "{far}");
        // Targets are rewired and sources too, so both degrees vary alike: by the binomial number of rewired
        // contacts that a neuron loses (half of them are not its own) and gains.
        for degrees in [graph.in_degrees(), graph.out_degrees()] {
            let variance = degrees.iter().map(|d| (f64::from(*d) - k as f64).powi(2)).sum::<f64>() / n as f64;
            let half = k as f64 / 2.0;
            let expected = half * p * (1.0 - p) + half * p;
            // 5 standard errors of a variance over 2000 are 16 %; that contacts are distinct takes off a few more.
            assert!((variance / expected - 1.0).abs() < 0.2, "{variance} {expected}");
        }
    }

    #[test]
    fn clustering_falls_as_barrat_and_weigt_say() {
        // Barrat & Weigt (2000): C(p) = C(0) (1 - p)^3 up to terms of 1 / N, with C(0) = 3 (k - 2) / 4 (k - 1).
        let (n, k) = (3000, 10);
        for p in [0.0, 0.1, 0.3] {
            let found = clustering(&draw(small_world(k, p).directed(false), n, 2), n);
            let expected = 0.75 * 8.0 / 9.0 * (1.0_f64 - p).powi(3);
            // A change of one edge in 15 000 moves the mean by 1e-4 or so: chance stays far below 0.02.
            assert!((found - expected).abs() < 0.02, "{found} {expected}");
        }
    }

    #[test]
    fn degrees_of_scale_free_networks_fall_with_the_third_power() {
        let (n, m) = (20_000, 3);
        let graph = draw(scale_free(m), n, 8);
        assert_eq!(graph.len(), 2 * m * (n - m));
        assert!(is_simple(&graph) && is_symmetric(&graph));
        // Bollobas et al. (2001): the share of degree k is 2 m (m + 1) / k (k + 1) (k + 2).
        let degrees = graph.out_degrees();
        for k in [3, 4, 5, 8, 12] {
            let found = degrees.iter().filter(|d| **d == k).count() as f64;
            let m = m as f64;
            let k = f64::from(k);
            let expected = n as f64 * 2.0 * m * (m + 1.0) / (k * (k + 1.0) * (k + 2.0));
            // Counts vary less than Poisson ones; the first neurons, which all know each other, matter little.
            assert!((found - expected).abs() < 5.0 * expected.sqrt() + 5.0, "degree {k}: {found} {expected}");
        }
        // The largest degree grows like m sqrt(N) = 424.
        let largest = degrees.iter().max().copied().unwrap();
        assert!((150..2000).contains(&largest), "{largest}");
    }

    #[test]
    fn newer_neurons_contact_older_ones() {
        let graph = draw(scale_free(2).directed(true), 50, 8);
        assert_eq!(graph.len(), 2 * 48);
        assert!(graph.edges().all(|(new, old)| old < new));
        assert_eq!(graph.pre2post(2), [0, 1]);
    }

    #[test]
    fn impossible_graphs_are_refused() {
        let problem = |graph: Graph, shape: Shape| graph.check(&shape).unwrap_err().problem;
        assert!(problem(small_world(3, 0.1), Shape::within(9)).contains("two sides"));
        assert!(problem(small_world(10, 0.1), Shape::within(9)).contains("10 neighbours among 9"));
        assert!(problem(small_world(2, 1.5), Shape::within(9)).contains("0..=1"));
        assert!(problem(small_world(2, 0.5), Shape::new(9, 8)).contains("sizes differ: 9 -> 8"));
        assert!(problem(small_world(2, 0.5), Shape::grids([3, 3], [3, 3])).contains("a ring, not 3 x 3"));
        assert!(problem(scale_free(0), Shape::within(9)).contains("at least 1"));
        assert!(problem(scale_free(9), Shape::within(9)).contains("fewer"));
        let clusters = Shape { clusters: 3, pairs: Pairs::SameCluster, ..Shape::within(9) };
        assert!(problem(scale_free(2), clusters).contains("all clusters"));
    }
}
