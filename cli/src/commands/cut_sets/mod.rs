//! `rbp cut-sets`.

mod answer;
mod working;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rbp_compiler::analysis::{FunctionTree, Likelihood, function_tree};
use rbp_compiler::faults::tree::{Effort, FaultTree, Importance, Input, Solution, Unsolved};
use rbp_compiler::faults::{Completeness, CutSets, Limits};
use rbp_compiler::open_psa;
use rbp_grammar::ast::Role;
use rbp_grammar::nearest;

use self::answer::{Answer, Counts, Listed, Weighed};
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
/// A set that a search by order has found takes about so many bytes, and so many for each of its losses.
const BYTES_PER_SET: usize = 64;
const BYTES_PER_LOSS: usize = 4;

pub fn run(args: &args::CutSets, terminal: &Terminal) -> Result<Done, Failure> {
    let stop = working::stopped_by_hand();
    let question = match args.of.ends_with(".xml") {
        true => of_file(args, stop)?,
        false => of_function(args, terminal, stop)?,
    };
    let working = working::working(terminal);
    let answer = question.answer(args);
    drop(working);
    let answer = answer?;
    terminal.print(&match args.format {
        SetsFormat::Json => format!("{:#}\n", answer.json()),
        SetsFormat::Human => shown(&answer.text(args)),
    })?;
    Ok(Done::Clean)
}

/// A tree with the names of its events.
struct Question {
    name: String,
    /// `None` where it is of a function whose loops would be written out too many times.
    tree: Option<FaultTree>,
    events: Vec<String>,
    /// Where asked for: the probability of each event, 0 where nothing states it.
    probabilities: Option<Vec<f64>>,
    /// The events of which nothing states a probability.
    unstated: Vec<String>,
    /// What a gate is called.
    gates: Box<dyn Fn(u32) -> String>,
    /// The function that the tree is of, if it is of one.
    function: Option<FunctionTree>,
    /// The ways of the losses are asked for.
    paths: bool,
    /// Set when somebody asks to stop.
    stop: Arc<AtomicBool>,
}

