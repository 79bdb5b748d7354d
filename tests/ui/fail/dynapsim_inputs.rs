use binnet::models::dynapsim::DynapSim;

fn main() {
    let _ = DynapSim::<128>::builder().recurrent_inputs::<65>(0.1);
    let _ = DynapSim::<128>::builder().recurrent_inputs::<64>(0.1);
}
