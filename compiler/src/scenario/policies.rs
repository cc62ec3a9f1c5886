//! What is expected of a policy: that it passes on a day, or that it fails.

use rbp_grammar::ast::Outcome;

use super::Verdict;
use super::expect::Judged;
use super::play::Stage;
use crate::db::Workspace;
use crate::model::{Expected, Policy};
use crate::policy::on_day;
use crate::rules;

/// Judges the policy on everything in the package of the scenario, or on one element.
pub(super) fn judge(
    stage: &Stage<'_>,
    expected: &Expected<'_>,
    policy: &Policy,
    judged: &mut Judged,
) {
    if policy.is_partial() {
        judged.got = "the policy could not be understood; `rbp check` says why".into();
        return;
    }
    let (db, package) = (stage.db, stage.here.package(stage.db));
    let files = Workspace::get(db).files(db).iter().flatten();
    let files = files.filter(|at| at.package(db) == package);
    let outcomes = files.flat_map(|at| on_day(db, *at, policy, stage.day));
    let outcomes: Vec<_> =
        outcomes.filter(|o| expected.on.is_none_or(|on| o.subject == on)).collect();
    let ended = |wanted| outcomes.iter().filter(move |o| o.verdict == wanted);
    let broken = ended(rules::Verdict::Refuted).count();
    let unknown = ended(rules::Verdict::Unknown).count();
    let passes = expected.outcome == Outcome::Passes;
    (judged.verdict, judged.got) = match (outcomes.len(), broken, unknown) {
        (0, ..) => (Verdict::Open, "it concerns nothing".into()),
        (_, 0, 0) if passes => (Verdict::Passed, "every rule of it is kept".into()),
        (_, 0, 0) => (Verdict::Failed, "every rule of it is kept".into()),
        (_, 0, _) => (Verdict::Open, "whether it passes cannot be told".into()),
        _ if passes => (Verdict::Failed, "a rule of it is broken".into()),
        _ => (Verdict::Passed, "a rule of it is broken".into()),
    };
    let sort = if broken > 0 { rules::Verdict::Refuted } else { rules::Verdict::Unknown };
    for finding in ended(sort).filter_map(|o| o.finding.as_deref()) {
        judged.notes.push(finding.message.clone());
        judged.notes.extend(finding.notes.iter().map(|note| format!("  {note}")));
    }
}
