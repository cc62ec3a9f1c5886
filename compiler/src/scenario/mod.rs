//! Scenarios: what is said to happen after losses, held against what does, by the same analysis that
//! [`crate::check`] rests on. Nothing is remembered: a scenario is played when somebody asks.

mod carried;
mod choice;
mod coverage;
mod decide;
mod expect;
mod play;
mod policies;
mod reasons;
mod timeline;
mod unread;

pub use choice::Tried;
pub use coverage::{Exercised, Unexercised, unexercised};
pub use expect::Judged;
pub use play::{Played, play};
pub use timeline::{Account, Activity, Moment, Timeline};
pub use unread::unread;

/// How an expectation, and a scenario with it, ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is as expected.
    Passed,
    /// It cannot be told: something could not be read, or not everything was tried. No pass.
    Open,
    /// It is not as expected.
    Failed,
}

impl Verdict {
    /// The verdict's word.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Open => "open",
            Verdict::Failed => "failed",
        }
    }
}
