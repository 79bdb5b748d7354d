binnet::neuron! {
    /// One of several.
    pub enum Lif {
        Fast,
    }
}

binnet::neuron! {
    /// Without names.
    pub struct Tuple(f64);
}

binnet::neuron! {
    /// Two in one block.
    pub struct First {
        state v = 0 mV;
        dv/dt = -v / 20 ms;
    }

    /// The second one.
    pub struct Second {}
}

fn main() {}
