//! One JSON document. Times are in milliseconds after the loss; `null` for never.

use rbp_compiler::diagnostic::Anchor;
use rbp_compiler::model::day_words;
use rbp_compiler::scenario::{Account, Judged, Moment, Played, Timeline, Unexercised, Verdict};
use serde_json::{Value, json};

use super::Run;
use crate::Failure;

/// The version of the document's form.
const VERSION: u32 = 1;

pub(super) fn render(run: &Run<'_>) -> Result<String, Failure> {
    let scenarios: Vec<Value> = run.played.iter().map(|played| scenario(run, played)).collect();
    let mut document = json!({
        "version": VERSION,
        "as_of": run.as_of,
        "summary": {
            "passed": run.count(Verdict::Passed),
            "failed": run.count(Verdict::Failed),
            "open": run.count(Verdict::Open),
            "unread": run.unread.len(),
        },
        "unread": run.unread.iter().map(|at| place(run, *at)).collect::<Vec<_>>(),
        "scenarios": scenarios,
    });
    if let (Some((missing, count)), Some(document)) = (run.coverage, document.as_object_mut()) {
        let missing: Vec<Value> = missing.iter().map(|one| unexercised(run, one)).collect();
        document.insert("coverage".into(), json!({ "backups": count, "unexercised": missing }));
    }
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))
}

fn place(run: &Run<'_>, at: Anchor) -> Value {
    let (file, line) = run.place(at);
    json!({ "file": file, "line": line })
}

fn scenario(run: &Run<'_>, played: &Played) -> Value {
    let timelines: Vec<Value> = played.timelines.iter().map(|t| timeline(run, t)).collect();
    let expectations: Vec<Value> =
        played.expectations.iter().map(|judged| expectation(run, judged)).collect();
    json!({
        "name": played.scenario.name(),
        "title": played.scenario.title(),
        "place": place(run, played.scenario.name_at()),
        "day": day_words(played.day),
        "verdict": played.verdict().word(),
        "unread": played.scenario.is_partial(),
        "timelines": timelines,
        "expectations": expectations,
    })
}

fn timeline(run: &Run<'_>, timeline: &Timeline) -> Value {
    let accounts: Vec<Value> = timeline.accounts.iter().map(|a| account(run, a)).collect();
    json!({
        "function": timeline.function,
        "lost": timeline.lost,
        "backups": accounts,
        "serving": timeline.serving,
        "by": timeline.by,
        "actor": timeline.actor,
    })
}

fn account(run: &Run<'_>, account: &Account) -> Value {
    let moments: Vec<Value> = account.moments.iter().map(|m| moment(run, m)).collect();
    json!({ "backup": account.backup, "for": account.primary, "steps": moments })
}

fn moment(run: &Run<'_>, moment: &Moment) -> Value {
    json!({
        "step": moment.activity.word(),
        "after": moment.ms,
        "how": moment.words,
        "rests_on": moment.rests_on,
        "place": place(run, moment.at),
    })
}

fn expectation(run: &Run<'_>, judged: &Judged) -> Value {
    json!({
        "expected": judged.words,
        "verdict": judged.verdict.word(),
        "got": judged.got,
        "example": judged.example,
        "paths": judged.paths,
        "notes": judged.notes,
        "tried": judged.tried.map(|tried| json!({ "choices": tried.of, "tried": tried.tried })),
        "place": place(run, judged.at),
    })
}

fn unexercised(run: &Run<'_>, one: &Unexercised) -> Value {
    json!({
        "backup": one.backup.name(),
        "place": place(run, one.backup.name_at()),
        "called_on": !one.idle,
        "rule_acts": !one.unasked,
        "silent_authorities": one.silent,
    })
}
