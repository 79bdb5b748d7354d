//! Ctrl-C ends a run cleanly, with what was recorded; a second one kills.
#![cfg(all(unix, feature = "cli"))]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use binnet::models::neurons::Lif;
use binnet::prelude::*;
use binnet::run::Why;

/// Tells the copy of this test that it is the one to be interrupted.
const CHILD: &str = "BINNET_TEST_IS_INTERRUPTED";

network! {
    /// One neuron that is recorded.
    pub struct One {
        clock 0.1 ms;
        population cell: Lif[1];
        record cell.v every 10 s;
    }
}

/// Runs longer than anybody waits, then waits for the end.
fn child() -> ! {
    let mut net = One::builder().build().unwrap();
    // Says that it runs, and that it was interrupted, by name: no other output of the test has these lines.
    let mut told = false;
    let ended = net
        .runner()
        .progress()
        .every(1.s(), |_| {
            if !told {
                eprintln!("child runs");
                told = true;
            }
        })
        .run(1e12.ms())
        .unwrap();
    assert_eq!((ended.why, net.ended().unwrap().time), (Why::Interrupt, net.time()));
    assert_eq!(net.records().cell.v.len() as u64, net.steps().div_ceil(100_000));
    // Runs that follow end at once, until the program says otherwise.
    let steps = net.steps();
    assert!(!net.run(1.s()).unwrap().is_complete() && net.steps() == steps);
    assert!(binnet::cli::interrupted());
    eprintln!("child waits");
    loop {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn ctrl_c_ends_the_run_then_the_program() {
    if std::env::var_os(CHILD).is_some() {
        child();
    }
    let me = std::env::current_exe().unwrap();
    let mut child = Command::new(me)
        .args(["--exact", "ctrl_c_ends_the_run_then_the_program", "--nocapture"])
        .env(CHILD, "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("child runs")));
    interrupt(&child);
    assert!(lines.any(|line| line.contains("child waits")), "it did not end its run");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
