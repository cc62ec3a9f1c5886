//! What some elements rest on by needs alone, before any backup is called on, and what of it falls
//! with a loss.

use std::sync::Arc;

use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::trigger;
use crate::db::{Db, SourceFile};
use crate::model::{BareNeed, Element, NeedView, element_from};
use crate::names::ItemId;

/// Elements with everything that they rest on.
pub(crate) struct Rests {
    /// The elements.
    pub elements: Vec<Arc<Element>>,
    index: FxHashMap<ItemId, usize>,
    /// What the elements need, element by element.
    needs: Vec<Needed>,
    /// What the needs name, one need after the other.
    named: Vec<ItemId>,
    /// Part of it could not be read.
    pub incomplete: bool,
}

/// A need of one of the elements.
struct Needed {
    /// Whose.
    by: usize,
    /// How many of what it names may be gone.
    spare: usize,
    /// Where what it names ends; it begins where that of the need before ends.
    end: usize,
}

impl Rests {
    /// What these rest on, through elements that pass `through`. Linear in it.
    pub fn of(
        db: &dyn Db,
        here: SourceFile,
        start: &[ItemId],
        through: impl Fn(&Element) -> bool,
    ) -> Rests {
        let mut rests = Rests {
            elements: Vec::new(),
            index: FxHashMap::default(),
            needs: Vec::new(),
            named: Vec::new(),
            incomplete: false,
        };
        for id in start {
            rests.add(db, here, *id, |_| true);
        }
        let mut next = 0;
        while let Some(at) = rests.elements.get(next).cloned() {
            rests.incomplete |= at.is_partial();
            for need in needs(&at) {
                let before = rests.named.len();
                rests.named.extend(need.of());
                let end = rests.named.len();
                rests.incomplete |= need.named() as usize != end - before;
                let spare = need.named().saturating_sub(need.count) as usize;
                rests.needs.push(Needed { by: next, spare, end });
                for named in before..end {
                    rests.add(db, here, rests.named[named], &through);
                }
            }
            next += 1;
        }
        rests
    }

    fn add(
        &mut self,
        db: &dyn Db,
        here: SourceFile,
        id: ItemId,
        through: impl Fn(&Element) -> bool,
    ) {
        if self.index.contains_key(&id) {
            return;
        }
        match element_from(db, here, id) {
            Some(element) if through(&element) => {
                self.index.insert(id, self.elements.len());
                self.elements.push(element);
            }
            Some(_) => {}
            None => self.incomplete = true,
        }
    }

    /// Whether an element is part of it.
    pub fn has(&self, id: ItemId) -> bool {
        self.index.contains_key(&id)
    }

    /// What falls with the loss of some elements: they, and whatever is left with too few of what
    /// it needs. A loop that nothing stops goes on running.
    pub fn falls_with(&self, lost: &[ItemId]) -> Fallen<'_> {
        let mut down: Vec<bool> = self.elements.iter().map(|e| lost.contains(&e.id)).collect();
        let places: Vec<Option<usize>> =
            self.named.iter().map(|id| self.index.get(id).copied()).collect();
        let is_down = |down: &[bool], place: &Option<usize>| {
            place.is_some_and(|at| down.get(at).copied().unwrap_or(false))
        };
        loop {
            let (mut changed, mut from) = (false, 0);
            for need in &self.needs {
                let named = places.get(from..need.end).unwrap_or(&[]);
                from = need.end;
                let gone = named.iter().filter(|place| is_down(&down, place)).count();
                if let Some(state) = down.get_mut(need.by)
                    && !*state
                    && gone > need.spare
                {
                    *state = true;
                    changed = true;
                }
            }
            if !changed {
                return Fallen { rests: self, down };
            }
        }
    }
}

/// What falls.
pub(crate) struct Fallen<'a> {
    rests: &'a Rests,
    down: Vec<bool>,
}

