//! Records that go to disk while the network runs, in bounded memory.
//!
//! A file is a line that says what it is, then blocks: kind, record, length of the payload, payload, and a checksum
//! of all of it. So what a kill or a full disk leaves behind is known to be whole up to the last block.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::gate::Gate;
use super::source::Source;
use super::trace::{Over, Samples};
use super::{Record, Records, SpikeTrain, Trace};
use crate::clocked::chosen::Chosen;
use crate::error::{RecordError, Result};

const MAGIC: &[u8] = b"binnet records 1\n";
/// Kind, record, length.
const HEAD: usize = 16;

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The description of the next record, as JSON.
    Declare = 1,
    /// From and to which step spikes were watched, then their steps (from there on) and neurons.
    Spikes = 2,
    /// The step of the first sample, then values.
    Values = 3,
    /// What came before is forgotten.
    Clear = 4,
}

impl Kind {
    fn of(number: u32) -> Option<Self> {
        [Self::Declare, Self::Spikes, Self::Values, Self::Clear].into_iter().find(|kind| *kind as u32 == number)
    }
}

/// Where records go, if not to memory.
#[derive(Default)]
pub(super) struct Sink(Option<Box<Stream>>);

struct Stream {
    path: PathBuf,
    file: File,
    /// The bytes of whole blocks.
    written: u64,
    /// The most that may wait in memory.
    bound: usize,
    /// Whether everything was cleared since the last block.
    cleared: bool,
    /// How many spike trains and traces were declared.
    declared: [usize; 2],
    failure: Option<RecordError>,
    block: Vec<u8>,
}

