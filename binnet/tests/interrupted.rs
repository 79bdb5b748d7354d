//! A run that dies in the middle leaves a log that can be read.

use std::process::Command;

use binnet::models::ClusteredEi;
use binnet::record::{Flip, FlipLog};

/// Tells the copy of this test that it is the one to die, and where to write.
const FOLDER: &str = "BINNET_TEST_DIES_WRITING_TO";

fn model() -> ClusteredEi {
    ClusteredEi { q: 6, n_e: 606, n_i: 150, r_e_plus: 3.0, m_x: 0.11, ..ClusteredEi::default() }
}

#[test]
fn a_process_that_is_killed_leaves_a_readable_log() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let mut net = model().build(5).unwrap();
        net.stream_flips(folder).unwrap();
        net.run_updates(3_000_000).unwrap();
        // No destructor runs, as after kill -9.
        std::process::abort();
    }
    let folder = std::env::temp_dir().join(format!("binnet-interrupted-{}", std::process::id()));
    let me = std::env::current_exe().unwrap();
    let name = "a_process_that_is_killed_leaves_a_readable_log";
    let child = Command::new(me).args(["--exact", name, "--nocapture"]).env(FOLDER, &folder).output().unwrap();
    assert!(!child.status.success());

    let log = FlipLog::open(&folder).unwrap();
    let mut straight = model().build(5).unwrap();
    straight.record_flips().unwrap();
    straight.run_updates(3_000_000).unwrap();
    let whole = straight.log().unwrap();
    let (found, all): (Vec<Flip>, Vec<Flip>) = (log.iter().collect(), whole.iter().collect());
    assert!(found.len() > all.len() / 2, "{} of {} flips", found.len(), all.len());
    assert_eq!(found, all[..found.len()]);
    assert_eq!(log.initial_state(), whole.initial_state());
    std::fs::remove_dir_all(&folder).unwrap();
}
