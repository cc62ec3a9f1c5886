//! Losses that take a primary together with every backup that stands in for it, sorted by what
//! defeats the backup.

use rbp_grammar::ast::LossSort;

use crate::analysis::{Cut, Index, Part, Reason};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::rules::{FunctionCase, Outcomes, Rule};

/// What defeats the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It rests on what is lost.
    Dependency,
    /// What is lost is a credential.
    Credential,
    /// Its activation falls with the primary, for a reason of both.
    Activation,
    /// Its activation rests on the primary itself.
    Loop,
    /// The copy follows what is wrong.
    Corruption,
    /// One principal reaches both.
    Controller,
}

/// A defeated backup: the way to it and the part that falls.
struct Defeat<'a> {
    cut: &'a Cut,
    primary: Index,
    to_primary: &'a [Index],
    backups: &'a [(Index, Part, Vec<Index>)],
}

/// Reports every cut of the class; proved where backups stand in and there is none.
pub(super) fn report(
    case: &FunctionCase<'_>,
    out: &mut Outcomes<'_>,
    rule: &'static Rule,
    class: Class,
) {
    let mut none = true;
    for cut in &case.analysis.cuts {
        let Reason::Defeated { primary, to_primary, backups } = &cut.reason else { continue };
        let defeat = Defeat { cut, primary: *primary, to_primary, backups };
        if classify(case, &defeat) == class {
            none = false;
            out.refuted_by(vec![case.loss(cut.loss)], finding(case, rule, class, &defeat));
        }
    }
    if none && !case.analysis.cone.stand_ins.is_empty() {
        out.proved();
    }
}

fn classify(case: &FunctionCase<'_>, defeat: &Defeat<'_>) -> Class {
    let lost = case.analysis.cone.lost(defeat.cut.loss);
    let credential = lost.is("credential");
    match defeat.cut.loss.sort {
        LossSort::Corrupted => return Class::Corruption,
        LossSort::Compromised => return Class::Controller,
        LossSort::Lost => {}
    }
    match defeat.backups.first() {
        Some((_, Part::Itself, _)) | None if credential => Class::Credential,
        Some((_, Part::Itself, _)) | None => Class::Dependency,
        Some((_, _, way)) if way.contains(&defeat.primary) => Class::Loop,
        Some(_) if credential => Class::Credential,
        Some(_) => Class::Activation,
    }
}

fn finding(
    case: &FunctionCase<'_>,
    rule: &'static Rule,
    class: Class,
    defeat: &Defeat<'_>,
) -> Diagnostic {
    let cone = &case.analysis.cone;
    let function = case.function.name();
    let primary = &cone.elements[defeat.primary];
    let first = defeat.backups.first();
    let backup = first.and_then(|(at, _, _)| cone.elements.get(*at)).unwrap_or(primary);
    let lost = cone.lost(defeat.cut.loss);
    let (l, p, b) = (lost.name(), primary.name(), backup.name());
    let part = first.map_or(Part::Itself, |(_, part, _)| *part);

    let message = match class {
        Class::Dependency if lost.id == primary.id => {
            format!(
                "`{b}` rests on `{l}`, the very thing that it stands in for: losing it alone ends `{function}`"
            )
        }
        Class::Dependency => {
            format!("losing `{l}` takes both `{p}` and its backup `{b}`, and ends `{function}`")
        }
        Class::Credential => {
            format!("both `{p}` and its backup `{b}` hang on the credential `{l}`")
        }
        Class::Activation => {
            format!("losing `{l}` takes `{p}` and also {} its backup `{b}`", part_words(part))
        }
        Class::Loop => {
            format!("{} `{b}` rests on `{p}`, which is what was lost", capital(part_words(part)))
        }
        Class::Corruption => format!(
            "what is wrong in `{l}` is soon wrong in its copy `{b}`: corruption ends `{function}`"
        ),
        Class::Controller => {
            format!("whoever takes over `{l}` can destroy both `{p}` and its backup `{b}`")
        }
    };
    let place = place(backup, first.map_or(&[][..], |(_, _, way)| way), cone);
    let mut finding = Diagnostic::new(rule, place, message)
        .here(here(class, b, l))
        .also(primary.name_at(), format!("the primary `{p}`"));
    if lost.id != primary.id {
        finding = finding.also(lost.name_at(), format!("`{l}` is declared here"));
    }
    if defeat.to_primary.len() > 1 {
        finding = finding.path(case.names(defeat.to_primary));
    }
    for (_, _, way) in defeat.backups {
        finding = finding.path(case.names(way));
    }
    for (other, _, _) in defeat.backups.iter().skip(1) {
        finding = finding
            .note(format!("its other backup `{}` falls as well", cone.elements[*other].name()));
    }
    finding
        .note(format!(
            "so `{l}` is a single point of failure of `{function}`, in spite of the backup"
        ))
        .help(cure(class, &names_of(cone, first), l, b, p))
}

fn names_of<'a>(
    cone: &'a crate::analysis::Cone,
    first: Option<&(Index, Part, Vec<Index>)>,
) -> Vec<&'a str> {
    let way = first.map_or(&[][..], |(_, _, way)| way);
    way.iter().filter_map(|at| cone.elements.get(*at)).map(|e| e.name()).collect()
}

fn part_words(part: Part) -> &'static str {
    match part {
        Part::Itself => "what makes up",
        Part::Detection => "the detection that would activate",
        Part::Decision => "everybody who may activate",
        Part::Access => "the access to",
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

fn here(class: Class, backup: &str, lost: &str) -> String {
    match class {
        Class::Corruption => format!("`{backup}` follows `{lost}`"),
        Class::Controller => format!("`{lost}` controls `{backup}` too"),
        _ => format!("`{backup}` falls with `{lost}`"),
    }
}

fn cure(class: Class, way: &[&str], lost: &str, backup: &str, primary: &str) -> String {
    // The element nearest the loss that could be given another source.
    let hinge = match way {
        [.., hinge, _] if way.len() > 2 || *hinge != lost => way.get(1).copied().unwrap_or(*hinge),
        _ => backup,
    };
    match class {
        Class::Dependency => {
            format!("give `{hinge}` a supply of its own that does not rest on `{lost}`")
        }
        Class::Credential => {
            format!("give `{backup}` a credential of its own, kept apart from `{lost}`")
        }
        Class::Activation => {
            format!("add an observer, an authority or a way in that does not rest on `{lost}`")
        }
        Class::Loop => {
            format!("let it rest on something that is still there when `{primary}` is lost")
        }
        Class::Corruption => format!(
            "make a copy of `{primary}` `immutable`, or `delayed by` more than it takes to notice"
        ),
        Class::Controller => {
            format!("put `{backup}` under another controller than `{lost}`, or make it `immutable`")
        }
    }
}

/// The name in the backup through which the loss reaches it; its own name where there is none.
fn place(backup: &Element, way: &[Index], cone: &crate::analysis::Cone) -> Anchor {
    let before =
        way.iter().rev().filter_map(|at| cone.elements.get(*at)).find(|e| e.id != backup.id);
    before.and_then(|element| backup.mention(element.id)).unwrap_or(backup.name_at())
}
