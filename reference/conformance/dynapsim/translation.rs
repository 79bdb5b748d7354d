//! Currents and what they stand for, as Rockpool translates them: times, gain ratios, weights of four bits.
//!
//! Bias codes are not compared: they need the table of the chip's vendor.

use binnet::models::dynapsim::{BaseCurrents, Currents, Gains, Layout, Times, bits, code_of};
use serde_json::Value;

use crate::conformance::Result;
use crate::conformance::numbers::{flat, largest, largest_relative};
use crate::conformance::output::Output;
use crate::conformance::report::Case;

/// Relative.
const TOLERANCE: f64 = 1e-12;

pub(super) fn is_case(value: &Value) -> bool {
    ["defaults", "from_specification", "round_trip", "weight_bits"].iter().all(|key| value.get(key).is_some())
}

/// Numbers by name.
struct Numbers<'a>(&'a Value);

impl Numbers<'_> {
    fn at<'v>(value: &'v Value, path: &str) -> Result<Numbers<'v>> {
        value.pointer(path).map(Numbers).ok_or_else(|| format!("no `{path}`").into())
    }

    /// A number in SI units as one in another unit.
    fn get(&self, name: &str, unit: f64) -> Result<f64> {
        let number = self.0.get(name).and_then(Value::as_f64);
        number.map(|x| x / unit).ok_or_else(|| format!("no number `{name}`").into())
    }

    fn layout(&self) -> Result<Layout> {
        Ok(Layout {
            c_mem: self.get("C_mem", 1e-12)?,
            c_ahp: self.get("C_ahp", 1e-12)?,
            c_ampa: self.get("C_ampa", 1e-12)?,
            c_gaba: self.get("C_gaba", 1e-12)?,
            c_nmda: self.get("C_nmda", 1e-12)?,
            c_shunt: self.get("C_shunt", 1e-12)?,
            c_ref: self.get("C_ref", 1e-12)?,
            c_pulse: self.get("C_pulse", 1e-12)?,
            c_pulse_ahp: self.get("C_pulse_ahp", 1e-12)?,
            i_o: self.get("Io", 1e-12)?,
            kappa_n: self.get("kappa_n", 1.0)?,
            kappa_p: self.get("kappa_p", 1.0)?,
            u_t: self.get("Ut", 1e-3)?,
            v_th: self.get("Vth", 1e-3)?,
        })
    }

    fn times(&self) -> Result<Times> {
        Ok(Times {
            tau_mem: self.get("tau_mem", 1e-3)?,
            tau_ahp: self.get("tau_ahp", 1e-3)?,
            tau_ampa: self.get("tau_ampa", 1e-3)?,
            tau_gaba: self.get("tau_gaba", 1e-3)?,
            tau_nmda: self.get("tau_nmda", 1e-3)?,
            tau_shunt: self.get("tau_shunt", 1e-3)?,
            t_ref: self.get("t_ref", 1e-3)?,
            t_pulse: self.get("t_pulse", 1e-3)?,
            t_pulse_ahp: self.get("t_pulse_ahp", 1e-3)?,
        })
    }

    fn gains(&self) -> Result<Gains> {
        Ok(Gains {
            mem: self.get("r_gain_mem", 1.0)?,
            ahp: self.get("r_gain_ahp", 1.0)?,
            ampa: self.get("r_gain_ampa", 1.0)?,
            gaba: self.get("r_gain_gaba", 1.0)?,
            nmda: self.get("r_gain_nmda", 1.0)?,
            shunt: self.get("r_gain_shunt", 1.0)?,
        })
    }

    /// The currents of the reference, in pA and in our order.
    fn currents(&self) -> Result<Vec<f64>> {
        let named = Currents::default().named();
        let reference = |field: &str| match field {
            "i_f_nmda" => "If_nmda".to_owned(),
            _ => format!("I{}", field.trim_start_matches("i_")),
        };
        named.iter().map(|(field, _)| self.get(&reference(field), 1e-12)).collect()
    }
}

