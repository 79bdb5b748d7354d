//! Folders of results: what was recorded, and a manifest that says how it came about.
//!
//! ```
//! use binnet::prelude::*;
//! use binnet::results::Manifest;
//! # network! { pub struct Small { asynchronous; population e: Binary[8] { tau: 10 ms }; record flips; } }
//! # fn main() -> binnet::Result<()> {
//! # let folder = std::env::temp_dir().join(format!("binnet-results-doc-{}", std::process::id()));
//! let builder = Small::builder().seed(3).set("e.threshold", 0.2)?;
//! let mut net = builder.clone().build()?;
//! net.run(10.ms())?;
//! let paths = Manifest::of(&builder, &net).save(&*net, &folder, "small", true)?;
//! assert!(paths.iter().any(|path| path.ends_with("small.json")));
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok(())
//! # }
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::error::{RecordError, Result};
use crate::network::{Begin, Entry, Network, NetworkBuilder, NetworkInfo, Simulation};

/// How results came about, written beside them as JSON.
///
/// | field | holds |
/// | --- | --- |
/// | `model`, `structural_hash` | the name of the network; a hash of its block, the fields and equations of its models |
/// | `set` | the parameters of the network, and what was set by name, as text with units |
/// | `parameters` | parameters and locals of all populations: `value` (or `min` and `max`) and `unit` |
/// | `seed`, `time_ms`, `measured_from_ms` | the seed, the time reached, where recording began |
/// | `neurons`, `synapses`, `measures` | sizes, and [measures](Simulation::measures) |
/// | `version`, `command`, `machine`, `written_unix` | of the library; the command line; system, processor, cores; seconds since 1970 |
/// | `files` | the files beside it |
#[derive(Clone, Debug)]
pub struct Manifest {
    fields: Map<String, Value>,
}

impl Manifest {
    /// The manifest of a network that ran, from its builder.
    pub fn of<N: Network>(builder: &N::Builder, net: &N) -> Self {
        let mut manifest = Self::describe(&N::INFO, builder.written());
        manifest.measure(&**net, &Begin::default());
        manifest
    }

    fn describe(info: &NetworkInfo, written: Vec<(String, String)>) -> Self {
        let set = written.into_iter().map(|(name, value)| (name, Value::String(value))).collect::<Map<_, _>>();
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("model", json!(info.name));
        put("structural_hash", json!(format!("{:016x}", info.structural_hash())));
        put("set", Value::Object(set));
        put("version", json!(env!("CARGO_PKG_VERSION")));
        put("command", std::env::args().collect());
        put("machine", machine());
        Self { fields }
    }

    /// Notes what a network is now, and what it did since measuring began.
    pub fn measure(&mut self, net: &dyn Simulation, since: &Begin) {
        let parameters: Map<_, _> = net.entries().iter().map(entry).collect();
        let measures = net.measures(since).unwrap_or_default();
        let measures: Map<_, _> =
            measures.into_iter().map(|m| (m.name, json!({ "value": m.value, "unit": m.unit }))).collect();
        self.put("parameters", Value::Object(parameters));
        self.put("measures", Value::Object(measures));
        self.put("seed", json!(net.seed()));
        self.put("time_ms", json!(net.time().ms()));
        self.put("measured_from_ms", json!(since.ms));
        self.put("neurons", json!(net.neurons()));
        self.put("synapses", json!(net.synapses()));
    }

    /// Adds a field of your own, or replaces one.
    pub fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    /// The manifest as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        Value::Object(self.fields.clone())
    }

    /// Writes `stem.npz` with what was recorded, `stem.*.csv` if asked for, and last the manifest, `stem.json`, into a
    /// folder, which is made if need be. Nothing is recorded? Then there is only the manifest. Returns the paths.
    ///
    /// # Errors
    /// If writing fails.
    pub fn save(&self, net: &dyn Simulation, folder: &Path, stem: &str, csv: bool) -> Result<Vec<PathBuf>> {
        fs::create_dir_all(folder).map_err(RecordError::io(folder))?;
        let mut paths = Vec::new();
        let npz = folder.join(format!("{stem}.npz"));
        match net.save_npz(&npz) {
            Ok(()) => {
                paths.push(npz);
                if csv {
                    paths.extend(net.save_csv(folder, stem)?);
                }
            }
            Err(crate::Error::Record(RecordError::NotRecorded)) => {}
            Err(error) => return Err(error),
        }
        let names: Vec<_> = paths.iter().filter_map(|path| path.file_name()).map(|n| n.to_string_lossy()).collect();
        let mut manifest = self.clone();
        manifest.put("files", json!(names));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        manifest.put("written_unix", now);
        let path = folder.join(format!("{stem}.json"));
        let partial = folder.join(format!("{stem}.json.part"));
        let text = format!("{:#}\n", manifest.json());
        fs::write(&partial, text).map_err(RecordError::io(&partial))?;
        fs::rename(&partial, &path).map_err(RecordError::io(&path))?;
        paths.push(path);
        Ok(paths)
    }
}

fn entry(entry: &Entry) -> (String, Value) {
    let Entry { name, unit, min, max } = entry;
    let value = if min == max {
        json!({ "value": min, "unit": unit })
    } else {
        json!({ "min": min, "max": max, "unit": unit })
    };
    (name.clone(), value)
}

/// The machine: system, processor, cores.
fn machine() -> Value {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':')).map(|(_, name)| name.trim());
    json!({
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "processor": model,
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
    })
}
