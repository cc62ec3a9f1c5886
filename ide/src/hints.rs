//! Figures beside the text that they follow from.

use rbp_compiler::db::Db;
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::model::{Element, day_words, element};
use rbp_compiler::names::ItemId;
use rbp_compiler::quantity::duration_words;
use rbp_grammar::ast::Role;
use rbp_grammar::head::Head;

use crate::facts::{Protection, function, protections, test};
use crate::source::{Place, Source, place};

/// Which figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// How long a backup takes from the loss until it serves.
    Restoration,
    /// What a backup carries of what a function demands.
    Coverage,
    /// When a test is due again.
    Test,
    /// How many single losses end a function.
    SinglePoints,
}

/// A figure, shown behind a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What it is shown behind.
    pub after: Place,
    /// Which figure it is.
    pub sort: Sort,
    /// What is shown.
    pub text: String,
}

/// The figures of a file, in the order of the text. What templates make shows none.
pub fn hints(db: &dyn Db, id: FileId, within: std::ops::Range<usize>) -> Vec<Hint> {
    let Some(source) = Source::of(db, id) else { return Vec::new() };
    let mut hints = Vec::new();
    for (number, item) in source.parsed.items.iter().enumerate() {
        if (item.end as usize) < within.start || within.end < item.start as usize {
            continue;
        }
        let Some(known) = element(db, ItemId { file: id, item: number as u32 }) else { continue };
        if known.written().is_some() {
            continue;
        }
        match known.role() {
            Role::Function => of_function(db, &known, &mut hints),
            Role::Backup => of_backup(db, &known, &mut hints),
            Role::Dependency | Role::Signal => {}
        }
    }
    hints.sort_by(|a, b| a.after.cmp(&b.after));
    hints
}

fn of_function(db: &dyn Db, known: &Element, hints: &mut Vec<Hint>) {
    let Some(facts) = function(db, known.id) else { return };
    let Some(after) = place(db, known.name_at()) else { return };
    let text = match facts.single_points {
        0 => return,
        1 => "1 single point of failure".to_owned(),
        many => format!("{many} single points of failure"),
    };
    hints.push(Hint { after, sort: Sort::SinglePoints, text });
}

fn of_backup(db: &dyn Db, backup: &Element, hints: &mut Vec<Hint>) {
    let protections = protections(db, backup.id);
    // The function that is hardest to serve in time says most.
    let bound = |p: &Protection| p.held.as_ref().map(|(_, ms)| *ms).or(p.rto);
    let tightest =
        protections.iter().min_by_key(|protection| bound(protection).unwrap_or(u64::MAX));
    if let Some(protection) = tightest.filter(|protection| !protection.budget.steps.is_empty())
        && let Some(after) = place(db, backup.clause_at(Head::RestoresWithin))
    {
        let total = duration_words(protection.budget.total());
        let text = match bound(protection) {
            Some(rto) => format!("{total} in all, of {}", duration_words(rto)),
            None => format!("{total} in all"),
        };
        hints.push(Hint { after, sort: Sort::Restoration, text });
    }
    let least = protections.iter().filter_map(|protection| protection.percent).min();
    if let (Some(percent), true) = (least, backup.has(Head::Covers))
        && let Some(after) = place(db, backup.clause_at(Head::Covers))
    {
        let text = format!("{percent} % of the demand");
        hints.push(Hint { after, sort: Sort::Coverage, text });
    }
    for held in backup.tests() {
        let facts = test(db, &held);
        if let Some(due) = facts.due
            && let Some(after) = place(db, held.clause_at(Head::Last))
        {
            let word = if facts.overdue { "was due" } else { "due" };
            let text = format!("{word} {}", day_words(due));
            hints.push(Hint { after, sort: Sort::Test, text });
        }
    }
}
