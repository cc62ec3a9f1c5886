//! A backup that holds out until another takes over: a battery until the generator runs, a stock until the second
//! maker delivers.

use std::sync::Arc;

use rbp_grammar::head::Head;

use crate::analysis::index::protectors_from;
use crate::db::{Db, SourceFile};
use crate::model::{Element, Timed, element_from};
use crate::names::ItemId;

/// The backup that an element says it is resupplied by, and how soon.
pub fn resupplier(element: &Element) -> Option<(ItemId, Timed)> {
    let (by, within) = element.load(Head::Covers)?.resupply?;
    Some((element.target(by)?, within))
}

/// The backup of the same primary for which a backup holds out.
pub fn holds_out_for(db: &dyn Db, here: SourceFile, backup: &Element) -> Option<ItemId> {
    let (by, _) = resupplier(backup)?;
    let other = element_from(db, here, by)?;
    (other.primary()?.id == backup.primary()?.id).then_some(by)
}

/// Of the backups of one primary leaves out those that hold out for one that does not stand in, or for each other;
/// whether there were any. `of` says which backup one is, and for which it holds out.
pub(super) fn leave_out_unheld<T>(
    standing: &mut Vec<T>,
    of: impl Fn(&T) -> (ItemId, Option<ItemId>),
) -> bool {
    let mut held: Vec<ItemId> = Vec::new();
    loop {
        let before = held.len();
        for (own, until) in standing.iter().map(&of) {
            if !held.contains(&own) && until.is_none_or(|until| held.contains(&until)) {
                held.push(own);
            }
        }
        if held.len() == before {
            break;
        }
    }
    let all = standing.len();
    standing.retain(|backup| held.contains(&of(backup).0));
    standing.len() < all
}

/// The backups of a function that hold out until `backup`, which stands in for the same primary, takes over; each
/// with the time within which it counts on that.
pub fn held_by(
    db: &dyn Db,
    here: SourceFile,
    backup: &Element,
    function: ItemId,
) -> Vec<(Arc<Element>, Timed)> {
    let Some(primary) = backup.primary() else { return Vec::new() };
    let others =
        protectors_from(db, here, function).iter().filter_map(|id| element_from(db, here, *id));
    let others = others.filter(|other| other.primary().is_some_and(|p| p.id == primary.id));
    let held = others.filter_map(|other| {
        let (by, within) = resupplier(&other)?;
        (by == backup.id).then_some((other, within))
    });
    held.collect()
}
