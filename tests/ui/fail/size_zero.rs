use binnet::prelude::*;

network! {
    /// With one mistake.
    pub struct Net<const Q: usize = 4, const N: usize = 100> {
        asynchronous;
        population a: Binary[100] in clusters[5] { threshold: 1, tau: 10 ms, init: bernoulli(0.2) };
        population b: Binary[50] in clusters[10] { tau: 10 ms };
        population sized: Binary[N] in clusters[Q] { tau: 10 ms };
        population c: Binary[0] { tau: 10 ms };
    }
}

fn main() {}
