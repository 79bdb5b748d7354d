use binnet::models::neurons::Lif;
use binnet::synapse::SynapseStore;

fn main() {
    let _ = SynapseStore::<Lif>::builder(Lif::default(), vec![0, 1], vec![0], 1);
}
