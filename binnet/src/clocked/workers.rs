//! The threads that steps are made on: kept awake during a run, and no more of them than pay.

use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder, Yield};

use crate::error::{BuildError, Result};

/// On how many threads a network runs. Results are the same for any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Threads {
    /// One where steps are short. Where they take long, all processors are tried for a few steps, and kept as long as
    /// they are faster.
    #[default]
    Auto,
    /// So many.
    Exactly(usize),
}

/// Where more threads are worth a try: steps of so long a time on one of them.
const WORTH_A_TRY: Duration = Duration::from_micros(20);
/// Steps that are timed together, and how often; the fastest counts.
const CHUNK: u64 = 16;
const CHUNKS: u32 = 5;
/// Steps until both are compared again.
const SETTLED: u64 = 20_000;
/// How often a thread looks for work before it lets others use its processor.
const PATIENCE: u32 = 2000;

/// The threads of a network.
#[derive(Clone, Debug)]
pub(super) struct Workers {
    pool: Option<Arc<ThreadPool>>,
    /// Whether steps are made on the pool.
    together: bool,
    /// None for a number that was asked for.
    trial: Option<Trial>,
}

/// A comparison of one thread with all.
#[derive(Clone, Debug)]
struct Trial {
    stage: Stage,
    /// The shortest time of a chunk, on one thread and on all.
    best: [Duration; 2],
    /// How many chunks were timed, and the one that is being timed.
    chunks: u32,
    steps: u64,
    time: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Alone,
    Together,
    /// For so many steps.
    Settled(u64),
}

impl Trial {
    fn new() -> Self {
        Self { stage: Stage::Alone, best: [Duration::MAX; 2], chunks: 0, steps: 0, time: Duration::ZERO }
    }
}

impl Workers {
    pub(super) fn new(threads: Threads) -> Result<Self> {
        let (pool, trial) = match threads {
            Threads::Auto if processors() > 1 => (None, Some(Trial::new())),
            Threads::Auto | Threads::Exactly(0 | 1) => (None, None),
            Threads::Exactly(count) => (Some(pool(count)?), None),
        };
        Ok(Self { together: pool.is_some(), pool, trial })
    }

    /// How many threads steps are made on at present.
    pub(super) fn count(&self) -> usize {
        self.pool.as_ref().filter(|_| self.together).map_or(1, |pool| pool.current_num_threads())
    }

    /// Whether the number may change.
    pub(super) fn is_automatic(&self) -> bool {
        self.trial.is_some()
    }

    /// The threads for the next steps; none if these are made on that of the caller.
    pub(super) fn pool(&self) -> Option<Arc<ThreadPool>> {
        self.pool.clone().filter(|_| self.together)
    }

    /// How many of the next `n` steps to make before [`took`](Self::took) is told of them.
    pub(super) fn part(&self, n: u64) -> u64 {
        match &self.trial {
            None => n,
            Some(Trial { stage: Stage::Settled(left), .. }) => n.min(*left),
            Some(trial) => n.min(CHUNK - trial.steps),
        }
    }

    /// Takes the time of some steps, and decides on the next ones.
    pub(super) fn took(&mut self, steps: u64, time: Duration) {
        let Some(trial) = &mut self.trial else { return };
        if let Stage::Settled(left) = &mut trial.stage {
            *left = left.saturating_sub(steps);
            if *left == 0 {
                *trial = Trial::new();
                self.together = false;
            }
            return;
        }
        trial.steps += steps;
        trial.time += time;
        if trial.steps < CHUNK {
            return;
        }
        let best = &mut trial.best[usize::from(trial.stage == Stage::Together)];
        *best = trial.time.min(*best);
        (trial.steps, trial.time, trial.chunks) = (0, Duration::ZERO, trial.chunks + 1);
        if trial.chunks < CHUNKS {
            return;
        }
        trial.chunks = 0;
        let [alone, together] = trial.best;
        let try_all = trial.stage == Stage::Alone && alone >= WORTH_A_TRY * CHUNK as u32;
        if try_all && self.pool.is_none() {
            // Without threads to be had, one will do.
            self.pool = pool(processors()).ok();
        }
        if try_all && self.pool.is_some() {
            trial.stage = Stage::Together;
            self.together = true;
        } else {
            self.together = together < alone;
            trial.stage = Stage::Settled(SETTLED);
        }
    }
}

