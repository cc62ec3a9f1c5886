//! Two clocks: that on the wall, and the work of this process alone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;

static WORK_ONLY: AtomicBool = AtomicBool::new(false);

/// From now on all clocks count the processor time of this process, of all its threads together: for
/// machines that have other things to do. What two cores share counts twice then.
pub fn count_work_only() {
    WORK_ONLY.store(true, Ordering::Relaxed);
}

/// A clock that was started.
pub enum Clock {
    /// On the wall.
    Wall(Instant),
    /// Of the process.
    Work(ProcessTime),
}

impl Clock {
    /// Starts one.
    pub fn start() -> Clock {
        match WORK_ONLY.load(Ordering::Relaxed) {
            false => Clock::Wall(Instant::now()),
            true => Clock::Work(ProcessTime::now()),
        }
    }

    /// What it shows.
    pub fn elapsed(&self) -> Duration {
        match self {
            Clock::Wall(start) => start.elapsed(),
            Clock::Work(start) => start.elapsed(),
        }
    }
}