impl Fallen<'_> {
    fn at(&self, at: usize) -> bool {
        self.down.get(at).copied().unwrap_or(false)
    }

    /// Whether an element falls.
    pub fn has(&self, id: ItemId) -> bool {
        self.rests.index.get(&id).is_some_and(|at| self.at(*at))
    }

    /// Whether too few of what a need names are left.
    pub fn unmet(&self, need: &NeedView<'_>) -> bool {
        let gone = need.of.iter().filter(|target| self.has(target.id)).count();
        gone > (need.named as usize).saturating_sub(need.count as usize)
    }
}

/// A principal that can destroy something of both, or that one rests on while it controls the other.
pub(crate) fn common_controller(own: &Rests, other: &Rests) -> Option<ItemId> {
    let (ours, theirs) = (controllers(own), controllers(other));
    let both = ours.iter().find(|id| theirs.contains(id) || other.has(**id));
    both.or_else(|| theirs.iter().find(|id| own.has(**id))).copied()
}

fn controllers(rests: &Rests) -> Vec<ItemId> {
    let open = rests.elements.iter().filter(|element| !element.has(Head::Immutable));
    open.flat_map(|element| element.named(Head::ControlledBy)).map(|named| named.id).collect()
}

/// Where the search for what an element rests on begins: with it, and with what resupplies it.
pub(crate) fn rests_from(element: &Element) -> Vec<ItemId> {
    let resupply = element.load(Head::Covers).and_then(|load| load.resupply);
    let resupply = resupply.and_then(|(by, _)| element.target(by));
    std::iter::once(element.id).chain(resupply).collect()
}

const ALL_NEEDS: &[Head] =
    &[Head::Needs, Head::In, Head::ExposedTo, Head::DependsOn, Head::From, Head::InstalledBy];

/// What an element cannot do without, who observes and who installs included.
pub(crate) fn needs(element: &Element) -> impl Iterator<Item = BareNeed<'_>> {
    element.bare_needs(ALL_NEEDS)
}

/// What putting a backup to work takes by itself: who sees and decides, what opens it, the ways to it, what
/// pays for it and what shuts its primary out.
pub(crate) fn put_to_work_by(backup: &Element) -> Vec<ItemId> {
    let Some(activation) = backup.activation() else { return Vec::new() };
    let mut found: Vec<ItemId> = Vec::new();
    if let Some((when, _)) = activation.when() {
        found.extend(trigger::names(when).into_iter().filter_map(|name| backup.target(name)));
    }
    let mut needs: Vec<NeedView<'_>> = activation.succession().into_iter().map(|s| s.who).collect();
    needs.extend(activation.needs_of(Head::With));
    needs.extend(activation.needs_of(Head::FundedBy));
    found.extend(needs.iter().flat_map(|need| need.of.iter().map(|target| target.id)));
    found.extend(activation.fences().iter().flat_map(|(_, via, _)| via.iter().map(|t| t.id)));
    found.extend(activation.reaches().iter().flat_map(|(via, _, _)| via.iter().map(|t| t.id)));
    found
}

/// The people without each of whom nobody may put a backup to work once some others are gone, and
/// whether part of what its authorities rest on could not be read. None where a controller may, or
/// nobody at all.
pub(crate) fn sole_deciders(
    db: &dyn Db,
    here: SourceFile,
    backup: &Element,
    gone: &[ItemId],
) -> (Vec<ItemId>, bool) {
    let succession = backup.activation().map(|a| a.succession()).unwrap_or_default();
    let named: Vec<ItemId> =
        succession.iter().flat_map(|step| &step.who.of).map(|target| target.id).collect();
    let rests = Rests::of(db, here, &named, |e| e.is("actor"));
    let left = rests.falls_with(gone);
    let acts = |automatic: bool| {
        let mut steps = succession.iter().filter(move |step| step.automatic == automatic);
        steps.any(|step| !left.unmet(&step.who))
    };
    if acts(true) || !acts(false) {
        return (Vec::new(), false);
    }
    let people = rests.elements.iter().filter(|e| e.is_person() && !left.has(e.id));
    let sole = people.map(|e| e.id).filter(|person| {
        let fallen = rests.falls_with(&[gone, &[*person]].concat());
        succession.iter().all(|step| fallen.unmet(&step.who))
    });
    (sole.collect(), rests.incomplete)
}
