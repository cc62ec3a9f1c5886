//! `single-point-of-failure`: One loss ends a function, and no backup addresses it.

use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::analysis::{Cut, Reason, coverage_gaps, holds_out_for, protectors_from};
use crate::diagnostic::Diagnostic;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "single-point-of-failure",
    Error,
    SinglePoints,
    "One loss ends a function, and no backup addresses it.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let mut cuts =
        case.analysis.cuts.iter().filter(|cut| cut.reason == Reason::Unaddressed).peekable();
    if cuts.peek().is_none() {
        return out.proved();
    }
    for cut in cuts {
        out.refuted_by(vec![case.loss(cut.loss)], finding(case, cut));
    }
}

fn finding(case: &FunctionCase<'_>, cut: &Cut) -> Diagnostic {
    let cone = &case.analysis.cone;
    let (function, lost) = (case.function.name(), cone.lost(cut.loss));
    let name = lost.name();
    let message = match cut.loss.sort {
        LossSort::Lost => format!("`{name}` alone ends `{function}`, and no backup addresses that"),
        LossSort::Corrupted => {
            format!("corruption of `{name}` alone ends `{function}`, and no backup addresses that")
        }
        LossSort::Compromised => {
            format!("whoever takes over `{name}` ends `{function}`, and no backup addresses that")
        }
    };
    let mut finding = Diagnostic::new(&RULE, case.entry(&cut.path), message)
        .here(case.entry_words(&cut.path))
        .also(lost.name_at(), format!("`{name}` is declared here"))
        .path(case.analysis.cone.names(&cut.path));
    for note in useless_backups(case, cut) {
        finding = finding.note(note);
    }
    finding.help(cure(case, cut))
}

fn cure(case: &FunctionCase<'_>, cut: &Cut) -> String {
    let cone = &case.analysis.cone;
    let lost = cone.lost(cut.loss);
    let name = lost.name();
    let needed = cut.path.iter().rev().nth(1).and_then(|at| cone.elements.get(*at));
    let needed = needed.map_or(name, |e| e.name());
    match cut.loss.sort {
        LossSort::Corrupted => format!(
            "keep a copy of `{name}` that is `immutable`, or `delayed by` more than it takes to notice"
        ),
        LossSort::Compromised => {
            format!("keep a backup that `{name}` does not control, or one that is `immutable`")
        }
        LossSort::Lost if lost.is("place") || lost.is("hazard") => {
            format!(
                "keep a backup for `{needed}` that does not stand in `{name}`, or accept the loss with a reason and an end"
            )
        }
        LossSort::Lost if needed == name => {
            format!("keep a backup for `{name}`, or depend on `1 of [{name}, …]`")
        }
        LossSort::Lost => format!(
            "keep a backup for `{needed}` that does not rest on `{name}`, or depend on `1 of [{needed}, …]`"
        ),
    }
}

/// The backups that would address the loss if they counted.
fn useless_backups(case: &FunctionCase<'_>, cut: &Cut) -> Vec<String> {
    let cone = &case.analysis.cone;
    let mut notes = Vec::new();
    for id in protectors_from(case.db, case.here, case.function.id) {
        let Some(backup) = case.element(*id) else { continue };
        let Some(primary) = backup.primary().and_then(|p| case.element(p.id)) else { continue };
        let on_path =
            cut.path.iter().any(|at| cone.elements.get(*at).is_some_and(|e| e.id == primary.id));
        let gaps = coverage_gaps(&backup, case.function, Some(&primary));
        let until = holds_out_for(case.db, case.here, &backup);
        let why = match gaps.first() {
            Some(gap) => gap.words(),
            None if until.is_some_and(|until| !cone.stands_in(until)) => {
                "what it holds out for does not"
            }
            None => continue,
        };
        if on_path {
            notes.push(format!("`{}` does not count: {why}", backup.name()));
        }
    }
    notes
}

impl FunctionCase<'_> {
    /// The place in the function through which a way from a loss enters it.
    pub fn entry(&self, path: &[usize]) -> crate::diagnostic::Anchor {
        let cone = &self.analysis.cone;
        let last = path.iter().rev().nth(1).and_then(|at| cone.elements.get(*at));
        // Gathered once: a function may fall with very many elements.
        let entries = self.entries.get_or_init(|| {
            let mut entries = FxHashMap::default();
            for need in self.function.needs_of(Head::DependsOn) {
                for target in &need.of {
                    entries.entry(target.id).or_insert(target.name.span);
                }
            }
            entries
        });
        let named = last.and_then(|last| entries.get(&last.id));
        named.map_or(self.function.name_at(), |span| self.function.at(*span))
    }

    /// What to say at that place.
    pub fn entry_words(&self, path: &[usize]) -> String {
        let cone = &self.analysis.cone;
        match (path.first(), path.iter().rev().nth(1)) {
            (Some(lost), Some(last)) if lost != last => {
                let names = [lost, last].map(|at| cone.elements.get(*at).map_or("", |e| e.name()));
                format!("`{}` falls with `{}`", names[1], names[0])
            }
            _ => format!("`{}` cannot do without it", self.function.name()),
        }
    }
}