/// How many the machine has.
pub(super) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn pool(count: usize) -> Result<Arc<ThreadPool>> {
    let pool = ThreadPoolBuilder::new().num_threads(count).build().map_err(|e| BuildError::Value {
        what: format!("{count} threads"),
        problem: format!("could not be started: {e}"),
        help: "ask for fewer".to_owned(),
    })?;
    Ok(Arc::new(pool))
}

/// Says that the work is done, also if it panics.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Makes some steps on a pool.
pub(super) fn on<T: Send>(pool: &ThreadPool, steps: u64, work: impl FnOnce() -> T + Send) -> T {
    // For a few steps, waking all threads and waiting for them takes longer than they could save.
    if steps < CHUNK / 2 { pool.install(work) } else { awake(pool, work) }
}

/// Does work on a thread of a pool, while the others look out for parts of it. Threads that slept would have to be
/// woken for each part of each step, which takes longer than most of these parts.
fn awake<T: Send>(pool: &ThreadPool, work: impl FnOnce() -> T + Send) -> T {
    let done = AtomicBool::new(false);
    pool.scope(|scope| {
        let own = rayon::current_thread_index();
        let done = &done;
        // To each thread its own: none of these can end up on the thread that does the work, and hold it up.
        scope.spawn_broadcast(move |_, context| {
            if Some(context.index()) != own {
                look_out(done);
            }
        });
        let _done = Done(done);
        work()
    })
}

/// Does what others have to share, until all is done.
fn look_out(done: &AtomicBool) {
    let mut idle = 0;
    while !done.load(Ordering::Acquire) {
        if rayon::yield_now() == Some(Yield::Executed) {
            idle = 0;
        } else if idle < PATIENCE {
            idle += 1;
            core::hint::spin_loop();
        } else {
            thread::yield_now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps that take so long, in us, on one thread and on all: how many they are made on in the end.
    fn settled(alone: u64, together: u64) -> usize {
        let mut workers = Workers { pool: Some(pool(2).unwrap()), together: false, trial: Some(Trial::new()) };
        let mut left = 1000;
        while left > 0 {
            let steps = workers.part(left).min(7);
            let us = if workers.count() > 1 { together } else { alone };
            workers.took(steps, Duration::from_micros(us) * steps as u32);
            left -= steps;
        }
        workers.count()
    }

    #[test]
    fn as_many_threads_as_pay() {
        assert_eq!((settled(5, 1), settled(100, 60), settled(100, 120)), (1, 2, 1));
        let mut workers = Workers::new(Threads::Exactly(3)).unwrap();
        assert_eq!((workers.count(), workers.part(5), workers.is_automatic()), (3, 5, false));
        workers.took(5, Duration::from_micros(1));
        assert_eq!(workers.count(), 3);
        assert_eq!(Workers::new(Threads::Exactly(0)).unwrap().count(), 1);
    }

    #[test]
    fn both_are_compared_again() {
        let mut workers = Workers { pool: Some(pool(2).unwrap()), together: false, trial: Some(Trial::new()) };
        let (mut steps, mut changes, mut last) = (0, Vec::new(), 1);
        while steps < SETTLED + 1000 {
            let part = workers.part(500);
            workers.took(part, Duration::from_micros(if workers.count() > 1 { 30 } else { 50 }) * part as u32);
            steps += part;
            if workers.count() != last {
                last = workers.count();
                changes.push((steps / 1000, last));
            }
        }
        assert_eq!(changes, [(0, 2), (20, 1), (20, 2)]);
    }

    #[test]
    fn work_is_shared_and_done_once() {
        use rayon::prelude::*;
        let pool = pool(3).unwrap();
        for _ in 0..50 {
            let mut all = vec![0_u32; 100];
            let sum: u32 = awake(&pool, || {
                for _ in 0..20 {
                    all.par_iter_mut().for_each(|x| *x += 1);
                }
                all.iter().sum()
            });
            assert_eq!(sum, 2000);
        }
        // Two that share the threads get both done.
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let sum: u64 = awake(&pool, || (0..200_u64).map(|k| (0..k).into_par_iter().sum::<u64>()).sum());
                    assert_eq!(sum, (0..200_u64).map(|k| (0..k).sum::<u64>()).sum::<u64>());
                });
            }
        });
    }
}
