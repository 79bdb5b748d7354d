use binnet::prelude::*;

network! {
    /// With one mistake.
    pub struct Net {
        asynchronous;
        population e: Binary[80] { tau: 10 ms };
        projection e -> e { receptor: exponential(5 ms), connect: fixed_prob(0.2), weight: 0.25 };
    }
}

fn main() {}
