binnet::neuron! {
    /// The gate of Morris and Lecar, whose `phi` is a rate.
    pub struct Gate {
        param phi = 0.04;
        param v_3 = 2 mV;
        param v_4 = 30 mV;
        input v: mV;
        state w = 0;

        let w_inf = 0.5 * (1 + tanh((v - v_3) / v_4));
        let tau_w = 1 / (phi * cosh((v - v_3) / (2 * v_4)));
        dw/dt = (w_inf - w) / tau_w;
    }
}

binnet::neuron! {
    /// The same as a product.
    pub struct Product {
        param phi = 0.04;
        param v_3 = 2 mV;
        param v_4 = 30 mV;
        input v: mV;
        state w = 0;

        let rate = phi * cosh((v - v_3) / (2 * v_4));
        dw/dt = rate * (0.5 * (1 + tanh((v - v_3) / v_4)) - w);
    }
}

fn main() {}
