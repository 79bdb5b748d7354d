//! The states of one neuron as a vector of fixed length.

use binnet_math::Scalar;

use crate::population::TILE;

/// A vector of fixed length: `[T; N]`, under a name that a trait can give it.
pub trait Vector<T: Scalar>: Copy + core::fmt::Debug + Send + Sync + 'static {
    /// The number of entries.
    const LEN: usize;
    /// The vectors of the neurons of a tile, entry by entry.
    type Columns: Clone + core::fmt::Debug + Send + Sync + 'static;
    /// A vector of `V` for each entry of this one.
    type Times<V: Vector<T>>: Vector<T>;

    /// The vector with these entries.
    fn from_fn(entry: impl FnMut(usize) -> T) -> Self;

    /// Entry `i`.
    ///
    /// # Panics
    /// Beyond the last entry.
    fn at(&self, i: usize) -> T;

    /// Overwrites entry `i`.
    ///
    /// # Panics
    /// Beyond the last entry.
    fn put(&mut self, i: usize, value: T);

    /// The vectors that `each` gives for the lanes of a tile, entry by entry.
    fn columns(each: impl Fn(usize) -> Self) -> Self::Columns;

    /// The vector of a lane.
    ///
    /// # Panics
    /// Beyond the last lane.
    fn lane(columns: &Self::Columns, lane: usize) -> Self;

    /// Columns that are given one by one.
    fn from_columns(column: impl FnMut(usize) -> [T; TILE]) -> Self::Columns;

    /// Each of the columns.
    fn each_column(columns: &Self::Columns, visit: impl FnMut(usize, &[T; TILE]));

    /// Overwrites the vector of a lane.
    ///
    /// # Panics
    /// Beyond the last lane.
    fn put_lane(&self, columns: &mut Self::Columns, lane: usize);

    /// `self + factor * direction`, entry by entry.
    #[inline(always)]
    #[must_use]
    fn plus(&self, factor: T, direction: &Self) -> Self {
        Self::from_fn(|i| self.at(i) + factor * direction.at(i))
    }
}

impl<T: Scalar, const N: usize> Vector<T> for [T; N] {
    const LEN: usize = N;
    type Columns = [[T; TILE]; N];
    type Times<V: Vector<T>> = Copies<V, N>;

    #[inline(always)]
    fn from_fn(mut entry: impl FnMut(usize) -> T) -> Self {
        // Not `core::array::from_fn`: with long entries the compiler calls it, and no loop around vectorises.
        let mut vector = [T::default(); N];
        let mut i = 0;
        while i < N {
            vector[i] = entry(i);
            i += 1;
        }
        vector
    }

    #[inline(always)]
    fn at(&self, i: usize) -> T {
        self[i]
    }

    #[inline(always)]
    fn put(&mut self, i: usize, value: T) {
        self[i] = value;
    }

    fn columns(each: impl Fn(usize) -> Self) -> [[T; TILE]; N] {
        core::array::from_fn(|i| core::array::from_fn(|lane| each(lane)[i]))
    }

    #[inline(always)]
    fn lane(columns: &[[T; TILE]; N], lane: usize) -> Self {
        Self::from_fn(|i| columns[i][lane])
    }

    #[inline(always)]
    fn from_columns(mut column: impl FnMut(usize) -> [T; TILE]) -> [[T; TILE]; N] {
        // Not `core::array::from_fn`, as above.
        let mut columns = [[T::default(); TILE]; N];
        let mut i = 0;
        while i < N {
            columns[i] = column(i);
            i += 1;
        }
        columns
    }

    #[inline(always)]
    fn each_column(columns: &[[T; TILE]; N], mut visit: impl FnMut(usize, &[T; TILE])) {
        columns.iter().enumerate().for_each(|(i, column)| visit(i, column));
    }

    #[inline(always)]
    fn put_lane(&self, columns: &mut [[T; TILE]; N], lane: usize) {
        let mut i = 0;
        while i < N {
            columns[i][lane] = self[i];
            i += 1;
        }
    }
}

/// Two vectors, one behind the other: the variables of two systems of equations that are solved together.
#[derive(Clone, Copy, Debug)]
pub struct Joint<A, B>(pub A, pub B);

impl<T: Scalar, A: Vector<T>, B: Vector<T>> Vector<T> for Joint<A, B> {
    const LEN: usize = A::LEN + B::LEN;
    type Columns = (A::Columns, B::Columns);
    type Times<V: Vector<T>> = Joint<A::Times<V>, B::Times<V>>;

    #[inline(always)]
    fn from_fn(mut entry: impl FnMut(usize) -> T) -> Self {
        let first = A::from_fn(&mut entry);
        Self(first, B::from_fn(|i| entry(A::LEN + i)))
    }

    #[inline(always)]
    fn at(&self, i: usize) -> T {
        if i < A::LEN { self.0.at(i) } else { self.1.at(i - A::LEN) }
    }

    #[inline(always)]
    fn put(&mut self, i: usize, value: T) {
        if i < A::LEN {
            self.0.put(i, value);
        } else {
            self.1.put(i - A::LEN, value);
        }
    }

