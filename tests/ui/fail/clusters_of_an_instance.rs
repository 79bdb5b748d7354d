use binnet::prelude::*;

network! {
    /// Fine by default.
    pub struct Net<const Q: usize = 20, const N: usize = 8000> {
        asynchronous;
        population a: Binary[N] in clusters[Q] { tau: 10 ms };
    }
}

fn main() -> binnet::Result<()> {
    Net::<7, 8000>::builder().build()?;
    Ok(())
}