fn elements(layout: &Layout) -> [f64; 14] {
    let Layout { c_mem, c_ahp, c_ampa, c_gaba, c_nmda, c_shunt, c_ref, .. } = *layout;
    let Layout { c_pulse, c_pulse_ahp, i_o, kappa_n, kappa_p, u_t, v_th, .. } = *layout;
    [c_mem, c_ahp, c_ampa, c_gaba, c_nmda, c_shunt, c_ref, c_pulse, c_pulse_ahp, i_o, kappa_n, kappa_p, u_t, v_th]
}

fn list(times: &Times) -> [f64; 9] {
    let Times { tau_mem, tau_ahp, tau_ampa, tau_gaba, tau_nmda, tau_shunt, t_ref, t_pulse, t_pulse_ahp } = *times;
    [tau_mem, tau_ahp, tau_ampa, tau_gaba, tau_nmda, tau_shunt, t_ref, t_pulse, t_pulse_ahp]
}

fn ratios(gains: &Gains) -> [f64; 6] {
    let Gains { mem, ahp, ampa, gaba, nmda, shunt } = *gains;
    [mem, ahp, ampa, gaba, nmda, shunt]
}

pub(super) fn run(value: &Value, case: &mut Case, output: &mut Output) -> Result<()> {
    let layout = Numbers::at(value, "/defaults/layout")?.layout()?;
    let differ = largest_relative(elements(&Layout::default()), elements(&layout));
    case.check("layout", differ, TOLERANCE);

    let mut compare = |name: &str, own: &[f64], expected: &[f64]| {
        case.check(name, largest_relative(own.iter().copied(), expected.iter().copied()), TOLERANCE);
        output.list(name, own)
    };
    let own = |currents: &Currents| currents.named().map(|(_, current)| current);
    let times = Numbers::at(value, "/defaults/time_constants_s")?.times()?;
    let gains = Numbers::at(value, "/defaults/gain_ratios")?.gains()?;
    let expected = Numbers::at(value, "/defaults/currents_A")?.currents()?;
    compare("defaults", &own(&Currents::default()), &expected)?;
    compare("defaults from times", &own(&Currents::of(&layout, &times, &gains)?), &expected)?;

    let input = Numbers::at(value, "/from_specification/input")?;
    let currents = Currents::of(&layout, &input.times()?, &input.gains()?)?;
    let expected = Numbers::at(value, "/from_specification/currents_A")?.currents()?;
    compare("from_specification", &own(&currents), &expected)?;
    let expected = Numbers::at(value, "/round_trip/time")?.times()?;
    compare("round_trip time", &list(&currents.times(&layout)), &list(&expected))?;
    let expected = Numbers::at(value, "/round_trip/gain")?.gains()?;
    compare("round_trip gain", &ratios(&currents.gains()), &ratios(&expected))?;
    weight_bits(value, case, output)
}

fn weight_bits(value: &Value, case: &mut Case, output: &mut Output) -> Result<()> {
    let numbers = |name: &str| {
        let list = value.pointer(&format!("/weight_bits/{name}")).and_then(flat);
        list.ok_or_else(|| format!("no `weight_bits` with `{name}`"))
    };
    let base: [f64; 4] = numbers("code_A")?.try_into().map_err(|_| "other than four base currents")?;
    let base = BaseCurrents(base);
    let (codes, signs, weights) = (numbers("int_mask")?, numbers("sign")?, numbers("weights_A")?);
    let own: Vec<f64> = codes.iter().zip(&signs).map(|(code, sign)| base.current(*code as u8) * sign).collect();
    case.check("weights_A", largest_relative(own.iter().copied(), weights.iter().copied()), TOLERANCE);
    output.list("weights_A", &own)?;
    let back: Vec<f64> = weights.iter().map(|weight| f64::from(base.code(*weight))).collect();
    case.check("int_mask", largest(back.iter().copied(), codes.iter().copied()), 0.0);
    let five = bits(5).map(|bit| f64::from(u8::from(bit)));
    case.check("bits_of_5", largest(five, numbers("bits_of_5_lsb_first")?), 0.0);
    case.check("code of bits", f64::from(code_of(bits(5))) - 5.0, 0.0);
    Ok(())
}
