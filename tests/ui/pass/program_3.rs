//! Program 3: a core of a DYNAP-SE chip.
#![deny(warnings)]

use binnet::models::dynapsim::DpiNeuron;
use binnet::ndarray::Array2;
use binnet::prelude::*;

network! {
    /// Recurrent core of DPI neurons.
    pub struct DynapCore<const N: usize = 256> {
        clock 1 ms;
        given w_rec: [N][N];                     // [pre][post], handed to the builder: .w_rec(array)
        source events: external[N];              // spike counts handed in by the caller, one row a step
        population core: DpiNeuron[N] { i_tau_mem: mismatch(20 %) };
        projection events -> core { target: x, connect: one_to_one, weight: 1 };
        projection core -> core   { target: x, connect: dense, weight: w_rec };
        record core.spikes;
        record core.i_mem every 1 ms;
    }
}

fn main() -> binnet::Result<()> {
    // A ring: who is told to spike passes it on. Events of weight 300 reach the threshold in two steps.
    const N: usize = 8;
    let ring = Array2::from_shape_fn((N, N), |(pre, post)| if (pre + 1) % N == post { 300.0 } else { 0.0 });
    let mut net = DynapCore::<N>::builder().seed(1).w_rec(&ring).build()?;
    let mut first = Array2::zeros((1, N));
    first[[0, 3]] = 300;
    net.source_mut("events")?.give(first.view())?;
    net.run(40.ms())?;
    let mut order = Vec::new();
    for id in net.records().core.spikes.ids() {
        if !order.contains(id) {
            order.push(*id);
        }
    }
    assert_eq!(order, [3, 4, 5, 6, 7, 0, 1, 2]);
    assert!(<DynapCore>::builder().build().is_err());
    Ok(())
}
