binnet::synapse! {
    /// A model with a mistake.
    pub struct Depressing {
        local w = 1 nS;
        local d = 5 ms;
        pre v: mV;
        on pre {
            deliver w * (pre.v delayed d) / 1 mV;
        }
    }
}

fn main() {}
