binnet::synapse! {
    /// A model with a mistake.
    pub struct Depressing {
        local w = 1 nS;
        state u = 1 mV; du/dt = -u / 5 ms;
        pre v: mV;
        on pre {
            deliver w * (u delayed 5 ms) / 1 mV;
        }
    }
}

fn main() {}
