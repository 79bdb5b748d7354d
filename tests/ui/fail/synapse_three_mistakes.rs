use binnet::synapse::SynapseStore;

binnet::synapse! {
    pub struct Stdp {
        param tau = 20 mV;
        state w = 0.5 in 0..=1;
        state a = 0;

        da/dt = -a / tau;
        on pre { deliver w * 1 nS; w -= b; }
        on post { a += 1 mV; }
    }
}

fn main() {
    // What uses it is fine.
    let _ = SynapseStore::<Stdp>::builder(Stdp::default(), vec![0, 1], vec![0], 1);
}
