//! Speed of drawing connections: `cargo bench --bench connect`.
//!
//! Prints, for each rule, the millions of synapses that one core draws and lists in a second of its time, as
//! the median, least and most of several rounds, preparations included. `-- fixed` and the like run only the rows whose
//! name contains the word.
#![allow(clippy::print_stdout, reason = "a bench reports on standard output")]

use std::hint::black_box;
use std::time::Instant;

use binnet::connect::{
    Connectivity, Rule, Shape, all_to_all, fixed_in_degree, fixed_out_degree, fixed_out_degree_without_multapses,
    fixed_prob, fixed_total_number, gaussian_prob, gaussian_weight, grid_n, poisson, scale_free, small_world,
};
use binnet_benches::timing::processor_seconds;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let coba = Shape::new(3200, 4000);
    let brunel = Shape::new(10_000, 12_500);
    let column = Shape::new(20_683, 21_915);
    let grid = Shape::grids([100, 100], [100, 100]);
    let line = Shape::within(10_000);
    let rows: [(&str, Box<dyn Rule>, Shape); 15] = [
        ("fixed_prob coba", Box::new(fixed_prob(0.02)), coba),
        ("fixed_prob 0.1", Box::new(fixed_prob(0.1)), brunel),
        ("fixed_prob 0.01", Box::new(fixed_prob(0.01)), brunel),
        ("poisson 0.1", Box::new(poisson(0.1)), brunel),
        ("fixed_in_degree brunel", Box::new(fixed_in_degree(1000)), brunel),
        ("fixed_out_degree", Box::new(fixed_out_degree(1250)), brunel),
        ("fixed_out_degree distinct", Box::new(fixed_out_degree_without_multapses(1250)), brunel),
        ("fixed_total_number column", Box::new(fixed_total_number(20_000_000)), column),
        ("all_to_all", Box::new(all_to_all()), coba),
        ("grid_n 10", Box::new(grid_n(10)), grid),
        ("gaussian_prob 2-D", Box::new(gaussian_prob(0.1)), grid),
        ("gaussian_prob 1-D", Box::new(gaussian_prob(0.01)), line),
        ("gaussian_weight 2-D", Box::new(gaussian_weight(0.1, 1.0, 0.01)), grid),
        ("small_world", Box::new(small_world(100, 0.1)), line),
        ("scale_free", Box::new(scale_free(50)), line),
    ];
    println!("{:28} {:>11} {:>28}", "rule", "synapses", "million a second");
    for (name, rule, shape) in rows {
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let synapses = match Connectivity::draw(&*rule, &shape, 1) {
            Ok(drawn) => drawn.len() as u64,
            Err(refusal) => {
                println!("{name:28} {}", refusal.problem);
                continue;
            }
        };
        let start = Instant::now();
        let now = || processor_seconds().unwrap_or_else(|| start.elapsed().as_secs_f64());
        // The system counts a thread's time in steps of milliseconds.
        let times = (20_000_000 / synapses.max(1)).clamp(1, 100);
        let mut rates: Vec<f64> = (0..5)
            .map(|_| {
                let before = now();
                for _ in 0..times {
                    let _ = black_box(Connectivity::draw(&*rule, &shape, 1));
                }
                (times * synapses) as f64 * 1e-6 / (now() - before)
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        println!("{name:28} {synapses:11} {:12.1} ({:.1} to {:.1})", rates[2], rates[0], rates[4]);
    }
}
