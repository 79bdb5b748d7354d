binnet::synapse! {
    pub struct Static {
        state w = 1 nS;
        on pre { deliver w; }
    }
}

fn main() {}
