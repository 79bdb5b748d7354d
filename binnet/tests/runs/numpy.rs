//! Files as Python reads them. Skipped where there is no `python3` with numpy; `BINNET_PYTHON` names
//! another interpreter.

use std::path::{Path, PathBuf};
use std::process::Command;

use binnet::record::{FlipLog, FlipStream, Npz, PackedFlip, Section, Sections};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("binnet-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a script in `folder`; `None` without numpy.
fn python(folder: &Path, script: &str) -> Option<()> {
    let python = std::env::var("BINNET_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let run = |script: &str| Command::new(&python).arg("-c").arg(script).current_dir(folder).output();
    if !run("import numpy").is_ok_and(|output| output.status.success()) {
        return None;
    }
    let output = run(&format!("import json\nimport numpy as np\n{script}")).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

fn sections() -> Sections {
    Sections::new([Section::new("e", 80_000).clusters(2), Section::new("i", 4).tau(5.0)]).unwrap()
}

fn flips() -> [PackedFlip; 4] {
    [(0, 3, true), (2, 79_999, true), (5, 80_001, true), (6, 3, false)].map(|(at, id, up)| PackedFlip::new(at, id, up))
}

#[test]
fn a_log_as_npz() {
    let folder = Folder::new("numpy-log");
    let mut log = FlipLog::new(sections(), &vec![0; 80_004], 100).unwrap();
    log.append(100, &flips()).unwrap();
    log.advance_to(110).unwrap();
    log.save_npz(folder.0.join("log.npz"), 4).unwrap();
    log.save_npz_dense(folder.0.join("dense.npz")).unwrap();
    python(
        &folder.0,
        r#"
f = np.load("log.npz")
assert f["initial_state"].shape == (80004,) and f["initial_state"].dtype == np.uint8
assert f["state_times"].tolist() == [0, 2, 5, 6]
assert f["state_updates"].tolist() == [3, 79999, 80001, 3]
assert f["state_deltas"].tolist() == [1, 1, 1, -1] and f["state_deltas"].dtype == np.int8
assert f["spike_times"].tolist() == [0, 2, 5] and f["spike_times"].dtype == np.float64
assert f["spike_ids"].tolist() == [3, 79999, 80001] and f["spike_ids"].dtype == np.int64
assert f["names"].tolist() == ["e0", "e1", "i"] and f["sizes"].tolist() == [40000, 40000, 4]
assert f["times"].tolist() == [0, 4, 8]
assert f["rates"].dtype == np.float32 and np.array_equal(f["rates"][:, 2], np.float32([0, 0, 0.25]))
assert f["updates"] == 10 and f["first_update"] == 100
assert abs(f["ms_per_update"] * (8000 + 0.8) - 1) < 1e-12
d = np.load("dense.npz")
assert d["state_updates"].shape == (1, 10) and d["state_deltas"].shape == (1, 10)
assert np.flatnonzero(d["state_deltas"][0]).tolist() == [0, 2, 5, 6]
assert d["state_updates"][0, [0, 2, 5, 6]].tolist() == [3, 79999, 80001, 3]
"#,
    );
}

#[test]
fn a_stream_at_any_time() {
    let folder = Folder::new("numpy-stream");
    let mut stream = FlipStream::create(folder.0.join("run"), sections(), &vec![0; 80_004], 0).unwrap();
    stream.append(0, &flips()).unwrap();
    let read = |rows: usize| {
        python(
            &folder.0,
            &format!(
                r#"
f = np.load("run/flips.npy")
assert f.shape == ({rows},) and f.dtype.names == ("update", "neuron", "delta")
assert f["neuron"].tolist() == [3, 79999, 80001, 3][:{rows}]
assert f["delta"].tolist() == [1, 1, 1, -1][:{rows}]
assert np.load("run/initial_state.npy").shape == (80004,)
assert [p["name"] for p in json.load(open("run/network.json"))["populations"]] == ["e", "i"]
"#
            ),
        );
    };
    read(0);
    stream.flush().unwrap();
    read(4);
    stream.finish().unwrap();
    read(4);
}

#[test]
fn arrays_of_every_kind() {
    let folder = Folder::new("numpy-arrays");
    let mut file = Npz::create(folder.0.join("a.npz")).unwrap();
    file.array("cube", &[2, 1, 3], (0..6).map(f64::from)).unwrap();
    file.ndarray("turned", &ndarray::array![[1_i64, 2, 3], [4, 5, 6]].t()).unwrap();
    file.scalar("seed", u64::MAX).unwrap();
    file.array("mask", &[2], [true, false]).unwrap();
    file.array("large", &[300_000], 0..300_000_u32).unwrap();
    file.strings("names", &["µ", "", "exc"]).unwrap();
    file.strings("none", &[] as &[&str]).unwrap();
    file.finish().unwrap();
    python(
        &folder.0,
        r#"
f = np.load("a.npz")
assert f["cube"].tolist() == [[[0, 1, 2]], [[3, 4, 5]]]
assert f["turned"].tolist() == [[1, 4], [2, 5], [3, 6]]
assert f["seed"] == 2**64 - 1 and f["seed"].shape == ()
assert f["mask"].tolist() == [True, False]
assert np.array_equal(f["large"], np.arange(300000))
assert f["names"].tolist() == ["µ", "", "exc"] and f["none"].shape == (0,)
"#,
    );
}
