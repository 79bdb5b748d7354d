//! Snapshots: a run that is restored equals one that was not interrupted, bit for bit; what is damaged or of another
//! network is refused.

mod networks;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use binnet::clocked::Stimulus;
use binnet::prelude::*;
use binnet::rng::Streams;
use binnet::snapshot::Snapshot;
use networks::{Driven, NAMES, Plastic};
use rand::RngExt as _;

/// A folder of one test, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("binnet-snapshots-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_restored_run_is_the_straight_run() {
    let folder = Folder::new("straight");
    for name in NAMES {
        for threads in [1, 2] {
            let path = folder.path(name);
            let mut straight = networks::build(name, threads);
            // Not a multiple of any delay, period or batch.
            straight.advance(1_237);
            straight.save(&path);
            let middle = straight.snapshot();
            straight.advance(1_763);
            let (end, seen) = (straight.snapshot(), straight.seen());
            assert!(end != middle, "{name}: something happens");

            // A fresh network on another number of threads; one that was in use; the same one, which goes back.
            let mut used = networks::build(name, threads);
            used.advance(77);
            for mut other in [networks::build(name, 3 - threads), used, straight] {
                other.load(&path).unwrap();
                assert!(other.snapshot() == middle, "{name} on {threads} threads, as saved");
                other.advance(1_763);
                assert!(other.snapshot() == end, "{name} on {threads} threads, at the end");
                assert_eq!(other.seen(), seen, "{name} on {threads} threads, as it is seen");
            }
            let mut other = networks::build(name, threads);
            other.restore(&Snapshot::from_bytes(&middle.to_bytes()).unwrap()).unwrap();
            other.advance(1_763);
            assert!(other.snapshot() == end, "{name} from memory");
        }
    }
}

/// Tells the copy of this test that it is the one to die: which network, and where to save.
const CHILD: &str = "BINNET_TEST_DIES_SAVING";

#[test]
fn a_killed_run_goes_on_as_if_nothing_had_happened() {
    const END: u64 = 60_000;
    const PART: u64 = 600;
    if let Ok(order) = std::env::var(CHILD) {
        let (name, path) = order.split_once(' ').unwrap();
        let mut net = networks::build(name, 1);
        for _ in 0..END / PART {
            net.advance(PART);
            net.save(Path::new(path));
        }
        // Nothing is left but to be killed.
        std::thread::sleep(Duration::from_secs(600));
        return;
    }
    let folder = Folder::new("killed");
    let me = std::env::current_exe().unwrap();
    for name in ["clustered_ei", "coba", "gamma", "core"] {
        let path = folder.path(name);
        let order = format!("{name} {}", path.display());
        let mut child = Command::new(&me)
            .args(["--exact", "snapshots::a_killed_run_goes_on_as_if_nothing_had_happened"])
            .env(CHILD, order)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !path.exists() {
            assert!(child.try_wait().unwrap().is_none(), "{name}: the child saves");
            std::thread::sleep(Duration::from_millis(1));
        }
        // In the middle of whatever it does: SIGKILL.
        std::thread::sleep(Duration::from_millis(30));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert!(!status.success(), "{name}: it was killed");

        let mut restored = networks::build(name, 1);
        restored.load(&path).unwrap();
        let at = restored.at();
        assert!(at > 0 && at <= END && at.is_multiple_of(PART), "{name} at {at}");
        // Far enough beyond the snapshot.
        let end = (at + 10 * PART).min(END + PART);
        restored.advance(end - at);
        let mut straight = networks::build(name, 1);
        straight.advance(end);
        assert!(restored.snapshot() == straight.snapshot(), "{name}: restored at {at}");
        assert_eq!(restored.seen(), straight.seen(), "{name}");
    }
}

