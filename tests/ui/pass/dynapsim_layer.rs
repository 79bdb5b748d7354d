//! A layer of DPI neurons as large as a core, and one on four cores.
#![deny(warnings)]

use binnet::models::dynapsim::DynapSim;
use binnet::ndarray::Array2;

fn main() -> binnet::Result<()> {
    let mut core = <DynapSim>::builder().recurrent_inputs::<63>(0.01).build()?;
    assert_eq!(core.evolve(Array2::zeros((3, 256)).view())?.spikes.dim(), (3, 256));
    assert!(core.explain().ends_with("fits the chip\n"));
    let four = DynapSim::<1024, 4, f32>::builder().recurrent_inputs::<63>(0.01).build()?;
    assert_eq!(four.fit()?.cores.len(), 4);
    four.fit()?.check()
}
