//! The program of a network: its commands, its files, and Python that reads them.
#![cfg(feature = "cli")]

use std::path::{Path, PathBuf};
use std::process::Command;

use binnet::cli::{App, NoFlags};
use binnet::prelude::*;
use serde_json::Value;

neuron! {
    /// A leaky neuron.
    pub struct Cell {
        param tau = 10 ms > 0 ms;
        local v_th = 20 mV;
        state v = 0 mV;
        state i = 0 mV;
        di/dt = -i / (5 ms);
        dv/dt = (i - v) / tau;
        spike when v > v_th { v = 0 mV; }
    }
}

network! {
    /// Neurons under a noisy drive.
    ///
    /// More of it.
    pub struct TestNet {
        clock 0.1 ms;
        /// How strong the drive is.
        param strength = 5 mV;
        source noise: poisson[100] { rate: 30 Hz };
        population exc: Cell[200] { v: uniform(0 mV, 20 mV) };
        population inh: Cell[50] { tau: 5 ms };
        projection drive: noise -> (exc, inh) { target: i, connect: fixed_prob(0.5), weight: strength };
        projection ee: exc -> exc { target: i, connect: fixed_prob(0.1), weight: 0.2 mV, delay: 1 ms };
        record exc.spikes;
        record inh.spikes;
        record exc.v[0..3] every 1 ms;
    }
}

