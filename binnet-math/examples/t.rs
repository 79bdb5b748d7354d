use binnet_math::Scalar;
fn main() {
    for x in [0.1, 0.3, 0.34, -0.3, 1.0, -23.219697710951035, 5.0, 100.0f64] {
        let a = Scalar::exp(x);
        eprintln!("{x} {a:e} {:e} {}", x.exp(), (a - x.exp()) / (x.exp() * 2.2e-16));
    }
}
