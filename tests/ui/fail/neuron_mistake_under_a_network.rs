use binnet::neuron::Single;
use binnet::prelude::*;

neuron! {
    /// A model with a mistake, which is the only one that is reported.
    pub struct Lif {
        param tau = 20 ms;
        input i: mV;
        state v = -65 mV;

        let drive = i + 2 ms;
        dv/dt = (drive - v) / tau;
        spike when v > -50 mV { v = -65 mV; }
    }
}

neuron! {
    /// A model of steps, with a mistake.
    pub struct Counter {
        input i: 1;
        state x = 0;

        update { x = y + i; }
    }
}

network! {
    /// Without a mistake.
    pub struct Net {
        clock 0.1 ms;
        precision f32;
        population a: Lif[100] { v: uniform(-65 mV, -50 mV) };
        population b: Lif[10] { method: rk4 };
        population c: Counter[10];
        stimulus a.i += steps [(1 mV, 10 ms)];
        record a.drive;
        record b.spikes;
    }
}

fn main() -> binnet::Result<()> {
    let mut single = Single::<Lif>::new(Lif::default(), 0.1.ms());
    single.step();
    println!("{}", Lif::equations().markdown());
    let mut net = Net::builder().build()?;
    net.run(100.ms())?;
    println!("{:?}", net.records().a.drive);
    Ok(())
}
