//! Vector instructions: chosen once, when a network is built, for the processor that it runs on.

/// The widest vector instructions that may be used; results are the same for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Instructions {
    /// The best that the processor has.
    #[default]
    Detect,
    /// At most AVX2.
    UpToAvx2,
    /// Only what every processor of the target has.
    Baseline,
}

impl Instructions {
    /// The kernels that use them.
    pub(crate) fn kernels(self) -> Kernels {
        Kernels::detect(match self {
            Self::Detect => None,
            #[cfg(target_arch = "x86_64")]
            Self::UpToAvx2 => Some(Level::Avx2),
            #[cfg(not(target_arch = "x86_64"))]
            Self::UpToAvx2 => None,
            Self::Baseline => Some(Level::Baseline),
        })
    }
}

/// Which instructions the kernels use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// What every processor of the target has.
    Baseline,
    /// AVX2, and the instructions for bits that came before it.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 F, BW, VL and DQ, with all of AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// The kernels that fit this processor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernels {
    pub(crate) level: Level,
}

impl Kernels {
    /// The best level that the processor has, but at most `limit`.
    pub(crate) fn detect(limit: Option<Level>) -> Self {
        #[cfg(target_arch = "x86_64")]
        let best = {
            let avx2 = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2");
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq");
            match (avx2, avx512) {
                (true, true) => Level::Avx512,
                (true, false) => Level::Avx2,
                (false, _) => Level::Baseline,
            }
        };
        #[cfg(not(target_arch = "x86_64"))]
        let best = Level::Baseline;
        Self { level: limit.map_or(best, |limit| limit.min(best)) }
    }

    /// The name of the level, for `explain()`.
    pub(crate) fn name(self) -> &'static str {
        match self.level {
            Level::Baseline if cfg!(target_arch = "x86_64") => "SSE2",
            Level::Baseline => "baseline",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => "AVX-512",
        }
    }

    /// Runs a closure with the widest vectors of this level; it must be `#[inline(always)]`.
    #[inline(always)]
    pub(crate) fn vectorize<R>(self, f: impl FnOnce() -> R) -> R {
        #[cfg(target_arch = "x86_64")]
        {
            #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,popcnt,bmi1,bmi2")]
            fn widest<R>(f: impl FnOnce() -> R) -> R {
                f()
            }
            #[target_feature(enable = "avx2,popcnt,bmi1,bmi2")]
            fn wide<R>(f: impl FnOnce() -> R) -> R {
                f()
            }
            match self.level {
                // SAFETY: the level is only set where the features were detected.
                Level::Avx512 => return unsafe { widest(f) },
                // SAFETY: as above.
                Level::Avx2 => return unsafe { wide(f) },
                Level::Baseline => {}
            }
        }
        f()
    }
}
