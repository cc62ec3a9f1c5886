//! Losses that take a primary together with every backup that stands in for it, sorted by what
//! defeats the backup.

use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use crate::analysis::{Cone, Cut, Fall, Index, Loss, Part, Reason};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::Element;
use crate::names::ItemId;
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

/// A loss that takes a primary and its backups.
struct Defeat<'a> {
    cone: &'a Cone,
    loss: Loss,
    primary: Index,
    to_primary: &'a [Index],
    backups: &'a [Fall],
    effect: Effect,
}

/// What becomes of the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It ends.
    Ends,
    /// Another backup stands in, too late.
    Late,
    /// Another backup may stand in; this one never can.
    Useless,
}

/// Reports every loss of the class; proved where backups stand in and there is none. A backup that
/// is not credible is looked at as well, so that all that is wrong with it is said at once.
pub(super) fn report(
    case: &FunctionCase<'_>,
    out: &mut Outcomes<'_>,
    rule: &'static Rule,
    class: Class,
) {
    let analysis = case.analysis;
    let mut found = defeats(&analysis.cone, &analysis.cuts, &analysis.own_falls);
    if let Some(declared) = &analysis.declared {
        found.extend(defeats(&declared.cone, &declared.cuts, &declared.own_falls));
    }
    found.extend(late(case));
    let mut said: Vec<((LossSort, ItemId), ItemId)> = Vec::new();
    for defeat in found.iter().filter(|defeat| classify(defeat) == class) {
        let lost = (defeat.loss.sort, defeat.cone.lost(defeat.loss).id);
        let backups = defeat.backups.iter().filter_map(|f| defeat.cone.elements.get(f.backup));
        let new: Vec<_> = backups.map(|b| (lost, b.id)).filter(|b| !said.contains(b)).collect();
        if !new.is_empty() {
            said.extend(new);
            out.refuted_by(vec![lost], finding(case, rule, class, defeat));
        }
    }
    if said.is_empty() && !analysis.cone.stand_ins.is_empty() {
        out.proved();
    }
}

/// What ends the function first, then the backups that fall with what they stand in for.
fn defeats<'a>(cone: &'a Cone, cuts: &'a [Cut], own: &'a [(Loss, Fall)]) -> Vec<Defeat<'a>> {
    let ending = cuts.iter().filter_map(|cut| {
        let Reason::Defeated { primary, to_primary, backups } = &cut.reason else { return None };
        let (primary, loss) = (*primary, cut.loss);
        Some(Defeat { cone, loss, primary, to_primary, backups, effect: Effect::Ends })
    });
    let useless = own.iter().map(|(loss, fall)| {
        let backups = std::slice::from_ref(fall);
        Defeat {
            cone,
            loss: *loss,
            primary: loss.of,
            to_primary: &[],
            backups,
            effect: Effect::Useless,
        }
    });
    ending.chain(useless).collect()
}

/// The backups that cannot be called on after a loss from which the function comes back too late.
fn late<'a>(case: &FunctionCase<'a>) -> Vec<Defeat<'a>> {
    let cone = &case.analysis.cone;
    let mut found = Vec::new();
    for restored in &case.analysis.restored {
        let loss = restored.loss;
        let bound = case.function.objective(Head::Rto, loss.sort, cone.lost(loss));
        if bound.is_none_or(|bound| restored.ms <= bound.ms) {
            continue;
        }
        for fall in &restored.fallen {
            let primary = cone.elements.get(fall.backup).and_then(|backup| backup.primary());
            let primary = primary.and_then(|p| cone.index.get(&p.id).copied());
            let backups = std::slice::from_ref(fall);
            found.extend(primary.map(|primary| Defeat {
                cone,
                loss,
                primary,
                to_primary: &[],
                backups,
                effect: Effect::Late,
            }));
        }
    }
    found
}

