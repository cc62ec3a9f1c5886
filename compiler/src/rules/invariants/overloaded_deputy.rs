//! `overloaded-deputy`: One loss calls on one person for several functions at once.

use num_traits::{CheckedAdd, Zero};
use rbp_grammar::head::Head;

use super::duties::{Crew, Duty, Part, duties};
use crate::analysis::{demanded, loss_words};
use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::names::ItemId;
use crate::quantity::Number;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "overloaded-deputy",
    Error,
    Invariants,
    "One loss calls on one person for several functions at once.",
    Check::Duty(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let crew = Crew::from(case.db, case.here, backup);
    if crew.people.is_empty() {
        return;
    }
    let mut proved = !crew.incomplete;
    for person in &crew.people {
        let Some(duties) = duties(case.db, case.here, *person) else { return };
        proved &= !duties.incomplete;
        match clash(case, &duties.all) {
            Clash::None => {}
            Clash::SaidElsewhere => proved = false,
            Clash::Between(own, other) => {
                proved = false;
                out.refuted(finding(case, *person, &own, &other));
            }
        }
    }
    if proved {
        out.proved_by_imports();
    }
}

enum Clash {
    None,
    /// Of two backups the second tells; of loads that do not fit, `overcommitted-backup` does.
    SaidElsewhere,
    Between(Duty, Duty),
}

/// The first two duties of one person that one loss brings together, one of them of this backup.
fn clash(case: &BackupCase<'_>, duties: &[Duty]) -> Clash {
    let mut result = Clash::None;
    let mut rest = duties;
    while let Some(first) = rest.first() {
        let many = rest.iter().take_while(|duty| duty.lost == first.lost).count();
        let (together, later) = rest.split_at(many);
        rest = later;
        for own in together.iter().filter(|duty| duty.backup == case.backup.id) {
            for other in together {
                match between(case, own, other, together) {
                    Clash::None => {}
                    Clash::SaidElsewhere => result = Clash::SaidElsewhere,
                    found => return found,
                }
            }
        }
    }
    result
}

fn between(case: &BackupCase<'_>, own: &Duty, other: &Duty, together: &[Duty]) -> Clash {
    if own.backup == other.backup {
        // One machine is worked once, and one decision is made once, for however many functions;
        // a deputy does the work of each.
        if own.function >= other.function || own.part != Part::Deputy {
            return Clash::None;
        }
        return match carries(case, together) {
            None => Clash::Between(*other, *own),
            Some(true) => Clash::None,
            Some(false) => Clash::SaidElsewhere,
        };
    }
    let deputies = own.part == Part::Deputy && other.part == Part::Deputy;
    if own.function == other.function && (!deputies || own.primary == other.primary) {
        return Clash::None;
    }
    if own.backup < other.backup { Clash::SaidElsewhere } else { Clash::Between(*own, *other) }
}

/// Whether what the backup covers is enough for every function that the loss calls on it for;
/// `None` where it is not stated.
fn carries(case: &BackupCase<'_>, together: &[Duty]) -> Option<bool> {
    let covers = case.backup.load(Head::Covers)?.amount;
    let mut sum = Number::zero();
    for duty in together.iter().filter(|duty| duty.backup == case.backup.id) {
        let function = case.functions.iter().find(|f| f.id == duty.function)?;
        let (_, load) = demanded(function)?;
        if load.amount.dimension != covers.dimension {
            return None;
        }
        sum = sum.checked_add(&load.amount.number)?;
    }
    Some(sum <= covers.number)
}

fn finding(case: &BackupCase<'_>, person: ItemId, own: &Duty, other: &Duty) -> Diagnostic {
    let named = |id: ItemId| case.element(id);
    let name = |id: ItemId| named(id).map_or(String::new(), |e| e.name().to_owned());
    let who = name(person);
    let loss = loss_words(own.lost.0, &name(own.lost.1));
    let message = match own.function == other.function {
        true => format!("{loss} calls on `{who}` for two jobs at once"),
        false => format!(
            "{loss} calls on `{who}` for `{}` and for `{}` at once",
            name(other.function),
            name(own.function)
        ),
    };
    let backup = case.backup;
    let at = backup.mention(person).unwrap_or(backup.name_at());
    let mut finding = Diagnostic::new(&RULE, at, message).here(part_words(&who, own, backup));
    if let Some(second) = named(other.backup).filter(|b| b.id != backup.id) {
        finding = finding.also(second.name_at(), part_words(&who, other, &second));
    }
    if let Some(declared) = named(person).filter(|e| e.id != backup.id && e.id != other.backup) {
        finding = finding.also(declared.name_at(), format!("`{who}` is declared here"));
    }
    finding
        .note(
            "one person does one thing at a time: of what is called on together, the second waits",
        )
        .help(format!(
            "name somebody else for one of them, or people who can share it: `1 of [{who}, …]`"
        ))
}

fn part_words(who: &str, duty: &Duty, backup: &Element) -> String {
    let name = backup.name();
    match duty.part {
        Part::Deputy if name == who => format!("`{who}` stands in here"),
        Part::Deputy => format!("`{name}` is the work of `{who}`"),
        Part::Hands => format!("`{name}` needs the hands of `{who}`"),
        Part::Authority => format!("only `{who}` may decide on `{name}`"),
    }
}
