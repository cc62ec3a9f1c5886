//! `authority-without-access`: Who decides in place of another has no way in when that other is lost.

use rbp_grammar::head::Head;

use crate::analysis::Rests;
use crate::diagnostic::Diagnostic;
use crate::model::{Activation, AuthorityView, Element, NeedView};
use crate::names::ItemId;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "authority-without-access",
    Error,
    Activation,
    "Who decides in place of another has no way in when that other is lost.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let Some(activation) = case.backup.activation() else { return };
    let succession = activation.succession();
    let ways = ways(&activation);
    let people: Vec<ItemId> =
        succession.iter().flat_map(|step| &step.who.of).map(|target| target.id).collect();
    if people.len() < 2 || ways.is_empty() {
        return;
    }
    let start: Vec<ItemId> = people
        .iter()
        .copied()
        .chain(ways.iter().flat_map(|way| way.of.iter().map(|target| target.id)))
        .collect();
    let rests = Rests::of(case.db, case.here, &start, |_| true);
    for lost in rests.elements.iter().filter(|e| e.is("actor")) {
        let fallen = rests.falls_with(&[lost.id]);
        let left = succession.iter().find(|step| !fallen.unmet(&step.who));
        let shut = ways.iter().find(|way| fallen.unmet(way));
        if let (Some(left), Some(shut)) = (left, shut) {
            return out.refuted(finding(case, lost, left, shut));
        }
    }
    if rests.incomplete { out.undecided() } else { out.proved() }
}

/// What must be there to get in.
fn ways<'a>(activation: &Activation<'a>) -> Vec<NeedView<'a>> {
    let mut ways: Vec<NeedView<'a>> =
        [Head::With, Head::FundedBy].iter().flat_map(|head| activation.needs_of(*head)).collect();
    for (via, _, at) in activation.reaches() {
        for target in via {
            let (head, of) = (Head::Reach, vec![target]);
            ways.push(NeedView { head, count: 1, of, named: 1, to_run: false, at });
        }
    }
    ways
}

fn finding(
    case: &BackupCase<'_>,
    lost: &Element,
    left: &AuthorityView<'_>,
    shut: &NeedView<'_>,
) -> Diagnostic {
    let names: Vec<String> = shut.of.iter().map(|t| format!("`{}`", t.name.text)).collect();
    let who: Vec<String> = left.who.of.iter().map(|t| format!("`{}`", t.name.text)).collect();
    let message = format!(
        "without `{}`, {} may decide on `{}` and cannot get in: {} is gone too",
        lost.name(),
        who.join(", "),
        case.backup.name(),
        names.join(", ")
    );
    Diagnostic::new(&RULE, left.who.at, message)
        .here("may decide")
        .also(shut.at, format!("falls with `{}`", lost.name()))
        .also(lost.name_at(), format!("`{}` is declared here", lost.name()))
        .note("an order of succession hands on the decision; it must hand on keys and ways in as well")
        .help("give each of them a way in of their own: `with 1 of [key-a, key-b]`")
}
