//! `describe`: what a network is, as text or as the tables of a paper.
#![allow(clippy::print_stdout, reason = "a command prints its results")]

use serde_json::{Map, json};

use super::ModelFlags;
use super::tables::{Table, latex};
use crate::error::Result;
use crate::network::{Entry, Network, NetworkBuilder as _, NetworkInfo, Simulation};
use crate::neuron::ModelText;
use crate::population::Role;

/// Flags of `describe`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelFlags,
    /// Prints the tables of Nordlie et al. (2009) as Markdown
    #[arg(long, group = "form")]
    markdown: bool,
    /// Prints them as LaTeX, for a document with `amsmath`
    #[arg(long, group = "form")]
    latex: bool,
    /// Prints values and sizes as JSON
    #[arg(long, group = "form")]
    json: bool,
}

pub(super) fn describe<N: Network>(flags: &Flags) -> Result<bool> {
    let builder = flags.model.configure(N::new_builder())?;
    let written = [builder.written(), N::new_builder().written()];
    let network = builder.build()?;
    let (net, info): (&dyn Simulation, _) = (&*network, N::INFO);
    if flags.json {
        let values = |entry: &Entry| {
            let Entry { name, unit, min, max } = entry;
            (name.clone(), json!({ "min": min, "max": max, "unit": unit }))
        };
        let parameters: Map<_, _> = net.entries().iter().map(values).collect();
        let [set, _] = written;
        let set: Map<_, _> = set.into_iter().map(|(name, value)| (name, json!(value))).collect();
        let about = json!({
            "model": info.name, "doc": info.doc, "structural_hash": format!("{:016x}", info.structural_hash()),
            "neurons": net.neurons(), "synapses": net.synapses(), "bytes": net.bytes(), "clock": info.clock,
            "set": set, "parameters": parameters,
        });
        say!("{about:#}");
    } else if flags.markdown {
        say!("# {}\n\n{}\n", info.name, info.doc);
        tables(&info, net, &written).iter().for_each(|table| print!("{}", table.markdown()));
        texts(&info).iter().for_each(|(name, text)| say!("## {name}\n\n{}\n", text.markdown()));
    } else if flags.latex {
        say!("\\section*{{{}}}\n{}\n", latex(info.name), latex(info.doc));
        tables(&info, net, &written).iter().for_each(|table| print!("{}", table.latex()));
        for (name, text) in texts(&info) {
            say!("\\subsection*{{{}}}\n\\begin{{align*}}\n{}\n\\end{{align*}}\n", latex(name), text.latex());
        }
    } else {
        say!("{}: {}", info.name, info.doc);
        tables(&info, net, &written).iter().for_each(|table| print!("\n{}", table.text()));
        say!("\nMemory\n  {:.3} MB for {} synapses", net.bytes() as f64 * 1e-6, net.synapses());
        say!("\nHow it is computed\n{}", net.explain().trim_end());
    }
    Ok(true)
}

