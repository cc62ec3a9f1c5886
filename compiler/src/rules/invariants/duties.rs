//! Which single person a loss calls on, and for what.

use std::sync::Arc;

use rbp_grammar::ast::{LossSort, Role};
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::{Rests, analysis_from, sole_deciders};
use crate::db::{Db, Declaration, SourceFile, file};
use crate::diagnostic::FileId;
use crate::model::{Element, facts};
use crate::names::{ItemId, namers};

/// What a person does for a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Part {
    /// Stands in for somebody.
    Deputy,
    /// Works it or puts it in place.
    Hands,
    /// Is the only one who may decide on it.
    Authority,
}

/// People, and what each does for a backup.
type People = Vec<(ItemId, Part)>;

/// One loss calls on one person, without whom a backup of a function does not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Duty {
    /// What is lost.
    pub lost: (LossSort, ItemId),
    /// For which function.
    pub function: ItemId,
    /// The backup called on.
    pub backup: ItemId,
    /// What the backup stands in for.
    pub primary: ItemId,
    /// What the person does for it.
    pub part: Part,
}

/// The duties of a person.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Duties {
    /// Those that are known, sorted.
    pub all: Vec<Duty>,
    /// Something could not be read or analysed, so there may be more.
    pub incomplete: bool,
}

/// The duties of a person, of whatever functions, asked for while `here` is checked. They are found from the person
/// upwards: by the teams and backups that name it, and the functions that those protect. An import that could not be
/// read may hide more of them: whoever calls something proved asks that too.
pub(super) fn duties(db: &dyn Db, here: SourceFile, person: ItemId) -> Option<&Arc<Duties>> {
    match here.open(db) {
        true => duties_of(db, Declaration::new(db, file(db, person.file)?, person.item)).as_ref(),
        false => duties_seen(db, here).get(&person),
    }
}

#[salsa::tracked(returns(ref))]
fn duties_of<'db>(db: &'db dyn Db, person: Declaration<'db>) -> Option<Arc<Duties>> {
    duties_in(db, person.file(db)).get(&person.item(db)).cloned()
}

/// The duties of everybody whom the backups of a file call on. A query of its own, so that the file is not checked
/// again for the duties of others.
#[salsa::tracked(returns(ref))]
fn duties_seen(db: &dyn Db, at: SourceFile) -> FxHashMap<ItemId, Arc<Duties>> {
    let mut people: Vec<ItemId> =
        crews(db, at).values().flat_map(|crew| crew.people.iter().copied()).collect();
    people.sort_unstable();
    people.dedup();
    let mut seen = FxHashMap::default();
    for people in people.chunk_by(|a, b| a.file == b.file) {
        let home = people.first().and_then(|person| file(db, person.file));
        let Some(all) = home.map(|home| duties_in(db, home)) else { continue };
        let known = people.iter().filter_map(|person| Some((*person, all.get(&person.item)?)));
        seen.extend(known.map(|(person, duties)| (person, duties.clone())));
    }
    seen
}

/// Whom a backup may call on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Crew {
    /// The people.
    pub people: Vec<ItemId>,
    /// There may be others, or no loss of some function that it protects is known to call on it.
    pub incomplete: bool,
}

impl Crew {
    fn of(db: &dyn Db, here: SourceFile, backup: &Element) -> Crew {
        let crew = on_call(db, here, backup);
        let people = crew.elements.iter().filter(|e| e.is_person()).map(|e| e.id).collect();
        let calls = |function: ItemId| {
            analysis_from(db, here, function).is_some_and(|a| a.cone.index.contains_key(&backup.id))
        };
        let functions = backup.named(Head::Protects);
        let called = !functions.is_empty() && functions.iter().all(|f| calls(f.id));
        Crew { people, incomplete: crew.incomplete || !called }
    }

    /// The crew of a backup of the file that is checked.
    pub fn from(db: &dyn Db, here: SourceFile, backup: &Element) -> Crew {
        match here.open(db) {
            true => Crew::of(db, here, backup),
            false => crews(db, here).get(&backup.id.item).cloned().unwrap_or_default(),
        }
    }
}

/// The crews of the backups of a file, by their numbers.
#[salsa::tracked(returns(ref))]
fn crews(db: &dyn Db, at: SourceFile) -> FxHashMap<u32, Crew> {
    let backups = facts(db, at).elements().filter(|element| element.role() == Role::Backup);
    let crews = backups.map(|backup| (backup.id.item, Crew::of(db, at, backup)));
    crews.filter(|(_, crew)| !crew.people.is_empty()).collect()
}

