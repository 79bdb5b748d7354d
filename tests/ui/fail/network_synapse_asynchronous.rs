use binnet::prelude::*;

network! {
    /// With one mistake.
    pub struct Net {
        asynchronous;
        population e: Binary[80] { tau: 10 ms };
        projection e -> e { synapse: TsodyksMarkram { u_0: 0.2 }, connect: fixed_prob(0.2), weight: 0.25 };
    }
}

fn main() {}
