binnet::neuron! {
    /// Empty.
    pub struct Nothing {}
}

binnet::neuron! {
    /// Without fields.
    pub struct Fieldless {
        spike when index > 5 {}
    }
}

fn main() {
    let _ = (Nothing::default(), Fieldless::default());
}
