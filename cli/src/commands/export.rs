//! `rbp export`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rbp_compiler::analysis::{FunctionTree, Likelihood, Loss, function_tree};
use rbp_compiler::faults::tree::{FaultTree, Input};
use rbp_compiler::open_psa::{BasicEvent, Tree, write};
use rbp_compiler::session::Session;
use rbp_grammar::ast::LossSort;

use super::cut_sets::too_many_loops;
use super::{functions, open, today, unread};
use crate::args;
use crate::files::write_whole;
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &args::Export, terminal: &Terminal) -> Result<Done, Failure> {
    let args::ExportFormat::OpenPsa = args.to;
    let paths: Vec<PathBuf> = args.path.iter().cloned().collect();
    let (session, _, _) = open(&paths, today())?;
    let text = open_psa(&session, terminal)?;
    match &args.output {
        None => terminal.print(&text)?,
        Some(path) => write_whole(path, &text)?,
    }
    Ok(Done::Clean)
}

/// Every function's tree over the same basic events.
fn open_psa(session: &Session, terminal: &Terminal) -> Result<String, Failure> {
    let mut trees = Vec::new();
    let mut events: Vec<BasicEvent> = Vec::new();
    let mut numbers = BTreeMap::new();
    for (function, name) in functions(session) {
        let Some(mut of) = function_tree(session.db(), function) else {
            return Err(Failure::new(format!(
                "what `{name}` rests on is too large to be analysed"
            )));
        };
        let Some(mut tree) = of.tree.take() else {
            return Err(too_many_loops(&name).help(format!(
                "`rbp cut-sets {name} --order 2` lists its sets of two losses or fewer all the same"
            )));
        };
        if of.cone.incomplete {
            terminal.note(&unread(&name));
        }
        let shared: Vec<u32> = (0..of.losses.len())
            .map(|at| {
                let loss = of.losses[at];
                *numbers.entry((of.cone.lost(loss).id, loss.sort)).or_insert_with(|| {
                    events.push(basic_event(&of, loss));
                    events.len() as u32 - 1
                })
            })
            .collect();
        renumber(&mut tree, &shared, events.len() as u32);
        trees.push(Tree { name, tree });
    }
    if trees.is_empty() {
        return Err(Failure::new("there is no function to export"));
    }
    write(&trees, &events).map_err(|name| Failure::new(format!("`{name}` rests on itself")))
}

fn basic_event(of: &FunctionTree, loss: Loss) -> BasicEvent {
    let name = of.cone.lost_name(loss);
    BasicEvent {
        name: match loss.sort {
            LossSort::Lost => name.to_owned(),
            LossSort::Corrupted => format!("{name}_corrupted"),
            LossSort::Compromised => format!("{name}_compromised"),
        },
        label: of.cone.loss_words(loss),
        probability: match of.cone.likelihood(loss) {
            Likelihood::Known(p) => Some(p),
            Likelihood::RateOnly(_) | Likelihood::Unstated => None,
        },
    }
}

/// Lets a tree hear the events of the document.
fn renumber(tree: &mut FaultTree, numbers: &[u32], events: u32) {
    let inputs = tree.gates.iter_mut().flat_map(|gate| &mut gate.inputs);
    for input in inputs.chain([&mut tree.top]) {
        if let Input::Event(event) = input {
            *event = numbers[*event as usize];
        }
    }
    tree.events = events;
}
