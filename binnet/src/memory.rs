//! How much memory a network may take, and in what pages.

use crate::error::{BuildError, Result};

/// Refuses what needs more than a budget, in bytes; by default three quarters of what is free. `parts` are names and
/// bytes.
pub(crate) fn check(mut parts: Vec<(String, u64)>, budget: Option<u64>) -> Result<()> {
    let needed: u64 = parts.iter().map(|part| part.1).sum();
    let Some(budget) = budget.or_else(|| free().map(|free| free / 4 * 3)) else { return Ok(()) };
    if needed <= budget {
        return Ok(());
    }
    parts.sort_by_key(|part| core::cmp::Reverse(part.1));
    let parts = parts.iter().take(4).map(|(name, bytes)| format!("  {} MB: {name}\n", bytes >> 20)).collect();
    Err(BuildError::Memory {
        needed: needed >> 20,
        budget: budget >> 20,
        parts,
        help: "lower sizes or connection probabilities, or raise `memory_budget`".to_owned(),
    }
    .into())
}

/// Memory that is free for a new allocation, where the system tells.
pub(crate) fn free() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kb| kb * 1024)
}

/// Asks the system for large pages behind values that have yet to be written: it hands memory out page by page when it is
/// first touched, which for the results of a batch takes a fifth of the run with small ones; and where connections are looked
/// up at random, fewer pages are found faster. Nothing else changes, and nothing happens where there are no such pages.
pub(crate) fn prefer_large_pages<T>(values: &mut [T]) {
    /// Below this, there is no whole large page in it, or hardly one.
    const LEAST: usize = 4 << 20;
    if size_of_val(values) >= LEAST {
        advise(values);
    }
}

#[cfg(target_os = "linux")]
fn advise<T>(values: &mut [T]) {
    const PAGE: usize = 1 << 21;
    let start = values.as_mut_ptr().cast::<u8>();
    let skipped = start.align_offset(PAGE);
    let Some(len) = size_of_val(values).checked_sub(skipped).map(|len| len / PAGE * PAGE) else { return };
    // SAFETY: the range lies within `values`, which is borrowed exclusively. The advice is about the pages behind it, and
    // leaves what they hold; if it is refused, nothing happens.
    unsafe { libc::madvise(start.add(skipped).cast(), len, libc::MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn advise<T>(_: &mut [T]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_asked_for_and_values_stay() {
        for len in [0, 1, 1 << 19, (1 << 20) + 3] {
            let mut values: Vec<u64> = (0..len).collect();
            prefer_large_pages(&mut values);
            advise(&mut values[len as usize / 2..]);
            assert!(values.iter().copied().eq(0..len));
        }
    }
}
