//! The exponential of a matrix: scaling and squaring with the diagonal Pade approximant of degree 13.
//!
//! Higham (2005), SIAM J. Matrix Anal. Appl. 26: relative to the norm of the result, the error is of the
//! order of rounding. The integral of the exponential comes from the same computation, as a block of
//! the exponential of a larger matrix: Van Loan (1978), IEEE Trans. Automat. Contr. 23.

/// Coefficients of the approximant.
const PADE: [f64; 14] = [
    64_764_752_532_480_000.0,
    32_382_376_266_240_000.0,
    7_771_770_303_897_600.0,
    1_187_353_796_428_800.0,
    129_060_195_264_000.0,
    10_559_470_521_600.0,
    670_442_572_800.0,
    33_522_128_640.0,
    1_323_241_920.0,
    40_840_800.0,
    960_960.0,
    16_380.0,
    182.0,
    1.0,
];

/// The norm above which a matrix is scaled. The approximant is good up to 5.37, but then loses two digits
/// of what decays, as the difference of large terms; two or three more squarings lose less than one.
const THETA: f64 = 1.0;

/// A square matrix, row by row.
#[derive(Clone, Debug)]
pub(super) struct Square {
    size: usize,
    entries: Vec<f64>,
}

impl Square {
    pub(super) fn from_fn(size: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let entries = (0..size * size).map(|k| entry(k / size, k % size)).collect();
        Self { size, entries }
    }

    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.entries[row * self.size + column]
    }

    fn times(&self, other: &Self) -> Self {
        Self::from_fn(self.size, |i, j| (0..self.size).map(|k| self.at(i, k) * other.at(k, j)).sum())
    }

    /// The sum of matrices, each with its factor, and of a multiple of the unit matrix.
    fn sum(terms: [(f64, &Self); 3], unit: f64) -> Self {
        let size = terms[0].1.size;
        Self::from_fn(size, |i, j| {
            let sum: f64 = terms.iter().map(|(factor, matrix)| factor * matrix.at(i, j)).sum();
            if i == j { sum + unit } else { sum }
        })
    }

    /// The largest sum of magnitudes of a column.
    fn norm(&self) -> f64 {
        let column = |j| (0..self.size).map(|i| self.at(i, j).abs()).sum::<f64>();
        (0..self.size).map(column).fold(0.0, |a, b| if a > b { a } else { b })
    }

    /// The matrix X for which `self` X = `right`: Gaussian elimination with partial pivoting.
    fn solve(mut self, mut right: Self) -> Self {
        let n = self.size;
        for k in 0..n {
            let pivot = (k..n).fold(k, |best, i| if self.at(i, k).abs() > self.at(best, k).abs() { i } else { best });
            for j in 0..n {
                self.entries.swap(k * n + j, pivot * n + j);
                right.entries.swap(k * n + j, pivot * n + j);
            }
            for i in k + 1..n {
                let factor = self.at(i, k) / self.at(k, k);
                for j in 0..n {
                    self.entries[i * n + j] -= factor * self.at(k, j);
                    right.entries[i * n + j] -= factor * right.at(k, j);
                }
            }
        }
        for i in (0..n).rev() {
            for j in 0..n {
                let known: f64 = (i + 1..n).map(|k| self.at(i, k) * right.at(k, j)).sum();
                right.entries[i * n + j] = (right.at(i, j) - known) / self.at(i, i);
            }
        }
        right
    }
}

/// e to the power of a matrix; NaN everywhere if an entry is no finite number.
pub(super) fn exponential(matrix: &Square) -> Square {
    let norm = matrix.norm();
    if !matrix.entries.iter().all(|entry| entry.is_finite()) || !norm.is_finite() {
        return Square::from_fn(matrix.size, |_, _| f64::NAN);
    }
    let (mut scale, mut squarings) = (1.0, 0);
    while norm * scale > THETA {
        scale *= 0.5;
        squarings += 1;
    }
    let a = Square::from_fn(matrix.size, |i, j| scale * matrix.at(i, j));
    let (a2, p) = (a.times(&a), PADE);
    let a4 = a2.times(&a2);
    let a6 = a4.times(&a2);
    let high = a6.times(&Square::sum([(p[13], &a6), (p[11], &a4), (p[9], &a2)], 0.0));
    let low = Square::sum([(p[7], &a6), (p[5], &a4), (p[3], &a2)], p[1]);
    let odd = a.times(&Square::from_fn(a.size, |i, j| high.at(i, j) + low.at(i, j)));
    let high = a6.times(&Square::sum([(p[12], &a6), (p[10], &a4), (p[8], &a2)], 0.0));
    let low = Square::sum([(p[6], &a6), (p[4], &a4), (p[2], &a2)], p[0]);
    let even = Square::from_fn(a.size, |i, j| high.at(i, j) + low.at(i, j));
    let below = Square::from_fn(a.size, |i, j| even.at(i, j) - odd.at(i, j));
    let above = Square::from_fn(a.size, |i, j| even.at(i, j) + odd.at(i, j));
    let mut result = below.solve(above);
    for _ in 0..squarings {
        result = result.times(&result);
    }
    result
}

