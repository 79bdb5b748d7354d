use binnet::asynchronous::BuildOptions;
use binnet_benches::network::*;
fn main() {
    for n in [Clustered::LARGE, Clustered { kappa: 1.0, ..Clustered::LARGE }, Clustered::SMALL, Clustered { kappa: 1.0, ..Clustered::SMALL }] {
        let net = n.build(BuildOptions::default()).unwrap();
        println!("{}", net.explain());
    }
}
