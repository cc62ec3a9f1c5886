//! Why something happens: what falls, what does not count, what has run out, what is in doubt.

use std::sync::Arc;

use rbp_grammar::ast::{Args, LossSort, Quantity};
use rbp_grammar::head::Head;
use rustc_hash::FxHashSet;

use super::expect::Called;
use super::play::Stage;
use crate::accepted::accepts;
use crate::analysis::{After, Fall, World, acceptances_for, coverage_gaps, lent, protectors};
use crate::db::{Day, file};
use crate::diagnostic::Level;
use crate::model::{Element, day, day_words, element};
use crate::names::ItemId;
use crate::owed::outcomes_of_backup;
use crate::quantity::Amount;
use crate::rules::{Component, Verdict};

/// Why an element is gone by that day.
pub(super) fn run_out(element: &Element, on: Day) -> Option<String> {
    let past = |end: Option<Day>| end.filter(|end| on > *end);
    if let Some(end) = past(element.day(Head::RetireBy)) {
        return Some(format!("retired by {}", day_words(end)));
    }
    if let Some(end) = past(element.day(Head::ContractUntil)) {
        return Some(format!("its contract ended on {}", day_words(end)));
    }
    let expires = element.clauses(Head::Stock).filter_map(|clause| match &clause.args {
        Args::Stock { expires: Some(date), .. } => day(date),
        _ => None,
    });
    let end = past(expires.min())?;
    Some(format!("its stock expired on {}", day_words(end)))
}

/// Why a function cannot be asked about at that level.
pub(super) fn unfit_level(
    function: &Element,
    level: &Amount,
    written: &Quantity,
) -> Option<String> {
    let name = function.name();
    let Some(demand) = function.load(Head::Demand) else {
        return Some(format!("`{name}` does not say what it demands, so no level can be told"));
    };
    if demand.amount.dimension != level.dimension {
        return Some(format!(
            "`{written}` is {}, and `{name}` demands {}: they cannot be compared",
            level.dimension.words(),
            demand.amount.dimension.words()
        ));
    }
    (level.number > demand.amount.number).then(|| {
        format!("`{name}` demands no more than {}, so {written} is never shown", demand.written)
    })
}

/// What is known when reasons are asked for.
pub(super) struct Given<'a> {
    pub stage: &'a Stage<'a>,
    pub world: &'a World,
    pub subject: &'a Arc<Element>,
    pub losses: &'a [(LossSort, ItemId)],
}