#[test]
fn a_stream_of_flips_is_gone_on_with() {
    let folder = Folder::new("stream");
    let (snapshot, log) = (folder.path("snapshot"), folder.path("log"));
    let build = || networks::Flips::builder().seed(1).build().unwrap();
    let mut straight = build();
    straight.run_updates(80_000).unwrap();
    let whole = straight.log().unwrap().clone();

    let mut first = build();
    first.stream_flips(&log).unwrap();
    first.run_updates(30_000).unwrap();
    first.save(&snapshot).unwrap();
    first.run_updates(20_000).unwrap();
    drop(first);
    let mut second = build();
    second.load(&snapshot).unwrap();
    second.resume_flips(&log).unwrap();
    second.run_updates(50_000).unwrap();
    second.stop_recording().unwrap();
    assert_eq!(binnet::record::FlipLog::open(&log).unwrap(), whole);
}

#[test]
fn ten_thousand_damaged_snapshots_are_refused() {
    let mut net = networks::build("small", 1);
    net.advance(100);
    let bytes = net.snapshot().to_bytes();
    assert!(bytes.len() < 20_000, "{} bytes", bytes.len());
    let before = net.snapshot();
    let mut rng = Streams::new(1).named("damage");
    for round in 0..10_000 {
        let mut damaged = bytes.clone();
        match round % 4 {
            // A flipped bit, and several.
            0 | 1 => {
                for _ in 0..=(round % 4) * 7 {
                    let bit = rng.random_range(0..8 * damaged.len());
                    damaged[bit / 8] ^= 1 << (bit % 8);
                }
            }
            // Cut off.
            2 => damaged.truncate(rng.random_range(0..bytes.len())),
            // A stretch of zeros, as file systems leave them.
            _ => {
                let start = rng.random_range(0..bytes.len());
                let end = (start + 512).min(bytes.len());
                damaged[start..end].fill(0);
            }
        }
        if damaged == bytes {
            continue;
        }
        let error = Snapshot::from_bytes(&damaged).unwrap_err().to_string();
        assert!(error.contains("help:"), "{error}");
    }
    net.restore(&Snapshot::from_bytes(&bytes).unwrap()).unwrap();
    assert!(net.snapshot() == before);
}

/// Bytes that were changed and have right checksums again may load or not, but nothing panics, and nothing is loaded by
/// halves.
#[test]
fn contents_that_cannot_be_are_refused() {
    let folder = Folder::new("contents");
    let path = folder.path("file");
    let mut rng = Streams::new(2).named("damage");
    for name in ["small", "small_flips"] {
        let mut net = networks::build(name, 1);
        net.advance(100);
        let (snapshot, bytes) = (net.snapshot(), net.snapshot().to_bytes());
        let mut refused = 0;
        for _ in 0..1_000 {
            let mut damaged = bytes.clone();
            let bit = rng.random_range(8 * 24..8 * damaged.len());
            damaged[bit / 8] ^= 1 << (bit % 8);
            networks::seal(&mut damaged);
            std::fs::write(&path, &damaged).unwrap();
            if net.load(&path).is_ok() {
                net.restore(&snapshot).unwrap();
            } else {
                refused += 1;
                assert!(net.snapshot() == snapshot, "nothing is loaded by halves");
            }
        }
        assert!(refused > 25, "{refused}");
    }
}

#[test]
fn snapshots_of_other_networks_are_refused() {
    let folder = Folder::new("others");
    let path = folder.path("file");
    let mut net = Plastic::builder().seed(1).build().unwrap();
    net.save(&path).unwrap();
    let before = net.snapshot();
    let mut other = Plastic::builder().seed(2).build().unwrap();
    let error = other.load(&path).unwrap_err().to_string();
    assert!(error.contains("it has `seed 1`, this one `seed 2`") && error.contains("help: build"), "{error}");
    let mut other = Driven::builder().seed(1).build().unwrap();
    let error = other.load(&path).unwrap_err().to_string();
    assert!(error.contains("it has `network Plastic`, this one `network Driven`"), "{error}");
    let mut other = Plastic::builder().seed(1).build().unwrap();
    other.stimulate("a", "i", Stimulus::sine(1.0, 10.0, 0.0)).unwrap();
    let error = other.load(&path).unwrap_err().to_string();
    assert!(error.contains("stimulus of a.i"), "{error}");
    let mut other = Plastic::builder().seed(1).build().unwrap();
    other.record(binnet::clocked::Record::of("b", "v")).unwrap();
    let error = other.load(&path).unwrap_err().to_string();
    assert!(error.contains("record b.v"), "{error}");
    net.save_population("a", &path).unwrap();
    let error = net.load(&path).unwrap_err().to_string();
    assert!(error.contains("is of a population of a network with a clock, not of a network"), "{error}");
    assert!(net.load(folder.path("missing")).unwrap_err().to_string().contains("missing"));
    assert!(net.snapshot() == before);
    assert_eq!(net.structural_hash(), other.structural_hash());
    assert_ne!(net.structural_hash(), Driven::builder().build().unwrap().structural_hash());
}

