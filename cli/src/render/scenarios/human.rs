//! For people: each scenario with its timeline, and what was expected where it is not met.

use std::fmt::Write;

use rbp_compiler::model::day_words;
use rbp_compiler::quantity::duration_words;
use rbp_compiler::scenario::{Account, Judged, Played, Timeline, Verdict};

use super::{Run, UNREAD, missing, told, tried, unread};
use crate::terminal::shown;

/// The width of the first column of a timeline: the longest word of a step, and two spaces.
const WORD: usize = 10;
/// The width of the second: most times.
const TIME: usize = 14;

pub(super) fn render(run: &Run<'_>) -> String {
    let mut text = String::new();
    for played in run.played {
        if run.quiet && played.verdict() == Verdict::Passed {
            continue;
        }
        scenario(run, played, &mut text);
        text.push('\n');
    }
    for at in run.unread {
        let (path, line) = run.place(*at);
        let _ = writeln!(text, "OPEN   {path}:{line}\n  {UNREAD}\n");
    }
    if let Some((unexercised, count)) = run.coverage {
        for one in unexercised {
            let (path, line) = run.place(one.backup.name_at());
            let _ = writeln!(text, "{} at {path}:{line}", one.backup.name());
            missing(one).iter().for_each(|words| {
                let _ = writeln!(text, "  {words}");
            });
        }
        let _ = writeln!(
            text,
            "{} of {count} backups are exercised in every part\n",
            count.saturating_sub(unexercised.len())
        );
    }
    let text = shown(&text);
    if run.quiet { text } else { text + &run.summary() + "\n" }
}

fn scenario(run: &Run<'_>, played: &Played, text: &mut String) {
    let verdict = played.verdict();
    let (path, line) = run.place(played.scenario.name_at());
    let title = played.scenario.title().map_or(String::new(), |title| format!(" \"{title}\""));
    let day = played.scenario.day().map_or(String::new(), |day| format!(", on {}", day_words(day)));
    let word = verdict_word(verdict);
    let _ = writeln!(text, "{word} {}{title} at {path}:{line}{day}", played.scenario.name());
    if let Some(why) = unread(played) {
        let _ = writeln!(text, "  {why}");
    }
    for timeline in &played.timelines {
        self::timeline(timeline, text);
    }
    for judged in &played.expectations {
        expectation(run, judged, text);
    }
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Open => "OPEN  ",
        Verdict::Failed => "FAILED",
    }
}

fn timeline(timeline: &Timeline, text: &mut String) {
    let lost = if timeline.lost.is_empty() { "nothing" } else { &timeline.lost.join(", ") };
    row(text, "lost", Some(0), lost, &[]);
    timeline.accounts.iter().for_each(|account| self::account(account, text));
    let words = match (timeline.serving, timeline.by.is_empty()) {
        (Some(_), true) => format!("{} goes on", timeline.function),
        (Some(_), false) => {
            let first = if timeline.actor.is_some() { ", whoever decides first" } else { "" };
            format!("{} by {}{first}", timeline.function, timeline.by.join(", "))
        }
        (None, _) => format!("{} has ended", timeline.function),
    };
    row(text, "serving", timeline.serving, &words, &[]);
}

fn account(account: &Account, text: &mut String) {
    let _ = writeln!(text, "  {} for {}:", account.backup, account.primary);
    for moment in &account.moments {
        row(text, moment.activity.word(), moment.ms, &moment.words, &moment.rests_on);
    }
}

fn row(text: &mut String, word: &str, ms: Option<u64>, what: &str, rests_on: &[String]) {
    let time = ms.map_or("never".to_owned(), duration_words);
    let rests_on = match rests_on {
        [] => String::new(),
        names => format!(" (rests on {})", names.join(", ")),
    };
    let _ = writeln!(text, "  {word:<WORD$}{time:<TIME$}{what}{rests_on}");
}

fn expectation(run: &Run<'_>, judged: &Judged, text: &mut String) {
    let tried = tried(judged).map_or(String::new(), |tried| format!(" ({tried})"));
    if judged.verdict == Verdict::Passed {
        let _ = writeln!(text, "  as expected: {}{tried}", judged.words);
        judged.notes.iter().for_each(|note| {
            let _ = writeln!(text, "    note: {note}");
        });
        return;
    }
    let (path, line) = run.place(judged.at);
    let _ = writeln!(text, "  expected {} at {path}:{line}{tried}", judged.words);
    for (number, words) in told(judged).iter().enumerate() {
        let label = if number == 0 { "got" } else { "" };
        let _ = writeln!(text, "  {label:<8} {words}");
    }
}
