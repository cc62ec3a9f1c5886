//! What falls when something is corrupted, or in other hands.

use serde::Serialize;

use super::{Names, Number};
use crate::logic::model::Item;

/// What falls with a thing, by the sort of its loss. When it is simply lost, it alone does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ThingLosses {
    /// When what it holds is wrong; nothing where it holds nothing.
    pub corrupted: Vec<Number>,
    /// When it is in other hands.
    pub compromised: Vec<Number>,
    /// What takes over later what is wrong when it is corrupted.
    pub corrupted_later: Vec<Later>,
    /// The same when it is in other hands.
    pub compromised_later: Vec<Later>,
}

/// A copy that is kept behind: it takes over what is wrong unless it is put to work by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Later {
    /// The copy.
    pub thing: Number,
    /// How long after the loss.
    pub after_ms: u64,
}

pub(super) fn of(names: &Names<'_>, number: Number, item: &Item<'_>) -> ThingLosses {
    if item.element.is_none() {
        return ThingLosses::default();
    }
    let id = number as usize;
    let taken = &names.model.taken;
    let numbers = |ids: Vec<usize>| ids.into_iter().map(|id| id as Number).collect();
    let later = |wrong: &[usize]| {
        let later = taken.later(wrong).into_iter();
        later.map(|(id, after_ms)| Later { thing: id as Number, after_ms }).collect()
    };
    let corrupted = if item.is("record") { taken.corrupted(id) } else { Vec::new() };
    let compromised = taken.compromised(id);
    ThingLosses {
        corrupted_later: later(&corrupted),
        compromised_later: later(&compromised),
        corrupted: numbers(corrupted),
        compromised: numbers(compromised),
    }
}
