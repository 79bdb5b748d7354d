//! Colours that stay apart for colour-blind readers and in print.

use super::scene::Rgb;

/// One colour a population (after Okabe & Ito 2008, the first darkened to read as ink).
pub(super) fn population(number: usize) -> Rgb {
    const COLOURS: [Rgb; 6] =
        [Rgb(18, 52, 92), Rgb(196, 78, 0), Rgb(0, 130, 96), Rgb(170, 75, 135), Rgb(0, 100, 160), Rgb(150, 110, 0)];
    COLOURS[number % COLOURS.len()]
}

/// Viridis (van der Walt & Smith 2015): even steps in lightness for values in 0..=1.
pub(super) fn viridis(value: f64) -> Rgb {
    const STOPS: [Rgb; 9] = [
        Rgb(68, 1, 84),
        Rgb(71, 45, 123),
        Rgb(59, 82, 139),
        Rgb(44, 114, 142),
        Rgb(33, 145, 140),
        Rgb(40, 174, 128),
        Rgb(94, 201, 98),
        Rgb(173, 220, 48),
        Rgb(253, 231, 37),
    ];
    let at = if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) } * (STOPS.len() - 1) as f64;
    let below = (at as usize).min(STOPS.len() - 2);
    STOPS[below].mix(STOPS[below + 1], at - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viridis_gets_lighter_throughout() {
        let light = |Rgb(r, g, b): Rgb| 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b);
        let steps: Vec<f64> = (0..=100).map(|k| light(viridis(f64::from(k) / 100.0))).collect();
        assert!(steps.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!((viridis(f64::NAN), viridis(7.0)), (Rgb(68, 1, 84), Rgb(253, 231, 37)));
    }
}
