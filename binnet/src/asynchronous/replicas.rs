//! Independent replicas of a network, on several threads.

use super::gain::Gains;
use super::network::Asynchronous;
use crate::error::Result;

impl<G: Gains> Asynchronous<G> {
    /// `n` independent networks on the same connections, which are held once: the first is a copy of
    /// this one, the others go on from its states with random numbers of their own.
    ///
    /// ```
    /// use binnet::asynchronous::run_in_parallel;
    /// use binnet::models::ClusteredEi;
    /// # fn main() -> binnet::Result<()> {
    /// let model = ClusteredEi { q: 4, n_e: 400, n_i: 100, r_e_plus: 3.0, m_x: 0.13, ..ClusteredEi::default() };
    /// let mut replicas = model.build(1)?.replicas(4);
    /// run_in_parallel(&mut replicas, 2, |_, net| net.run_updates(10_000))?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn replicas(&self, n: usize) -> Vec<Self> {
        let seed = self.shared.options.seed;
        (0..n).map(|k| if k == 0 { self.clone() } else { self.fork(seed.wrapping_add(k as u64)) }).collect()
    }
}

/// Does something with each of several networks, on up to `threads` threads. What comes of it does
/// not depend on the number of threads, since each network has its own random numbers. What `work` returns is dropped.
///
/// # Errors
/// The first error, in the order of the networks; the others have been dealt with all the same.
pub fn run_in_parallel<G: Gains, T>(
    networks: &mut [Asynchronous<G>],
    threads: usize,
    work: impl Fn(usize, &mut Asynchronous<G>) -> Result<T> + Sync,
) -> Result<()> {
    let threads = threads.clamp(1, networks.len().max(1));
    let (work, next) = (&work, &std::sync::Mutex::new(networks.iter_mut().enumerate()));
    let mut outcomes: Vec<(usize, Result<()>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(move || {
                    let mut done = Vec::new();
                    loop {
                        // Taken one by one, so that no thread idles while others have several left.
                        let taken = next.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
                        let Some((k, network)) = taken else { break done };
                        done.push((k, work(k, network).map(drop)));
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    outcomes.sort_by_key(|(k, _)| *k);
    outcomes.into_iter().try_for_each(|(_, outcome)| outcome)
}
