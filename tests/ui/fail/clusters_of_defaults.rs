use binnet::prelude::*;

network! {
    /// With defaults that do not fit.
    pub struct Net<const Q: usize = 7, const N: usize = 8000> {
        asynchronous;
        population a: Binary[N] in clusters[Q] { tau: 10 ms };
    }
}

fn main() {}
