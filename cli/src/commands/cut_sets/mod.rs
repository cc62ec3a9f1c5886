//! `rbp cut-sets`.

mod answer;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use rbp_compiler::analysis::{FunctionTree, Likelihood, function_tree};
use rbp_compiler::faults::tree::{Effort, FaultTree, Input, Unsolved};
use rbp_compiler::faults::{Completeness, Limits};
use rbp_compiler::open_psa;
use rbp_grammar::ast::Role;
use rbp_grammar::nearest;

use self::answer::{Answer, Counts, Weighed};
use super::why::find;
use super::{open, today};
use crate::args::{self, SetsFormat};
use crate::files::read_text;
use crate::terminal::{Terminal, shown};
use crate::{Done, Failure};

/// How many sets are listed where nobody says.
const LISTED: usize = 20;
/// How many inputs of gates are looked at for the least sets: some ten seconds.
const PATIENCE: u64 = 2_000_000_000;
/// When a search by order gives up.
const LIMITS: Limits = Limits { max_sets: 10_000_000, max_steps: 1_000_000_000 };

pub fn run(args: &args::CutSets, terminal: &Terminal) -> Result<Done, Failure> {
    let question = match args.of.ends_with(".xml") {
        true => of_file(args)?,
        false => of_function(args, terminal)?,
    };
    let answer = question.answer(args)?;
    terminal.print(&match args.format {
        SetsFormat::Json => format!("{:#}\n", answer.json()),
        SetsFormat::Human => shown(&answer.text(args)),
    })?;
    Ok(Done::Clean)
}

/// A tree with the names of its events.
struct Question {
    name: String,
    tree: FaultTree,
    events: Vec<String>,
    /// Where asked for: the probability of each event, 0 where nothing states it.
    probabilities: Option<Vec<f64>>,
    /// The events of which nothing states a probability.
    unstated: Vec<String>,
    /// What a gate is called.
    gates: Box<dyn Fn(u32) -> String>,
}

fn of_file(args: &args::CutSets) -> Result<Question, Failure> {
    let path = PathBuf::from(&args.of);
    let text = read_text(&path)?;
    let mut model = open_psa::read(&text).map_err(|fault| {
        let (line, column) = fault.line_column(&text);
        Failure::new(format!("{}:{line}:{column}: {}", path.display(), fault.message))
    })?;
    let (name, gate) = gate(args, &model, &path)?;
    model.tree.top = Input::Gate(gate);
    let probabilities = args.probability.then(|| stated(&model)).transpose()?;
    let names: Vec<(String, u32)> = model.gates.into_iter().collect();
    Ok(Question {
        name,
        tree: model.tree,
        events: model.events,
        probabilities,
        unstated: Vec::new(),
        gates: Box::new(move |gate| {
            let named = names.iter().find(|(_, number)| *number == gate);
            named.map_or("a gate".to_owned(), |(name, _)| format!("`{name}`"))
        }),
    })
}

/// The gate of a file that is asked about.
fn gate(
    args: &args::CutSets,
    model: &open_psa::Model,
    path: &Path,
) -> Result<(String, u32), Failure> {
    let name = match &args.gate {
        Some(gate) => gate,
        None if model.tops.len() > 1 => {
            return Err(Failure::new(format!("{} has {} tops", path.display(), model.tops.len()))
                .help(format!("name one with `--gate`, for example `--gate {}`", model.tops[0])));
        }
        None => &model.tops[0],
    };
    if let Some(gate) = model.gates.get(name) {
        return Ok((name.clone(), *gate));
    }
    let failure = Failure::new(format!("no gate is called `{name}` in {}", path.display()));
    Err(match nearest(name, model.gates.keys().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure,
    })
}

fn stated(model: &open_psa::Model) -> Result<Vec<f64>, Failure> {
    let known = model.probabilities.iter().zip(&model.events).map(|(p, name)| {
        p.ok_or_else(|| {
            Failure::new(format!("nothing says how probable `{name}` is"))
                .help("define the basic event with a probability, or leave out `--probability`")
        })
    });
    known.collect()
}

