//! Longer answers to what a lens offers, as Markdown.

use std::fmt::Write;

use rbp_compiler::analysis::{Reason, analysis};
use rbp_compiler::db::{Db, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::model::{element, facts};
use rbp_compiler::names::{ItemId, Space, exports};
use rbp_compiler::quantity::duration_words;
use rbp_compiler::scenario::{Verdict, play};

use crate::facts::function;
use crate::lenses::function_words;

/// The most sets of losses that are listed.
const LISTED: usize = 50;

/// The declaration of that name in a file.
pub fn named(db: &dyn Db, id: FileId, space: Space, name: &str) -> Option<ItemId> {
    let item = exports(db, file(db, id)?).get(space, name)?;
    Some(ItemId { file: id, item })
}

/// The sets of losses that end a function, as far as it asks, each with its way.
pub fn cut_sets(db: &dyn Db, id: ItemId) -> Option<String> {
    let known = element(db, id)?;
    let analysis = analysis(db, id)?;
    let facts = function(db, id)?;
    let mut text = format!("## What ends `{}`\n\n{}\n", known.name(), function_words(&facts));
    for cut in analysis.cuts.iter().take(LISTED) {
        let way = analysis.cone.names(&cut.path).join(" → ");
        let why = match cut.reason {
            Reason::Unaddressed => "no backup addresses it",
            Reason::Defeated { .. } => "it takes the backup too",
        };
        let _ = write!(text, "\n- {}: {way} ({why})", analysis.cone.loss_words(cut.loss));
    }
    for set in analysis.larger.iter().take(LISTED) {
        let words: Vec<String> = set.iter().map(|l| analysis.cone.loss_words(*l)).collect();
        let _ = write!(text, "\n- {} together", words.join(" and "));
    }
    let more =
        analysis.cuts.len().saturating_sub(LISTED) + analysis.larger.len().saturating_sub(LISTED);
    if more > 0 {
        let _ = write!(text, "\n- and {more} more");
    }
    let searched = analysis.complete_to.max(1);
    let _ = write!(
        text,
        "\n\nSets of up to {searched} losses were searched; `rbp cut-sets {}` counts all.",
        known.name()
    );
    Some(text)
}

/// Plays a scenario: whether it passes, when each step is taken, and what was expected.
pub fn scenario(db: &dyn Db, id: ItemId) -> Option<String> {
    let scenarios = &facts(db, file(db, id.file)?).scenarios;
    let played = play(db, scenarios.iter().find(|scenario| scenario.id == id)?);
    let verdict = played.verdict();
    let mut text = format!("## `{}` {}\n", played.scenario.name(), verdict.word());
    for timeline in &played.timelines {
        let _ = write!(text, "\n- lost: {}", timeline.lost.join(", "));
        for account in &timeline.accounts {
            for moment in &account.moments {
                let time = moment.ms.map_or("never".to_owned(), duration_words);
                let (backup, word) = (&account.backup, moment.activity.word());
                let _ = write!(text, "\n- {backup}: {word} {time}, {}", moment.words);
            }
        }
        let serving = timeline.serving.map_or("never".to_owned(), duration_words);
        let _ = write!(text, "\n- `{}` serving: {serving}", timeline.function);
    }
    text.push('\n');
    for judged in &played.expectations {
        let mark = match judged.verdict {
            Verdict::Passed => "as expected",
            Verdict::Open => "not known",
            Verdict::Failed => "not so",
        };
        let _ = write!(text, "\n- {mark}: {}", judged.words);
        if judged.verdict != Verdict::Passed && !judged.got.is_empty() {
            let _ = write!(text, "; {}", judged.got);
        }
        judged.notes.iter().for_each(|note| _ = write!(text, "\n  note: {note}"));
    }
    Some(text)
}
