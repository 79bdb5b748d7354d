binnet::synapse! {
    /// A model with a mistake.
    pub struct Depressing {
        local w = 1 nS;
        param tau = 20 ms;
        pre v: mV;
        on pre {
            deliver w * (pre.v delayed 5 mV) / 1 mV;
        }
    }
}

fn main() {}
