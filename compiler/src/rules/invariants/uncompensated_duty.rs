//! `uncompensated-duty`: People carry the duty of a backup unpaid, or were not asked.

use rbp_grammar::head::Head;

use crate::db::Day;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::names::ItemId;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "uncompensated-duty",
    Error,
    Invariants,
    "People carry the duty of a backup unpaid, or were not asked.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    let mut proved = None;
    if backup.is("actor") || backup.word(Head::Readiness) == Some("trained") {
        proved = Some(!lapsed(backup, case.as_of));
        if let Some(finding) = unfair(backup, "stands in for others") {
            proved = Some(false);
            out.refuted(finding);
        }
    }
    for id in called(backup) {
        let Some(rota) = case.element(id).filter(|e| is_rota(e)) else { continue };
        let fair = unfair(&rota, "is on call");
        let known = !rota.is_partial() && !lapsed(&rota, case.as_of);
        proved = Some(proved != Some(false) && fair.is_none() && known);
        if let Some(finding) = fair {
            out.refuted(finding);
        }
    }
    if proved == Some(true) {
        out.proved();
    }
}

/// Whoever decides on it, puts it in place or works it.
fn called(backup: &Element) -> Vec<ItemId> {
    let mut called = backup.needs();
    called.extend(backup.needs_of(Head::InstalledBy));
    if let Some(activation) = backup.activation() {
        called.extend(activation.succession().into_iter().filter(|a| !a.automatic).map(|a| a.who));
    }
    let mut ids: Vec<ItemId> = called.iter().flat_map(|need| &need.of).map(|t| t.id).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// People who take turns at being on call, by the kind of that name.
fn is_rota(element: &Element) -> bool {
    let lineage = element.lineage.as_ref();
    element.is("actor") && lineage.is_some_and(|l| l.kinds.iter().any(|(_, name)| name == "rota"))
}

/// Whether what they have is a contract that has ended: it settles nothing any more, and
/// `lapsed-contract` says so.
fn lapsed(people: &Element, as_of: Day) -> bool {
    let settled = people.has(Head::Compensated) && people.has(Head::AgreedBy);
    let ended = people.day(Head::ContractUntil).is_none_or(|end| as_of > end);
    !settled && people.has(Head::ContractUntil) && ended
}

/// What is missing. A contract settles both: what is paid, and that it was agreed.
fn unfair(people: &Element, what: &str) -> Option<Diagnostic> {
    if people.is_broken() || people.has(Head::ContractUntil) {
        return None;
    }
    let (paid, agreed) = (people.has(Head::Compensated), people.has(Head::AgreedBy));
    let name = people.name();
    let (missing, help) = match (paid, agreed) {
        (true, true) => return None,
        (false, true) => {
            ("nobody says that the duty is paid", "pay for the duty and say so: `compensated`")
        }
        (true, false) => ("nobody says that they agreed", "ask them and say so: `agreed by …`"),
        (false, false) => (
            "nobody says that the duty is paid, or that they agreed",
            "pay for the duty, ask those who carry it, and say so: `compensated  agreed by …`",
        ),
    };
    let finding = Diagnostic::new(&RULE, place(people), format!("`{name}` {what}, and {missing}"))
        .note("a duty that is not paid or not agreed to is the first to be dropped, and an unfair one while it lasts")
        .help(help);
    // Where they have agreed, all that is missing is a word.
    match agreed && !people.all_clauses().is_empty() {
        true => Some(finding.edit(people.end_at(), "  compensated")),
        false => Some(finding),
    }
}

fn place(people: &Element) -> Anchor {
    match people.has(Head::AgreedBy) {
        true => people.clause_at(Head::AgreedBy),
        false => people.clause_at(Head::Compensated),
    }
}
