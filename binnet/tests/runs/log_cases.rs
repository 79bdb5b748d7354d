//! Sampling of flip logs against the numbers of the Python package, exactly.

use binnet::record::{By, FlipLog, Section, Sections};
use ndarray::{ArrayD, IxDyn};
use serde_json::Value;

/// Cases that the package answers with wrong or empty results; here they are errors.
const REFUSED: [(&str, &str); 3] = [
    ("inconsistent_log", "neuron 0 becomes 1 in update 0, but is 1 already"),
    ("shape_mismatch", "shape [1, 3], the changes [1, 2]"),
    ("three_dimensional", "neither [steps] nor [rows, steps]"),
];

fn array(value: &Value) -> ArrayD<i64> {
    fn walk(value: &Value, depth: usize, shape: &mut Vec<usize>, values: &mut Vec<i64>) {
        match value {
            Value::Array(items) => {
                if shape.len() == depth {
                    shape.push(items.len());
                }
                items.iter().for_each(|item| walk(item, depth + 1, shape, values));
            }
            number => values.push(number.as_i64().unwrap()),
        }
    }
    let (mut shape, mut values) = (Vec::new(), Vec::new());
    walk(value, 0, &mut shape, &mut values);
    ArrayD::from_shape_vec(IxDyn(&shape), values).unwrap()
}

fn numbers<T>(value: &Value, read: impl Fn(&Value) -> Option<T> + Copy) -> Vec<T> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| numbers(item, read)).collect(),
        number => vec![read(number).unwrap()],
    }
}

fn read(case: &Value) -> binnet::Result<FlipLog> {
    let sizes = numbers(&case["sizes"], Value::as_u64);
    let sections = sizes.iter().enumerate().map(|(k, &size)| Section::new(format!("p{k}"), size as usize));
    let initial: Vec<u8> = numbers(&case["initial"], |v| v.as_u64().map(|v| v as u8));
    FlipLog::from_dense(Sections::new(sections)?, &initial, &array(&case["updates"]), &array(&case["deltas"]))
}

#[test]
fn every_case_is_exact() {
    let cases: Value = serde_json::from_str(include_str!("../data/log_cases.json")).unwrap();
    let mut compared = 0;
    for case in cases.as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let log = read(case);
        if let Some((_, problem)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            let error = log.unwrap_err().to_string();
            assert!(error.contains(problem), "{name}: {error}");
            continue;
        }
        let log = log.unwrap_or_else(|e| panic!("{name}: {e}"));
        for (stride, result) in case["results"].as_object().unwrap() {
            let every = stride.parse::<i64>().unwrap().max(0) as u64;
            let states = log.states_every(every).unwrap();
            let shape = |key: &str| numbers(&result[key], |v| v.as_u64().map(|v| v as usize));
            assert_eq!(states.shape(), shape("states_shape"), "{name}, {stride}");
            assert!(
                states.iter().copied().eq(numbers(&result["states"], |v| v.as_u64().map(|v| v as u8))),
                "{name}, {stride}"
            );
            let rates = log.rates_every(every, By::Population).unwrap();
            assert_eq!(rates.values.shape(), shape("rates_shape"), "{name}, {stride}");
            let expected = numbers(&result["rates"], Value::as_f64);
            assert!(rates.values.iter().map(|&r| f64::from(r)).eq(expected), "{name}, {stride}");
            compared += 1;
        }
        let (times, ids) = log.onsets();
        assert_eq!(times.iter().map(|&t| t as f64).collect::<Vec<_>>(), numbers(&case["onset_times"], Value::as_f64));
        assert_eq!(ids.iter().map(|&id| u64::from(id)).collect::<Vec<_>>(), numbers(&case["onset_ids"], Value::as_u64));
    }
    assert!(compared >= 20, "only {compared} results compared");
}

#[test]
fn dense_logs_come_back() {
    let cases: Value = serde_json::from_str(include_str!("../data/log_cases.json")).unwrap();
    for case in cases.as_array().unwrap() {
        let Ok(log) = read(case) else { continue };
        let (updates, deltas) = log.to_dense().unwrap();
        let again = FlipLog::from_dense(log.sections().clone(), &log.initial_state(), &updates, &deltas).unwrap();
        assert_eq!(again, log, "{}", case["name"]);
    }
}
