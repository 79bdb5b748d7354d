//! `.npz` files: several named arrays, as `numpy.load` reads them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ndarray::{ArrayBase, Data, Dimension};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::npy::{self, NpyItem};
use crate::error::{RecordError, Result};

/// Writes named arrays into one `.npz` file.
///
/// The file appears under its name only when [`finish`](Self::finish) succeeds, so a reader never
/// meets half of it. Arrays are stored as they are, and the same arrays give the same bytes.
///
/// ```
/// use binnet::record::Npz;
/// # let path = std::env::temp_dir().join(format!("binnet-npz-doc-{}.npz", std::process::id()));
///
/// let mut file = Npz::create(&path)?;
/// file.array("rates", &[2, 3], [0.1_f32, 0.2, 0.3, 0.4, 0.5, 0.6])?;
/// file.scalar("seed", 7_u64)?;
/// file.strings("names", &["e", "i", "x"])?;
/// file.finish()?;
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), binnet::Error>(())
/// ```
#[derive(Debug)]
pub struct Npz {
    path: PathBuf,
    partial: PathBuf,
    /// Taken by `finish`; what is left of an unfinished file is removed on drop.
    zip: Option<ZipWriter<BufWriter<File>>>,
}

impl Npz {
    /// Starts a file.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        let Some(name) = path.file_name() else {
            return Err(RecordError::Format {
                path: path.display().to_string(),
                problem: "not a file name".to_owned(),
            }
            .into());
        };
        let mut partial_name = name.to_owned();
        partial_name.push(format!(".{}.part", std::process::id()));
        let partial = path.with_file_name(partial_name);
        let file = File::create(&partial).map_err(RecordError::io(&path))?;
        Ok(Self { path, partial, zip: Some(ZipWriter::new(BufWriter::new(file))) })
    }

    /// Adds an array of any shape; the values come in row-major order (`&[]` is the shape of one value).
    ///
    /// # Errors
    /// If the number of values is not that of the shape, for a name that is taken, or if writing fails.
    pub fn array<T: NpyItem>(
        &mut self,
        name: &str,
        shape: &[usize],
        values: impl IntoIterator<Item = T>,
    ) -> Result<()> {
        let descr = format!("'{}'", T::DESCR);
        self.entry(name, &descr, size_of::<T>(), shape, values, |value, out| value.put(out))
    }

    /// Adds an `ndarray` array.
    ///
    /// # Errors
    /// As for [`array`](Self::array).
    pub fn ndarray<T: NpyItem>(
        &mut self,
        name: &str,
        array: &ArrayBase<impl Data<Elem = T>, impl Dimension>,
    ) -> Result<()> {
        self.array(name, array.shape(), array.iter().copied())
    }

    /// Adds one number.
    ///
    /// # Errors
    /// As for [`array`](Self::array).
    pub fn scalar<T: NpyItem>(&mut self, name: &str, value: T) -> Result<()> {
        self.array(name, &[], [value])
    }

    /// Adds a list of strings (fixed-width Unicode in numpy).
    ///
    /// # Errors
    /// As for [`array`](Self::array).
    pub fn strings(&mut self, name: &str, values: &[impl AsRef<str>]) -> Result<()> {
        let width = values.iter().map(|value| value.as_ref().chars().count()).max().unwrap_or(0).max(1);
        let descr = format!("'<U{width}'");
        self.entry(name, &descr, 4 * width, &[values.len()], values, |value, out| {
            let padding = width - value.as_ref().chars().count();
            for code in value.as_ref().chars().map(u32::from).chain(std::iter::repeat_n(0, padding)) {
                code.put(out);
            }
        })
    }

    /// Completes the file.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self) -> Result<()> {
        let Some(zip) = self.zip.take() else { return Ok(()) };
        let done = zip.finish().map_err(io::Error::from).and_then(|mut file| file.flush());
        let done = done.and_then(|()| fs::rename(&self.partial, &self.path));
        if done.is_err() {
            let _ = fs::remove_file(&self.partial);
        }
        Ok(done.map_err(RecordError::io(&self.path))?)
    }

    fn entry<V>(
        &mut self,
        name: &str,
        descr: &str,
        width: usize,
        shape: &[usize],
        values: impl IntoIterator<Item = V>,
        put: impl Fn(V, &mut Vec<u8>),
    ) -> Result<()> {
        let Some(zip) = &mut self.zip else { return Ok(()) };
        let fail = |problem: String| RecordError::Format { path: self.path.display().to_string(), problem };
        let expected = shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
        let expected = expected.ok_or_else(|| fail(format!("`{name}` of shape {shape:?} is too large")))?;
        // Beyond 4 GB an entry needs the longer fields of zip64, which must be known in advance.
        let large = expected.saturating_mul(width) > 0xf000_0000;
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(large);
        zip.start_file(format!("{name}.npy"), options).map_err(|e| RecordError::io(&self.path)(e.into()))?;

        let mut buffer = npy::header(descr, shape, 0);
        let mut found = 0_usize;
        let mut values = values.into_iter();
        let written = loop {
            match values.next() {
                Some(value) if found < expected => put(value, &mut buffer),
                Some(_) => break Err(fail(format!("`{name}`: more than the {expected} values of shape {shape:?}"))),
                None if found < expected => break Err(fail(format!("`{name}`: {found} values for shape {shape:?}"))),
                None => break zip.write_all(&buffer).map_err(RecordError::io(&self.path)),
            }
            found += 1;
            if buffer.len() >= 1 << 16 {
                if let Err(error) = zip.write_all(&buffer) {
                    break Err(RecordError::io(&self.path)(error));
                }
                buffer.clear();
            }
        };
        if written.is_err() {
            zip.abort_file().map_err(|e| RecordError::io(&self.path)(e.into()))?;
        }
        Ok(written?)
    }
}

impl Drop for Npz {
    fn drop(&mut self) {
        if self.zip.take().is_some() {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::testing::Folder;

    #[test]
    fn wrong_counts_are_errors_and_leave_the_rest_intact() {
        let folder = Folder::new("npz-counts");
        let path = folder.path("a.npz");
        let mut file = Npz::create(&path).unwrap();
        assert!(file.array("few", &[3], [1.0, 2.0]).unwrap_err().to_string().contains("2 values for shape [3]"));
        assert!(file.array("many", &[1], [1.0, 2.0]).unwrap_err().to_string().contains("more than the 1"));
        assert!(file.array("huge", &[usize::MAX, 2], [0_u8]).is_err());
        file.array("good", &[0, 4], std::iter::empty::<f64>()).unwrap();
        file.finish().unwrap();
        let bytes = fs::read(&path).unwrap();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
        assert!(holds(b"good.npy") && !holds(b"few.npy") && !holds(b"many.npy"));
    }

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let folder = Folder::new("npz-unfinished");
        drop(Npz::create(folder.path("a.npz")).unwrap());
        assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 0);
        assert!(Npz::create(folder.path("no/such/folder.npz")).is_err());
        assert!(Npz::create("..").is_err());
    }
}
