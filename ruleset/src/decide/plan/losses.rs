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
}

pub(super) fn of(names: &Names<'_>, number: Number, item: &Item<'_>) -> ThingLosses {
    if item.element.is_none() {
        return ThingLosses::default();
    }
    let id = number as usize;
    let numbers = |ids: Vec<usize>| ids.into_iter().map(|id| id as Number).collect();
    ThingLosses {
        corrupted: if item.is("record") {
            numbers(names.model.taken.corrupted(id))
        } else {
            Vec::new()
        },
        compromised: numbers(names.model.taken.compromised(id)),
    }
}
