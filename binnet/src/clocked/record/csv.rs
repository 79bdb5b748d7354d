//! Records as tables of text.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::trace::Over;
use super::{SpikeTrain, Trace};
use crate::error::{RecordError, Result};

impl SpikeTrain {
    /// Writes a line for each spike: its time in ms, and its neuron.
    ///
    /// # Errors
    /// If writing fails.
    pub fn save_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        write(path.as_ref(), |file| {
            writeln!(file, "time (ms),neuron")?;
            self.times().iter().zip(self.ids()).try_for_each(|(ms, id)| writeln!(file, "{ms},{id}"))
        })
    }
}

impl Trace {
    /// Writes a line for each sample: its time in ms, and a column for each neuron with its number and the unit;
    /// for each synapse with those of both neurons, `w[3->7]`.
    ///
    /// # Errors
    /// If writing fails.
    pub fn save_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let unit = if self.unit() == "1" { String::new() } else { format!(" ({})", self.unit()) };
        write(path.as_ref(), |file| {
            write!(file, "time (ms)")?;
            match self.over {
                Over::Mean => write!(file, ",mean({}){unit}", self.variable())?,
                Over::Variance => write!(file, ",variance({}){unit}", self.variable())?,
                Over::Each if self.ends().is_empty() => {
                    self.columns()
                        .iter()
                        .try_for_each(|neuron| write!(file, ",{}[{neuron}]{unit}", self.variable()))?;
                }
                Over::Each => {
                    let mut each = self.ends().iter();
                    each.try_for_each(|(pre, post)| write!(file, ",{}[{pre}->{post}]{unit}", self.variable()))?;
                }
            }
            writeln!(file)?;
            for (ms, row) in self.times().iter().zip(self.values().rows()) {
                write!(file, "{ms}")?;
                row.iter().try_for_each(|value| write!(file, ",{value}"))?;
                writeln!(file)?;
            }
            Ok(())
        })
    }
}

fn write(path: &Path, rows: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>) -> Result<()> {
    let mut file = BufWriter::new(File::create(path).map_err(RecordError::io(path))?);
    rows(&mut file).and_then(|()| file.flush()).map_err(RecordError::io(path))?;
    Ok(())
}
