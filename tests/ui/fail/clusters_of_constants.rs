use binnet::prelude::*;

const N_E: usize = 8000;

network! {
    /// With sizes that only the compiler knows.
    pub struct Net {
        asynchronous;
        population a: Binary[N_E] in clusters[7] { tau: 10 ms };
    }
}

fn main() {}
