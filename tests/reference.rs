//! The reference of the Python package: its cases, and the statistics of its random networks. And traces
//! of spiking neurons from Brian2, layers of DPI neurons from Rockpool.
//!
//! `tests/data` is a copy of the references' own files (of the statistics only the sharp sets, without
//! single runs). Everything goes through the programs that a user runs, `conformance` and
//! `statistics`, and so through the public interface. All seeds are fixed.

use std::fs;
use std::path::{Path, PathBuf};

use binnet::asynchronous::{BuildOptions, NetworkPlan, PopulationSpec, ProjectionSpec, Runtime, Scheme};
use binnet::connect::one_to_one;
use binnet::population::Binary;
use binnet_reference::statistics::Effort;
use binnet_reference::{conformance, statistics};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// A folder of its own for one test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("binnet-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Replays bit for bit, logs exactly, parameters to 1e-12, traces to the tolerance of their cases; samplers, chains and start states within 4
/// standard errors, of some thousand numbers. What is outside is drawn once more with other seeds, so
/// a sound simulator fails with probability below 0.5 % for any choice of seeds.
#[test]
fn all_cases_agree() {
    let out = Folder::new("cases");
    let report = conformance::run(&data(), &out.0).unwrap();
    assert!(report.passed(), "{report}");
    let names = [
        "replay_n8_counts",
        "log_cases.4",
        "cluster_parameters.0",
        "exact_chains.6",
        "samplers.37",
        "lif_step",
        "p09_rec32",
        "g03_rec32",
        "p14_translation",
    ];
    for name in names {
        let bytes = fs::read(out.0.join(format!("{name}.npz"))).unwrap();
        assert!(bytes.starts_with(b"PK"), "{name}");
    }
}

/// A comparison that cannot fail is none: each kind of case, changed in one number, must be found out.
#[test]
fn a_changed_number_is_found() {
    let changes: [(&str, &str, f64); 28] = [
        ("replay/replay_n8_counts.json", "/deltas/100", 0.0),
        ("replay/replay_n16_f32.json", "/final_field/3", 1e-7),
        ("replay/replay_n16_f64.json", "/samples/16/rates/2/0", 0.01),
        ("log_cases.json", "/3/onset_ids/1", 1.0),
        ("cluster_parameters.json", "/unequal_p0/j_minus/0/1", 1e-10),
        ("exact_chains.json", "/0/stationary/2", 0.01),
        ("samplers.json", "/rows/1/closed_mean", 0.01),
        ("spiking/lif_step.json", "/params/tau_ms", 1e-8),
        ("spiking/lif_fi.json", "/params/R_Mohm", 1e-8),
        ("spiking/hh_classic.json", "/params/gNa", 1e-6),
        ("spiking/hh_wang_buzsaki.json", "/params/phi", 1e-6),
        ("spiking/izhikevich.json", "/params/types/IB/0", 1e-6),
        ("spiking/adex.json", "/params/cells/burst/a_nS", 1e-6),
        ("spiking/fhn_trajectory.json", "/params/b", 1e-9),
        ("spiking/sde.json", "/params/gbm/sigma", 1e-10),
        ("dynapsim/p05_refractory.json", "/parameters/Itau_mem/2", 1e-17),
        ("dynapsim/p14_translation.json", "/from_specification/currents_A/Itau_mem", 1e-22),
        ("spiking/stp_tsodyks_markram.json", "/params/synapses/facilitating/tau_f_ms", 1e-5),
        ("spiking/stdp_pair.json", "/params/A_minus", 1e-10),
        ("spiking/gap_junction_pair.json", "/params/lif/spikelet_mV", 1e-7),
        ("spiking/nmda_mg.json", "/params/alpha_per_ms", 1e-6),
        ("spiking/synapse_kernels.json", "/params/tau_exp_ms", 1e-10),
        ("spiking/synapse_kernels.json", "/params/tau_alpha_ms", 1e-10),
        ("spiking/synapse_kernels.json", "/params/tau_decay_ms", 1e-10),
        ("spiking/delays.json", "/params/syn/delay_ms/9", 0.1),
        ("spiking/recurrent20.json", "/params/tau_i_ms", 1e-7),
        ("spiking/hh_gamma.json", "/params/g_total", 1e-4),
        ("spiking/sde.json", "/moments/theory_euler_maruyama_chain/autocov/3", 0.2),
    ];
    for (file, place, change) in changes {
        let mut value: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(data().join(file)).unwrap()).unwrap();
        let number = value.pointer_mut(place).unwrap();
        *number = match number.as_i64() {
            Some(old) if change == 0.0 || change == 1.0 => serde_json::json!(if old == 0 { 1 } else { old - 1 }),
            _ => serde_json::json!(number.as_f64().unwrap() + change),
        };
        let folder = Folder::new("changed");
        fs::write(folder.0.join("case.json"), value.to_string()).unwrap();
        let arrays = data().join(file).with_extension("npz");
        if arrays.exists() {
            fs::copy(arrays, folder.0.join("case.npz")).unwrap();
        }
        let report = conformance::run(&folder.0, &folder.0).unwrap();
        assert!(!report.passed(), "{file} {place}");
    }
    let empty = Folder::new("empty");
    assert!(!conformance::run(&empty.0, &empty.0).unwrap().passed(), "nothing was checked");
}

