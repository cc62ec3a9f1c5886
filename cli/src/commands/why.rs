//! `rbp why`.

use std::path::PathBuf;

use rbp_compiler::analysis::{Loss, Why, analysis, why};
use rbp_compiler::model::{Element, element, facts};
use rbp_compiler::names::ItemId;
use rbp_compiler::quantity::duration_words;
use rbp_compiler::session::Session;
use rbp_grammar::ast::{LossSort, Role};
use rbp_grammar::nearest;

use super::{open, today};
use crate::args;
use crate::terminal::{Terminal, shown};
use crate::{Done, Failure};

pub fn run(args: &args::Why, terminal: &Terminal) -> Result<Done, Failure> {
    let paths: Vec<PathBuf> = args.package.iter().cloned().collect();
    let (session, _, _) = open(&paths, today())?;
    let function = find(&session, &args.function, Some(Role::Function))?;
    let text = match args.elements.is_empty() {
        true => points(&session, function)?,
        false => losses(&session, function, &args.elements)?,
    };
    terminal.print(&shown(&text))?;
    Ok(Done::Clean)
}

/// The declaration of that name.
pub(super) fn find(session: &Session, name: &str, role: Option<Role>) -> Result<ItemId, Failure> {
    let mut names = Vec::new();
    let mut found = Vec::new();
    for file in session.sources() {
        for element in facts(session.db(), file).elements() {
            let fits = role.map_or(element.role() != Role::Signal, |role| element.role() == role);
            if fits && element.name() == name {
                found.push(element.id);
            } else if fits {
                names.push(element.name().to_owned());
            }
        }
    }
    let what = role.map_or("element", Role::word);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let failure = Failure::new(format!("no {what} is called `{name}` here"));
            Err(match nearest(name, names.iter().map(String::as_str)) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure
                    .help("name a declaration of the package; `-p PATH` names another package"),
            })
        }
        _ => Err(Failure::new(format!("{} declarations are called `{name}`", found.len()))
            .help("name the package that you mean with `-p PATH`")),
    }
}

/// Every loss that alone ends the function, with its way there.
fn points(session: &Session, function: ItemId) -> Result<String, Failure> {
    let Some(analysis) = analysis(session.db(), function) else {
        return Err(Failure::new("that is no function"));
    };
    let name = analysis.cone.elements.first().map_or("", |f| f.name()).to_owned();
    let mut text = match analysis.cuts.len() {
        0 => format!("no single loss ends {name}\n"),
        1 => format!("1 loss alone ends {name}:\n"),
        n => format!("{n} losses each end {name} alone:\n"),
    };
    for cut in &analysis.cuts {
        let way: Vec<&str> = cut
            .path
            .iter()
            .filter_map(|at| analysis.cone.elements.get(*at))
            .map(|e| e.name())
            .collect();
        let Loss { sort, .. } = cut.loss;
        text += &format!("  {}{}\n", sort_words(sort), way.join(" → "));
    }
    Ok(text)
}

fn sort_words(sort: LossSort) -> &'static str {
    match sort {
        LossSort::Lost => "",
        LossSort::Corrupted => "corruption of ",
        LossSort::Compromised => "compromise of ",
    }
}

/// What the losses do together. `corruption:x` and `compromise:x` name other sorts of loss.
fn losses(session: &Session, function: ItemId, names: &[String]) -> Result<String, Failure> {
    let mut losses = Vec::new();
    for name in names {
        let (sort, name) = match name.split_once(':') {
            Some(("corruption", name)) => (LossSort::Corrupted, name),
            Some(("compromise", name)) => (LossSort::Compromised, name),
            Some(("loss", name)) => (LossSort::Lost, name),
            Some((other, _)) => {
                return Err(Failure::new(format!("`{other}` is no sort of loss")).help(
                    "it is `loss:`, `corruption:` or `compromise:`, or nothing for a plain loss",
                ));
            }
            None => (LossSort::Lost, name.as_str()),
        };
        losses.push((sort, find(session, name, None)?));
    }
    let called = |id: ItemId| {
        element(session.db(), id)
            .map_or(String::new(), |e: std::sync::Arc<Element>| e.name().to_owned())
    };
    let function_name = called(function);
    let together = names.join(" and ");
    Ok(match why(session.db(), function, &losses) {
        None => return Err(Failure::new("that is no function")),
        Some(Err(other)) => format!(
            "{function_name} does not rest on {} in that way, so losing it changes nothing\n",
            called(other)
        ),
        Some(Ok(Why::GoesOn)) => {
            format!("{function_name} goes on without {together}; no backup is called on\n")
        }
        Some(Ok(Why::Restored(ms, by))) => {
            format!(
                "{function_name} is back {} after losing {together}, by {}\n",
                duration_words(ms),
                by.join(", ")
            )
        }
        Some(Ok(Why::Ends(ways))) => {
            let ways = ways.iter().map(|way| format!("  {}\n", way.join(" → ")));
            format!("losing {together} ends {function_name}:\n{}", ways.collect::<String>())
        }
    })
}
