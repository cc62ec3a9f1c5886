//! What falls when something is corrupted, or in other hands.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Names, Number};
use crate::{Backup, Condition, Element};

/// What falls with a thing, by the sort of its loss. When it is simply lost, it alone does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ThingLosses {
    /// When what it holds is wrong; nothing where it holds nothing.
    pub corrupted: Vec<Number>,
    /// When it is in other hands.
    pub compromised: Vec<Number>,
}

pub(super) fn of(names: &Names<'_>, id: &str) -> Result<ThingLosses, String> {
    let Some(element) = names.elements.get(id) else { return Ok(ThingLosses::default()) };
    let corrupted = match is_record(element) {
        true => spread(names, BTreeSet::from([element.id.as_str()]))?,
        false => Vec::new(),
    };
    let held = names.controls.get(id).into_iter().flatten().copied();
    let compromised = spread(names, held.chain([element.id.as_str()]).collect())?;
    Ok(ThingLosses { corrupted, compromised })
}

fn is_record(element: &Element) -> bool {
    element.kinds.iter().any(|kind| kind == "record")
}

/// What is wrong in a record is soon wrong in every copy that follows it, and in their copies.
fn spread<'a>(names: &Names<'a>, start: BTreeSet<&'a str>) -> Result<Vec<Number>, String> {
    let mut reached = start.clone();
    let mut open: Vec<&str> = start.into_iter().collect();
    while let Some(at) = open.pop() {
        if !names.elements.get(at).is_some_and(|e| is_record(e)) {
            continue;
        }
        for copy in names.copies.get(at).into_iter().flatten() {
            if reached.insert(copy) {
                open.push(copy);
            }
        }
    }
    reached.into_iter().map(|id| names.number(id)).collect()
}

/// How soon each signal is seen, in milliseconds.
pub(super) type Latencies<'a> = BTreeMap<&'a str, Option<u64>>;

/// Whether a copy takes over what happens to its primary before anybody can stop it.
pub(super) fn follows_blindly(latencies: &Latencies<'_>, copy: &Element, backup: &Backup) -> bool {
    if copy.lag_ms.is_none() || copy.immutable {
        return false;
    }
    let Some(delay) = copy.delayed_ms else { return true };
    let activation = backup.activation.as_ref();
    let detected = activation.and_then(|a| {
        Some(latency(latencies, a.when.as_ref()?)?.saturating_add(a.hold_ms.unwrap_or(0)))
    });
    detected.is_none_or(|detected| delay <= detected)
}

/// The longest latency of the signals in a condition.
fn latency(latencies: &Latencies<'_>, when: &Condition) -> Option<u64> {
    match when {
        Condition::Signal(id) => latencies.get(id.as_str()).copied().flatten(),
        Condition::Not(inner) => latency(latencies, inner),
        Condition::AtLeast { of, .. } => {
            let all: Option<Vec<u64>> = of.iter().map(|inner| latency(latencies, inner)).collect();
            all?.into_iter().max()
        }
    }
}