    fn columns(each: impl Fn(usize) -> Self) -> Self::Columns {
        (A::columns(|lane| each(lane).0), B::columns(|lane| each(lane).1))
    }

    #[inline(always)]
    fn lane(columns: &Self::Columns, lane: usize) -> Self {
        Self(A::lane(&columns.0, lane), B::lane(&columns.1, lane))
    }

    #[inline(always)]
    fn from_columns(mut column: impl FnMut(usize) -> [T; TILE]) -> Self::Columns {
        let first = A::from_columns(&mut column);
        (first, B::from_columns(|i| column(A::LEN + i)))
    }

    #[inline(always)]
    fn each_column(columns: &Self::Columns, mut visit: impl FnMut(usize, &[T; TILE])) {
        A::each_column(&columns.0, &mut visit);
        B::each_column(&columns.1, |i, column| visit(A::LEN + i, column));
    }

    #[inline(always)]
    fn put_lane(&self, columns: &mut Self::Columns, lane: usize) {
        self.0.put_lane(&mut columns.0, lane);
        self.1.put_lane(&mut columns.1, lane);
    }
}

/// `N` vectors of one kind, one behind the other.
#[derive(Clone, Copy, Debug)]
pub struct Copies<V, const N: usize>(pub [V; N]);

impl<T: Scalar, V: Vector<T>, const N: usize> Vector<T> for Copies<V, N> {
    const LEN: usize = V::LEN * N;
    type Columns = Vec<V::Columns>;
    type Times<W: Vector<T>> = Copies<V::Times<W>, N>;

    #[inline(always)]
    fn from_fn(mut entry: impl FnMut(usize) -> T) -> Self {
        let mut start = 0;
        Self(core::array::from_fn(|_| {
            let vector = V::from_fn(|i| entry(start + i));
            start += V::LEN;
            vector
        }))
    }

    #[inline(always)]
    fn at(&self, i: usize) -> T {
        self.0[i / V::LEN].at(i % V::LEN)
    }

    #[inline(always)]
    fn put(&mut self, i: usize, value: T) {
        self.0[i / V::LEN].put(i % V::LEN, value);
    }

    fn columns(each: impl Fn(usize) -> Self) -> Self::Columns {
        (0..N).map(|k| V::columns(|lane| each(lane).0[k])).collect()
    }

    #[inline(always)]
    fn lane(columns: &Self::Columns, lane: usize) -> Self {
        Self(core::array::from_fn(|k| V::lane(&columns[k], lane)))
    }

    fn from_columns(mut column: impl FnMut(usize) -> [T; TILE]) -> Self::Columns {
        (0..N).map(|k| V::from_columns(|i| column(k * V::LEN + i))).collect()
    }

    fn each_column(columns: &Self::Columns, mut visit: impl FnMut(usize, &[T; TILE])) {
        for (k, columns) in columns.iter().enumerate() {
            V::each_column(columns, |i, column| visit(k * V::LEN + i, column));
        }
    }

    fn put_lane(&self, columns: &mut Self::Columns, lane: usize) {
        self.0.iter().zip(columns).for_each(|(vector, columns)| vector.put_lane(columns, lane));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three entries, then two times two.
    type Mixed = Joint<[f64; 3], Copies<[f64; 2], 2>>;

    #[test]
    fn joined_vectors_are_one_behind_the_other() {
        let mut vector = Mixed::from_fn(|i| i as f64);
        assert_eq!(<Mixed as Vector<f64>>::LEN, 7);
        assert_eq!((vector.0, vector.1.0), ([0.0, 1.0, 2.0], [[3.0, 4.0], [5.0, 6.0]]));
        vector.put(1, 10.0);
        vector.put(6, 60.0);
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|i| vector.at(i)), [0.0, 10.0, 2.0, 3.0, 4.0, 5.0, 60.0]);
        let times = <Mixed as Vector<f64>>::Times::<[f64; 3]>::from_fn(|i| i as f64);
        assert_eq!([0, 8, 9, 20].map(|i| times.at(i)), [0.0, 8.0, 9.0, 20.0]);
    }

    #[test]
    fn lanes_of_columns() {
        let each = |lane: usize| Mixed::from_fn(|i| (10 * lane + i) as f64);
        let columns = Mixed::columns(each);
        let mut copy = Mixed::from_columns(|_| [0.0; TILE]);
        (0..TILE).for_each(|lane| each(lane).put_lane(&mut copy, lane));
        for lane in [0, 63] {
            for i in 0..7 {
                let expected = (10 * lane + i) as f64;
                assert_eq!(Mixed::lane(&columns, lane).at(i), expected);
                assert_eq!(Mixed::lane(&copy, lane).at(i), expected);
            }
        }
        let mut seen = Vec::new();
        Mixed::each_column(&copy, |i, column| seen.push((i, column[63])));
        assert_eq!(seen, (0..7).map(|i| (i, (630 + i) as f64)).collect::<Vec<_>>());
    }
}