fn of_function(args: &args::CutSets, terminal: &Terminal) -> Result<Question, Failure> {
    let paths: Vec<PathBuf> = args.package.iter().cloned().collect();
    let (session, _, _) = open(&paths, today())?;
    let function = find(&session, &args.of, Some(Role::Function))?;
    let Some(FunctionTree { cone, losses, tree }) = function_tree(session.db(), function) else {
        return Err(Failure::new(format!("`{}` is too large", args.of)));
    };
    if cone.incomplete {
        terminal.note(&super::unread(&args.of));
    }
    let events: Vec<String> = losses.iter().map(|loss| cone.loss_words(*loss)).collect();
    let (mut probabilities, mut unstated) = (Vec::new(), Vec::new());
    for (loss, name) in losses.iter().zip(&events) {
        probabilities.push(match cone.likelihood(*loss) {
            Likelihood::Known(p) => p,
            Likelihood::RateOnly(_) | Likelihood::Unstated => {
                unstated.push(name.clone());
                0.0
            }
        });
    }
    if args.probability && unstated.len() == events.len() {
        return Err(Failure::new(format!(
            "nothing that `{}` rests on says how often it is lost",
            args.of
        ))
        .help("state `unavailability P`, or `fails RATE` with `repaired within D`"));
    }
    let name = format!("`{}`", args.of);
    Ok(Question {
        name: args.of.clone(),
        tree,
        events,
        probabilities: args.probability.then_some(probabilities),
        unstated,
        gates: Box::new(move |_| name.clone()),
    })
}

impl Question {
    fn answer(&self, args: &args::CutSets) -> Result<Answer, Failure> {
        if let Some(of) = &self.probabilities {
            return self.weighed(of, args);
        }
        if let Some(order) = args.order {
            return self.bounded(order, args);
        }
        // Most trees are solved with next to no memory.
        match self.solve(0, false)? {
            Some(solution) => Ok(self.counted(&solution, args)),
            None if args.count => match self.solve(args.memory, false)? {
                Some(solution) => Ok(self.counted(&solution, args)),
                None => Err(self.too_little(args)),
            },
            None => self.least(args),
        }
    }

    /// Solves the tree in so many MiB; `None` where they are not enough.
    fn solve(
        &self,
        memory: usize,
        weigh: bool,
    ) -> Result<Option<rbp_compiler::faults::tree::Solution>, Failure> {
        let effort = Effort { memory: memory.saturating_mul(1 << 20), weigh, ..Effort::default() };
        match self.tree.solve(&effort) {
            Ok(solution) => Ok(Some(solution)),
            Err(Unsolved::Memory) => Ok(None),
            Err(Unsolved::Loop(gate)) => Err(self.looped(gate)),
            Err(Unsolved::Stopped) => Err(Failure::new("stopped")),
        }
    }

    fn looped(&self, gate: u32) -> Failure {
        Failure::new(format!("{} rests on itself", (self.gates)(gate)))
            .help("a fault tree has no loops; break the circle of gates")
    }

    fn too_little(&self, args: &args::CutSets) -> Failure {
        Failure::new(format!("{} MiB were not enough to find every cut set", args.memory)).help(
            "allow more with `--memory MIB`, list the smallest with `--top N`, or all up to an order \
             with `--order N`",
        )
    }

    fn named(&self, set: &[u32]) -> Vec<String> {
        set.iter().filter_map(|event| self.events.get(*event as usize)).cloned().collect()
    }

    fn counted(
        &self,
        solution: &rbp_compiler::faults::tree::Solution,
        args: &args::CutSets,
    ) -> Answer {
        let sets = solution.smallest().take(most(args)).map(|set| self.named(&set));
        Answer {
            name: self.name.clone(),
            counts: solution.counts().into(),
            sets: sets.collect(),
            weighed: None,
        }
    }

