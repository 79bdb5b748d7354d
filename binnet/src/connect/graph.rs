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

    /// Grows the graph of `n` neurons.
    fn grow(&self, n: usize, rng: &mut Stream) -> Grown {
        match self.kind {
            Kind::SmallWorld { k, p } if self.directed => Ring::new(n, k).rewired_apart(p, rng),
            Kind::SmallWorld { k, p } => Ring::new(n, k).rewired(p, rng),
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
            let lane = contacts.lane(0);
            for &post in graph.targets_of(pre) {
                lane[post as usize] += 1;
            }
        }))
    }
}

/// Whom each neuron contacts: once, in no order.
struct Grown {
    /// Where the targets of each neuron begin.
    first: Vec<usize>,
    targets: Vec<u32>,
}

impl Grown {
    fn targets_of(&self, pre: usize) -> &[u32] {
        &self.targets[self.first[pre]..self.first[pre + 1]]
    }
}

/// A ring of neighbours, on its way to a small world: which contacts it still has, and which came instead. (A list for each
/// neuron would have to be searched for each contact.)
struct Ring {
    n: usize,
    k: usize,
    /// Of each neuron, the contacts with neighbours 1, 2, .. `k / 2` places on, then with those as far back.
    kept: Vec<bool>,
    /// Contacts of each neuron with others.
    new: Vec<Vec<u32>>,
    out_degree: Vec<usize>,
    in_degree: Vec<usize>,
}

impl Ring {
    fn new(n: usize, k: usize) -> Self {
        Self { n, k, kept: vec![true; n * k], new: vec![Vec::new(); n], out_degree: vec![k; n], in_degree: vec![k; n] }
    }

    /// Where it is noted whether u still contacts v, if they were neighbours.
    fn place(&self, u: usize, v: usize) -> Option<usize> {
        let half = self.k / 2;
        let on = if v >= u { v - u } else { v + self.n - u };
        let back = self.n - on;
        match () {
            () if (1..=half).contains(&on) => Some(u * self.k + on - 1),
            () if (1..=half).contains(&back) => Some(u * self.k + half + back - 1),
            () => None,
        }
    }

    fn contacts(&self, u: usize, v: usize) -> bool {
        self.place(u, v).is_some_and(|place| self.kept[place]) || self.new[u].contains(&(v as u32))
    }

    /// Lets u contact w, and no longer its neighbour v.
    fn redirect(&mut self, u: usize, v: usize, w: usize) {
        self.disconnect(u, v);
        self.connect(u, w);
    }

    fn disconnect(&mut self, u: usize, v: usize) {
        if let Some(place) = self.place(u, v) {
            self.kept[place] = false;
            self.out_degree[u] -= 1;
            self.in_degree[v] -= 1;
        }
    }

    fn connect(&mut self, u: usize, w: usize) {
        self.new[u].push(w as u32);
        self.out_degree[u] += 1;
        self.in_degree[w] += 1;
    }

    /// Pairs of neighbours in the order of Watts & Strogatz: the nearest of all, then the next. Each comes once, so its
    /// contacts are those of the ring.
    fn order(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let n = self.n;
        (1..=self.k / 2)
            .flat_map(move |step| (0..n).map(move |u| (u, if u + step < n { u + step } else { u + step - n })))
    }

    /// Rewires the two contacts of each pair of neighbours independently.
    fn rewired_apart(mut self, p: f64, rng: &mut Stream) -> Grown {
        for (u, v) in self.order() {
            if let Some(w) = other(u, self.n, self.out_degree[u], p, rng, |w| self.contacts(u, w)) {
                self.redirect(u, v, w);
            }
            if let Some(w) = other(u, self.n, self.in_degree[u], p, rng, |w| self.contacts(w, u)) {
                self.disconnect(v, u);
                self.connect(w, u);
            }
        }
        self.grown()
    }

    /// Rewires both contacts of each pair of neighbours to the same neuron.
    fn rewired(mut self, p: f64, rng: &mut Stream) -> Grown {
        for (u, v) in self.order() {
            if let Some(w) = other(u, self.n, self.out_degree[u], p, rng, |w| self.contacts(u, w)) {
                self.redirect(u, v, w);
                self.disconnect(v, u);
                self.connect(w, u);
            }
        }
        self.grown()
    }

    fn grown(self) -> Grown {
        let half = self.k / 2;
        let mut first = Vec::with_capacity(self.n + 1);
        let mut targets = Vec::with_capacity(self.n * self.k);
        for (u, new) in self.new.iter().enumerate() {
            first.push(targets.len());
            let (on, back) = self.kept[u * self.k..][..self.k].split_at(half);
            let kept = |step: usize, kept: &bool| kept.then_some(step + 1);
            for step in on.iter().enumerate().filter_map(|(step, is)| kept(step, is)) {
                targets.push(if u + step < self.n { u + step } else { u + step - self.n } as u32);
            }
            for step in back.iter().enumerate().filter_map(|(step, is)| kept(step, is)) {
                targets.push(if u >= step { u - step } else { u + self.n - step } as u32);
            }
            targets.extend(new);
        }
        first.push(targets.len());
        Grown { first, targets }
    }
}

/// With probability `p`, one of `n` neurons that is no partner of `u` yet; none if u has all of them.
fn other(
    u: usize,
    n: usize,
    partners: usize,
    p: f64,
    rng: &mut Stream,
    is_partner: impl Fn(usize) -> bool,
) -> Option<usize> {
    use rand::RngExt as _;
    if rng.random::<f64>() >= p || partners + 1 >= n {
        return None;
    }
    loop {
        let w = below(rng, n as u32) as usize;
        if w != u && !is_partner(w) {
            return Some(w);
        }
    }
}

/// Grows a network by preferential attachment.
fn attach(n: usize, m: usize, directed: bool, rng: &mut Stream) -> Grown {
    // Both neurons of each edge, the older before the newer: a uniform draw from them is the draw that is wanted.
    let mut ends: Vec<[u32; 2]> = Vec::with_capacity(m * (n - m));
    // By whom a neuron was chosen last.
    let mut chooser = vec![0; n];
    for new in m..n {
        let all = 2 * ends.len();
        for i in 0..m {
            let older = loop {
                if all == 0 {
                    break i as u32;
                }
                let end = below(rng, all as u32) as usize;
                let older = ends[end / 2][end % 2];
                if core::mem::replace(&mut chooser[older as usize], new) != new {
                    break older;
                }
            };
            ends.push([older, new as u32]);
        }
    }
    let mut first = vec![0; n + 2];
    for &[older, new] in &ends {
        first[new as usize + 2] += 1;
        first[older as usize + 2] += usize::from(!directed);
    }
    for u in 2..n + 2 {
        first[u] += first[u - 1];
    }
    // `first` of the next neuron is where this one's next target goes, and in the end where the next one's begin.
    let mut targets = vec![0; first[n + 1]];
    let mut put = |pre: u32, post: u32| {
        let place = &mut first[pre as usize + 1];
        targets[*place] = post;
        *place += 1;
    };
    for &[older, new] in &ends {
        put(new, older);
        if !directed {
            put(older, new);
        }
    }
    first.pop();
    Grown { first, targets }
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
