//! `weaker-protection`: A backup is less protected than its primary.

use rbp_grammar::head::Head;

use super::{OPEN, holds_copy};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "weaker-protection",
    Error,
    Invariants,
    "A backup is less protected than its primary.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let (backup, Some(primary)) = (case.backup, &case.primary) else { return };
    let states = [Head::Data, Head::Encrypted, Head::Audited].iter().any(|h| primary.has(*h));
    if !states || !holds_copy(backup, primary) {
        return;
    }
    if backup.is_broken() {
        return out.proved();
    }
    let weak = weaknesses(backup, primary);
    if !weak.is_empty() {
        out.refuted(finding(backup, primary, &weak));
    } else if !primary.is_partial() {
        out.proved();
    }
}

/// One way in which the backup is less protected.
struct Weakness {
    /// What it is or is not.
    words: String,
    /// Where the primary says otherwise.
    primary_at: Anchor,
    /// What to add, where that can be known.
    add: Option<String>,
    /// Where the backup says so, where it says anything.
    at: Option<Anchor>,
}

fn weaknesses(backup: &Element, primary: &Element) -> Vec<Weakness> {
    let mut weak = Vec::new();
    // What anybody may see cannot be guarded less.
    let guarded = primary.word(Head::Data).filter(|class| !OPEN.contains(class));
    match (guarded, backup.word(Head::Data)) {
        (Some(class), None) => weak.push(Weakness {
            words: format!("does not say that it holds `data {class}`"),
            primary_at: primary.clause_at(Head::Data),
            add: Some(format!("data {class}")),
            at: None,
        }),
        (Some(class), Some(own)) if class != own => weak.push(Weakness {
            words: format!("holds `data {own}` where its primary holds `data {class}`"),
            primary_at: primary.clause_at(Head::Data),
            add: None,
            at: Some(backup.clause_at(Head::Data)),
        }),
        _ => {}
    }
    for head in [Head::Encrypted, Head::Audited] {
        if primary.has(head) && !backup.has(head) {
            weak.push(Weakness {
                words: format!("is not `{}`", head.words()),
                primary_at: primary.clause_at(head),
                add: Some(head.words().to_owned()),
                at: None,
            });
        }
    }
    weak
}

fn finding(backup: &Element, primary: &Element, weak: &[Weakness]) -> Diagnostic {
    let words: Vec<&str> = weak.iter().map(|w| w.words.as_str()).collect();
    let message = format!(
        "`{}` is less protected than its primary `{}`: it {}",
        backup.name(),
        primary.name(),
        words.join(", and it ")
    );
    let at = weak.iter().find_map(|w| w.at).unwrap_or(backup.name_at());
    let mut finding = Diagnostic::new(&RULE, at, message);
    for weakness in weak {
        finding = finding.also(weakness.primary_at, format!("`{}` is", primary.name()));
    }
    let add: Vec<&str> = weak.iter().filter_map(|w| w.add.as_deref()).collect();
    let help = match add.is_empty() {
        true => "classify both alike: whoever wants the data takes the copy that is guarded less"
            .to_owned(),
        false => {
            let words: Vec<String> = add.iter().map(|a| format!("`{a}`")).collect();
            format!("protect it as its primary is, and say so: {}", words.join(", "))
        }
    };
    let finding = finding
        .note("a copy that is easier to read than its original gives the original away")
        .help(help);
    match add.is_empty() {
        true => finding,
        false => finding.edit(backup.end_at(), format!("\n  {}", add.join("  "))),
    }
}
