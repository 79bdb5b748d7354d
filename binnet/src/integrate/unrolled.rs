//! Long entries of a vector, written out one by one.

/// The vector with these entries, as `Vector::from_fn` makes it. A loop with a long body stays a loop,
/// and a loop within keeps the one over neurons from vectorising; this has none for 16 entries or fewer.
macro_rules! entries {
    ($vector:ty, $i:ident => $entry:expr) => {{
        let mut vector = <$vector>::from_fn(|_| Default::default());
        entries!(@ vector, <$vector>::LEN, $i => $entry; 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
        for $i in 16..<$vector>::LEN {
            vector.put($i, $entry);
        }
        vector
    }};
    (@ $vector:ident, $len:expr, $i:ident => $entry:expr; $($k:literal)*) => {
        $(if $k < $len {
            let $i = $k;
            $vector.put($i, $entry);
        })*
    };
}

pub(super) use entries;