fn classify(defeat: &Defeat<'_>) -> Class {
    let lost = defeat.cone.lost(defeat.loss);
    let credential = lost.is("credential");
    match defeat.loss.sort {
        LossSort::Corrupted => return Class::Corruption,
        LossSort::Compromised => return Class::Controller,
        LossSort::Lost => {}
    }
    match defeat.backups.first() {
        None if credential => Class::Credential,
        None => Class::Dependency,
        Some(fall) if fall.part == Part::Itself && credential => Class::Credential,
        Some(fall) if fall.part == Part::Itself => Class::Dependency,
        Some(fall) if fall.way.contains(&defeat.primary) => Class::Loop,
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
    let cone = defeat.cone;
    let function = case.function.name();
    let primary = &cone.elements[defeat.primary];
    let first = defeat.backups.first();
    let backup = first.and_then(|fall| cone.elements.get(fall.backup)).unwrap_or(primary);
    let lost = cone.lost(defeat.loss);
    let (l, p, b) = (lost.name(), primary.name(), backup.name());
    let part = first.map_or(Part::Itself, |fall| fall.part);
    let way = first.map_or(&[][..], |fall| fall.way.as_slice());

    let message = match class {
        Class::Dependency if defeat.effect == Effect::Useless => {
            format!("`{b}` rests on `{l}`, the very thing that it stands in for")
        }
        Class::Dependency if lost.id == primary.id => {
            format!(
                "`{b}` rests on `{l}`, the very thing that it stands in for: losing it alone ends `{function}`"
            )
        }
        Class::Dependency if defeat.effect == Effect::Late => {
            format!("losing `{l}` takes both `{p}` and its backup `{b}`")
        }
        Class::Dependency => {
            format!("losing `{l}` takes both `{p}` and its backup `{b}`, and ends `{function}`")
        }
        Class::Credential => {
            format!("both `{p}` and its backup `{b}` hang on the credential `{l}`")
        }
        Class::Activation => {
            format!("losing `{l}` takes `{p}` and also {} its backup `{b}`", part.words())
        }
        Class::Loop if lost.id == primary.id => {
            format!("{} `{b}` rests on `{p}`, which is what was lost", part.words())
        }
        Class::Loop => {
            format!("{} `{b}` rests on `{p}`, which is lost with `{l}`", part.words())
        }
        Class::Corruption if defeat.effect != Effect::Ends => {
            format!("what is wrong in `{l}` is soon wrong in its copy `{b}`")
        }
        Class::Corruption => format!(
            "what is wrong in `{l}` is soon wrong in its copy `{b}`: corruption ends `{function}`"
        ),
        Class::Controller => {
            format!("whoever takes over `{l}` can destroy both `{p}` and its backup `{b}`")
        }
    };
    let at = place(backup, way, cone);
    let mut finding = Diagnostic::new(rule, at, message)
        .here(here(class, b, l))
        .also(primary.name_at(), format!("the primary `{p}`"));
    let also = first.map_or(&[][..], |fall| fall.also.as_slice());
    let mut places = vec![at];
    for (part, way) in also {
        let at = place(backup, way, cone);
        if !places.contains(&at) {
            places.push(at);
            finding = finding.also(at, format!("{} falls as well", part.noun()));
        }
    }
    if lost.id != primary.id {
        finding = finding.also(lost.name_at(), format!("`{l}` is declared here"));
    }
    let ways = std::iter::once(defeat.to_primary).chain(defeat.backups.iter().flat_map(Fall::ways));
    for names in ways.map(|way| from_loss(defeat, way)).filter(|names| names.len() > 1) {
        finding = finding.path(names);
    }
    for other in defeat.backups.iter().skip(1).filter_map(|f| cone.elements.get(f.backup)) {
        finding = finding.also(other.name_at(), format!("`{}` falls as well", other.name()));
    }
    finding
        .note(match defeat.effect {
            Effect::Ends => format!(
                "so `{l}` is a single point of failure of `{function}`, in spite of the backup"
            ),
            Effect::Late => format!("what else stands in brings `{function}` back too late"),
            Effect::Useless if defeat.loss.sort == LossSort::Lost => format!(
                "by itself `{b}` never can stand in when `{p}` is lost: only where another backup has brought it back before"
            ),
            Effect::Useless => format!("whatever else stands in, `{b}` never can"),
        })
        .help(cure(class, &from_loss(defeat, way), l, b, p))
}

/// The names along a way, from what is lost on. What is wrong spreads before anything falls: from a
/// principal to what it controls, from a record to the copies that follow it.
fn from_loss(defeat: &Defeat<'_>, way: &[Index]) -> Vec<String> {
    let cone = defeat.cone;
    let lost = cone.lost(defeat.loss);
    let mut names = cone.names(way);
    let mut first = way.first().and_then(|at| cone.elements.get(*at));
    // A chain of copies is never longer than the cone.
    for _ in 0..cone.elements.len() {
        let Some(element) = first.filter(|e| e.id != lost.id) else { return names };
        if element.named(Head::ControlledBy).iter().any(|c| c.id == lost.id) {
            names.insert(0, lost.name().to_owned());
            return names;
        }
        first = element.primary().and_then(|p| cone.elements.get(*cone.index.get(&p.id)?));
        names.extend(first.map(|e| e.name().to_owned()));
        names.rotate_right(usize::from(first.is_some()));
    }
    names
}

fn here(class: Class, backup: &str, lost: &str) -> String {
    match class {
        Class::Corruption => format!("`{backup}` follows `{lost}`"),
        Class::Controller => format!("`{lost}` controls `{backup}` too"),
        _ => format!("`{backup}` falls with `{lost}`"),
    }
}

fn cure(class: Class, way: &[String], lost: &str, backup: &str, primary: &str) -> String {
    // The element nearest the loss that could be given another source.
    let hinge = match way {
        [.., hinge, _] if way.len() > 2 || hinge != lost => way.get(1).unwrap_or(hinge),
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
fn place(backup: &Element, way: &[Index], cone: &Cone) -> Anchor {
    let before =
        way.iter().rev().filter_map(|at| cone.elements.get(*at)).find(|e| e.id != backup.id);
    before.and_then(|element| backup.mention(element.id)).unwrap_or(backup.name_at())
}
