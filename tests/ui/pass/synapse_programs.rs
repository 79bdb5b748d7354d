//! The synapse of the language's fifth program, rules as a user writes them, and hygiene.

#![deny(warnings, missing_docs, clippy::all)]
#![no_implicit_prelude]

extern crate binnet as simulator;
extern crate std;

simulator::synapse! {
    /// Short-term plasticity (Tsodyks & Markram 1997).
    pub struct TsodyksMarkram {
        param u_0 = 0.5;
        param tau_f = 50 ms;
        param tau_d = 200 ms;
        local w = 1 nS;
        state u = u_0;
        state x = 1;
        post v: mV;                              // what it reads of either side, with its unit (unused here)
        du/dt = (u_0 - u) / tau_f;               // linear: advanced from event to event, exactly
        dx/dt = (1 - x) / tau_d;
        on pre { u += u_0 * (1 - u); deliver w * u * x; x -= u * x; }
    }
}

simulator::synapse! {
    /// Plasticity by all pairs of spikes.
    pub struct Stdp {
        param tau_pre  = 20 ms > 0 ms;
        param tau_post = 20 ms > 0 ms;
        param a_plus   = 0.01;
        param a_minus  = 0.0105;
        param w_max    = 2;
        state w     = 0.5;
        state apre  = 0;
        state apost = 0;

        dapre/dt  = -apre / tau_pre;
        dapost/dt = -apost / tau_post;
        on pre {
            deliver w;
            apre += a_plus;
            w = clip(w + apost, 0, w_max);
        }
        on post {
            apost -= a_minus;
            w = clip(w + apre, 0, w_max);
        }
    }
}

simulator::synapse! {
    /// Names like those of the generated code.
    pub struct S {
        local lanes = 1;
        local shared = 2;
        local lane = 1 nS;
        state this = 1;
        state r#type = 0;
        /// The potential.
        pre v: mV;
        pre r#in: 1;
        let delivered = lane * this;
        dthis/dt = (shared - this) / 5 ms;
        on pre { let cell = lanes * pre.v / 1 mV; deliver delivered * cell; r#type += pre.r#in; }
        deliver if r#type > 3 { 0 nS } else { delivered };
    }
}

mod inner {
    ::simulator::synapse! {
        struct Private {
            local w = 1 mV;
            on pre { deliver w; }
        }
    }

    pub(super) fn weight() -> ::std::primitive::f64 {
        <Private as ::std::default::Default>::default().w
    }
}

fn main() {
    use simulator::prelude::*;
    use std::default::Default as _;
    use simulator::synapse::{Reads, Synapse, SynapseStore};
    use std::vec;

    fn delivered<Y: Synapse<S = f32>>(model: Y, reads: Reads<'_, f32>) -> f32 {
        let mut store = SynapseStore::builder(model, vec![0, 1], vec![0], 1).build(0.1.ms()).unwrap();
        let mut sum = 0.0;
        store.pre_spike(0, 0, reads, |_, _, delivered| sum += delivered).unwrap();
        store.post_spike(1, 0, reads).unwrap();
        store.continuous(1, reads, |_, _, delivered| sum += delivered).unwrap();
        sum
    }

    let none: &[f32] = &[0.0];
    std::assert_eq!(delivered(TsodyksMarkram::<f32>::default(), Reads { pre: &[], post: &[none] }), 0.75);
    std::assert_eq!(delivered(Stdp::<f32>::default(), Reads::NONE), 0.5);
    std::assert!(delivered(S::<f32>::default(), Reads { pre: &[&[2.0], &[1.0]], post: &[] }) > 3.0);
    std::assert_eq!(inner::weight(), 1.0);
    let _ = (TsodyksMarkram::equations(), Stdp::equations(), S::equations());
}