impl Sink {
    /// Starts a file; one that is there is replaced.
    pub(super) fn create(path: &Path, bound: usize) -> Result<Self> {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).open(path).map_err(RecordError::io(path))?;
        file.write_all(MAGIC).map_err(RecordError::io(path))?;
        Ok(Self(Some(Box::new(Stream {
            path: path.to_path_buf(),
            file,
            written: MAGIC.len() as u64,
            bound,
            cleared: false,
            declared: [0; 2],
            failure: None,
            block: Vec::new(),
        }))))
    }

    pub(super) fn bound(&self) -> Option<usize> {
        self.0.as_ref().map(|stream| stream.bound)
    }

    /// What went wrong since this was asked last.
    pub(super) fn failure(&mut self) -> Option<RecordError> {
        self.0.as_mut()?.failure.take()
    }

    /// Notes that all records were cleared.
    pub(super) fn clear(&mut self) {
        if let Some(stream) = &mut self.0 {
            stream.cleared = true;
        }
    }

    /// Writes what waits if it is more than half of the bound: the other half is for the block under way.
    pub(super) fn relieve(&mut self, trains: &mut [SpikeTrain], traces: &mut [Trace]) {
        let Some(stream) = &mut self.0 else { return };
        let waiting: usize =
            trains.iter().map(SpikeTrain::bytes).sum::<usize>() + traces.iter().map(Trace::bytes).sum::<usize>();
        if waiting > stream.bound / 2 {
            let result = stream.write(trains, traces);
            stream.failure = result.err();
        }
    }

    /// Writes all that waits.
    pub(super) fn flush(&mut self, trains: &mut [SpikeTrain], traces: &mut [Trace]) -> Result<()> {
        match &mut self.0 {
            Some(stream) => Ok(stream.write(trains, traces)?),
            None => Ok(()),
        }
    }

    /// Writes all that waits, down to the disk, and closes the file.
    pub(super) fn finish(&mut self, trains: &mut [SpikeTrain], traces: &mut [Trace]) -> Result<()> {
        self.flush(trains, traces)?;
        if let Some(stream) = &self.0 {
            stream.file.sync_all().map_err(RecordError::io(&stream.path))?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Stream {
    /// Writes everything; what was written is forgotten. After an error, what is whole stays in the file, the rest in memory.
    fn write(&mut self, trains: &mut [SpikeTrain], traces: &mut [Trace]) -> Result<(), RecordError> {
        for train in &trains[self.declared[0].min(trains.len())..] {
            let text = declare_spikes(train).to_string();
            self.put(Kind::Declare, 0, |out| out.extend_from_slice(text.as_bytes()))?;
            self.declared[0] += 1;
        }
        for trace in &traces[self.declared[1].min(traces.len())..] {
            let text = declare_trace(trace).to_string();
            self.put(Kind::Declare, 0, |out| out.extend_from_slice(text.as_bytes()))?;
            self.declared[1] += 1;
        }
        if self.cleared {
            self.put(Kind::Clear, 0, |_| ())?;
            self.cleared = false;
        }
        for (i, train) in trains.iter_mut().enumerate() {
            while let Some(watched) = train.watched.first().cloned() {
                // Offsets take four bytes.
                let end = watched.end.min(watched.start + u64::from(u32::MAX));
                let count = train.steps.partition_point(|step| *step < end);
                self.put(Kind::Spikes, i, |out| {
                    out.extend_from_slice(&watched.start.to_le_bytes());
                    out.extend_from_slice(&end.to_le_bytes());
                    for step in &train.steps[..count] {
                        out.extend_from_slice(&((step - watched.start) as u32).to_le_bytes());
                    }
                    train.ids[..count].iter().for_each(|id| out.extend_from_slice(&id.to_le_bytes()));
                })?;
                train.steps.drain(..count);
                train.ids.drain(..count);
                if end == watched.end {
                    train.watched.remove(0);
                } else {
                    train.watched[0].start = end;
                }
            }
        }
        for (i, trace) in traces.iter_mut().enumerate() {
            while let Some(&(first, from)) = trace.parts.first() {
                let to = trace.parts.get(1).map_or(trace.len(), |next| next.1);
                let values = from * trace.width..to * trace.width;
                self.put(Kind::Values, i, |out| {
                    out.extend_from_slice(&first.to_le_bytes());
                    match &trace.samples {
                        Samples::F32(x) => x[values].iter().for_each(|x| out.extend_from_slice(&x.to_le_bytes())),
                        Samples::F64(x) => x[values].iter().for_each(|x| out.extend_from_slice(&x.to_le_bytes())),
                    }
                })?;
                trace.forget_first();
            }
        }
        Ok(())
    }

    /// Writes one block.
    fn put(&mut self, kind: Kind, record: usize, payload: impl FnOnce(&mut Vec<u8>)) -> Result<(), RecordError> {
        let block = &mut self.block;
        block.clear();
        block.extend_from_slice(&(kind as u32).to_le_bytes());
        block.extend_from_slice(&(record as u32).to_le_bytes());
        block.extend_from_slice(&[0; 8]);
        payload(block);
        let length = (block.len() - HEAD) as u64;
        block[8..HEAD].copy_from_slice(&length.to_le_bytes());
        let sum = crc32fast::hash(block);
        block.extend_from_slice(&sum.to_le_bytes());
        // Where this block belongs, whatever an earlier failure left behind.
        let result = self.file.seek(SeekFrom::Start(self.written)).and_then(|_| self.file.write_all(block));
        match result {
            Ok(()) => self.written += block.len() as u64,
            Err(source) => {
                // Half a block would be passed over by readers, too.
                let _ = self.file.set_len(self.written);
                return Err(RecordError::Stream { path: self.path.display().to_string(), source });
            }
        }
        Ok(())
    }
}

impl Clone for Sink {
    /// A copy of a network does not write into the file of the original: it records into memory.
    fn clone(&self) -> Self {
        Self(None)
    }
}

impl PartialEq for Sink {
    /// Records are equal if what they hold is.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl core::fmt::Debug for Sink {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.0 {
            None => f.write_str("memory"),
            Some(stream) => write!(f, "{}", stream.path.display()),
        }
    }
}

