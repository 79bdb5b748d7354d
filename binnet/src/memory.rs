//! How much memory a network may take.

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
