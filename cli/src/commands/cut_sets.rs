//! `rbp cut-sets`.

use std::path::PathBuf;

use rbp_compiler::analysis::{Logic, function_sets};
use rbp_compiler::faults::tree::{Effort, FaultTree, Importance, Input, Solution, Unsolved};
use rbp_compiler::faults::{Completeness, Limits};
use rbp_compiler::open_psa;
use rbp_grammar::ast::Role;
use rbp_grammar::nearest;
use serde_json::{Value, json};

use super::why::find;
use super::{open, today};
use crate::args;
use crate::files::read_text;
use crate::terminal::{Terminal, shown};
use crate::{Done, Failure};

/// How many sets are listed where nobody says.
const LISTED: usize = 20;
/// Where a function rests on loops, sets are searched up to this order.
const LOOP_ORDER: usize = 3;

pub fn run(args: &args::CutSets, terminal: &Terminal) -> Result<Done, Failure> {
    let answer = match args.of.ends_with(".xml") {
        true => of_file(args)?,
        false => of_function(args)?,
    };
    terminal.print(&match args.json {
        true => format!("{:#}\n", answer.json()),
        false => shown(&answer.text(args)),
    })?;
    Ok(Done::Clean)
}

/// What is said of a function or tree.
struct Answer {
    name: String,
    /// The number of sets by order from 0 on; `None` where it was not counted or does not fit.
    counts: Option<Vec<u128>>,
    /// The sets that are listed, by name.
    sets: Vec<Vec<String>>,
    /// Not every set was looked for: what was.
    partial: Option<String>,
    probability: Option<f64>,
    importance: Vec<(String, Importance)>,
}

fn of_file(args: &args::CutSets) -> Result<Answer, Failure> {
    let path = PathBuf::from(&args.of);
    let text = read_text(&path)?;
    let mut model = open_psa::read(&text).map_err(|fault| {
        let (line, column) = fault.line_column(&text);
        Failure::new(format!("{}:{line}:{column}: {}", path.display(), fault.message))
    })?;
    let name = match &args.gate {
        Some(gate) => gate.clone(),
        None if model.tops.len() > 1 => {
            return Err(Failure::new(format!("{} has {} tops", path.display(), model.tops.len()))
                .help(format!("name one with `--gate`, for example `--gate {}`", model.tops[0])));
        }
        None => model.tops[0].clone(),
    };
    let Some(gate) = model.gates.get(&name) else {
        let failure = Failure::new(format!("no gate is called `{name}` in {}", path.display()));
        let known = model.gates.keys().map(String::as_str);
        return Err(match nearest(&name, known) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure,
        });
    };
    model.tree.top = Input::Gate(*gate);
    if let Some(order) = args.order.filter(|_| !args.probability) {
        return bounded(name, &model, order, args);
    }
    let solution = solve(&model.tree, args, |gate| {
        let named = model.gates.iter().find(|(_, number)| **number == gate);
        named.map_or("a gate".to_owned(), |(name, _)| format!("`{name}`"))
    })?;
    let probabilities = probabilities(args, &model)?;
    Ok(answer(name, &solution, args, &model.events, probabilities.as_deref()))
}

/// The sets up to an order, searched one by one: what a tree with more sets than can be held still answers.
fn bounded(
    name: String,
    model: &open_psa::Model,
    order: usize,
    args: &args::CutSets,
) -> Result<Answer, Failure> {
    let Some((structure, top)) = model.tree.structure() else {
        return Err(Failure::new(format!("`{name}` is too large")));
    };
    let limits = Limits { max_sets: 10_000_000, max_steps: 1_000_000_000 };
    let found = structure.minimal_cut_sets(top, order, &limits, &|| false);
    let sets: Vec<Vec<u32>> =
        found.sets.into_iter().map(|set| set.into_iter().map(|e| e.0).collect()).collect();
    Ok(listed(name, &sets, &found.complete, order, "", &model.events, args))
}

/// Sets that were searched up to an order, as an answer.
fn listed(
    name: String,
    sets: &[Vec<u32>],
    complete: &Completeness,
    order: usize,
    why: &str,
    names: &[String],
    args: &args::CutSets,
) -> Answer {
    let (up_to, whole) = match complete {
        Completeness::Full => (order, true),
        Completeness::UpTo { order, .. } => (*order, false),
    };
    let mut counts = vec![0; up_to + 1];
    for set in sets.iter().filter(|set| set.len() <= up_to) {
        counts[set.len()] += 1;
    }
    let larger = sets.iter().filter(|set| set.len() > up_to).count();
    let partial = match whole {
        true => format!("all of order {up_to} and less{why}"),
        false => format!("all of order {up_to} and less, {larger} larger ones found, not all{why}"),
    };
    let named = |event: &u32| names.get(*event as usize).cloned().unwrap_or_default();
    let most = if args.count { 0 } else { args.top.unwrap_or(LISTED) };
    Answer {
        name,
        counts: Some(counts),
        sets: sets.iter().take(most).map(|set| set.iter().map(named).collect()).collect(),
        partial: Some(partial),
        probability: None,
        importance: Vec::new(),
    }
}

fn solve(
    tree: &FaultTree,
    args: &args::CutSets,
    gate: impl Fn(u32) -> String,
) -> Result<Solution, Failure> {
    let effort = Effort { memory: args.memory.saturating_mul(1 << 20), ..Effort::default() };
    tree.solve(&effort).map_err(|unsolved| match unsolved {
        Unsolved::Loop(at) => Failure::new(format!("{} rests on itself", gate(at)))
            .help("a fault tree has no loops; break the circle of gates"),
        Unsolved::Memory => {
            Failure::new(format!("{} MiB were not enough to find every cut set", args.memory))
                .help("allow more with `--memory MIB`")
        }
        Unsolved::Stopped => Failure::new("stopped"),
    })
}

