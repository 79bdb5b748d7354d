use binnet::models::neurons::Lif;
use binnet::prelude::*;

network! {
    /// A time is handed in that is a mere number.
    pub struct Net {
        clock 0.1 ms;
        population cells: Lif[10];
    }
}

fn main() -> binnet::Result<()> {
    let mut net = Net::builder().build()?;
    net.run(20.0)?;
    net.run(20)?;
    Ok(())
}
