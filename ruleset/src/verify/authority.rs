//! Whether a backup is put to work: seen, decided and opened, by more than one, and not by itself.

use std::collections::BTreeSet;

use super::ledger::Ledger;
use super::rests::{Rests, unmet};
use crate::logic::model::{Item, Model, signals};
use crate::logic::times::fastest_decision;
use crate::{Activation, Backup, Condition, Function, Need};

/// Up to so many signals every state of them is tried.
const MAX_SIGNALS: usize = 12;

/// Up to so many actors are followed from a decision to the people whom it takes.
const MAX_TEAMS: usize = 1000;

/// Whether some state of the signals meets all conditions; `None` where there are too many.
pub(crate) fn meetable(all: &[&Condition]) -> Option<bool> {
    let names: BTreeSet<&str> = all.iter().flat_map(|condition| signals(condition)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let state = |state: u32| {
        let on = |name: &str| names.binary_search(&name).is_ok_and(|at| state & 1 << at != 0);
        all.iter().all(|condition| holds(condition, &on))
    };
    (names.len() <= MAX_SIGNALS).then(|| (0..1u32 << names.len()).any(state))
}

fn holds(condition: &Condition, on: &dyn Fn(&str) -> bool) -> bool {
    match condition {
        Condition::Signal(name) => on(name),
        Condition::Not(of) => !holds(of, on),
        Condition::AtLeast { count, of } => {
            of.iter().filter(|of| holds(of, on)).count() >= *count as usize
        }
    }
}

/// What putting a backup to work takes by itself.
pub(crate) fn put_to_work_by(backup: &Backup) -> Vec<&str> {
    let Some(activation) = &backup.activation else { return Vec::new() };
    let mut found: Vec<&str> = activation.when.iter().flat_map(signals).collect();
    let needs = activation.by.iter().map(|step| &step.who);
    let needs = needs.chain(&activation.with).chain(&activation.funded_by);
    found.extend(needs.flat_map(|need| &need.of).map(String::as_str));
    let ways = activation.fences.iter().map(|f| &f.via);
    let ways = ways.chain(activation.reach.iter().map(|r| &r.via));
    found.extend(ways.flatten().map(String::as_str));
    found
}

/// The people without each of whom nobody may put a backup to work once some others are gone. None where a controller may.
pub(crate) fn sole_deciders<'a>(
    model: &Model<'a>,
    activation: &'a Activation,
    gone: &[&'a str],
) -> Vec<&'a str> {
    let named: Vec<&str> =
        activation.by.iter().flat_map(|step| &step.who.of).map(String::as_str).collect();
    let rests = Rests::of(model, &named, |item| item.is("actor"));
    let left = rests.falls_with(gone);
    let acts =
        |automatic| activation.by.iter().any(|s| s.automatic == automatic && !unmet(&s.who, &left));
    if acts(true) || !acts(false) {
        return Vec::new();
    }
    let people =
        rests.items.iter().filter(|item| item.acts_as("person") && !left.contains(item.name));
    let sole = people.map(|item| item.name).filter(|person| {
        let fallen = rests.falls_with(&[gone, &[*person]].concat());
        activation.by.iter().all(|step| unmet(&step.who, &fallen))
    });
    sole.collect()
}

pub(crate) fn backup<'a>(
    model: &Model<'a>,
    item: &Item<'a>,
    backup: &'a Backup,
    out: &mut Ledger<'a>,
) {
    let activation = backup.activation.as_ref();
    let when = activation.and_then(|a| a.when.as_ref());
    out.judge("missing-activation", when.is_some(), "nothing says when it is put to work");
    let Some(activation) = activation else { return };
    out.judge("no-authority", !activation.by.is_empty(), "nobody may put it to work");
    if let Some(when) = when {
        let seen = |name: &str| model.item(name).signal.is_some_and(|s| !s.from.is_empty());
        let observed = signals(when).into_iter().all(seen) && meetable(&[when]) != Some(false);
        out.judge("unobservable-trigger", observed, "what calls for it cannot be seen");
    }
    let people = activation.by.iter().any(|step| !step.automatic);
    let automatic = activation.by.iter().any(|step| step.automatic);
    if people {
        let stated = !activation.with.is_empty() || !activation.reach.is_empty();
        out.judge("missing-access", stated, "nothing says how whoever decides gets at it");
    }
    if people && !automatic {
        let several = sole_deciders(model, activation, &[]).is_empty();
        out.judge("single-approver", several, "one person alone may put it to work");
    }
    if item.is("actor") && !activation.by.is_empty() {
        let mut steps = activation.by.iter().filter(|step| !step.automatic);
        let own = steps.any(|step| alone(model, &step.who, item.name, &mut BTreeSet::new()));
        out.judge("self-approval", !own, "it decides alone on itself");
    }
    access(model, activation, out);
}

