//! Where the marks of an axis go.

/// Marks at round numbers (1, 2 or 5 times a power of ten) in `from..=to`, at most about `most` of
/// them, with their labels.
pub(super) fn ticks(from: f64, to: f64, most: usize) -> Vec<(f64, String)> {
    let span = to - from;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    let rough = span / most.max(1) as f64;
    let power = rough.log10().floor();
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * 10_f64.powf(power)).find(|&s| s >= rough * (1.0 - 1e-9));
    let step = step.unwrap_or(rough);
    let decimals = (-(step.log10() + 1e-9).floor()).max(0.0) as usize;
    // A little beyond the end, since `to` may miss a mark by rounding.
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    let label = |value: f64| format!("{value:.decimals$}").replace('-', "\u{2212}");
    (first..=last).map(|k| (k as f64 * step, label(k as f64 * step))).collect()
}

/// A time axis: marks in ms, labelled in ms or s, and the unit.
pub(super) fn time_ticks(from_ms: f64, to_ms: f64, most: usize) -> (Vec<(f64, String)>, &'static str) {
    let (per_unit, unit) = if to_ms - from_ms < 2000.0 { (1.0, "ms") } else { (1000.0, "s") };
    let marks = ticks(from_ms / per_unit, to_ms / per_unit, most);
    (marks.into_iter().map(|(at, label)| (at * per_unit, label)).collect(), unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: f64, to: f64, most: usize) -> Vec<String> {
        ticks(from, to, most).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn marks_are_round() {
        assert_eq!(labels(0.0, 2.5, 6), ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]);
        assert_eq!(labels(0.0, 1.0, 2), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(100.0, 900.0, 5), ["200", "400", "600", "800"]);
        assert_eq!(labels(-80.0, 40.0, 3), ["\u{2212}50", "0"]);
        assert_eq!(labels(0.0, 0.0, 5), [] as [&str; 0]);
        assert!(labels(f64::NAN, 1.0, 5).is_empty());
    }

    #[test]
    fn long_times_are_in_seconds() {
        assert_eq!(time_ticks(0.0, 500.0, 5).1, "ms");
        let (marks, unit) = time_ticks(0.0, 2500.0, 6);
        assert_eq!((marks[1].0, marks[1].1.as_str(), unit), (500.0, "0.5", "s"));
    }
}
