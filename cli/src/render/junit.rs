//! JUnit XML: a suite for each file, a case for each obligation, and one for the text itself.

use quick_junit::{NonSuccessKind, Report as Xml, TestCase, TestCaseStatus, TestSuite};
use rbp_compiler::check::Checked;
use rbp_compiler::diagnostic::{Diagnostic, FileId, Level};
use rbp_compiler::rules::Verdict;

use super::{Report, details};
use crate::Failure;

pub(super) fn render(report: &Report<'_>) -> Result<String, Failure> {
    let mut xml = Xml::new("rbp");
    for (file, checked) in report.checked {
        xml.add_test_suite(suite(report, *file, checked));
    }
    let text = xml.to_string();
    text.map(|text| text.trim_end().to_owned() + "\n")
        .map_err(|error| Failure::new(format!("cannot write JUnit XML: {error}")))
}

fn suite(report: &Report<'_>, file: FileId, checked: &Checked) -> TestSuite {
    let mut suite = TestSuite::new(report.places.path(file));
    for outcome in checked.obligations.iter() {
        let status = match (&outcome.finding, outcome.verdict) {
            (None, Verdict::Unknown) => failed("it rests on something that could not be read", ""),
            (Some(finding), Verdict::Refuted | Verdict::Unknown)
                if finding.level == Level::Error =>
            {
                failure(report, finding)
            }
            _ => TestCaseStatus::success(),
        };
        let name = match &outcome.finding {
            Some(finding) => format!("{}: {}", outcome.rule.slug, finding.message),
            None => outcome.rule.slug.to_owned(),
        };
        let mut case = TestCase::new(name, status);
        case.set_classname(outcome.rule.component.title());
        suite.add_test_case(case);
    }
    let known =
        |d: &&Diagnostic| checked.obligations.iter().any(|o| o.finding.as_deref() == Some(d));
    let rest: Vec<&Diagnostic> = checked.findings().filter(|d| !known(d)).collect();
    for d in rest.iter().filter(|d| d.level == Level::Error) {
        let mut case = TestCase::new(format!("{}: {}", d.rule.slug, d.message), failure(report, d));
        case.set_classname(d.rule.component.title());
        suite.add_test_case(case);
    }
    if suite.test_cases.is_empty() {
        suite.add_test_case(TestCase::new("the text", TestCaseStatus::success()));
    }
    suite
}

fn failure(report: &Report<'_>, d: &Diagnostic) -> TestCaseStatus {
    let (path, span) = (report.places.path(d.primary.at.file), report.span(d.primary.at));
    let mut text = format!("{path}:{}:{}", span.line, span.column);
    for line in details(d) {
        text += &format!("\n{line}");
    }
    failed(&d.message, &text)
}

fn failed(message: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message);
    if !text.is_empty() {
        status.set_description(text);
    }
    status
}
