//! Whether a backup is kept up, and shown to work lately, by a test that proves what is claimed.

pub mod expired_stock;
pub mod failed_test;
pub mod lapsed_contract;
pub mod overdue_test;
pub mod retired_backup;
pub mod stale_evidence;
pub mod unmaintained_backup;
pub mod untested_backup;
pub mod untested_coverage;
pub mod weak_evidence;

use rbp_grammar::head::Head;

use crate::db::Day;
use crate::model::{Element, Test, TestResult};
use crate::rules::Rule;

/// The rules of this family.
pub(super) const RULES: &[&Rule] = &[
    &untested_backup::RULE,
    &failed_test::RULE,
    &overdue_test::RULE,
    &stale_evidence::RULE,
    &weak_evidence::RULE,
    &untested_coverage::RULE,
    &expired_stock::RULE,
    &lapsed_contract::RULE,
    &retired_backup::RULE,
    &unmaintained_backup::RULE,
];

/// How a test last went, where that is no later than the day of judgement.
pub(super) fn held<'a>(test: &Test<'a>, as_of: Day) -> Option<TestResult<'a>> {
    test.last_by(as_of)
}

/// The tests that count as evidence: passed, with a result that has not expired, and more than talk.
pub(super) fn evidence(backup: &Element, as_of: Day) -> impl Iterator<Item = Test<'_>> {
    backup.tests().into_iter().filter(move |test| {
        let fresh = test.expires().is_none_or(|end| as_of <= end);
        fresh && !is_tabletop(test) && held(test, as_of).is_some_and(|result| result.passed)
    })
}

/// Whether a test starts where its backup would: what is kept `cold` shows nothing of how it starts or
/// what it carries unless it was cold.
pub(super) fn starts_as_kept(test: &Test<'_>) -> bool {
    test.from_cold() || test.backup.word(Head::Readiness) != Some("cold")
}

/// Whether a test is talked through around a table: nothing is switched, restored or carried.
pub(super) fn is_tabletop(test: &Test<'_>) -> bool {
    test.exercise().is_some_and(|level| level.text == "tabletop")
}
