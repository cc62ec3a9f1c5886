//! `lose any 2 of kind machine`: every choice, as far as it can be tried.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use crate::db::{Db, SourceFile, Workspace};
use crate::model::{AnyOf, Element, facts};
use crate::names::ItemId;

/// The most choices that are tried for one expectation.
const MAX_CHOICES: u64 = 100_000;

/// So many of these, of which only those count that the function rests on.
#[derive(Debug, Clone)]
pub(super) struct Group {
    members: Vec<ItemId>,
    least: usize,
    most: usize,
}

/// More are to be lost than there are.
#[derive(Debug, Clone)]
pub(super) struct TooFew {
    pub kind: String,
    pub wanted: u32,
    pub there: usize,
}

/// How many choices there are, and how many were tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tried {
    /// How many were tried.
    pub tried: u64,
    /// How many there are.
    pub of: u64,
}

/// The groups to choose from. `rests` says which elements the expectation rests on: losing another one
/// changes nothing, so choices that differ only in those are one.
pub(super) fn groups(
    db: &dyn Db,
    here: SourceFile,
    any: &[AnyOf<'_>],
    lost: &[ItemId],
    rests: &dyn Fn(ItemId) -> bool,
) -> Result<Vec<Group>, TooFew> {
    let mut groups = Vec::new();
    for choice in any {
        let all = of_kind(db, here, choice.id, lost);
        let wanted = choice.count as usize;
        if wanted > all.len() {
            let (kind, there) = (choice.kind.text.to_string(), all.len());
            return Err(TooFew { kind, wanted: choice.count, there });
        }
        let members: Vec<ItemId> = all.iter().copied().filter(|id| rests(*id)).collect();
        let others = all.len() - members.len();
        let (least, most) = (wanted.saturating_sub(others), wanted.min(members.len()));
        groups.push(Group { members, least, most });
    }
    Ok(groups)
}

/// Everything of a kind in the packages that the file sees, in the order of files and declarations.
fn of_kind(db: &dyn Db, here: SourceFile, kind: ItemId, lost: &[ItemId]) -> Vec<ItemId> {
    let packages = Workspace::get(db).packages(db);
    let mut seen = FxHashSet::from_iter([here.package(db)]);
    let mut open = vec![here.package(db)];
    while let Some(package) = open.pop() {
        let more = packages.get(package as usize).map_or(&[][..], |p| &p.dependencies);
        open.extend(more.iter().map(|(_, number)| *number).filter(|number| seen.insert(*number)));
    }
    let files = Workspace::get(db).files(db).iter().flatten();
    let files = files.filter(|at| seen.contains(&at.package(db)));
    let is = |e: &Element| e.lineage.as_ref().is_some_and(|l| l.descends_from(kind));
    let elements = files.flat_map(|at| facts(db, *at).elements());
    elements.filter(|e| is(e) && !lost.contains(&e.id)).map(|e| e.id).collect()
}

/// Visits every choice, the larger ones of each group first, until `visit` breaks off or there are too
/// many. A choice in all groups is one of each together.
pub(super) fn each(groups: &[Group], visit: &mut dyn FnMut(&[ItemId]) -> ControlFlow<()>) -> Tried {
    let of = groups.iter().fold(1_u64, |all, group| all.saturating_mul(group.count()));
    let mut tried = 0;
    let mut chosen = Vec::new();
    let mut counted = |set: &[ItemId]| {
        if tried == MAX_CHOICES {
            return ControlFlow::Break(());
        }
        tried += 1;
        // One thing cannot be lost twice: what is in two groups counts for one of them.
        let mut met = FxHashSet::default();
        if set.iter().all(|id| met.insert(*id)) { visit(set) } else { ControlFlow::Continue(()) }
    };
    let _ = choose(groups, &mut chosen, &mut counted);
    Tried { tried, of }
}

impl Group {
    fn count(&self) -> u64 {
        let sizes = self.least..=self.most;
        sizes.fold(0, |sum: u64, size| sum.saturating_add(binomial(self.members.len(), size)))
    }
}

fn binomial(n: usize, k: usize) -> u64 {
    let steps = (0..k.min(n - k)).map(|i| ((n - i) as u128, i as u128 + 1));
    let product = steps.fold(1_u128, |all, (above, below)| all.saturating_mul(above) / below);
    u64::try_from(product).unwrap_or(u64::MAX)
}

fn choose(
    groups: &[Group],
    chosen: &mut Vec<ItemId>,
    visit: &mut dyn FnMut(&[ItemId]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Some((group, rest)) = groups.split_first() else { return visit(chosen) };
    for size in (group.least..=group.most).rev() {
        pick(group, 0, size, rest, chosen, visit)?;
    }
    ControlFlow::Continue(())
}

fn pick(
    group: &Group,
    from: usize,
    more: usize,
    rest: &[Group],
    chosen: &mut Vec<ItemId>,
    visit: &mut dyn FnMut(&[ItemId]) -> ControlFlow<()>,
) -> ControlFlow<()> {
    if more == 0 {
        return choose(rest, chosen, visit);
    }
    for at in from..=group.members.len().saturating_sub(more) {
        let Some(member) = group.members.get(at) else { break };
        chosen.push(*member);
        let done = pick(group, at + 1, more - 1, rest, chosen, visit);
        chosen.pop();
        done?;
    }
    ControlFlow::Continue(())
}
