//! A line for each finding: `path:line:column: error[rule]: message (help: …)`.

use super::Report;
use crate::terminal::shown;

pub(super) fn render(report: &Report<'_>) -> String {
    let lines = report.diagnostics().map(|d| {
        let (path, span) = (report.places.path(d.primary.at.file), report.span(d.primary.at));
        let help = d.help.as_ref().map_or(String::new(), |help| format!(" (help: {help})"));
        let line = format!(
            "{path}:{}:{}: {}[{}]: {}{help}",
            span.line,
            span.column,
            d.level.word(),
            d.rule.slug,
            d.message
        );
        shown(&line).replace('\n', " ") + "\n"
    });
    lines.collect()
}