fn of_file(args: &args::CutSets, stop: Arc<AtomicBool>) -> Result<Question, Failure> {
    let path = PathBuf::from(&args.of);
    let text = read_text(&path)?;
    let mut model = open_psa::read(&text, args.mission_time).map_err(|fault| {
        let (line, column) = fault.line_column(&text);
        Failure::new(format!("{}:{line}:{column}: {}", path.display(), fault.message))
    })?;
    if args.paths {
        return Err(Failure::new(
            "`--paths` is about functions; a fault tree's losses have no ways",
        ));
    }
    let (name, gate) = gate(args, &model, &path)?;
    model.tree.top = Input::Gate(gate);
    let probabilities = args.probability.then(|| stated(&model)).transpose()?;
    let names: Vec<(String, u32)> = model.gates.into_iter().collect();
    Ok(Question {
        name,
        tree: Some(model.tree),
        events: model.events,
        probabilities,
        unstated: Vec::new(),
        gates: Box::new(move |gate| {
            let named = names.iter().find(|(_, number)| *number == gate);
            named.map_or("a gate".to_owned(), |(name, _)| format!("`{name}`"))
        }),
        function: None,
        paths: false,
        stop,
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

fn of_function(
    args: &args::CutSets,
    terminal: &Terminal,
    stop: Arc<AtomicBool>,
) -> Result<Question, Failure> {
    if args.gate.is_some() || args.mission_time.is_some() {
        return Err(Failure::new(
            "`--gate` and `--mission-time` are about files that end in `.xml`",
        ));
    }
    let paths: Vec<PathBuf> = args.package.iter().cloned().collect();
    let (session, _, _) = open(&paths, today())?;
    let function = find(&session, &args.of, Some(Role::Function))?;
    let Some(mut of) = function_tree(session.db(), function) else {
        return Err(Failure::new(format!(
            "what `{}` rests on is too large to be analysed",
            args.of
        )));
    };
    let tree = of.tree.take();
    let FunctionTree { cone, losses, .. } = &of;
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
        function: Some(of),
        paths: args.paths,
        stop,
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
    fn solve(&self, memory: usize, weigh: bool) -> Result<Option<Solution>, Failure> {
        let effort = Effort { weigh, ..self.effort(memory) };
        match self.tree()?.solve(&effort) {
            Ok(solution) => Ok(Some(solution)),
            Err(Unsolved::Memory) => Ok(None),
            Err(Unsolved::Loop(gate)) => Err(self.looped(gate)),
            Err(Unsolved::Stopped) => Err(Failure::new("stopped before every cut set was found")
                .help("`--order N` or `--top N` show what they have found when they are stopped")),
        }
    }

    fn tree(&self) -> Result<&FaultTree, Failure> {
        self.tree.as_ref().ok_or_else(|| {
            too_many_loops(&self.name)
                .help("`--order 2` lists those of two losses or fewer all the same")
        })
    }

    fn effort(&self, memory: usize) -> Effort {
        let memory = memory.saturating_mul(1 << 20);
        Effort { memory, stop: self.stop.clone(), ..Effort::default() }
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

    /// The sets as they are shown.
    fn listed(&self, sets: Vec<Vec<u32>>) -> Vec<Listed> {
        let function = self.function.iter().filter(|_| self.paths);
        let mut ways = function.flat_map(|function| function.ways(&sets));
        let name = |event: &u32| self.events.get(*event as usize).cloned();
        sets.iter()
            .map(|set| Listed {
                losses: set.iter().filter_map(name).collect(),
                ways: ways.next().unwrap_or_default(),
            })
            .collect()
    }

    fn counted(&self, solution: &Solution, args: &args::CutSets) -> Answer {
        let sets = self.listed(solution.smallest().take(most(args)).collect());
        Answer { name: self.name.clone(), counts: solution.counts().into(), sets, weighed: None }
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
        // What matters equally stays in the order of names, whatever the last digits.
        let share = |importance: &Importance| (importance.fussell_vesely * 1e12).round();
        importance.sort_by(|a, b| share(&b.1).total_cmp(&share(&a.1)).then_with(|| a.0.cmp(&b.0)));
        Ok(Answer {
            name: self.name.clone(),
            counts: solution.counts().into(),
            sets: self.listed(likeliest.collect()),
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
        let memory = args.memory.saturating_mul(1 << 20);
        let max_sets = memory / (BYTES_PER_SET + order.saturating_mul(BYTES_PER_LOSS)).max(1);
        let limits = Limits { max_sets, max_steps: u64::MAX };
        let stop = || self.stop.load(Ordering::Relaxed);
        let found = match &self.function {
            Some(function) => function.minimal_cut_sets(order, &limits, &stop),
            None => self.of_tree(order, &limits, &stop)?,
        };
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
        let first = found.sets.iter().take(most(args));
        let first = first.map(|set| set.iter().map(|event| event.0).collect()).collect();
        Ok(Answer {
            name: self.name.clone(),
            counts: Counts::UpTo { by_order, larger: (!whole).then_some(larger) },
            sets: self.listed(first),
            weighed: None,
        })
    }

    fn of_tree(
        &self,
        order: usize,
        limits: &Limits,
        stop: &dyn Fn() -> bool,
    ) -> Result<CutSets, Failure> {
        let tree = self.tree()?;
        tree.in_order().map_err(|gate| self.looped(gate))?;
        let structure = tree.structure();
        let (structure, top) =
            structure.ok_or_else(|| Failure::new(format!("`{}` has too many gates", self.name)))?;
        Ok(structure.minimal_cut_sets(top, order, limits, stop))
    }

    /// The smallest sets of a tree that has too many to count in passing.
    fn least(&self, args: &args::CutSets) -> Result<Answer, Failure> {
        let wanted = most(args);
        let least = self.tree()?.least(wanted, &|_| 1.0, PATIENCE, &self.effort(args.memory));
        let least = least.map_err(|gate| self.looped(gate))?;
        let stopped = self.stop.load(Ordering::Relaxed);
        if !stopped && (least.below.is_some() || least.sets.len() < wanted) {
            // Either there are no more, which counting says best, or they are not found in this way.
            match self.solve(args.memory, false)? {
                Some(solution) => return Ok(self.counted(&solution, args)),
                None if least.sets.is_empty() => return Err(self.too_little(args)),
                None => {}
            }
        }
        // Sets cost as much as they have losses, so what costs less than the bound is all of these orders.
        let up_to = least.below.map(|bound| (bound.ceil() as usize).max(1) - 1);
        let (counts, sets) = (Counts::Least { up_to }, self.listed(least.sets));
        Ok(Answer { name: self.name.clone(), counts, sets, weighed: None })
    }
}

/// Why there is no fault tree of a function.
pub(super) fn too_many_loops(function: &str) -> Failure {
    Failure::new(format!(
        "what `{function}` rests on waits for itself in loops, which a fault tree would have to write out too many times"
    ))
}

fn most(args: &args::CutSets) -> usize {
    if args.count { 0 } else { args.top.unwrap_or(LISTED) }
}
