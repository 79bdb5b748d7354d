binnet::synapse! {
    pub struct Mute {
        state w = 1;
        on pre { w += 1; }
    }
}

fn main() {}