impl Given<'_> {
    fn name(&self, at: usize) -> &str {
        self.world.cone.elements.get(at).map_or("…", |e| e.name())
    }

    fn fall_words(&self, fall: &Fall, as_well: &str) -> String {
        let backup = self.name(fall.backup);
        if fall.way == [fall.backup] {
            return format!("`{backup}` itself is lost{as_well}");
        }
        let way = self.world.cone.names(&fall.way).join(" → ");
        format!("{} `{backup}` falls{as_well}: {way}", fall.part.words())
    }

    /// Why a function ends: the backups that fall as well, and those that do not count.
    pub fn why_it_ends(&self, after: &After<'_>) -> Vec<String> {
        let mut notes: Vec<String> =
            after.falls().iter().map(|fall| self.fall_words(fall, " as well")).collect();
        let listed = |all: &[usize], why: &str| -> Vec<String> {
            all.iter().map(|at| format!("`{}` does not count: {why}", self.name(*at))).collect()
        };
        let (lent, weak): (Vec<usize>, Vec<usize>) =
            self.world.weaker.iter().partition(|at| self.serves_without_loan(**at));
        notes.extend(listed(&lent, "what of it is not lent carries less than that"));
        notes.extend(listed(&weak, "it carries less than that"));
        notes.extend(listed(&self.world.unsure, "nothing says whether it carries that much"));
        notes.extend(self.not_credible(after));
        notes.extend(self.acceptances());
        notes
    }

    fn serves_without_loan(&self, at: usize) -> bool {
        let cone = &self.world.cone;
        !cone.loans.contains_key(&at) && cone.elements.get(at).is_some_and(|b| lent(b).is_some())
    }

    /// Backups of what stopped that are not credible.
    fn not_credible(&self, after: &After<'_>) -> Vec<String> {
        let db = self.stage.db;
        let Some(function) = self.world.function() else { return Vec::new() };
        let index = &self.world.cone.index;
        let mut notes = Vec::new();
        for backup in protectors(db, function.id).iter().filter_map(|id| element(db, *id)) {
            let Some(primary) = backup.primary().and_then(|p| element(db, p.id)) else { continue };
            let stopped = index.get(&primary.id).is_some_and(|at| !after.runs(*at));
            let gaps = coverage_gaps(&backup, function, Some(&primary));
            if let Some(gap) = gaps.first().filter(|_| stopped) {
                notes.push(format!("`{}` does not count: {}", backup.name(), gap.words()));
            }
        }
        notes
    }

    /// Who accepted these losses, and until when.
    fn acceptances(&self) -> Vec<String> {
        let db = self.stage.db;
        let Some(function) = self.world.function() else { return Vec::new() };
        let Some(home) = file(db, function.id.file) else { return Vec::new() };
        let mut notes = Vec::new();
        for acceptance in acceptances_for(db, home) {
            let (named, accepted) = (acceptance.functions(), acceptance.losses());
            let concerns = named.is_empty() || named.contains(&function.id);
            let covers = self.losses.iter().all(|loss| accepted.contains(loss));
            let (Some(by), Some(until)) = (acceptance.by(), acceptance.until()) else { continue };
            if !concerns || !covers || self.losses.is_empty() {
                continue;
            }
            let until_words = day_words(until);
            notes.push(match acceptance.holds(self.stage.day) {
                true => format!("`{by}` accepts that until {until_words}"),
                false => format!("`{by}` accepted that until {until_words}, and that day is past"),
            });
        }
        notes
    }

    /// Why a backup is not activated.
    pub fn why_so(&self, called: Called, after: &After<'_>) -> Vec<String> {
        let (db, subject) = (self.stage.db, self.subject);
        match called {
            Called::Beside => {
                let Some(function) = self.world.function() else { return Vec::new() };
                let primary = subject.primary().and_then(|p| element(db, p.id));
                let rests = primary.as_ref().map(|p| self.world.cone.index.contains_key(&p.id));
                let gaps = coverage_gaps(subject, function, primary.as_deref());
                match (rests, gaps.first()) {
                    (None, _) => vec![format!("`{}` names no primary", subject.name())],
                    (Some(false), _) => {
                        let primary = primary.as_ref().map_or("", |p| p.name());
                        vec![format!("`{}` does not rest on `{primary}`", function.name())]
                    }
                    (_, Some(gap)) => {
                        vec![format!("`{}` does not count: {}", subject.name(), gap.words())]
                    }
                    _ => Vec::new(),
                }
            }
            Called::Down => {
                let falls = after.falls();
                let at = self.world.cone.index.get(&subject.id);
                let mine = falls.iter().filter(|fall| Some(&fall.backup) == at);
                mine.map(|fall| self.fall_words(fall, "")).collect()
            }
            Called::Refused => {
                let succession = subject.activation().map(|a| a.succession()).unwrap_or_default();
                let steps: Vec<String> =
                    succession.iter().map(|step| format!("`{}`", step.words())).collect();
                vec![format!("those who may decide are {}", steps.join(", then "))]
            }
            Called::Idle | Called::Active(..) => Vec::new(),
        }
    }

    /// What speaks against backups on that day: tests that are overdue, failed or stale, and the like. It
    /// takes none of them out, and nobody has accepted it.
    pub fn doubts(&self, backups: &[usize]) -> Vec<String> {
        let (db, on) = (self.stage.db, self.stage.day);
        let mut notes = Vec::new();
        let mut told = FxHashSet::default();
        for backup in backups.iter().filter_map(|at| self.world.cone.elements.get(*at)) {
            let Some(home) = file(db, backup.id.file) else { continue };
            let accepted = acceptances_for(db, home);
            for outcome in outcomes_of_backup(db, home, backup, on) {
                let finding = outcome.finding.as_deref().filter(|f| f.level == Level::Error);
                let Some(finding) = finding else { continue };
                let doubt = outcome.rule.component == Component::Maintenance
                    && outcome.verdict == Verdict::Refuted
                    && !accepted.iter().any(|a| a.holds(on) && accepts(a, &outcome));
                if doubt && told.insert(finding.message.clone()) {
                    notes.push(finding.message.clone());
                }
            }
        }
        notes
    }
}
