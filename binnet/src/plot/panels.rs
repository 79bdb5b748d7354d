//! The two pictures of a clustered network: onsets as dots, rates as a heat map.

use ndarray::ArrayView2;

use super::colour;
use super::scene::{Pixels, Rgb};

/// Onsets of one population: time in 0..1 of the panel, and the neuron in its population.
pub(super) struct Dots<'a> {
    pub(super) points: &'a [(f64, u32)],
    pub(super) neurons: usize,
    pub(super) clusters: usize,
}

/// Draws onsets, neuron 0 at the bottom; every second cluster lies on a faint band.
///
/// A pixel stands for several neurons and many updates; its darkness is the number of onsets in it,
/// relative to what the busiest pixels hold. Dots grow where there are few of them.
pub(super) fn raster(dots: &Dots<'_>, (width, height): (f64, f64), colour: Rgb) -> Pixels {
    let mut image = Pixels::new(width, height, Rgb::WHITE);
    let band = Rgb::WHITE.mix(colour, 0.055);
    for y in 0..image.height {
        let cluster = (image.height - 1 - y) * dots.clusters / image.height;
        if dots.clusters > 1 && cluster % 2 == 1 {
            (0..image.width).for_each(|x| image.set(x, y, band));
        }
    }
    let area = image.width * image.height;
    let side = match dots.points.len() {
        n if n * 300 < area => 3,
        n if n * 30 < area => 2,
        _ => 1,
    };
    let mut counts = vec![0_u32; area];
    for &(time, neuron) in dots.points {
        let x = (time * image.width as f64) as usize;
        let row = ((f64::from(neuron) + 0.5) / dots.neurons.max(1) as f64 * image.height as f64) as usize;
        let y = image.height - 1 - row.min(image.height - 1);
        for (dx, dy) in (0..side * side).map(|k| (k % side, k / side)) {
            if x + dx < image.width && y + dy < image.height {
                counts[(y + dy) * image.width + x + dx] += 1;
            }
        }
    }
    let full = f64::from(busiest(&counts));
    for (at, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
        let (x, y) = (at % image.width, at / image.width);
        image.set(x, y, image.get(x, y).mix(colour, (f64::from(count) / full).min(1.0)));
    }
    image
}

/// The count that 90 % of the pixels with any onset do not exceed, at least 1.
fn busiest(counts: &[u32]) -> u32 {
    let mut inked: Vec<u32> = counts.iter().copied().filter(|&count| count > 0).collect();
    if inked.is_empty() {
        return 1;
    }
    let rank = (inked.len() - 1) * 90 / 100;
    *inked.select_nth_unstable(rank).1
}

/// Draws rates `[sample, group]`, group 0 at the bottom; `top` is the lightest colour.
pub(super) fn heat(rates: ArrayView2<'_, f32>, top: f64, (width, height): (f64, f64)) -> Pixels {
    let mut image = Pixels::new(width, height, Rgb::WHITE);
    let (samples, groups) = rates.dim();
    if samples == 0 || groups == 0 {
        return image;
    }
    for x in 0..image.width {
        // All samples that fall on this column, at least one.
        let first = x * samples / image.width;
        let last = ((x + 1) * samples / image.width).clamp(first + 1, samples);
        for y in 0..image.height {
            let group = (image.height - 1 - y) * groups / image.height;
            let sum: f64 = (first..last).map(|sample| f64::from(rates[[sample, group]])).sum();
            image.set(x, y, colour::viridis(sum / (last - first) as f64 / top));
        }
    }
    image
}

/// Draws the scale of the heat map, 0 at the bottom.
pub(super) fn scale((width, height): (f64, f64)) -> Pixels {
    let mut image = Pixels::new(width, height, Rgb::WHITE);
    for y in 0..image.height {
        let value = 1.0 - (y as f64 + 0.5) / image.height as f64;
        (0..image.width).for_each(|x| image.set(x, y, colour::viridis(value)));
    }
    image
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_lie_where_they_belong() {
        let dots = Dots { points: &[(0.0, 0), (0.999, 9), (f64::NAN, 99)], neurons: 10, clusters: 1 };
        let image = raster(&dots, (100.0, 50.0), Rgb::INK);
        assert_eq!(image.get(0, 95), Rgb::INK);
        assert_eq!(image.get(199, 5), Rgb::INK);
        assert_eq!(image.get(100, 50), Rgb::WHITE);
        raster(&Dots { points: &[], neurons: 0, clusters: 0 }, (0.0, 0.0), Rgb::INK);
    }

    #[test]
    fn heat_puts_group_0_at_the_bottom_and_averages() {
        let rates = ndarray::array![[0.0_f32, 1.0], [0.0, 1.0], [0.5, 0.0]];
        let image = heat(rates.view(), 1.0, (1.0, 1.0));
        assert_eq!((image.get(0, 1), image.get(0, 0)), (colour::viridis(0.0), colour::viridis(1.0)));
        assert_eq!(image.get(1, 1), colour::viridis(0.25));
        assert_eq!(heat(rates.view(), 0.25, (1.0, 1.0)).get(1, 1), colour::viridis(1.0));
        heat(ndarray::Array2::zeros((0, 3)).view(), 1.0, (4.0, 4.0));
        scale((3.0, 3.0));
    }
}
