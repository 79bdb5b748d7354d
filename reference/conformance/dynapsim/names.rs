//! Names of the reference and names of the fields.

/// The field of a parameter: `Igain_mem` is `i_gain_mem`, `C_syn` is `c_syn`, `Ut` is `u_t`.
pub(super) fn parameter(name: &str) -> String {
    match name {
        "Ut" => "u_t".to_owned(),
        "Vth" => "v_th".to_owned(),
        _ => match name.strip_prefix('I') {
            Some(rest) => format!("i_{}", rest.to_lowercase()),
            None => name.to_lowercase(),
        },
    }
}

/// The field of a state: `imem` is `i_mem`.
pub(super) fn state(name: &str) -> String {
    match name {
        "vmem" => "v_mem".to_owned(),
        "timer_ref" => "timer".to_owned(),
        current => format!("i_{}", current.trim_start_matches('i')),
    }
}
