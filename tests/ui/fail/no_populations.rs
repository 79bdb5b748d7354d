use binnet::prelude::*;

network! {
    /// Has no populations.
    pub struct Net {
        asynchronous;
    }
}

fn main() {}