/// The duties of the people that a file declares.
#[salsa::tracked(returns(ref), no_eq)]
fn duties_in(db: &dyn Db, at: SourceFile) -> FxHashMap<u32, Arc<Duties>> {
    let mut gathering =
        Gathering { db, at, named: FxHashMap::default(), called: FxHashMap::default() };
    let people = people_of(db, at).iter().map(|item| ItemId { file: at.id(db), item: *item });
    people.map(|person| (person.item, Arc::new(gathering.duties(person)))).collect()
}

/// The people that a file declares, by number.
#[salsa::tracked(returns(deref))]
fn people_of(db: &dyn Db, at: SourceFile) -> Box<[u32]> {
    facts(db, at).elements().filter(|e| e.is_person()).map(|e| e.id.item).collect()
}

/// What was asked so far about the people of a file: each file is asked once for all of them.
struct Gathering<'db> {
    db: &'db dyn Db,
    at: SourceFile,
    /// By file, who names what it declares, and whom its backups protect.
    named: FxHashMap<FileId, Option<(&'db Naming, &'db Callers)>>,
    /// By file, whom losses call on for its functions.
    called: FxHashMap<FileId, Option<&'db Called>>,
}

impl<'db> Gathering<'db> {
    fn duties(&mut self, person: ItemId) -> Duties {
        let mut duties = Duties::default();
        let mut named = vec![person];
        let mut homes: Vec<FileId> = Vec::new();
        let mut next = 0;
        while let Some(id) = named.get(next).copied() {
            next += 1;
            let Some((naming, callers)) = self.named(id.file) else { continue };
            duties.incomplete |= naming.incomplete;
            for (_, by) in of(&naming.by, id.item) {
                if !named.contains(by) {
                    named.push(*by);
                }
            }
            homes.extend(of(&callers.protects, id.item).map(|(_, home)| home));
        }
        homes.sort_unstable();
        homes.dedup();
        for called in homes.into_iter().filter_map(|home| self.called(home)) {
            duties.incomplete |= called.incomplete;
            duties.all.extend(called.people.get(&person).into_iter().flatten());
        }
        // What each function calls for is in order already, and whole rows are merged faster than sorted.
        duties.all.sort();
        duties.all.dedup();
        duties
    }

    fn named(&mut self, home: FileId) -> Option<(&'db Naming, &'db Callers)> {
        let db = self.db;
        let named = || file(db, home).map(|home| (naming(db, home), callers(db, home)));
        *self.named.entry(home).or_insert_with(named)
    }

    fn called(&mut self, home: FileId) -> Option<&'db Called> {
        let (db, at) = (self.db, self.at);
        *self.called.entry(home).or_insert_with(|| Some(called_from(db, file(db, home)?, at)))
    }
}

/// Of pairs that are sorted by a number, those of that number.
fn of<T>(pairs: &[(u32, T)], item: u32) -> impl Iterator<Item = &(u32, T)> {
    let first = pairs.partition_point(|(number, _)| *number < item);
    pairs.iter().skip(first).take_while(move |(number, _)| *number == item)
}

/// Which backups and people name what a file declares.
#[derive(Debug, PartialEq, Eq, Default)]
struct Naming {
    /// (number of the named, by), sorted by the number.
    by: Vec<(u32, ItemId)>,
    /// Somebody could not be read in full who may.
    incomplete: bool,
}

#[salsa::tracked(returns(ref))]
fn naming(db: &dyn Db, at: SourceFile) -> Naming {
    let (id, mut naming) = (at.id(db), Naming::default());
    for callers in namers(db, at).iter().map(|from| callers(db, *from)) {
        naming.incomplete |= callers.incomplete;
        let first = callers.pairs.partition_point(|(named, _)| named.file < id);
        let own = callers.pairs.iter().skip(first).take_while(|(named, _)| named.file == id);
        naming.by.extend(own.map(|(named, by)| (named.item, *by)));
    }
    naming.by.sort_by_key(|(named, _)| *named);
    naming
}

/// What a file's backups and people name.
#[derive(Debug, PartialEq, Eq, Default)]
struct Callers {
    /// (named, by), sorted.
    pairs: Vec<(ItemId, ItemId)>,
    /// (number of a backup, the file of a function that it protects), sorted by the number.
    protects: Vec<(u32, FileId)>,
    /// One of them could not be read in full.
    incomplete: bool,
}

#[salsa::tracked(returns(ref))]
fn callers(db: &dyn Db, at: SourceFile) -> Callers {
    let facts = facts(db, at);
    let mut callers = Callers { incomplete: facts.unread, ..Callers::default() };
    for element in facts.elements().filter(|e| e.role() == Role::Backup || e.is("actor")) {
        callers.incomplete |= element.is_partial();
        callers.pairs.extend(element.targets().map(|named| (named, element.id)));
        if element.role() == Role::Backup {
            let functions = element.named(Head::Protects).into_iter();
            callers.protects.extend(functions.map(|f| (element.id.item, f.id.file)));
        }
    }
    callers.pairs.sort_unstable();
    callers.pairs.dedup();
    callers
}

