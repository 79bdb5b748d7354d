use binnet::prelude::*;

network! {
    /// Does not say how it runs.
    pub struct Net {
        population a: Binary[5] { tau: 10 ms };
    }
}

fn main() {}
