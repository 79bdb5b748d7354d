use binnet::prelude::*;

neuron! {
    /// Leaky integrate-and-fire neuron with conductance-based synapses.
    pub struct CobaLif {
        param c_m     = 200 pF;
        param g_leak  = 10 nS;
        param v_rest  = -60 mV;
        param v_th    = -50 mV;
        param v_reset = -60 mV;
        param t_ref   = 5 ms;
        param i_ext   = 200 pA;
        param e_exc   = 0 mV;
        param e_inh   = -80 mV;
        param tau_exc = 5 ms;
        param tau_inh = 10 ms;

        state v     = v_rest;
        state g_exc = 0 nS;
        state g_inh = 0 nS;

        dg_exc/dt = -g_exc / tau_exc;
        dg_inh/dt = -g_inh / tau_inh;
        let i_syn = g_exc * (e_exc - v) + g_inh * (e_inh - v);
        dv/dt = (g_leak * (v_rest - v) + i_syn + i_ext) / c_m;

        spike when v > v_th {
            v = v_reset;
            refractory t_ref holding v;
        }
    }
}

network! {
    /// Balanced network of Vogels & Abbott (2005), as in Brette et al. (2007), benchmark 1.
    pub struct Coba {
        clock 0.1 ms;

        population exc: CobaLif[3200] { v: uniform(-60 mV, -50 mV), method: exponential_euler };
        population inh: CobaLif[800]  { v: uniform(-60 mV, -50 mV), method: exponential_euler };

        projection exc -> (exc, inh) { target: g_exc, connect: fixed_prob(0.02), weight: 6 nS,  delay: 0.1 ms };
        projection inh -> (exc, inh) { target: g_inh, connect: fixed_prob(0.02), weight: 67 nS, delay: 0.1 ms };

        record exc.spikes;
        record inh.spikes;
        record exc.v[0..4] every 1 ms;
    }
}

fn main() -> binnet::Result<()> {
    let mut net = Coba::builder().seed(1).build()?;
    net.run_with_progress(1.s())?;
    println!("{}", net.summary());              // sizes, synapses, mean rates, time, real-time factor
    net.records().save_npz("coba.npz")?;
    plot::raster(&net.records().exc.spikes).save("coba.svg")?;
    Ok(())
}