/// The models with equations, each once.
fn texts(info: &NetworkInfo) -> Vec<(&'static str, ModelText)> {
    let neurons = info.populations.iter().filter_map(|population| Some((population.model, population.text?)));
    let synapses = info.projections.iter().filter_map(|projection| projection.synapse);
    let synapses = synapses.filter_map(|synapse| Some((synapse.model, synapse.text?)));
    let mut texts: Vec<(&'static str, ModelText)> = Vec::new();
    for (name, text) in neurons.chain(synapses) {
        if texts.iter().all(|(other, _)| *other != name) {
            texts.push((name, text));
        }
    }
    texts
}

/// `a: b, c: d`
fn listed(keys: &[(&str, &str)], without: &[&str]) -> String {
    let keys = keys.iter().filter(|(key, _)| !without.contains(key));
    keys.map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(", ")
}

/// Populations, connectivity, input, measurements, parameters.
fn tables(info: &NetworkInfo, net: &dyn Simulation, written: &[Vec<(String, String)>; 2]) -> Vec<Table> {
    let mut all = vec![summary(info, net)];
    let mut table = Table::new("Populations", &["name", "model", "size", "values"]);
    for (population, size) in info.populations.iter().zip(net.sizes()) {
        let clusters = if population.clusters.is_empty() {
            String::new()
        } else {
            format!(" in {} clusters", population.clusters)
        };
        let size = format!("{size}{clusters}");
        table.row([population.name.to_owned(), population.model.to_owned(), size, listed(population.keys, &[])]);
    }
    all.push(table);
    let mut table = Table::new("Connectivity", &["name", "from", "to", "pattern"]);
    for projection in info.projections {
        let pairs = if projection.pairs.is_empty() { String::new() } else { format!("{}; ", projection.pairs) };
        let pattern = format!("{pairs}{}", listed(projection.keys, &[]));
        table.row([projection.name.unwrap_or("-"), projection.pre, projection.post, &pattern]);
    }
    all.push(table);
    let mut table = Table::new("Input", &["name", "kind", "values"]);
    for source in info.sources {
        table.row([source.name.to_owned(), source.kind.to_owned(), listed(source.keys, &[])]);
    }
    for (_, stimulus) in info.others.iter().filter(|(kind, _)| *kind == "stimulus") {
        table.row(["-", "stimulus", stimulus]);
    }
    all.push(table);
    let mut table = Table::new("Measurements", &["record"]);
    info.others.iter().filter(|(kind, _)| *kind == "record").for_each(|(_, record)| table.row([*record]));
    all.push(table);
    all.push(values(info, net, written));
    all.retain(|table| !table.rows.is_empty());
    all
}

fn summary(info: &NetworkInfo, net: &dyn Simulation) -> Table {
    let mut table = Table::new("Model summary", &["", ""]);
    let names = info.populations.iter().map(|population| population.name).collect::<Vec<_>>().join(", ");
    table.row(["populations", &names]);
    let mut models: Vec<&str> = info.populations.iter().map(|population| population.model).collect();
    models.dedup();
    table.row(["neuron models", &models.join(", ")]);
    let synapses: Vec<&str> = info.projections.iter().filter_map(|p| p.synapse).map(|synapse| synapse.model).collect();
    table.row(["synapse models", &if synapses.is_empty() { "static weights".to_owned() } else { synapses.join(", ") }]);
    let time = info.clock.map_or("asynchronous: one neuron at a time".to_owned(), |clock| format!("clock of {clock}"));
    table.row(["time", &time]);
    table.row(["neurons".to_owned(), net.neurons().to_string()]);
    table.row(["synapses".to_owned(), net.synapses().to_string()]);
    table
}

/// Parameters and locals as they are now, beside what network and models declare. `written` are the values of the
/// builder, and those of one to which nothing was said.
fn values(info: &NetworkInfo, net: &dyn Simulation, written: &[Vec<(String, String)>; 2]) -> Table {
    let mut table = Table::new("Parameters", &["name", "value", "default", "meaning"]);
    let [now, declared] = written;
    for param in info.params {
        let value = |of: &[(String, String)]| {
            of.iter().find(|(name, _)| name == param.name).map_or_else(String::new, |(_, value)| value.clone())
        };
        table.row([param.name.to_owned(), value(now), value(declared), param.doc.replace('\n', " ")]);
    }
    for Entry { name, unit, min, max } in net.entries() {
        let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
        let value = if min == max { format!("{min}{unit}") } else { format!("{min} to {max}{unit}") };
        let (population, field) = name.split_once('.').unwrap_or_default();
        let fields = info.populations.iter().find(|p| p.name == population).map_or(&[][..], |p| p.fields);
        let declared = fields.iter().find(|f| f.name == field && !f.default.is_nan() && f.role != Role::State);
        let default = declared.map_or(String::new(), |field| format!("{}{unit}", field.default));
        table.row([name, value, default, String::new()]);
    }
    table
}
