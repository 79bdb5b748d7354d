use binnet::prelude::*;

network! {
    /// With one mistake.
    pub struct Net {
        asynchronous;
        schedule [record, neurons, threshold, reset, deliver];
        population a: Binary[100] { tau: 10 ms };
    }
}

fn main() {}
