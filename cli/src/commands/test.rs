//! `rbp test`.

use rbp_compiler::db::{Db, SourceFile};
use rbp_compiler::diagnostic::{Anchor, Places};
use rbp_compiler::model::{day_words, facts};
use rbp_compiler::scenario::{Played, Verdict, play, unexercised, unread};
use rbp_compiler::session::Session;
use rbp_grammar::nearest;

use super::{as_of, open};
use crate::args::Test;
use crate::render::scenarios::{Run, render};
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &Test, terminal: &Terminal) -> Result<Done, Failure> {
    let as_of = as_of(args.as_of.as_deref())?;
    let (session, loaded, _) = open(&args.paths, as_of)?;
    if args.locked {
        loaded.must_be_locked()?;
    }
    let asked = session.sources().into_iter();
    let asked: Vec<SourceFile> =
        asked.filter(|at| loaded.asked.contains(session.path(at.id(session.db())))).collect();
    let unread: Vec<Anchor> = match args.only {
        Some(_) => Vec::new(),
        None => asked.iter().flat_map(|at| unread(session.db(), *at)).collect(),
    };
    let played = play_all(&session, &asked, args.only.as_deref(), !unread.is_empty())?;
    let coverage = args.coverage.then(|| unexercised(session.db(), &asked, &played));
    let day = day_words(as_of);
    let run = Run {
        session: &session,
        played: &played,
        unread: &unread,
        coverage: coverage.as_ref().map(|(missing, count)| (missing.as_slice(), *count)),
        as_of: &day,
        color: terminal.color,
        quiet: terminal.quiet,
    };
    terminal.print(&render(&run, args.format)?)?;
    let passed = played.iter().all(|played| played.verdict() == Verdict::Passed);
    let passed = passed && unread.is_empty();
    Ok(if passed { Done::Clean } else { Done::Findings })
}

/// Plays every scenario of the files whose name contains `only`. That there is none is a failure, unless
/// some could not be read.
fn play_all(
    session: &Session,
    files: &[SourceFile],
    only: Option<&str>,
    some_unread: bool,
) -> Result<Vec<Played>, Failure> {
    let db: &dyn Db = session.db();
    let all: Vec<_> = files.iter().flat_map(|at| facts(db, *at).scenarios.iter()).collect();
    let chosen: Vec<_> =
        all.iter().filter(|s| only.is_none_or(|only| s.name().contains(only))).collect();
    if let (true, Some(only)) = (chosen.is_empty(), only) {
        let names = all.iter().map(|s| s.name());
        let failure = Failure::new(format!("no scenario has `{only}` in its name here"));
        return Err(match nearest(only, names) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`rbp test` without --only plays every scenario"),
        });
    }
    if chosen.is_empty() && !some_unread {
        return Err(Failure::new("there is no scenario here, so nothing was tested").help(
            "write one: `scenario grid-out { lose city-grid  expect life-support continues }`",
        ));
    }
    Ok(chosen.into_iter().map(|scenario| play(db, scenario)).collect())
}
