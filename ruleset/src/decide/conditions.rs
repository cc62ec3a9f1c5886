//! Whether a condition is met, and since when.

use std::collections::BTreeSet;

use super::clock::Moment;
use super::plan::{Condition, Number};
use super::read::Known;

/// What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// It is met, at least since then.
    Yes(Moment),
    /// It is not, at least since then.
    No(Moment),
    /// That is not known.
    Unknown,
}

/// Judges a condition. A signal whose monitor is not up tells nothing.
pub(super) fn judge(condition: &Condition, known: &Known, there: &dyn Fn(Number) -> bool) -> Truth {
    match condition {
        Condition::Signal(signal) => match known.signals.get(signal).filter(|_| there(*signal)) {
            Some((true, since)) => Truth::Yes(*since),
            Some((false, since)) => Truth::No(*since),
            None => Truth::Unknown,
        },
        Condition::Not(inner) => match judge(inner, known, there) {
            Truth::Yes(since) => Truth::No(since),
            Truth::No(since) => Truth::Yes(since),
            Truth::Unknown => Truth::Unknown,
        },
        Condition::AtLeast(count, of) => {
            let (mut yes, mut no) = (Vec::new(), Vec::new());
            for inner in of {
                match judge(inner, known, there) {
                    Truth::Yes(since) => yes.push(since),
                    Truth::No(since) => no.push(since),
                    Truth::Unknown => {}
                }
            }
            yes.sort_unstable();
            no.sort_unstable();
            let count = *count as usize;
            // Met since so many of them are; not met since too few can be.
            if let Some(since) = count.checked_sub(1).and_then(|at| yes.get(at)) {
                return Truth::Yes(*since);
            }
            match of.len().checked_sub(count) {
                None => Truth::No(Moment::MIN),
                Some(spare) => no.get(spare).map_or(Truth::Unknown, |since| Truth::No(*since)),
            }
        }
    }
}

/// The signals of a condition that are not known, or those that are not as they should be.
pub(super) fn signals(
    condition: &Condition,
    known: &Known,
    there: &dyn Fn(Number) -> bool,
    unknown: bool,
) -> BTreeSet<Number> {
    let mut found = BTreeSet::new();
    gather(condition, true, &mut |signal, wanted| {
        let shows = known.signals.get(&signal).filter(|_| there(signal)).map(|(on, _)| *on);
        if shows.is_none() == unknown && shows != Some(wanted) {
            found.insert(signal);
        }
    });
    found
}

fn gather(condition: &Condition, wanted: bool, found: &mut dyn FnMut(Number, bool)) {
    match condition {
        Condition::Signal(signal) => found(*signal, wanted),
        Condition::Not(inner) => gather(inner, !wanted, found),
        Condition::AtLeast(_, of) => of.iter().for_each(|inner| gather(inner, wanted, found)),
    }
}
