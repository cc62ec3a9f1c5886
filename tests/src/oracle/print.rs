//! A model as a policy, under any names, in any order, in one file or several.

use std::fmt::Write;

use super::model::{Activation, Backup, Expr, Model, Need, Role, Thing};
use crate::random::Random;

/// How a model is written down; none of it changes what it means.
#[derive(Debug, Clone)]
pub struct Names {
    /// The name of each thing, and last of the function.
    pub names: Vec<String>,
    /// The order of declarations, the function among them.
    pub order: Vec<usize>,
    /// The file of each, by number.
    pub files: Vec<usize>,
}

impl Names {
    /// `e0`, `e1` … and `f`, in that order, in one file.
    pub fn plain(model: &Model) -> Names {
        let many = model.things.len();
        let mut names: Vec<String> = (0..many).map(|at| format!("e{at}")).collect();
        names.push("f".into());
        Names { names, order: (0..=many).collect(), files: vec![0; many + 1] }
    }

    /// Other names, another order, up to that many files.
    pub fn scrambled(model: &Model, files: usize, random: &mut Random) -> Names {
        let mut names = Names::plain(model);
        let mut numbers: Vec<usize> = (0..names.names.len()).collect();
        random.shuffle(&mut numbers);
        names.names = numbers.iter().map(|number| format!("thing-{}", number * 7 % 89)).collect();
        random.shuffle(&mut names.order);
        names.files.iter_mut().for_each(|file| *file = random.below(files));
        names
    }

    fn of(&self, at: usize) -> &str {
        &self.names[at]
    }

    fn list(&self, all: &[usize]) -> String {
        all.iter().map(|at| self.of(*at)).collect::<Vec<_>>().join(", ")
    }
}

/// The policy in one text, under plain names.
pub fn print(model: &Model) -> String {
    let used = model.reachable();
    let names = Names::plain(model);
    let order =
        (0..=model.things.len()).filter(|at| *at == model.things.len() || used.contains(at));
    order.map(|at| declaration(model, at, &names)).collect()
}

/// The policy as files.
pub fn policy(model: &Model, names: &Names) -> Vec<(String, String)> {
    let files = names.files.iter().max().map_or(0, |last| last + 1);
    let text = |file: usize| {
        let mine = names.order.iter().copied().filter(|at| names.files[*at] == file);
        let mine: Vec<usize> = mine.collect();
        let mut text = String::new();
        for other in (0..files).filter(|other| *other != file) {
            let mut wanted: Vec<usize> = mine.iter().flat_map(|at| mentions(model, *at)).collect();
            wanted.retain(|at| names.files[*at] == other);
            wanted.sort_unstable();
            wanted.dedup();
            if !wanted.is_empty() {
                let _ = writeln!(text, "import part-{other}.{{{}}}", names.list(&wanted));
            }
        }
        mine.iter().for_each(|at| text += &declaration(model, *at, names));
        (format!("part-{file}.rbp"), text)
    };
    (0..files).map(text).collect()
}

fn mentions(model: &Model, at: usize) -> Vec<usize> {
    if at == model.things.len() {
        return model.depends.iter().flat_map(|n| n.of.clone()).collect();
    }
    let mut all = model.mentions(at);
    if model.things[at].backup().is_some_and(|b| b.protects) {
        all.push(model.things.len());
    }
    all
}

fn declaration(model: &Model, at: usize, names: &Names) -> String {
    let mut text = String::new();
    let name = names.of(at);
    let Some(thing) = model.things.get(at) else {
        let _ = writeln!(text, "function {name} {{");
        let _ = writeln!(
            text,
            "  owner somebody  rto 1h  demand 10 part  survives any {} loss",
            model.order
        );
        needs(&mut text, "depends on", &model.depends, names);
        return text + "}\n";
    };
    match &thing.role {
        Role::Dependency => {
            let _ = writeln!(text, "dependency {name} : {} {{", thing.kind.word());
            common(&mut text, thing, names);
        }
        Role::Signal(latency) => {
            let _ = writeln!(text, "signal {name} {{");
            needs(&mut text, "from", &thing.needs, names);
            let _ = writeln!(text, "  query \"x > 1\"");
            time(&mut text, "within", *latency);
        }
        Role::Backup(backup) => {
            let primary = names.of(backup.primary);
            let _ = writeln!(text, "backup {name} : {} for {primary} {{", thing.kind.word());
            common(&mut text, thing, names);
            stand_in(&mut text, model, backup, names);
        }
    }
    text + "}\n"
}

