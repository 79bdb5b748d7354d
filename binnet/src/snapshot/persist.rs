//! What can be saved and loaded: one trait, one list of fields for both directions.

use super::bytes::{Reader, Writer};
use super::error::SnapshotError;

/// A value whose content is saved and loaded again.
///
/// Loading changes a value that is there already, since most of a network is built, not loaded: it replaces what a
/// run changes, and refuses what does not fit. After an error, the value is of no use; whoever loads does so into a
/// copy.
pub trait Persist {
    /// Writes the content.
    fn save(&self, out: &mut Writer);

    /// Replaces the content by what was written.
    ///
    /// # Errors
    /// If it does not fit, or there is too little.
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError>;

    /// Writes many values. Numbers are copied at once.
    fn save_all(items: &[Self], out: &mut Writer)
    where
        Self: Sized,
    {
        items.iter().for_each(|item| item.save(out));
    }

    /// Replaces many values.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    fn load_all(items: &mut [Self], from: &mut Reader<'_>) -> Result<(), SnapshotError>
    where
        Self: Sized,
    {
        items.iter_mut().try_for_each(|item| item.load(from))
    }
}

/// A value that lists are made of, which may be longer or shorter than those that are there.
pub trait Item: Persist + Default + Clone {
    /// The fewest bytes that it takes: a list that is longer than what is left is refused before it is made.
    const LEAST: usize = 1;
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Persist for $number {
            fn save(&self, out: &mut Writer) {
                out.bytes(&self.to_le_bytes());
            }
            fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
                *self = Self::from_le_bytes(*from.array()?);
                Ok(())
            }
            fn save_all(items: &[Self], out: &mut Writer) {
                if cfg!(target_endian = "little") {
                    out.bytes(bytemuck::cast_slice(items));
                } else {
                    items.iter().for_each(|item| item.save(out));
                }
            }
            fn load_all(items: &mut [Self], from: &mut Reader<'_>) -> Result<(), SnapshotError> {
                if cfg!(target_endian = "little") {
                    let bytes: &mut [u8] = bytemuck::cast_slice_mut(items);
                    bytes.copy_from_slice(from.take(bytes.len())?);
                    return Ok(());
                }
                items.iter_mut().try_for_each(|item| item.load(from))
            }
        }
        impl Item for $number {
            const LEAST: usize = size_of::<$number>();
        }
    )*};
}

numbers!(u8, u16, u32, u64, i16, i32, f32, f64);

impl Persist for usize {
    fn save(&self, out: &mut Writer) {
        (*self as u64).save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let value = from.value::<u64>()?;
        *self = usize::try_from(value).map_err(|_| from.refused(format!("has the number {value}")))?;
        Ok(())
    }
}

impl Persist for bool {
    fn save(&self, out: &mut Writer) {
        u8::from(*self).save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        *self = match from.value::<u8>()? {
            0 => false,
            1 => true,
            other => return Err(from.refused(format!("has {other} where 0 or 1 is expected"))),
        };
        Ok(())
    }
}

impl Item for bool {}

impl Item for usize {
    const LEAST: usize = size_of::<u64>();
}

impl Item for core::ops::Range<u64> {
    const LEAST: usize = 2 * size_of::<u64>();
}

