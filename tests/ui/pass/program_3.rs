//! The network of Program 3, with a plain integrator in place of the circuit.
#![deny(warnings)]

use binnet::ndarray::Array2;
use binnet::prelude::*;

neuron! {
    /// Integrates weighted events without a leak; what is above the threshold makes spikes.
    pub struct DpiNeuron {
        local i_tau_mem = 5.32 pA > 0 pA;
        param i_spkthr = 2 pA;
        state i_mem = 0.5 pA;
        input x: 1;
        update {
            i_mem = i_mem + x * i_tau_mem;
        }
        spike when i_mem > i_spkthr {
            i_mem = 0.5 pA;
        }
    }
}

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
    // A ring: who is told to spike passes it on.
    const N: usize = 8;
    let ring = Array2::from_shape_fn((N, N), |(pre, post)| f64::from(u8::from((pre + 1) % N == post)));
    let mut net = DynapCore::<N>::builder().seed(1).w_rec(&ring).build()?;
    let mut first = Array2::zeros((1, N));
    first[[0, 3]] = 1;
    net.source_mut("events")?.give(first.view())?;
    net.run(6.ms())?;
    assert_eq!(net.records().core.spikes.ids(), [3, 4, 5, 6, 7]);
    assert!(<DynapCore>::builder().build().is_err());
    Ok(())
}
