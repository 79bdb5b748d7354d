//! Parameters of the clustered network.

use binnet::models::{ClusterScaling, Scaling};
use binnet::record::{By, Section, Sections};
use serde::Deserialize;
use serde_json::Value;

use super::Result;
use super::numbers::{flat, largest_relative};
use super::output::Output;
use super::report::Case;

/// The parameters of the reference, under its names and with its defaults.
#[derive(Clone, Deserialize)]
pub(crate) struct Parameter {
    #[serde(rename = "N_E")]
    pub(crate) n_e: usize,
    #[serde(rename = "N_I")]
    pub(crate) n_i: usize,
    #[serde(rename = "Q")]
    pub(crate) q: usize,
    #[serde(rename = "V_th")]
    v_th: f64,
    g: f64,
    p0_ee: f64,
    p0_ei: f64,
    p0_ie: f64,
    p0_ii: f64,
    pub(crate) tau_e: f64,
    tau_i: Option<f64>,
    #[serde(rename = "R_Eplus")]
    r_e_plus: f64,
    #[serde(rename = "R_j", default)]
    r_j: f64,
    #[serde(default)]
    kappa: f64,
    #[serde(rename = "m_X", default)]
    pub(crate) m_x: f64,
    connection_type: Option<String>,
    multapses: Option<bool>,
}

impl Parameter {
    pub(crate) fn scaling(&self) -> ClusterScaling {
        ClusterScaling {
            q: self.q,
            n_e: self.n_e,
            n_i: self.n_i,
            v_th: self.v_th,
            p0: [[self.p0_ee, self.p0_ei], [self.p0_ie, self.p0_ii]],
            r_e_plus: self.r_e_plus,
            r_j: self.r_j,
            kappa: self.kappa,
            g: self.g,
        }
    }

    /// The law of the contacts, in one spelling, and whether a pair may have several of a fixed in-degree.
    pub(crate) fn connection(&self) -> (String, bool) {
        let kind = self.connection_type.as_deref().unwrap_or("bernoulli");
        (kind.to_lowercase().replace('_', "-"), self.multapses.unwrap_or(true))
    }

    pub(crate) fn tau_i(&self) -> f64 {
        self.tau_i.unwrap_or(self.tau_e / 2.0)
    }
}

/// The issue asks for this; the numbers agree to the last digits but one.
const TOLERANCE: f64 = 1e-12;

pub(super) fn run(value: &Value, case: &mut Case, output: &mut Output) -> Result<()> {
    let parameter = Parameter::deserialize(&value["parameter"])?;
    let scaling = parameter.scaling().derive()?;
    for (name, shape, own) in quantities(&parameter, &scaling)? {
        let Some(expected) = value.get(name) else { continue };
        let expected = flat(expected).ok_or_else(|| format!("`{name}` holds what is no number"))?;
        case.check(name, largest_relative(own.iter().copied(), expected), TOLERANCE);
        output.array(name, &ndarray::ArrayD::from_shape_vec(shape, own)?)?;
    }
    let blocks = value.get("block_p_and_j").and_then(Value::as_object);
    for (name, expected) in blocks.into_iter().flatten() {
        let own = block(&scaling, name).ok_or_else(|| format!("no block `{name}`"))?;
        let expected = flat(expected).ok_or_else(|| format!("block `{name}` holds what is no number"))?;
        case.check(name, largest_relative(own, expected), TOLERANCE);
        output.list(&format!("block_p_and_j/{name}"), &own)?;
    }
    Ok(())
}

type Quantity = (&'static str, Vec<usize>, Vec<f64>);

fn quantities(parameter: &Parameter, scaling: &Scaling) -> Result<Vec<Quantity>> {
    let matrix = |name, values: [[f64; 2]; 2]| (name, vec![2, 2], values.as_flattened().to_vec());
    let number = |name, value| (name, Vec::new(), vec![value]);
    // With one cluster the reference lists the only blocks under both names.
    let (p_out, j_out) = if parameter.q == 1 { (scaling.p_in, scaling.j_in) } else { (scaling.p_out, scaling.j_out) };
    let sections = Sections::new([
        Section::new("e", parameter.n_e).clusters(parameter.q).tau(parameter.tau_e),
        Section::new("i", parameter.n_i).clusters(parameter.q).tau(parameter.tau_i()),
    ])?;
    let ms_per_update = sections.ms_per_update();
    let groups = sections.groups(By::Cluster);
    let sizes: Vec<f64> = groups.iter().map(|group| group.neurons.len() as f64).collect();
    let taus = groups
        .iter()
        .map(|group| if (group.neurons.start as usize) < parameter.n_e { parameter.tau_e } else { parameter.tau_i() });
    let shares = sizes.iter().zip(taus).map(|(size, tau)| size / tau * ms_per_update).collect();
    Ok(vec![
        number("R_Iplus", scaling.r_i_plus),
        matrix("p_plus", scaling.p_in),
        matrix("p_minus", p_out),
        matrix("j_plus", scaling.j_in),
        matrix("j_minus", j_out),
        number("theta_E", scaling.theta_e(0.0)),
        number("theta_I", scaling.theta_i(0.0)),
        number("external_exc", scaling.external_exc),
        number("external_inh", scaling.external_inh),
        number("threshold_E", scaling.theta_e(parameter.m_x)),
        number("threshold_I", scaling.theta_i(parameter.m_x)),
        ("population_update_share", vec![sizes.len()], shares),
        ("population_sizes", vec![sizes.len()], sizes),
        number("updates_per_time_unit", 1.0 / ms_per_update),
        number("synapse_blocks", (4 * parameter.q * parameter.q) as f64),
    ])
}

/// Probability and weight of a block such as `EI_out`: onto E, from I, between clusters.
fn block(scaling: &Scaling, name: &str) -> Option<[f64; 2]> {
    let (types, place) = name.split_once('_')?;
    let index = |c: char| "EI".find(c);
    let mut types = types.chars();
    let (post, pre) = (index(types.next()?)?, index(types.next()?)?);
    match place {
        "in" => Some([scaling.p_in[post][pre], scaling.j_in[post][pre]]),
        "out" => Some([scaling.p_out[post][pre], scaling.j_out[post][pre]]),
        _ => None,
    }
}