/// Cases are told by their content: whatever a file is called and wherever it lies, alone or in a list.
#[test]
fn names_of_files_do_not_matter() {
    let folder = Folder::new("renamed");
    let deep = folder.0.join("a/b");
    fs::create_dir_all(&deep).unwrap();
    fs::copy(data().join("replay/replay_n5_silent.json"), deep.join("log_cases.JSON")).unwrap();
    let logs: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(data().join("log_cases.json")).unwrap()).unwrap();
    fs::write(folder.0.join("samplers.json"), logs[0].to_string()).unwrap();
    fs::write(folder.0.join("other.json"), "[1, 2]").unwrap();
    fs::write(folder.0.join("broken.json"), "{").unwrap();
    let report = conformance::run(&folder.0, &folder.0).unwrap();
    assert!(report.passed(), "{report}");
    let text = report.to_string();
    assert!(text.contains("skipped other.json") && text.contains("skipped broken.json"), "{text}");
    assert!(folder.0.join("log_cases.npz").exists() && folder.0.join("samplers.npz").exists());
}

/// The sharp sets of 1500 neurons at full length, 8 networks each, about 100 scalars a set. For any
/// seeds, a sound scalar is more than 4 standard errors away in one of 800 cases (Student's t with
/// about 14 degrees of freedom), a set in about one of 20, as its scalars are correlated.
#[test]
fn statistics_of_random_networks_agree() {
    let effort = Effort { networks: 8, seed: 101 };
    let report = statistics::run(&data().join("statistics.json"), &[], None, effort).unwrap();
    assert!(report.passed(), "{report}");
}

/// The statistics on three matrices, where only the dynamics differ between runs.
#[test]
fn statistics_on_given_matrices_agree() {
    let effort = Effort { networks: 16, seed: 501 };
    let file = data().join("fixed_matrix_statistics.json");
    let report = statistics::run(&file, &[], Some(&data().join("replay")), effort).unwrap();
    assert!(report.passed(), "{report}");
}

/// Every update of a neuron that inhibits itself is a flip, so the log tells all updates: a neuron is
/// chosen with probability proportional to 1/tau. 5 standard errors, false alarms below 1e-5.
#[test]
fn updates_fall_in_proportion_to_the_rates() {
    for scheme in [Scheme::EveryUpdate, Scheme::RejectionFree] {
        let mut options = BuildOptions::default();
        (options.seed, options.scheme) = (3, scheme);
        let mut plan = NetworkPlan::new("oscillators", options);
        let populations = [(30, 10.0), (20, 5.0), (10, 2.5)];
        for (number, (size, tau)) in populations.into_iter().enumerate() {
            let population = plan.population(PopulationSpec::new(format!("p{number}"), size).tau(tau));
            plan.projection(ProjectionSpec::new(population, population, one_to_one(), -1.0).autapses(true));
        }
        let neurons = populations.map(|(size, _)| vec![Binary { threshold: -0.5 }; size]);
        let mut network = plan.build(Runtime::new(neurons.to_vec())).unwrap();
        network.record_flips().unwrap();
        let updates = 1_000_000;
        network.run_updates(updates).unwrap();
        assert_eq!(network.flips(), updates);

        let mut counts = vec![0.0; network.len()];
        for flip in network.log().unwrap() {
            counts[flip.neuron as usize] += 1.0;
        }
        let rates: Vec<f64> = populations.iter().flat_map(|(size, tau)| vec![1.0 / tau; *size]).collect();
        let total: f64 = rates.iter().sum();
        for (neuron, (count, rate)) in counts.iter().zip(&rates).enumerate() {
            let p = rate / total;
            let expected = p * updates as f64;
            let error = (expected * (1.0 - p)).sqrt();
            assert!((count - expected).abs() < 5.0 * error, "{scheme:?}, neuron {neuron}: {count}, not {expected}");
        }
    }
}