#[test]
fn weights_are_stored_where_they_were_set() {
    let folder = Folder::new("weights");
    let (drawn, set) = (folder.path("drawn"), folder.path("set"));
    let mut net = networks::Delays::builder().seed(1).build().unwrap();
    let weights = |net: &networks::Delays, name: &str| -> Vec<f64> {
        net.synapses(name).unwrap().iter().map(|synapse| synapse.weight).collect()
    };
    net.save(&drawn).unwrap();
    let before = net.snapshot();
    let (of_each, n) = (weights(&net, "each"), weights(&net, "each").len());
    net.set_weights("each", &(0..n).map(|i| i as f64).collect::<Vec<_>>()).unwrap();
    net.set_weights("equal", &[7.0]).unwrap();
    net.save(&set).unwrap();
    let length = |path: &Path| std::fs::metadata(path).unwrap().len();
    assert!(length(&set) > length(&drawn) + 8 * n as u64 - 100);

    let mut other = networks::Delays::builder().seed(1).build().unwrap();
    let copy = other.clone();
    other.load(&drawn).unwrap();
    assert_eq!(weights(&other, "each"), of_each);
    other.load(&set).unwrap();
    assert_eq!(weights(&other, "each"), weights(&net, "each"));
    assert!(weights(&other, "equal").iter().all(|weight| *weight == 7.0));
    assert!(copy.snapshot() == before, "a copy keeps its weights");
    // The file has no weights as they were drawn; this network no longer has them. A snapshot in memory has them.
    let error = other.load(&drawn).unwrap_err().to_string();
    assert!(error.contains("weights as they were drawn") && error.contains("help:"), "{error}");
    assert_eq!(weights(&other, "each"), weights(&net, "each"));
    other.restore(&before).unwrap();
    assert_eq!(weights(&other, "each"), of_each);
    assert!(other.snapshot() == before);
}

#[test]
fn copies_share_connections_and_nothing_else() {
    let mut net = Driven::builder().seed(1).build().unwrap();
    networks::drive(&mut net);
    let mut net = net.into_inner();
    net.run_steps(500).unwrap();
    let before = net.snapshot();
    let mut same = net.clone();
    let mut forks = [net.fork(7), net.fork(7), net.fork(8)];
    assert!(same.snapshot() == before);
    for copy in [&forks[0], &forks[2]] {
        assert_eq!(copy.values("a", "v").unwrap(), net.values("a", "v").unwrap());
        assert!(copy.records().all_spikes().iter().all(|train| train.is_empty()));
        assert_eq!(copy.synapses("a -> b").unwrap(), net.synapses("a -> b").unwrap());
    }
    for copy in &mut forks {
        copy.run_steps(500).unwrap();
    }
    assert!(net.snapshot() == before, "forks leave it alone");
    net.run_steps(500).unwrap();
    same.run_steps(500).unwrap();
    assert!(net.snapshot() == same.snapshot(), "a clone has the same future");
    assert!(forks[0].snapshot() == forks[1].snapshot(), "so have forks of one seed");
    // All that is drawn differs: noise of neurons, sources, stimuli, background.
    let seen = |net: &binnet::clocked::Clocked<_>| {
        let states = ["a", "b"].map(|p| net.values(p, "v").unwrap());
        let sources = net.spike_count(0);
        (states, sources)
    };
    assert!(seen(&forks[0]) != seen(&net) && seen(&forks[0]) != seen(&forks[2]));
    // A fork goes on from the snapshot of one.
    let [first, second, third] = &mut forks;
    let middle = first.snapshot();
    first.run_steps(300).unwrap();
    second.restore(&middle).unwrap();
    second.run_steps(300).unwrap();
    assert!(second.snapshot() == first.snapshot());
    assert!(third.restore(&middle).unwrap_err().to_string().contains("`seed 7`"));
}

