//! Reads `.npz` files as numpy writes them, all numbers as `f64`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use ndarray::ArrayD;

use crate::conformance::Result;

/// All arrays of a file by name.
pub(in crate::conformance) fn read(path: &Path) -> Result<BTreeMap<String, ArrayD<f64>>> {
    let fail = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
    let file = BufReader::new(File::open(path).map_err(|e| fail(&e))?);
    let mut archive = zip::ZipArchive::new(file).map_err(|e| fail(&e))?;
    let mut arrays = BTreeMap::new();
    for position in 0..archive.len() {
        let mut entry = archive.by_index(position).map_err(|e| fail(&e))?;
        let name = entry.name().map_err(|e| fail(&e))?.trim_end_matches(".npy").to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|e| fail(&e))?;
        let array = array(&bytes).map_err(|e| fail(&format!("`{name}`: {e}")))?;
        arrays.insert(name, array);
    }
    Ok(arrays)
}

/// An array in the `.npy` format: a header that is a Python expression, then the numbers.
fn array(bytes: &[u8]) -> Result<ArrayD<f64>> {
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or("not in the .npy format")?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or("cut off")?;
    let (length, rest) = if version[0] == 1 {
        let (length, rest) = rest.split_first_chunk::<2>().ok_or("cut off")?;
        (usize::from(u16::from_le_bytes(*length)), rest)
    } else {
        let (length, rest) = rest.split_first_chunk::<4>().ok_or("cut off")?;
        (u32::from_le_bytes(*length) as usize, rest)
    };
    let (header, data) = rest.split_at_checked(length).ok_or("cut off")?;
    let header = std::str::from_utf8(header)?;
    let after = |key: &str| header.split_once(key).map(|(_, text)| text).ok_or(format!("no {key} in the header"));
    let columns_first = after("'fortran_order':")?.trim_start().starts_with("True");
    let shape = after("'shape':")?.split_once('(').and_then(|(_, text)| text.split_once(')')).ok_or("no shape")?.0;
    let shape: Vec<usize> = shape
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(str::parse)
        .collect::<std::result::Result<_, _>>()?;
    let descr = after("'descr':")?.split('\'').nth(1).ok_or("no type in the header")?;
    let numbers = numbers(descr, data)?;
    if columns_first {
        let reversed = shape.into_iter().rev().collect::<Vec<_>>();
        return Ok(ArrayD::from_shape_vec(reversed, numbers)?.reversed_axes().as_standard_layout().into_owned());
    }
    Ok(ArrayD::from_shape_vec(shape, numbers)?)
}

fn numbers(descr: &str, data: &[u8]) -> Result<Vec<f64>> {
    fn each<const W: usize>(data: &[u8], number: impl Fn([u8; W]) -> f64) -> Vec<f64> {
        data.as_chunks().0.iter().map(|bytes| number(*bytes)).collect()
    }
    Ok(match descr {
        "<f8" => each(data, f64::from_le_bytes),
        "<f4" => each(data, |b| f64::from(f32::from_le_bytes(b))),
        "<i8" => each(data, |b| i64::from_le_bytes(b) as f64),
        "<i4" => each(data, |b| f64::from(i32::from_le_bytes(b))),
        "<i2" => each(data, |b| f64::from(i16::from_le_bytes(b))),
        "|i1" => each(data, |b| f64::from(i8::from_le_bytes(b))),
        "<u8" => each(data, |b| u64::from_le_bytes(b) as f64),
        "<u4" => each(data, |b| f64::from(u32::from_le_bytes(b))),
        "<u2" => each(data, |b| f64::from(u16::from_le_bytes(b))),
        "|u1" | "|b1" => each(data, |[b]| f64::from(b)),
        other => return Err(format!("numbers of type {other}").into()),
    })
}