fn common(text: &mut String, thing: &Thing, names: &Names) {
    // Where it stands is a need like any other: `in` says it for what holds at most one name.
    let (inside, rest): (Vec<_>, Vec<_>) =
        thing.needs.iter().cloned().partition(|n| n.of.len() == 1 && n.of[0] % 4 == 3 && !n.to_run);
    needs(text, "in", &inside, names);
    needs(text, "needs", &rest, names);
    if !thing.controlled_by.is_empty() {
        let _ = writeln!(text, "  controlled by {}", names.list(&thing.controlled_by));
    }
}

fn stand_in(text: &mut String, model: &Model, backup: &Backup, names: &Names) {
    if backup.protects {
        let _ = writeln!(text, "  protects {}", names.of(model.things.len()));
    }
    let until = backup.until.map_or(String::new(), |(by, within)| {
        format!(" for 10min resupplied by {} within {within}s", names.of(by))
    });
    let _ = writeln!(text, "  covers {} part{until}", if backup.covers { 10 } else { 9 });
    for (clause, on) in [("lag within 5s", backup.lag), ("immutable", backup.immutable)] {
        if on {
            let _ = writeln!(text, "  {clause}");
        }
    }
    time(text, "delayed by", backup.delayed);
    time(text, "restores within", backup.restores);
    time(text, "verified within", backup.verified);
    if !backup.installed.is_empty() {
        let _ = writeln!(text, "  installed by {}", names.list(&backup.installed));
    }
    if let Some(rule) = &backup.activation {
        let _ = writeln!(text, "  activate {{");
        activation(text, rule, backup.primary, names);
        let _ = writeln!(text, "  }}");
    }
}

fn activation(text: &mut String, rule: &Activation, primary: usize, names: &Names) {
    let hold = rule.hold.map_or(String::new(), |hold| format!(" for {hold}s"));
    let _ = writeln!(text, "    when {}{hold}", expr(&rule.when, names));
    let by = rule.by.iter().map(|authority| {
        let automatic = if authority.automatic { "automatic on " } else { "" };
        let within = authority.within.map_or(String::new(), |within| format!(" within {within}s"));
        format!("{automatic}{}{within}", need(&authority.who, names))
    });
    let _ = writeln!(text, "    by {}", by.collect::<Vec<_>>().join(", then "));
    needs(text, "with", &rule.with, names);
    if !rule.funded.is_empty() {
        let _ = writeln!(text, "    funded by {}", names.list(&rule.funded));
    }
    if !rule.fence.is_empty() {
        let _ = writeln!(text, "    fence {} via {}", names.of(primary), names.list(&rule.fence));
    }
    for (via, within) in &rule.reach {
        let within = within.map_or(String::new(), |within| format!(" within {within}s"));
        let _ = writeln!(text, "    reach {}{within}", names.list(via));
    }
}

fn time(text: &mut String, clause: &str, seconds: Option<u64>) {
    if let Some(seconds) = seconds {
        let _ = writeln!(text, "  {clause} {seconds}s");
    }
}

/// Needs that are alike go in one clause; those to run in another.
fn needs(text: &mut String, clause: &str, needs: &[Need], names: &Names) {
    for to_run in [false, true] {
        let alike: Vec<String> =
            needs.iter().filter(|n| n.to_run == to_run).map(|n| need(n, names)).collect();
        if !alike.is_empty() {
            let end = if to_run { " to run" } else { "" };
            let _ = writeln!(text, "  {clause} {}{end}", alike.join(", "));
        }
    }
}

fn need(need: &Need, names: &Names) -> String {
    match need.of.as_slice() {
        [one] if need.k == 1 => names.of(*one).to_owned(),
        of => format!("{} of [{}]", need.k, names.list(of)),
    }
}

fn expr(of: &Expr, names: &Names) -> String {
    match of {
        Expr::Signal(at) => names.of(*at).to_owned(),
        Expr::Not(inner) => format!("not ({})", expr(inner, names)),
        Expr::And(left, right) => format!("({}) and ({})", expr(left, names), expr(right, names)),
        Expr::Or(left, right) => format!("({}) or ({})", expr(left, names), expr(right, names)),
        Expr::Some(k, all) => {
            let all: Vec<String> = all.iter().map(|inner| expr(inner, names)).collect();
            format!("{k} of [{}]", all.join(", "))
        }
    }
}