#[test]
fn populations_and_projections_alone() {
    let folder = Folder::new("parts");
    let path = folder.path("part");
    let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let mut net = Plastic::builder().seed(1).build().unwrap();
    net.run(50.ms()).unwrap();
    let mut other = Plastic::builder().seed(1).build().unwrap();
    other.run(7.ms()).unwrap();

    net.save_population("a", &path).unwrap();
    let b = other.values("b", "v").unwrap();
    other.load_population("a", &path).unwrap();
    for field in ["v", "g", "tau"] {
        assert_eq!(bits(other.values("a", field).unwrap()), bits(net.values("a", field).unwrap()), "{field}");
    }
    assert_eq!(other.values("b", "v").unwrap(), b);
    assert_eq!(other.steps(), 70);
    assert!(other.load_population("b", &path).unwrap_err().to_string().contains("Cell[30]"));
    assert!(other.load_population("c", &path).unwrap_err().to_string().contains("no population `c`"));

    for projection in ["learning", "tired"] {
        net.save_projection(projection, &path).unwrap();
        let fields: &[&str] = if projection == "learning" { &["w", "apre", "apost"] } else { &["u", "x"] };
        other.load_projection(projection, &path).unwrap();
        for field in fields {
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1e-6);
            let (found, wanted) =
                (other.synapse_values(projection, field).unwrap(), net.synapse_values(projection, field).unwrap());
            assert!(found.iter().zip(&wanted).all(|(a, b)| near(*a, *b)), "{projection}.{field}");
        }
    }
    // Weights without equations, and one for all.
    net.set_weights("plain", &[3.0]).unwrap();
    net.save_projection("plain", &path).unwrap();
    other.load_projection("plain", &path).unwrap();
    assert!(other.synapses("plain").unwrap().iter().all(|synapse| synapse.weight == 3.0));
    let error = other.load_projection("learning", &path).unwrap_err().to_string();
    assert!(error.contains("another network"), "{error}");
    other.run(10.ms()).unwrap();
}

#[test]
fn populations_of_binary_neurons_alone() {
    let folder = Folder::new("binary");
    let path = folder.path("part");
    let mut net = networks::Flips::builder().seed(1).build().unwrap();
    net.run_updates(5_000).unwrap();
    net.change_populations(|p| p.e.threshold[3] = 0.25);
    net.save_population("e", &path).unwrap();
    let mut other = networks::Flips::builder().seed(2).build().unwrap();
    let i = other.states()[80..].to_vec();
    other.load_population("e", &path).unwrap();
    assert_eq!(other.states()[..80], net.states()[..80]);
    assert_eq!((other.states()[80..].to_vec(), other.thresholds()[3]), (i, 0.25));
    assert!(other.load_population("i", &path).unwrap_err().to_string().contains("Binary[80]"));
    assert!(other.load_population("x", &path).unwrap_err().to_string().contains("no population `x`"));
    other.run_updates(1_000).unwrap();
    // Parameters that were set are part of the whole, too.
    net.save(&path).unwrap();
    let mut again = networks::Flips::builder().seed(1).build().unwrap();
    again.load(&path).unwrap();
    assert_eq!((again.thresholds(), again.fields()), (net.thresholds(), net.fields()));
    let error = other.load(&path).unwrap_err().to_string();
    assert!(error.contains("`seed 1`"), "{error}");
}