/// So many values as there are: another number is refused.
impl<T: Persist> Persist for [T] {
    fn save(&self, out: &mut Writer) {
        self.len().save(out);
        T::save_all(self, out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let mut found = 0_usize;
        found.load(from)?;
        if found != self.len() {
            return Err(from.refused(format!("has {found} values where the network has {}", self.len())));
        }
        T::load_all(self, from)
    }
}

impl<T: Persist, const N: usize> Persist for [T; N] {
    fn save(&self, out: &mut Writer) {
        T::save_all(self, out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        T::load_all(self, from)
    }
}

/// Any number of values.
impl<T: Item> Persist for Vec<T> {
    fn save(&self, out: &mut Writer) {
        self[..].save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let mut found = 0_usize;
        found.load(from)?;
        if found > from.left() / T::LEAST {
            return Err(from.short());
        }
        self.clear();
        self.resize(found, T::default());
        T::load_all(self, from)
    }
}

impl<T: Item> Item for Vec<T> {
    const LEAST: usize = size_of::<u64>();
}

impl<A: Persist, B: Persist> Persist for (A, B) {
    fn save(&self, out: &mut Writer) {
        self.0.save(out);
        self.1.save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        self.0.load(from)?;
        self.1.load(from)
    }
}

impl<A: Item, B: Item> Item for (A, B) {
    const LEAST: usize = A::LEAST + B::LEAST;
}

impl<T: Item> Persist for Option<T> {
    fn save(&self, out: &mut Writer) {
        self.is_some().save(out);
        if let Some(value) = self {
            value.save(out);
        }
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        *self = if from.value()? { Some(from.value()?) } else { None };
        Ok(())
    }
}

impl<T: Persist + ?Sized> Persist for Box<T> {
    fn save(&self, out: &mut Writer) {
        (**self).save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        (**self).load(from)
    }
}

impl Persist for crate::rng::Stream {
    fn save(&self, out: &mut Writer) {
        state_of(self).save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        use rand::SeedableRng as _;
        let mut seed = [0; 32];
        seed.copy_from_slice(from.take(32)?);
        if seed == [0; 32] {
            return Err(from.refused("has a random stream of zeros".to_owned()));
        }
        // The seed of xoshiro256++ is its state.
        *self = Self::from_seed(seed);
        Ok(())
    }
}

/// The state of a generator, which shows it to `serde` only.
fn state_of(stream: &crate::rng::Stream) -> [u64; 4] {
    let value = serde_json::to_value(stream).unwrap_or_default();
    core::array::from_fn(|i| value["s"][i].as_u64().unwrap_or_default())
}

impl Persist for core::time::Duration {
    fn save(&self, out: &mut Writer) {
        (self.as_secs(), self.subsec_nanos()).save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        let (seconds, nanos) = (from.value()?, from.value::<u32>()?);
        *self = Self::from_secs(seconds).saturating_add(Self::from_nanos(u64::from(nanos)));
        Ok(())
    }
}

impl<T> Persist for core::ops::Range<T>
where
    T: Persist,
{
    fn save(&self, out: &mut Writer) {
        self.start.save(out);
        self.end.save(out);
    }
    fn load(&mut self, from: &mut Reader<'_>) -> Result<(), SnapshotError> {
        self.start.load(from)?;
        self.end.load(from)
    }
}

/// Implements [`Persist`] for a struct by the list of its fields, so that none is forgotten: those that are saved,
/// lists among them that keep their length (`fixed`), and those that stay as they were built (`built`: they do not
/// change, or follow from others, or are overwritten in each step).
///
/// ```text
/// persist!([R: Real] Ring<R> { touched } fixed { sums } built { targets });
/// ```
macro_rules! persist {
    ([$($generics:tt)*] $type:ty { $($saved:ident),* } fixed { $($fixed:ident),* } built { $($built:ident),* }) => {
        impl<$($generics)*> $crate::snapshot::Persist for $type {
            fn save(&self, out: &mut $crate::snapshot::Writer) {
                let Self { $($saved,)* $($fixed,)* $($built: _,)* } = self;
                $($crate::snapshot::Persist::save($saved, out);)*
                $($crate::snapshot::Persist::save(&$fixed[..], out);)*
            }
            fn load(
                &mut self,
                from: &mut $crate::snapshot::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::snapshot::SnapshotError> {
                let Self { $($saved,)* $($fixed,)* $($built: _,)* } = self;
                $($crate::snapshot::Persist::load($saved, from)?;)*
                $($crate::snapshot::Persist::load(&mut $fixed[..], from)?;)*
                Ok(())
            }
        }
    };
}
pub(crate) use persist;

#[cfg(test)]
mod tests {
    use rand::Rng as _;

    use super::*;
    use crate::rng::Streams;

    #[derive(Clone, Debug, PartialEq)]
    struct Some2 {
        lists: Vec<Vec<(u32, f64)>>,
        maybe: Option<u64>,
        counts: Vec<i16>,
        scratch: u8,
    }

    persist!([] Some2 { lists, maybe } fixed { counts } built { scratch });

    fn bytes(value: &(impl Persist + ?Sized)) -> Vec<u8> {
        let mut out = Writer::new();
        value.save(&mut out);
        out.finish()
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let from = Some2 {
            lists: vec![vec![(1, f64::NAN), (2, -0.0)], vec![]],
            maybe: Some(u64::MAX),
            counts: vec![-3, 4],
            scratch: 1,
        };
        let mut onto = Some2 { lists: vec![], maybe: None, counts: vec![0; 2], scratch: 2 };
        let saved = bytes(&from);
        let mut reader = Reader::new("the test", &saved);
        onto.load(&mut reader).and_then(|()| reader.finish()).unwrap();
        assert_eq!(onto.lists[0][0].1.to_bits(), f64::NAN.to_bits());
        assert_eq!((onto.lists[1].len(), onto.maybe, onto.counts, onto.scratch), (0, from.maybe, from.counts, 2));
        for end in 0..saved.len() {
            let mut onto = Some2 { lists: vec![], maybe: None, counts: vec![0; 2], scratch: 2 };
            assert!(onto.load(&mut Reader::new("the test", &saved[..end])).is_err(), "{end} bytes");
        }
    }

    #[test]
    fn lists_that_cannot_be_are_not_made() {
        let mut huge = bytes(&(u64::MAX / 16));
        huge.extend([0; 64]);
        assert!(Vec::<f64>::new().load(&mut Reader::new("the test", &huge)).is_err());
        assert!(Vec::<Vec<u8>>::new().load(&mut Reader::new("the test", &huge)).is_err());
        let error = [0_u8; 3][..].load(&mut Reader::new("the test", &bytes(&vec![1_u8; 4]))).unwrap_err();
        assert!(error.to_string().contains("4 values where the network has 3"), "{error}");
    }

    #[test]
    fn random_streams_go_on_where_they_were() {
        let mut stream = Streams::new(3).named("a");
        stream.next_u64();
        let mut other = Streams::new(4).named("b");
        other.load(&mut Reader::new("the test", &bytes(&stream))).unwrap();
        assert_eq!([stream.next_u64(), stream.next_u64()], [other.next_u64(), other.next_u64()]);
        assert!(stream.load(&mut Reader::new("the test", &[0; 32])).is_err());
    }
}
