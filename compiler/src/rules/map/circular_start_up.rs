//! `circular-start-up`: Elements that need one another to start: once stopped, none comes back.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "circular-start-up",
    Error,
    SinglePoints,
    "Elements that need one another to start: once stopped, none comes back.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    if case.analysis.loops.is_empty() {
        return out.proved();
    }
    for members in &case.analysis.loops {
        out.refuted(finding(case, members));
    }
}

fn finding(case: &FunctionCase<'_>, members: &[usize]) -> Diagnostic {
    let cone = &case.analysis.cone;
    let ring = ring(case, members);
    let names = case.analysis.cone.names(&ring);
    let first = ring.first().and_then(|at| cone.elements.get(*at)).unwrap_or(case.function);
    let message = match names.len() {
        2 if names.first() == names.last() => format!("`{}` needs itself to start", first.name()),
        _ => format!(
            "once stopped, `{}` cannot start: what it needs waits for it in turn",
            first.name()
        ),
    };
    let mut finding = Diagnostic::new(&RULE, first.clause_at(Head::Needs), message).path(names);
    for at in ring.iter().skip(1).take(ring.len().saturating_sub(2)) {
        if let Some(element) = cone.elements.get(*at) {
            finding = finding
                .also(element.name_at(), format!("`{}` is part of the loop", element.name()));
        }
    }
    finding
        .note("a loop of needs goes on running, but after a full stop nothing in it can be the first to start")
        .help("mark the need that is no bar to starting with `to run`, or give one of them another source")
}

/// A ring of needs through the members, first and last the same.
fn ring(case: &FunctionCase<'_>, members: &[usize]) -> Vec<usize> {
    let cone = &case.analysis.cone;
    let mut ring: Vec<usize> = members.first().copied().into_iter().collect();
    while let Some(element) = ring.last().and_then(|at| cone.elements.get(*at)) {
        let needs = element.needs();
        let targets = needs.iter().filter(|need| !need.to_run).flat_map(|need| &need.of);
        let next = targets.filter_map(|t| cone.index.get(&t.id)).find(|at| members.contains(at));
        let Some(next) = next else { break };
        if let Some(start) = ring.iter().position(|at| at == next) {
            ring.push(*next);
            return ring.split_off(start);
        }
        ring.push(*next);
    }
    ring
}
