//! Between steps and times.

use crate::units::Time;

/// The time at the beginning of a step, in ms.
///
/// Where a whole number of steps makes a ms, it is divided by that number, so that step 7 of 0.1 ms is at
/// 0.7 ms to the last digit.
pub(crate) fn time(step: u64, dt: f64) -> f64 {
    // Rounded; a conversion is cheaper than a call of `round`, in each step.
    let per_ms = (dt.recip() + 0.5) as u64 as f64;
    if per_ms >= 1.0 && per_ms.recip() == dt { step as f64 / per_ms } else { step as f64 * dt }
}

/// The steps of a duration, if it is a multiple of the clock up to rounding.
pub(in crate::clocked) fn whole_steps(duration: Time, dt: f64) -> Option<u64> {
    let steps = duration.ms() / dt;
    let whole = steps.round();
    ((0.0..9e15).contains(&whole) && (steps - whole).abs() <= 1e-9 * whole.max(1.0)).then_some(whole as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_no_digits_of_their_own() {
        assert_eq!((time(7, 0.1), time(3, 0.1), time(6, 0.05)), (0.7, 0.3, 0.3));
        assert_eq!((time(7, 2.0), time(3, 0.3), time(1, 1e-3)), (14.0, 3.0 * 0.3, 1e-3));
    }

    #[test]
    fn multiples_of_the_clock() {
        let steps = |ms, dt| whole_steps(Time::from_ms(ms), dt);
        assert_eq!((steps(0.3, 0.1), steps(1e6, 0.1), steps(0.0, 0.1)), (Some(3), Some(10_000_000), Some(0)));
        for (ms, dt) in [(0.25, 0.1), (-1.0, 0.1), (f64::NAN, 0.1), (f64::INFINITY, 0.1)] {
            assert_eq!(steps(ms, dt), None);
        }
    }
}
