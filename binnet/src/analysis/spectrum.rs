//! Power spectra.

use core::f64::consts::TAU;

use super::quantile;

/// The power spectrum of a regularly sampled signal, averaged over segments that overlap by half.
///
/// ```
/// use binnet::analysis::Spectrum;
///
/// // 40 Hz, sampled every ms.
/// let signal: Vec<f64> = (0..1000).map(|k| (std::f64::consts::TAU * 0.04 * f64::from(k)).sin()).collect();
/// let (hz, _) = Spectrum::welch(&signal, 1.0, 250).unwrap().peak(4.0).unwrap();
/// assert_eq!(hz, 40.0);
/// ```
///
/// # Source
/// Welch (1967), IEEE Trans. Audio Electroacoust. 15, 70. The numbers are those of `scipy.signal.welch` with its
/// defaults: a periodic Hann window, the mean of each segment taken off, one-sided density.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    resolution: f64,
    density: Vec<f64>,
}

impl Spectrum {
    /// The spectrum of samples `period` ms apart, from segments of `segment` samples. What is left after the
    /// last whole segment is not used.
    ///
    /// `None` if the signal is shorter than a segment, a segment shorter than 2 samples, or the period not above 0.
    ///
    /// Its time grows as the number of samples times the length of a segment: some ms for a second in segments of 256.
    #[must_use]
    pub fn welch(signal: &[f64], period: f64, segment: usize) -> Option<Self> {
        if segment < 2 || signal.len() < segment || !(period > 0.0 && period.is_finite()) {
            return None;
        }
        let turn = TAU / segment as f64;
        let (cosines, sines): (Vec<f64>, Vec<f64>) =
            (0..segment).map(|j| ((turn * j as f64).cos(), (turn * j as f64).sin())).unzip();
        let window: Vec<f64> = cosines.iter().map(|c| 0.5 - 0.5 * c).collect();
        let mut density = vec![0.0; segment / 2 + 1];
        let starts = (0..signal.len() - segment + 1).step_by(segment - segment / 2);
        let segments = starts.len() as f64;
        for start in starts {
            let part = &signal[start..start + segment];
            let mean = part.iter().sum::<f64>() / segment as f64;
            let part: Vec<f64> = part.iter().zip(&window).map(|(x, w)| (x - mean) * w).collect();
            for (k, density) in density.iter_mut().enumerate() {
                let (mut re, mut im, mut angle) = (0.0, 0.0, 0);
                for x in &part {
                    re += x * cosines[angle];
                    im += x * sines[angle];
                    angle += k;
                    angle -= if angle >= segment { segment } else { 0 };
                }
                *density += re * re + im * im;
            }
        }
        let frequency = 1e3 / period;
        let scale = 1.0 / (frequency * window.iter().map(|w| w * w).sum::<f64>() * segments);
        for (k, density) in density.iter_mut().enumerate() {
            // Negative frequencies are folded onto positive ones; 0 and the highest of an even number have none.
            let folded = k > 0 && 2 * k < segment;
            *density *= if folded { 2.0 * scale } else { scale };
        }
        Some(Self { resolution: frequency / segment as f64, density })
    }

    /// The frequencies in Hz, from 0 to half the rate of sampling.
    #[must_use]
    pub fn frequencies(&self) -> Vec<f64> {
        (0..self.density.len()).map(|k| k as f64 * self.resolution).collect()
    }

    /// The power density at each frequency: the square of the signal's unit, per Hz. Its sum times the distance of
    /// two frequencies is the variance of the signal.
    #[must_use]
    pub fn density(&self) -> &[f64] {
        &self.density
    }

    /// Frequency in Hz and density of the highest value at or above a frequency; the first of several.
    #[must_use]
    pub fn peak(&self, from: f64) -> Option<(f64, f64)> {
        let peaks = self.frequencies().into_iter().zip(self.density.iter().copied()).filter(|(hz, _)| *hz >= from);
        peaks.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The median density over all frequencies.
    #[must_use]
    pub fn median(&self) -> f64 {
        let mut sorted = self.density.clone();
        sorted.sort_by(f64::total_cmp);
        quantile(&sorted, 0.5).unwrap_or(f64::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::poisson;
    use super::*;

    #[test]
    fn height_of_a_sine() {
        // A sine of amplitude a at a frequency of the spectrum gives a^2 L / (3 f) there, a quarter of it beside: the Hann
        // window.
        let (a, length) = (3.0, 200);
        let signal: Vec<f64> = (0..1000).map(|k| 7.0 + a * (TAU * 0.05 * f64::from(k) + 0.3).cos()).collect();
        let spectrum = Spectrum::welch(&signal, 1.0, length).unwrap();
        let (hz, height) = spectrum.peak(0.0).unwrap();
        let expected = a * a * length as f64 / 3000.0;
        assert_eq!(hz, 50.0);
        assert!((height / expected - 1.0).abs() < 1e-12, "{height} {expected}");
        assert!((spectrum.density()[11] / expected - 0.25).abs() < 1e-12);
        assert!(spectrum.density()[13] < 1e-20 && spectrum.median() < 1e-20);
        assert_eq!(spectrum.frequencies()[1], 5.0);
        // All of the power: the variance of the sine.
        assert!((spectrum.density().iter().sum::<f64>() * 5.0 / (a * a / 2.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn numbers_of_scipy() {
        // scipy.signal.welch([0, 1, 4, 2, 7, 1, 3], fs=500, nperseg=4) and nperseg=5.
        let signal = [0.0, 1.0, 4.0, 2.0, 7.0, 1.0, 3.0];
        let near = |segment, expected: &[f64]| {
            let spectrum = Spectrum::welch(&signal, 2.0, segment).unwrap();
            let worst = spectrum.density().iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(spectrum.density().len() == expected.len() && worst < 1e-15, "{spectrum:?}");
        };
        near(4, &[0.004166666666666666, 0.023749999999999997, 0.024333333333333332]);
        near(5, &[0.0015130032210001966, 0.001762384981501696, 0.019092880150001393]);
    }

    #[test]
    fn poisson_spikes_have_a_flat_spectrum() {
        // Density 2 r / n; 200 s in 1560 segments of which half are independent: each value is known to 3 %, the mean to 0.3 %.
        let rate = poisson(10, 50.0, 200_000.0, 4).binned_rate(1.0).unwrap();
        let spectrum = Spectrum::welch(&rate, 1.0, 256).unwrap();
        let inner = &spectrum.density()[2..128];
        let mean = inner.iter().sum::<f64>() / inner.len() as f64;
        assert!((mean / 10.0 - 1.0).abs() < 0.015, "{mean}");
        assert!(inner.iter().all(|p| (p / 10.0 - 1.0).abs() < 0.2), "{inner:?}");
        assert!((spectrum.median() / 10.0 - 1.0).abs() < 0.02);
    }

    #[test]
    fn too_short_signals_have_none() {
        assert_eq!(Spectrum::welch(&[1.0; 9], 1.0, 10), None);
        assert_eq!(Spectrum::welch(&[1.0; 9], 1.0, 1), None);
        assert_eq!(Spectrum::welch(&[1.0; 9], 0.0, 4), None);
        assert_eq!(Spectrum::welch(&[1.0; 9], 1.0, 4).unwrap().peak(600.0), None);
    }
}
