//! Sweeps: the same table however they are run, also after a kill.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use binnet::network::Measure;
use binnet::prelude::*;
use binnet::sweep::{Cells, Sweep, Table};

neuron! {
    /// A leaky neuron with an exponential current.
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
    pub struct Net {
        clock 0.1 ms;
        param strength = 4 mV;
        source noise: poisson[100] { rate: 30 Hz };
        population exc: Cell[200] { v: uniform(0 mV, 20 mV) };
        projection drive: noise -> exc { target: i, connect: fixed_prob(0.5), weight: strength };
        projection ee: exc -> exc { target: i, connect: fixed_prob(0.1), weight: 0.2 mV, delay: 1 ms };
        record exc.spikes;
    }
}

fn sweep() -> Sweep<Net> {
    let sweep = Sweep::new(Net::builder().set("exc.tau", 12.ms()).unwrap());
    let sweep =
        sweep.vary("strength", [3.mV(), 4.mV(), 5.mV()]).unwrap().vary_text("exc.tau", "5 ms..11 ms/4").unwrap();
    sweep.seeds([1, 2]).warmup(50.ms()).duration(300.ms())
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("binnet-sweep-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

#[test]
fn a_table_of_all_points() {
    let table = sweep().threads(2).run().unwrap();
    assert_eq!((table.len(), table.points), (24, 24));
    let names: Vec<_> = table.columns.iter().map(|column| format!("{} {}", column.name, column.unit)).collect();
    assert_eq!(names, ["point ", "strength mV", "exc.tau ms", "seed ", "exc.rate Hz", "exc.cv "]);
    assert_eq!(table.numbers("exc.tau").unwrap()[..4], [5.0, 5.0, 7.0, 7.0]);
    assert_eq!(table.numbers("strength").unwrap()[8], 4.0);
    let rates = table.numbers("exc.rate").unwrap();
    assert!(rates[0] < rates[23], "{rates:?}");
    // A point is what the same network gives alone.
    let builder = Net::builder().seed(2).set("strength", "5 mV").unwrap().set("exc.tau", "11 ms").unwrap();
    let mut alone = builder.build().unwrap();
    alone.run(50.ms()).unwrap();
    alone.clear_records();
    alone.run(300.ms()).unwrap();
    assert_eq!(rates[23], alone.records().exc.spikes.len() as f64 / (200.0 * 0.3));
    assert_eq!(table, sweep().threads(1).run().unwrap(), "threads change nothing");
}

#[test]
fn a_journal_is_taken_up_again() {
    let (whole, folder) = (sweep().run().unwrap(), folder("journal"));
    // Shards share a folder; the last one has the table.
    let parts: Vec<Table> = (0..3).map(|i| sweep().shard(i, 3).unwrap().journal(&folder).run().unwrap()).collect();
    assert_eq!((parts[0].len(), parts[1].len()), (8, 16));
    assert_eq!(parts[2], whole);
    let lines = |folder: &Path| -> usize {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| std::fs::read_to_string(path).unwrap().lines().count()).sum()
    };
    assert_eq!(lines(&folder), 24 + 3);
    assert_eq!(sweep().journal(&folder).run().unwrap(), whole, "nothing is left to do");
    assert_eq!(lines(&folder), 24 + 4, "nothing was done but to begin a journal");
    let error = sweep().duration(200.ms()).journal(&folder).run().unwrap_err().to_string();
    assert!(error.contains("the journal is that of another sweep"), "{error}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn measures_of_ones_own_and_points_that_fail() {
    let table = Sweep::<Net>::new(Net::builder())
        .vary("exc.v_th", ["20 mV", "normal(20 mV, -1 mV)"])
        .unwrap()
        .vary("noise.rate", [0.Hz(), 100.Hz()])
        .unwrap()
        .paired()
        .fresh_seeds(5, 2)
        .measure("highest", |net| {
            net.run(20.ms())?;
            let highest = net.values("exc", "v")?.into_iter().fold(0.0, f64::max);
            Ok(vec![Measure::new("highest", highest)])
        })
        .run()
        .unwrap();
    assert_eq!(table.numbers("seed").unwrap(), [5.0, 6.0, 7.0, 8.0]);
    let highest = table.numbers("highest").unwrap();
    assert!(highest[0] > 0.0 && highest[0] < 20.0 && highest[2].is_nan(), "{highest:?}");
    let Cells::Text(errors) = &table.columns.last().unwrap().cells else { panic!("the column of errors is text") };
    assert!(errors[0].is_empty() && errors[3].contains("a standard deviation is finite"), "{errors:?}");
    assert!(matches!(table.columns[1].cells, Cells::Text(_)), "a distribution is no number");
}

#[test]
fn mistakes_are_found_before_anything_runs() {
    let message = |result: binnet::Result<Sweep<Net>>| result.unwrap_err().to_string();
    let new = || Sweep::<Net>::new(Net::builder());
    assert!(message(new().vary("exc.tua", [1.ms()])).contains("did you mean `tau`?"));
    assert!(message(new().vary("exc.tau", [1.ms(), (-1).ms()])).contains("above 0 ms"));
    assert!(message(new().vary_text("exc.tau", "1 ms..2 mV/3")).contains("from a time to a voltage"));
    assert!(message(sweep().vary("strength", [1.mV()])).contains("is varied twice"));
    assert!(message(new().shard(3, 3)).contains("counted from 0"));
    assert!(sweep().duration(Time::from_ms(f64::NAN)).run().is_err());
}

const FOLDER: &str = "BINNET_SWEEP_TEST_FOLDER";

/// What the child does; nothing in an ordinary run of the tests.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let table = long().journal(&folder).run().unwrap();
    table.save_csv(Path::new(&folder).join("table.csv")).unwrap();
    table.save_npz(Path::new(&folder).join("table.npz")).unwrap();
}

/// Long enough to be killed on the way.
fn long() -> Sweep<Net> {
    let sweep = Sweep::new(Net::builder()).vary_text("strength", "3 mV..5 mV").unwrap().random(60);
    sweep.threads(2).duration(600.ms())
}

fn start(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["sweep::child", "--exact"]).env(FOLDER, folder).stdout(Stdio::null()).spawn().unwrap()
}

#[test]
fn killed_and_gone_on_it_gives_the_same_table() {
    let (killed, straight) = (folder("killed"), folder("straight"));
    assert!(start(&straight).wait().unwrap().success());
    let journal = killed.join("journal-0-of-1.jsonl");
    let lines = || std::fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    // Killed twice, at whatever point it has come to.
    let mut before = Vec::new();
    for _ in 0..2 {
        let goal = lines() + 5;
        let mut child = start(&killed);
        let begin = Instant::now();
        while lines() < goal && begin.elapsed() < Duration::from_secs(120) {
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let after = std::fs::read(&journal).unwrap();
        let whole = after.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        assert!(after.starts_with(&before), "finished points are untouched");
        before = after[..whole].to_vec();
    }
    assert!((10..61).contains(&lines()), "it was killed on the way, after {} points", lines());
    assert!(start(&killed).wait().unwrap().success());
    assert!(std::fs::read(&journal).unwrap().starts_with(&before));
    for table in ["table.csv", "table.npz"] {
        assert_eq!(std::fs::read(killed.join(table)).unwrap(), std::fs::read(straight.join(table)).unwrap(), "{table}");
    }
    assert_eq!(std::fs::read_to_string(straight.join("table.csv")).unwrap().lines().count(), 61);
    for folder in [killed, straight] {
        std::fs::remove_dir_all(folder).unwrap();
    }
}
