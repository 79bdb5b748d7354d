use binnet::models::dynapsim::DynapSim;

fn main() {
    let _ = DynapSim::<257>::builder();
    let _ = DynapSim::<257, 2>::builder();
}