network! {
    /// Binary neurons.
    pub struct Bin {
        asynchronous;
        population e: Binary[100] in clusters[4] { threshold: -0.3, tau: 10 ms };
        projection ee: e -> e { connect: fixed_prob(0.1), weight: -0.1 };
        record flips;
    }
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("binnet-cli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.0.join(name)).unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Does what a command line says; the words of the error otherwise.
fn call<N: Network>(line: &str, out: &Path) -> Result<bool, String> {
    let words = line.split_whitespace().map(|word| word.replace("OUT", &out.display().to_string()));
    let words: Vec<String> = std::iter::once("program".to_owned()).chain(words).collect();
    match App::<N>::new().duration("200 ms").run_from(words) {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn a_run_leaves_a_folder_of_results() {
    let folder = Folder::new("run");
    // Without a command, and with its name.
    assert_eq!(
        call::<TestNet>("--out OUT --seed 3 --set exc.tau=6ms --set strength=6mV --warmup 50ms --csv", &folder.0),
        Ok(true)
    );
    for file in [
        "test_net.npz",
        "test_net.json",
        "test_net.svg",
        "test_net.png",
        "test_net.exc.spikes.csv",
        "test_net.exc.v.csv",
    ] {
        assert!(folder.0.join(file).is_file(), "{file}");
    }
    let manifest = folder.json("test_net.json");
    assert_eq!((&manifest["model"], &manifest["seed"]), (&"TestNet".into(), &3.into()));
    assert_eq!(manifest["set"]["exc.tau"], "6ms");
    assert_eq!(manifest["set"]["strength"], "6 mV");
    assert_eq!(manifest["parameters"]["exc.tau"], serde_json::json!({ "value": 6.0, "unit": "ms" }));
    assert_eq!(manifest["parameters"]["inh.tau"]["value"], 5.0);
    assert_eq!((manifest["time_ms"].as_f64(), manifest["measured_from_ms"].as_f64()), (Some(250.0), Some(50.0)));
    assert_eq!(manifest["structural_hash"], format!("{:016x}", TestNet::INFO.structural_hash()));
    assert_eq!(manifest["files"][0], "test_net.npz");
    let spikes = std::fs::read_to_string(folder.0.join("test_net.exc.spikes.csv")).unwrap();
    assert!(spikes.starts_with("time (ms),neuron\n"));
    let rate = (spikes.lines().count() - 1) as f64 / (200.0 * 0.2);
    assert_eq!(manifest["measures"]["exc.rate"]["value"].as_f64(), Some(rate));
    assert!(rate > 1.0, "{rate}");
    let trace = std::fs::read_to_string(folder.0.join("test_net.exc.v.csv")).unwrap();
    assert!(trace.starts_with("time (ms),v[0] (mV),v[1] (mV),v[2] (mV)\n50,") && trace.lines().count() == 201);

    assert_eq!(
        call::<TestNet>("run --out OUT/named --seed 3 --set exc.tau=6ms --set strength=6mV --warmup 50ms", &folder.0),
        Ok(true)
    );
    let npz = |path: &str| std::fs::read(folder.0.join(path)).unwrap();
    assert_eq!(npz("test_net.npz"), npz("named/test_net.npz"));
    assert!(!folder.0.join("named/test_net.exc.v.csv").exists(), "not asked for");

    assert_eq!(call::<Bin>("run --out OUT --csv --threads 2 --set e.threshold=-0.2", &folder.0), Ok(true));
    assert!(folder.json("bin.json")["measures"]["e.active"]["value"].as_f64().is_some_and(|share| share > 0.0));
    assert!(std::fs::read_to_string(folder.0.join("bin.flips.csv")).unwrap().lines().count() > 10);
}

#[test]
fn other_commands() {
    let folder = Folder::new("commands");
    for line in ["describe", "describe --markdown", "describe --latex", "describe --json --set exc.tau=6ms"] {
        assert_eq!(call::<TestNet>(line, &folder.0), Ok(true), "{line}");
        assert_eq!(call::<Bin>(&line.replace("exc.tau", "e.tau"), &folder.0), Ok(true), "{line}");
    }
    assert_eq!(call::<TestNet>("bench --repeats 2 --duration 20ms", &folder.0), Ok(true));
    assert_eq!(call::<Bin>("bench --repeats 2 --duration 20ms --json", &folder.0), Ok(true));
    let line =
        "sweep --vary ee.weight=-0.3..-0.1/3 --vary e.threshold=-0.3,-0.2 --seeds 1..2 --duration 100ms --out OUT";
    for part in ["--shard 0/2", "--shard 1/2"] {
        assert!(!folder.0.join("table.csv").exists());
        assert_eq!(call::<Bin>(&format!("{line} {part}"), &folder.0), Ok(true));
    }
    let table = std::fs::read_to_string(folder.0.join("table.csv")).unwrap();
    assert!(table.starts_with("point,ee.weight,e.threshold,seed,e.active,flips\n0,-0.3,-0.3,1,"), "{table}");
    assert_eq!(table.lines().count(), 1 + 3 * 2 * 2);
    assert_eq!(folder.json("sweep.json")["points"], 12);
    assert_eq!(call::<Bin>(line, &folder.0), Ok(true), "all is done");
    let random = "sweep --vary strength=4mV..6mV --random 3 --fresh-seeds 2 --duration 50ms --out OUT/random --json";
    assert_eq!(call::<TestNet>(random, &folder.0), Ok(true));
}

#[test]
fn mistakes_are_answered_by_the_nearest_word() {
    let folder = Folder::new("mistakes");
    for (line, part) in [
        ("--sead 3", "'--seed'"),
        ("descirbe", "'describe'"),
        ("sweep", "--vary <NAME=VALUES>"),
        ("sweep --vary exc.tua=1ms", "did you mean `tau`?"),
        ("sweep --vary exc.tau=1ms,2mV", "is a time (ms), but `2mV` is a voltage"),
        ("sweep --vary exc.tau=1ms --shard 4", "write a part and their number"),
        ("sweep --vary exc.tau=1ms --seeds x", "write whole numbers"),
        ("--out OUT --set exc.tua=1ms", "did you mean `tau`?"),
        ("--set exk.tau=1ms", "did you mean `exc.tau`?"),
        ("--set strenght=1mV", "did you mean `strength`?"),
        ("--set exc.tau=1mV", "`exc.tau` is a time (ms), but `1mV` is a voltage"),
        ("--set clock=0.3ms", "is no multiple of the clock, 0.3 ms"),
        ("--duration 5mV", "--duration"),
        ("--help", "Neurons under a noisy drive."),
        ("--help", "[default: \"200 ms\"]"),
        ("--help", "describe"),
    ] {
        let answer = call::<TestNet>(line, &folder.0).unwrap_err();
        assert!(answer.contains(part), "{line}: {answer}");
    }
}

#[test]
fn an_own_way_to_run() {
    #[derive(clap::Args)]
    struct Flags {
        /// How often
        #[arg(long, default_value_t = 1)]
        times: u32,
    }
    let app = App::<Bin, Flags>::new().run(|run, own| {
        let mut net = run.configure(Bin::builder())?.build()?;
        (0..own.times).try_for_each(|_| net.run(run.duration).map(drop))?;
        Ok(net.time().ms() > 1500.0)
    });
    assert!(app.run_from(["program", "--times", "2"]).unwrap().unwrap());
    assert!(!app.run_from(["program", "run"]).unwrap().unwrap());
    assert!(app.run_from(["program", "run", "--tims", "2"]).unwrap_err().to_string().contains("'--times'"));
    assert!(App::<Bin, NoFlags>::new().run_from(["program", "--times", "2"]).is_err());
}

/// The lines of Python in the README that read a folder of results.
#[test]
fn the_python_of_the_readme() {
    let folder = Folder::new("python");
    assert_eq!(call::<TestNet>("run --out OUT/out", &folder.0), Ok(true));
    for ending in ["npz", "json"] {
        let path = |name: &str| folder.0.join("out").join(format!("{name}.{ending}"));
        std::fs::rename(path("test_net"), path("coba")).unwrap();
    }
    let readme = include_str!("../../README.md");
    let code = readme.split("```python\n").filter_map(|part| part.split("```").next());
    let code = code.into_iter().find(|code| code.contains("json.load")).expect("the README reads results in Python");
    // Where there is no matplotlib, whatever is asked of it is answered.
    let stand_in = "import sys, unittest.mock as mock\ntry:\n    import matplotlib\n    matplotlib.use('Agg')\nexcept ImportError:\n    plt = mock.MagicMock()\n    plt.subplots.return_value = (mock.MagicMock(), (mock.MagicMock(), mock.MagicMock()))\n    sys.modules['matplotlib'] = mock.MagicMock(pyplot=plt)\n    sys.modules['matplotlib.pyplot'] = plt\n";
    let python = std::env::var("BINNET_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let run = |script: &str| Command::new(&python).arg("-c").arg(script).current_dir(&folder.0).output();
    if !run("import numpy").is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there is no {python} with numpy");
        return;
    }
    let output = run(&format!("{stand_in}{code}")).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("TestNet") && printed.contains("Hz"), "{printed}");
}

#[test]
fn a_saved_run_goes_on() {
    let folder = Folder::new("save");
    let spikes = |line: &str| {
        assert_eq!(call::<TestNet>(&format!("--out OUT --seed 3 --csv {line}"), &folder.0), Ok(true), "{line}");
        let text = std::fs::read_to_string(folder.0.join("test_net.exc.spikes.csv")).unwrap();
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let whole = spikes("--duration 100ms");
    let first = spikes("--duration 60ms --save OUT/half.snapshot");
    let second = spikes("--duration 40ms --load OUT/half.snapshot --profile");
    assert!(first.len() > 20 && second.len() > 20, "{} and {}", first.len(), second.len());
    assert_eq!(whole, [first, second].concat());
    let other = call::<TestNet>("--out OUT --seed 4 --load OUT/half.snapshot", &folder.0).unwrap_err();
    assert!(other.contains("seed"), "{other}");
    assert!(call::<TestNet>("--out OUT --load OUT/none", &folder.0).unwrap_err().contains("none"));
    assert!(call::<Bin>("--out OUT --profile", &folder.0).unwrap_err().contains("no steps"));
}

network! {
    /// Ends at its first spike.
    pub struct Stopping {
        clock 0.1 ms;
        source noise: poisson[100] { rate: 30 Hz };
        population exc: Cell[20] { v: 0 mV };
        projection noise -> exc { target: i, connect: fixed_prob(0.5), weight: 6 mV };
        stop first: when any(exc.spikes);
        record exc.spikes;
    }
}

#[test]
fn a_condition_of_the_block_ends_the_program_s_run() {
    let folder = Folder::new("stop");
    assert_eq!(call::<Stopping>("--out OUT", &folder.0), Ok(true));
    let manifest = folder.json("stopping.json");
    assert!(manifest["ended"].as_str().is_some_and(|ended| ended.contains("first")), "{}", manifest["ended"]);
    assert!(manifest["time_ms"].as_f64().is_some_and(|ms| ms < 200.0));
}
