//! A mistake in a block does not make its types unknown: there is one error.

use binnet::prelude::*;

network! {
    /// With a mistake.
    pub struct Net {
        asynchronous;
        param gain = 1.0;
        population a: Binary[5] { tau: 10 mV };
    }
}

fn main() -> binnet::Result<()> {
    let net = Net::builder().seed(1).gain(2.0).set("gain", "3")?.build()?;
    println!("{} {:?}", net.populations().a.threshold[0], NetParams::default());
    Ok(())
}