/// What the linear system x' = A x + b becomes over a step: e^(A h), and the integral of e^(A s) for s
/// from 0 to h, which b is multiplied by.
pub(super) fn propagators(a: &Square, h: f64) -> (Square, Square) {
    let n = a.size;
    let both = exponential(&Square::from_fn(2 * n, |i, j| match (i < n, j < n) {
        (true, true) => h * a.at(i, j),
        (true, false) if i + n == j => 1.0,
        _ => 0.0,
    }));
    // A variable that does not change stays as it is, to the last bit.
    let rests = |i: usize| (0..n).all(|j| a.at(i, j) == 0.0);
    let unit = |i, j| if i == j { 1.0 } else { 0.0 };
    let of_state = Square::from_fn(n, |i, j| if rests(i) { unit(i, j) } else { both.at(i, j) });
    let of_drive = Square::from_fn(n, |i, j| h * if rests(i) { unit(i, j) } else { both.at(i, j + n) });
    (of_state, of_drive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-300), "{found} {expected}");
    }

    #[test]
    fn numbers() {
        for x in [-700.0, -30.0, -5.3, -1.0, -1e-3, -1e-12, 0.0, 1e-9, 0.5, 5.0, 100.0] {
            let (state, drive) = propagators(&Square::from_fn(1, |_, _| x / 0.25), 0.25);
            close(state.at(0, 0), x.exp(), 1e-15 * f64::max(2.0, x.abs()));
            close(drive.at(0, 0), 0.25 * if x == 0.0 { 1.0 } else { x.exp_m1() / x }, 1e-15 * f64::max(2.0, x.abs()));
        }
    }

    #[test]
    fn a_rotation_and_a_jordan_block() {
        let (c, s) = (2.5_f64.cos(), 2.5_f64.sin());
        let turn = exponential(&Square::from_fn(2, |i, j| [[0.0, -2.5], [2.5, 0.0]][i][j]));
        for (i, j, expected) in [(0, 0, c), (0, 1, -s), (1, 0, s), (1, 1, c)] {
            close(turn.at(i, j), expected, 2e-15);
        }
        // e^z (1, z, z^2/2) along the rows.
        let z = -8.0_f64;
        let jordan = exponential(&Square::from_fn(3, |i, j| if i == j || i + 1 == j { z } else { 0.0 }));
        for (j, expected) in [1.0, z, 0.5 * z * z].into_iter().enumerate() {
            close(jordan.at(0, j), expected * z.exp(), 2e-13);
        }
        assert_eq!([jordan.at(1, 0), jordan.at(2, 0), jordan.at(2, 1)], [0.0; 3]);
    }

    #[test]
    fn a_strong_coupling_leaves_the_rest_alone() {
        // Decay by 0.1 and 0.2, coupled by 1e4.
        let e = exponential(&Square::from_fn(2, |i, j| [[-0.1, 1e4], [0.0, -0.2]][i][j]));
        close(e.at(0, 0), (-0.1_f64).exp(), 1e-11);
        close(e.at(1, 1), (-0.2_f64).exp(), 1e-11);
        close(e.at(0, 1), 1e5 * ((-0.1_f64).exp() - (-0.2_f64).exp()), 1e-11);
    }

    #[test]
    fn what_is_no_number_stays_none() {
        for bad in [f64::NAN, f64::INFINITY, 1e308] {
            let e = exponential(&Square::from_fn(2, |_, _| bad));
            assert!(!e.at(0, 0).is_finite(), "{bad}");
        }
    }
}
