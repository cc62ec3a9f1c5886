//! What a rule set means: its names, numbers and days, which backups count for which function, how long they take.
//!
//! Decisions and the checker rest on it alike, so that what is decided is what was proved. The compiler shares
//! none of it.

pub(crate) mod copies;
pub(crate) mod credible;
pub(crate) mod day;
pub(crate) mod loops;
pub(crate) mod model;
pub(crate) mod number;
pub(crate) mod times;