fn probabilities(
    args: &args::CutSets,
    model: &open_psa::Model,
) -> Result<Option<Vec<f64>>, Failure> {
    if !args.probability {
        return Ok(None);
    }
    let each = model.probabilities.iter().zip(&model.events);
    let known = each.map(|(p, name)| {
        p.ok_or_else(|| {
            Failure::new(format!("nothing says how probable `{name}` is"))
                .help("define the basic event with a probability, or leave out `--probability`")
        })
    });
    known.collect::<Result<Vec<f64>, Failure>>().map(Some)
}

fn answer(
    name: String,
    solution: &Solution,
    args: &args::CutSets,
    names: &[String],
    probabilities: Option<&[f64]>,
) -> Answer {
    let named = |event: u32| names.get(event as usize).cloned().unwrap_or_default();
    let most = if args.count { 0 } else { args.top.unwrap_or(LISTED) };
    let sets = match probabilities {
        Some(of) => solution.likeliest(of),
        None => solution.smallest(),
    };
    let within = |set: &Vec<u32>| args.order.is_none_or(|order| set.len() <= order);
    let found = sets.take_while(|set| probabilities.is_some() || within(set)).filter(within);
    let sets = found.take(most).map(|set| set.into_iter().map(named).collect()).collect();
    let mut importance: Vec<(String, Importance)> = probabilities
        .map(|of| solution.importance(of))
        .unwrap_or_default()
        .into_iter()
        .enumerate()
        .filter(|(_, i)| i.birnbaum > 0.0)
        .map(|(event, importance)| (named(event as u32), importance))
        .collect();
    importance
        .sort_by(|a, b| b.1.fussell_vesely.total_cmp(&a.1.fussell_vesely).then(a.0.cmp(&b.0)));
    Answer {
        name,
        counts: solution.counts(),
        sets,
        partial: None,
        probability: probabilities.map(|of| solution.probability(of)),
        importance,
    }
}

fn of_function(args: &args::CutSets) -> Result<Answer, Failure> {
    if args.probability {
        return Err(Failure::new("the losses of a function have no probabilities yet").help(
            "`--probability` is for Open-PSA models: `rbp cut-sets model.xml --probability`",
        ));
    }
    let paths: Vec<PathBuf> = args.package.iter().cloned().collect();
    let (session, _, _) = open(&paths, today())?;
    let function = find(&session, &args.of, Some(Role::Function))?;
    let order = args.order.unwrap_or(LOOP_ORDER);
    let Some(of) = function_sets(session.db(), function, order) else {
        return Err(Failure::new(format!("`{}` is too large", args.of)));
    };
    let names: Vec<String> = of.losses.iter().map(|loss| of.cone.loss_words(*loss)).collect();
    match &of.logic {
        Logic::Tree(tree) => {
            let solution = solve(tree, args, |_| format!("`{}`", args.of))?;
            Ok(answer(args.of.clone(), &solution, args, &names, None))
        }
        Logic::Listed(sets, complete) => {
            let why = "; it rests on loops, so sets are searched and not counted";
            Ok(listed(args.of.clone(), sets, complete, order, why, &names, args))
        }
    }
}

impl Answer {
    fn text(&self, args: &args::CutSets) -> String {
        let total = self.counts.as_ref().map(|counts| counts.iter().sum::<u128>());
        let mut text = match total {
            Some(1) => format!("{}: 1 minimal cut set", self.name),
            Some(total) => format!("{}: {} minimal cut sets", self.name, grouped(total)),
            None => format!("{}: more than 10^38 minimal cut sets", self.name),
        };
        text += &self.partial.as_ref().map_or(String::new(), |partial| format!(" ({partial})"));
        text.push('\n');
        for (order, count) in self.counts.iter().flatten().enumerate().filter(|(_, c)| **c > 0) {
            text += &format!("  order {order:<3} {}\n", grouped(*count));
        }
        if let Some(probability) = self.probability {
            text += &format!("probability {probability:.6e}\n");
        }
        if !self.sets.is_empty() {
            let which = if args.probability { "likeliest" } else { "smallest" };
            text += &format!("the {} {which}:\n", self.sets.len());
        }
        for set in &self.sets {
            text += &format!("  {}\n", set.join(", "));
        }
        if !self.importance.is_empty() && !args.count {
            text += "importance             Fussell-Vesely  Birnbaum     RAW          RRW\n";
        }
        for (name, i) in self.importance.iter().take(if args.count { 0 } else { LISTED }) {
            text += &format!(
                "  {name:<20} {:<15.6} {:<12.4e} {:<12.4e} {:<.6}\n",
                i.fussell_vesely, i.birnbaum, i.achievement, i.reduction
            );
        }
        text
    }

    fn json(&self) -> Value {
        let importance = self.importance.iter().map(|(name, i)| {
            json!({
                "name": name,
                "birnbaum": i.birnbaum,
                "fussell_vesely": i.fussell_vesely,
                "risk_achievement_worth": i.achievement,
                "risk_reduction_worth": i.reduction,
            })
        });
        json!({
            "name": self.name,
            // As texts: these numbers may be larger than other readers of JSON hold exactly.
            "by_order": self.counts.as_ref().map(|all| all.iter().map(u128::to_string).collect::<Vec<_>>()),
            "total": self.counts.as_ref().map(|all| all.iter().sum::<u128>().to_string()),
            "partial": self.partial,
            "sets": self.sets,
            "probability": self.probability,
            "importance": importance.collect::<Vec<_>>(),
        })
    }
}

/// A number with its thousands set apart.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