    fn weighed(&self, of: &[f64], args: &args::CutSets) -> Result<Answer, Failure> {
        let Some(solution) = self.solve(args.memory, true)? else {
            return Err(self.too_little(args));
        };
        let within = |set: &Vec<u32>| args.order.is_none_or(|order| set.len() <= order);
        // What has no probability is no likely set.
        let rated = |set: &Vec<u32>| set.iter().all(|event| of[*event as usize] > 0.0);
        let likeliest = solution.likeliest(of).take_while(rated).filter(within).take(most(args));
        let importance = solution.importance(of).unwrap_or_default();
        let mut importance: Vec<_> = self
            .events
            .iter()
            .cloned()
            .zip(importance)
            .filter(|(_, importance)| importance.birnbaum > 0.0)
            .collect();
        importance.retain(|(name, _)| !self.unstated.contains(name));
        importance.sort_by(|a, b| {
            b.1.fussell_vesely.total_cmp(&a.1.fussell_vesely).then_with(|| a.0.cmp(&b.0))
        });
        Ok(Answer {
            name: self.name.clone(),
            counts: solution.counts().into(),
            sets: likeliest.map(|set| self.named(&set)).collect(),
            weighed: Some(Weighed {
                probability: solution.probability(of).unwrap_or(0.0),
                unstated: self.unstated.clone(),
                importance,
            }),
        })
    }

    /// The sets up to an order, searched one by one: what a tree with more sets than can be held still
    /// answers.
    fn bounded(&self, order: usize, args: &args::CutSets) -> Result<Answer, Failure> {
        self.tree.in_order().map_err(|gate| self.looped(gate))?;
        let Some((structure, top)) = self.tree.structure() else {
            return Err(Failure::new(format!("`{}` is too large", self.name)));
        };
        let found = structure.minimal_cut_sets(top, order, &LIMITS, &|| false);
        let up_to = match found.complete {
            Completeness::Full => order,
            Completeness::UpTo { order, .. } => order,
        };
        let mut by_order = vec![0; up_to + 1];
        for set in found.sets.iter().filter(|set| set.len() <= up_to) {
            by_order[set.len()] += 1;
        }
        let larger = found.sets.iter().filter(|set| set.len() > up_to).count();
        let whole = found.complete == Completeness::Full;
        let listed = found.sets.iter().take(most(args)).map(|set| {
            let events: Vec<u32> = set.iter().map(|event| event.0).collect();
            self.named(&events)
        });
        Ok(Answer {
            name: self.name.clone(),
            counts: Counts::UpTo { by_order, larger: (!whole).then_some(larger) },
            sets: listed.collect(),
            weighed: None,
        })
    }

    /// The smallest sets of a tree that has too many to count in passing.
    fn least(&self, args: &args::CutSets) -> Result<Answer, Failure> {
        let wanted = most(args);
        let least = self.tree.least(wanted, &|_| 1.0, PATIENCE, &AtomicBool::new(false));
        let least = least.map_err(|gate| self.looped(gate))?;
        let ended = least.below;
        if ended.is_some() || least.sets.len() < wanted {
            // Either there are no more, which counting says best, or they are not found in this way.
            return match self.solve(args.memory, false)? {
                Some(solution) => Ok(self.counted(&solution, args)),
                None if least.sets.is_empty() => Err(self.too_little(args)),
                None => Ok(self.listed(&least.sets, ended)),
            };
        }
        Ok(self.listed(&least.sets, ended))
    }

    fn listed(&self, sets: &[Vec<u32>], below: Option<f64>) -> Answer {
        Answer {
            name: self.name.clone(),
            // Sets cost as much as they have losses, so what costs less than the bound is all of these orders.
            counts: Counts::Least { up_to: below.map(|bound| (bound.ceil() as usize).max(1) - 1) },
            sets: sets.iter().map(|set| self.named(set)).collect(),
            weighed: None,
        }
    }
}

fn most(args: &args::CutSets) -> usize {
    if args.count { 0 } else { args.top.unwrap_or(LISTED) }
}
