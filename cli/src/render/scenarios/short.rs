//! A line for each scenario, and one for each expectation that is not met.

use rbp_compiler::scenario::Verdict;

use super::{Run, UNREAD, missing, told, unread};
use crate::terminal::shown;

pub(super) fn render(run: &Run<'_>) -> String {
    let mut lines = Vec::new();
    for played in run.played {
        let (path, line) = run.place(played.scenario.name_at());
        let verdict = played.verdict();
        let name = played.scenario.name();
        if !(run.quiet && verdict == Verdict::Passed) {
            let why = unread(played).map_or(String::new(), |why| format!(" ({why})"));
            lines.push(format!("{path}:{line}: {}: {name}{why}", verdict.word()));
        }
        for judged in played.expectations.iter().filter(|j| j.verdict != Verdict::Passed) {
            let (path, line) = run.place(judged.at);
            let words = told(judged).join("; ");
            lines.push(format!("{path}:{line}: {name}: expected {}, got: {words}", judged.words));
        }
    }
    for at in run.unread {
        let (path, line) = run.place(*at);
        lines.push(format!("{path}:{line}: open: {UNREAD}"));
    }
    for one in run.coverage.iter().flat_map(|(unexercised, _)| *unexercised) {
        let (path, line) = run.place(one.backup.name_at());
        let words = missing(one).join("; ");
        lines.push(format!("{path}:{line}: not exercised: {} {words}", one.backup.name()));
    }
    lines.into_iter().map(|line| shown(&line).replace('\n', " ") + "\n").collect()
}
