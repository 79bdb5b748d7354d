//! Did-you-mean: the nearest of some names. Works in constants, since the checks of one macro on
//! what another made are evaluated there.

/// Longest name that is compared; longer ones are cut.
const LONGEST: usize = 40;

/// Twice the edit distance; a change of case and a swap of neighbours count as half a letter.
#[must_use]
pub const fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let n = if a.len() < LONGEST { a.len() } else { LONGEST };
    let m = if b.len() < LONGEST { b.len() } else { LONGEST };
    let mut rows = [[0_usize; LONGEST + 1]; LONGEST + 1];
    let mut i = 0;
    while i <= n {
        let mut j = 0;
        while j <= m {
            rows[i][j] = if i == 0 {
                2 * j
            } else if j == 0 {
                2 * i
            } else {
                let change = if a[i - 1] == b[j - 1] {
                    0
                } else if a[i - 1].eq_ignore_ascii_case(&b[j - 1]) {
                    1
                } else {
                    2
                };
                let mut best = least(least(rows[i - 1][j] + 2, rows[i][j - 1] + 2), rows[i - 1][j - 1] + change);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = least(best, rows[i - 2][j - 2] + 1);
                }
                best
            };
            j += 1;
        }
        i += 1;
    }
    rows[n][m]
}

/// Whether `name` is near enough to `written` to have been meant.
///
/// Names of up to three letters count for a wrong case, swapped letters, or a wrong last letter of a
/// plain word (`exk`, but `g_e` never proposes `g_i`); longer ones within a third of their length.
#[must_use]
pub const fn is_near(written: &str, name: &str) -> bool {
    let d = distance(written, name);
    if d == 0 || d >= 2 * name.len() {
        return false;
    }
    let n = written.len();
    if n >= 4 {
        return d <= 2 * n.div_ceil(3);
    }
    d <= 1 || (n == 3 && name.len() == 3 && d == 2 && same_stem(written.as_bytes(), name.as_bytes()))
}

const fn same_stem(a: &[u8], b: &[u8]) -> bool {
    a[0] == b[0] && a[1] == b[1] && a[1].is_ascii_alphabetic()
}

const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

/// The nearest of `names`, if it is near enough to be meant.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names.into_iter().filter(|name| is_near(written, name)).min_by_key(|name| (distance(written, name), *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_only_for_case_swaps_and_last_letters() {
        assert_eq!(nearest("g_e", ["g_i", "v"]), None);
        assert_eq!(nearest("Exc", ["exc", "inh"]), Some("exc"));
        assert_eq!(nearest("ecx", ["exc", "inh"]), Some("exc"));
        assert_eq!(nearest("exk", ["exc", "inh"]), Some("exc"));
        assert_eq!(nearest("mv", ["mV"]), Some("mV"));
    }

    #[test]
    fn long_names_within_a_third() {
        assert_eq!(nearest("g_exx", ["v", "g_exc", "g_inh"]), Some("g_exc"));
        assert_eq!(nearest("threshhold", ["threshold"]), Some("threshold"));
        assert_eq!(nearest("banana", ["threshold", "tau"]), None);
        assert_eq!(nearest(&"x".repeat(99), ["threshold"]), None);
    }
}