/// Whether that one person suffices for a need.
fn alone<'a>(model: &Model<'a>, need: &'a Need, who: &str, seen: &mut BTreeSet<&'a str>) -> bool {
    let can = need.of.iter().filter(|name| {
        name.as_str() == who || seen.insert(name) && made_up_of(model, name, who, seen)
    });
    can.count() >= need.count as usize
}

/// Whether a team or rota acts when that one person is there.
fn made_up_of<'a>(model: &Model<'a>, team: &str, who: &str, seen: &mut BTreeSet<&'a str>) -> bool {
    if seen.len() > MAX_TEAMS {
        // Too many to follow: taken to be the same person.
        return true;
    }
    let team = model.item(team);
    let actors = |need: &&Need| need.of.iter().any(|name| model.item(name).is("actor"));
    let people: Vec<&'a Need> = team.needs().iter().filter(actors).collect();
    team.is("actor") && !people.is_empty() && people.into_iter().all(|n| alone(model, n, who, seen))
}

/// Whoever is left to decide when somebody is gone must still get in.
fn access<'a>(model: &Model<'a>, activation: &'a Activation, out: &mut Ledger<'a>) {
    let mut ways: Vec<Vec<&'a str>> = Vec::new();
    let needs: Vec<&Need> = activation.with.iter().chain(&activation.funded_by).collect();
    ways.extend(activation.reach.iter().flat_map(|r| &r.via).map(|via| vec![via.as_str()]));
    let people: Vec<&str> =
        activation.by.iter().flat_map(|s| &s.who.of).map(String::as_str).collect();
    if people.len() < 2 || (ways.is_empty() && needs.is_empty()) {
        return;
    }
    let keys = needs.iter().flat_map(|need| &need.of).map(String::as_str);
    let start: Vec<&str> = people.iter().copied().chain(keys).chain(ways.concat()).collect();
    let rests = Rests::of(model, &start, |_| true);
    let mut actors = rests.items.iter().filter(|item| item.is("actor"));
    let shut = actors.any(|lost| {
        let fallen = rests.falls_with(&[lost.name]);
        let left = activation.by.iter().any(|step| !unmet(&step.who, &fallen));
        let shut = needs.iter().any(|need| unmet(need, &fallen));
        left && (shut || ways.iter().any(|way| way.iter().any(|name| fallen.contains(name))))
    });
    out.judge("authority-without-access", !shut, "who decides in place of another has no way in");
}

/// Whether the decision is bound, and soon enough for the widest objective; after each loss it is part of the
/// time to restore.
pub(crate) fn pair<'a>(
    model: &Model<'a>,
    backup: &'a Backup,
    function: &'a Function,
    out: &mut Ledger<'a>,
) {
    let Some(activation) = backup.activation.as_ref().filter(|a| !a.by.is_empty()) else { return };
    let fastest = fastest_decision(activation);
    let widest = function.rto.iter().map(|o| o.within_ms).max();
    // What holds out until then gives it more time.
    let widest = widest.map(|widest| widest.max(model.held_for(backup, &function.id).unwrap_or(0)));
    let holds = fastest.zip(widest).is_some_and(|(fastest, widest)| fastest <= widest);
    out.judge("decision-too-slow", holds, "nobody who may decide does so in time");
}
