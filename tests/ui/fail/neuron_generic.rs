binnet::neuron! {
    /// The precision is chosen by the network.
    pub struct Lif<S: Real> {
        state v = 0 mV;
        dv/dt = -v / 20 ms;
    }
}

fn main() {
    let _: Lif = Lif::default();
}
