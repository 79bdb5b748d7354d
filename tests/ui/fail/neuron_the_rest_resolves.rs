//! A model with a mistake has its type all the same, so that nothing else is reported.

binnet::neuron! {
    /// A model with a mistake.
    pub struct Lif {
        param tau = 20 ms;
        state v = 0 mV;
        state w = 0 pX;
        dv/dt = -v / tua;
        dw/dt = -w / tau;
    }
}

fn main() {
    let lif: Lif = Lif { tau: 10.0, ..Lif::default() };
    println!("{} {}", lif.v, lif.w);
}