fn declare_spikes(train: &SpikeTrain) -> Value {
    let neurons = match &train.neurons {
        Chosen::Range(range) => json!([range.start, range.end]),
        Chosen::List(list) => json!({ "each": list }),
    };
    json!({ "record": "spikes", "name": train.name, "dt_ms": train.dt, "neurons": neurons })
}

fn declare_trace(trace: &Trace) -> Value {
    let precision = if matches!(trace.samples, Samples::F32(_)) { "f32" } else { "f64" };
    let columns = trace.columns();
    // Consecutive columns are a range.
    let range = columns.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let columns = match (columns.first(), columns.last()) {
        (Some(first), Some(last)) if range => json!({ "from": first, "to": last + 1 }),
        _ => json!(columns),
    };
    let end = |which: fn(&(u32, u32)) -> u32| trace.ends().iter().map(which).collect::<Vec<_>>();
    json!({
        "record": "values", "name": trace.name, "variable": trace.variable, "unit": trace.unit, "dt_ms": trace.dt,
        "period": trace.gate.period, "precision": precision, "columns": columns,
        "pre": end(|ends| ends.0), "post": end(|ends| ends.1),
        "mean_of_none": trace.width == 1 && trace.columns().is_empty(),
    })
}

impl Records {
    /// Reads the records that [`Clocked::stream_records`](crate::clocked::Clocked::stream_records) wrote into a file,
    /// also one that was cut off: all blocks before the first one that is not whole. They are in memory then; what they
    /// hold goes to `.npz` by [`save_npz`](Self::save_npz).
    ///
    /// # Errors
    /// If the file cannot be read, is no such file, or contradicts itself.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(RecordError::io(path))?;
        let mut left = file.metadata().map_err(RecordError::io(path))?.len();
        let mut file = BufReader::new(file);
        let format =
            |problem: &str| RecordError::Format { path: path.display().to_string(), problem: problem.to_owned() };
        let mut magic = vec![0; MAGIC.len()];
        if left < magic.len() as u64 {
            return Err(format("it is too short for a file of records").into());
        }
        file.read_exact(&mut magic).map_err(RecordError::io(path))?;
        if magic != MAGIC {
            return Err(format("it is no file of records of this version of binnet").into());
        }
        left -= magic.len() as u64;
        let mut records = Self::default();
        let mut block = Vec::new();
        while let Some((kind, record)) = next(&mut file, &mut left, &mut block).map_err(RecordError::io(path))? {
            let payload = &block[HEAD..block.len() - 4];
            records.take_block(kind, record, payload).ok_or_else(|| format("a block contradicts those before it"))?;
        }
        Ok(records)
    }

    /// Takes a block; `None` if it does not fit.
    fn take_block(&mut self, kind: Kind, record: usize, payload: &[u8]) -> Option<()> {
        match kind {
            Kind::Declare => self.declare(&serde_json::from_slice(payload).ok()?),
            Kind::Clear => {
                self.clear();
                Some(())
            }
            Kind::Spikes => {
                let train = self.trains.get_mut(record)?;
                let (start, rest) = number(payload)?;
                let (end, rest) = number(rest)?;
                let (numbers, odd) = rest.as_chunks::<4>();
                let numbers: Vec<u32> = numbers.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
                let (steps, ids) = numbers.split_at(numbers.len() / 2);
                if !odd.is_empty() || steps.len() != ids.len() || start > end {
                    return None;
                }
                train.steps.extend(steps.iter().map(|step| start + u64::from(*step)));
                train.ids.extend(ids);
                match train.watched.last_mut() {
                    Some(last) if last.end == start => last.end = end,
                    _ => train.watched.push(start..end),
                }
                Some(())
            }
            Kind::Values => {
                let trace = self.traces.get_mut(record)?;
                let (first, values) = number(payload)?;
                if trace.width == 0 || values.len() % (trace.width * trace.samples.bytes_each()) != 0 {
                    return None;
                }
                trace.note(first);
                match &mut trace.samples {
                    Samples::F32(x) => x.extend(values.as_chunks::<4>().0.iter().map(|x| f32::from_le_bytes(*x))),
                    Samples::F64(x) => x.extend(values.as_chunks::<8>().0.iter().map(|x| f64::from_le_bytes(*x))),
                }
                Some(())
            }
        }
    }

    /// Adds an empty record as a file describes it.
    fn declare(&mut self, text: &Value) -> Option<()> {
        let whole = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
        let word = |key: &str| text[key].as_str().map(str::to_owned);
        let (name, dt) = (word("name")?, text["dt_ms"].as_f64()?);
        let mut gate = Gate::new(&Record::spikes(""), "", dt).ok()?;
        if text["record"] == "spikes" {
            let neurons = match &text["neurons"]["each"] {
                Value::Array(each) => Chosen::list(each.iter().map(whole).collect::<Option<_>>()?),
                _ => Chosen::Range(whole(&text["neurons"][0])?..whole(&text["neurons"][1])?),
            };
            let (watched, steps, ids) = (Vec::new(), Vec::new(), Vec::new());
            self.trains.push(SpikeTrain { name, population: usize::MAX, neurons, dt, gate, watched, steps, ids });
            return Some(());
        }
        gate.period = text["period"].as_u64().filter(|period| *period > 0)?;
        let columns: Vec<usize> = match &text["columns"] {
            Value::Array(each) => each.iter().map(whole).collect::<Option<_>>()?,
            range => (whole(&range["from"])?..whole(&range["to"])?).collect(),
        };
        let samples = match text["precision"].as_str()? {
            "f32" => Samples::F32(Vec::new()),
            "f64" => Samples::F64(Vec::new()),
            _ => return None,
        };
        // The mean of no neurons has a value, and no column.
        let width = if text["mean_of_none"] == true { 1 } else { columns.len() };
        let end = |key: &str| -> Option<Vec<u32>> {
            // Only records of synapses have them.
            let each = text[key].as_array().into_iter().flatten();
            each.map(|neuron| neuron.as_u64().and_then(|neuron| u32::try_from(neuron).ok())).collect()
        };
        let ends: Vec<(u32, u32)> = end("pre")?.into_iter().zip(end("post")?).collect();
        if !ends.is_empty() && ends.len() != width {
            return None;
        }
        self.traces.push(Trace {
            name,
            variable: word("variable")?,
            unit: word("unit")?,
            source: Source::of_file(columns),
            ends,
            over: Over::Each,
            width,
            dt,
            gate,
            parts: Vec::new(),
            samples,
        });
        Some(())
    }
}

/// Reads the next whole block, checksum included; `None` where none follows.
fn next(file: &mut impl std::io::Read, left: &mut u64, block: &mut Vec<u8>) -> std::io::Result<Option<(Kind, usize)>> {
    if *left < (HEAD + 4) as u64 {
        return Ok(None);
    }
    block.clear();
    block.resize(HEAD, 0);
    file.read_exact(block)?;
    let word = |i: usize| u32::from_le_bytes([block[i], block[i + 1], block[i + 2], block[i + 3]]);
    let (kind, record) = (word(0), word(4));
    let length = u64::from(word(8)) | u64::from(word(12)) << 32;
    let room = *left - (HEAD + 4) as u64;
    if length > room {
        return Ok(None);
    }
    let end = HEAD + length as usize + 4;
    block.resize(end, 0);
    file.read_exact(&mut block[HEAD..])?;
    *left = room - length;
    let (body, sum) = block.split_at(end - 4);
    if crc32fast::hash(body).to_le_bytes() != sum {
        return Ok(None);
    }
    Ok(Kind::of(kind).map(|kind| (kind, record as usize)))
}

/// The number at the front, and what follows it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    Some((u64::from_le_bytes(*number), rest))
}