/// Whom losses call on for the functions of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Called {
    people: FxHashMap<ItemId, Vec<Duty>>,
    /// One of the functions could not be analysed in full.
    incomplete: bool,
}

#[salsa::tracked(returns(ref))]
fn called_on(db: &dyn Db, at: SourceFile) -> Called {
    let mut called = Called::default();
    for function in facts(db, at).elements().filter(|e| e.role() == Role::Function) {
        match at.open(db) {
            false => of_function(db, at, function.id, &mut called),
            true => {
                let own = called_by(db, Declaration::new(db, at, function.id.item));
                called.incomplete |= own.incomplete;
                for (person, duties) in &own.people {
                    called.people.entry(*person).or_default().extend(duties);
                }
            }
        }
    }
    called
}

/// Whom losses call on for one function of an open file.
#[salsa::tracked(returns(ref), no_eq)]
fn called_by<'db>(db: &'db dyn Db, function: Declaration<'db>) -> Called {
    let (at, mut called) = (function.file(db), Called::default());
    let id = ItemId { file: at.id(db), item: function.item(db) };
    of_function(db, at, id, &mut called);
    called.people.values_mut().for_each(|duties| duties.sort_unstable());
    called
}

/// The same of the people of one file alone, so that a new duty concerns nobody else's.
#[salsa::tracked(returns(ref))]
fn called_from(db: &dyn Db, at: SourceFile, home: SourceFile) -> Called {
    let all = called_on(db, at);
    let own = all.people.iter().filter(|(person, _)| person.file == home.id(db));
    let people = own.map(|(person, duties)| (*person, duties.clone())).collect();
    Called { people, incomplete: all.incomplete }
}

fn of_function(db: &dyn Db, here: SourceFile, function: ItemId, called: &mut Called) {
    let Some(analysis) = analysis_from(db, here, function) else { return };
    let cone = &analysis.cone;
    called.incomplete |= cone.incomplete || analysis.too_large;
    if !cone.elements.iter().any(|e| e.is_person()) {
        return;
    }
    let mut crews: FxHashMap<usize, Rests> = FxHashMap::default();
    let mut tied: FxHashMap<(usize, Vec<ItemId>), People> = FxHashMap::default();
    for restored in &analysis.restored {
        let lost = (restored.loss.sort, cone.lost(restored.loss).id);
        for at in &restored.by {
            let Some(backup) = cone.elements.get(*at) else { continue };
            let Some(primary) = backup.primary() else { continue };
            // What protects another function on which this one rests is that one's own.
            if !backup.named(Head::Protects).iter().any(|f| f.id == function) {
                continue;
            }
            let crew = crews.entry(*at).or_insert_with(|| on_call(db, here, backup));
            let gone: Vec<ItemId> =
                restored.gone.iter().copied().filter(|id| crew.has(*id)).collect();
            let people = tied
                .entry((*at, gone))
                .or_insert_with_key(|(_, gone)| people(db, here, backup, gone));
            let duty = |part| Duty { lost, function, backup: backup.id, primary: primary.id, part };
            for (person, part) in people.iter() {
                called.people.entry(*person).or_default().push(duty(*part));
            }
        }
    }
}

/// Everybody whom a backup may call on, with what puts it to work. Only through people: who keeps up
/// a service that it needs does so on any other day too.
fn on_call(db: &dyn Db, here: SourceFile, backup: &Element) -> Rests {
    let mut start = vec![backup.id];
    if let Some(activation) = backup.activation() {
        let steps = activation.succession();
        start.extend(steps.iter().flat_map(|step| &step.who.of).map(|target| target.id));
    }
    Rests::of(db, here, &start, |e| e.is("actor"))
}

/// The people without each of whom the backup does not serve once some others are gone.
fn people(db: &dyn Db, here: SourceFile, backup: &Element, gone: &[ItemId]) -> People {
    let deputy = backup.is("actor") || backup.word(Head::Readiness) == Some("trained");
    let part = if deputy { Part::Deputy } else { Part::Hands };
    let rests = Rests::of(db, here, &[backup.id], |e| e.is("actor"));
    let left = rests.falls_with(gone);
    let mut people = Vec::new();
    for person in rests.elements.iter().filter(|e| e.is_person() && !left.has(e.id)) {
        if rests.falls_with(&[gone, &[person.id]].concat()).has(backup.id) {
            people.push((person.id, part));
        }
    }
    for id in sole_deciders(db, here, backup, gone).0 {
        if !people.iter().any(|(known, _)| *known == id) {
            people.push((id, Part::Authority));
        }
    }
    people
}
