//! JUnit XML: a suite for each file, a case for each scenario.

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};
use rbp_compiler::diagnostic::Places;
use rbp_compiler::scenario::{Played, Verdict};

use super::{Run, UNREAD, told, unread};
use crate::Failure;

pub(super) fn render(run: &Run<'_>) -> Result<String, Failure> {
    let mut xml = Xml::new("rbp test");
    let mut suites: Vec<TestSuite> = Vec::new();
    let mut add = |path: &str, case: TestCase| {
        match suites.iter_mut().find(|suite| suite.name.as_str() == path) {
            Some(suite) => {
                suite.add_test_case(case);
            }
            None => {
                let mut suite = TestSuite::new(path);
                suite.add_test_case(case);
                suites.push(suite);
            }
        };
    };
    for played in run.played {
        add(run.session.path(played.scenario.id.file), case(run, played));
    }
    for at in run.unread {
        let (path, line) = run.place(*at);
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(UNREAD);
        let mut case = TestCase::new(format!("line {line}"), status);
        case.set_classname("unread");
        add(&path, case);
    }
    xml.add_test_suites(suites);
    let text = xml.to_string();
    text.map(|text| text.trim_end().to_owned() + "\n")
        .map_err(|error| Failure::new(format!("cannot write JUnit XML: {error}")))
}

fn case(run: &Run<'_>, played: &Played) -> TestCase {
    let status = match played.verdict() {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed => unmet(run, played, NonSuccessKind::Failure),
        // It was not shown to fail, and it is no pass.
        Verdict::Open => unmet(run, played, NonSuccessKind::Error),
    };
    let mut case = TestCase::new(played.scenario.name(), status);
    case.set_classname("scenario");
    case
}

fn unmet(run: &Run<'_>, played: &Played, kind: NonSuccessKind) -> TestCaseStatus {
    let unmet = played.expectations.iter().filter(|j| j.verdict != Verdict::Passed);
    let mut lines = Vec::new();
    let mut first = unread(played).map(str::to_owned);
    for judged in unmet {
        let (path, line) = run.place(judged.at);
        first = first.or_else(|| Some(format!("expected {}: {}", judged.words, judged.got)));
        lines.push(format!("{path}:{line}: expected {}", judged.words));
        lines.extend(told(judged).into_iter().map(|line| format!("  {line}")));
    }
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(first.unwrap_or_default());
    if !lines.is_empty() {
        status.set_description(lines.join("\n"));
    }
    status
}
