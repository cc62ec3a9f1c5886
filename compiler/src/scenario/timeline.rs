//! What happens after the losses, step by step: detected, decided, reached, switched, verified, and what
//! each step rests on.

use rbp_grammar::ast::{Name, SignalExpr};
use rbp_grammar::head::Head;

use super::expect::Chosen;
use super::play::Stage;
use crate::analysis::{After, Part, World};
use crate::diagnostic::Anchor;
use crate::model::{Activation, Element, NeedView};
use crate::quantity::duration_words;

/// What happens to one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The function.
    pub function: String,
    /// What is lost, in words.
    pub lost: Vec<String>,
    /// Each backup of what stops.
    pub accounts: Vec<Account>,
    /// When it serves again, in milliseconds: 0 where it went on, `None` where it does not.
    pub serving: Option<u64>,
    /// The backups by which it does.
    pub by: Vec<String>,
    /// Whose decisions are told of; the function may be served sooner by somebody else's.
    pub actor: Option<String>,
}

/// How one backup is put to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The backup.
    pub backup: String,
    /// What it stands in for.
    pub primary: String,
    /// Its steps, up to the first that is never done.
    pub moments: Vec<Moment>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// Which.
    pub activity: Activity,
    /// When it is done, in milliseconds after the loss; `None` for never.
    pub ms: Option<u64>,
    /// How, or why never.
    pub words: String,
    /// What it rests on.
    pub rests_on: Vec<String>,
    /// Where it is stated.
    pub at: Anchor,
}

/// A sort of step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Activity {
    Detected,
    Decided,
    Reached,
    Ready,
    Switched,
    Verified,
}

impl Activity {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Activity::Detected => "detected",
            Activity::Decided => "decided",
            Activity::Reached => "reached",
            Activity::Ready => "ready",
            Activity::Switched => "switched",
            Activity::Verified => "verified",
        }
    }
}

/// Tells what happens.
pub(super) fn tell(
    stage: &Stage<'_>,
    world: &World,
    after: &mut After<'_>,
    chosen: &Chosen,
) -> Timeline {
    let name = |at: &usize| world.cone.elements.get(*at).map(|e| e.name().to_owned());
    let mut primaries: Vec<_> = world.cone.stand_ins.iter().collect();
    primaries.sort();
    let mut accounts = Vec::new();
    for (primary, backups) in primaries {
        if after.runs(*primary) {
            continue;
        }
        for backup in backups {
            let moments = Teller { stage, world, after, at: *backup }.moments();
            let (Some(backup), Some(primary)) = (name(backup), name(primary)) else { continue };
            accounts.push(Account { backup, primary, moments });
        }
    }
    let function = world.function().map_or(String::new(), |f| f.name().to_owned());
    let by = after.served_by().iter().filter_map(name).collect();
    let actor = stage.actor.map(|actor| stage.name(actor));
    let (lost, serving) = (chosen.words.clone(), after.restoration());
    Timeline { function, lost, accounts, serving, by, actor }
}

struct Teller<'a, 'w> {
    stage: &'a Stage<'a>,
    world: &'a World,
    after: &'a mut After<'w>,
    at: usize,
}

impl Teller<'_, '_> {
    fn moments(self) -> Vec<Moment> {
        let Some(backup) = self.world.cone.elements.get(self.at).cloned() else {
            return Vec::new();
        };
        let Some(activation) = backup.activation() else { return Vec::new() };
        let decider = self.stage.decider(self.world, self.after, self.at);
        let times = self.after.moments(self.at, decider);
        let mut moments = vec![self.detected(&activation, times.detected)];
        let decided = times.decided.filter(|_| decider.is_some());
        moments.push(self.decided(&activation, decider, decided));
        if let Some(reached) = self.reached(&activation, times.reached) {
            moments.push(reached);
        }
        if times.ready != times.reached {
            let ready = match times.ready {
                Some(_) => "what it rests on is up again".to_owned(),
                None => self.never(Part::Itself),
            };
            let at = backup.name_at();
            moments.push(moment(Activity::Ready, times.ready, ready, Vec::new(), at));
        }
        let verify = backup.duration(Head::VerifiedWithin);
        let switched = times.serving.map(|ms| ms.saturating_sub(verify.map_or(0, |v| v.ms)));
        moments.push(self.switched(&backup, switched, times.together));
        if let Some(verify) = verify {
            let words = format!("within {}", duration_words(verify.ms));
            let at = verify.at;
            moments.push(moment(Activity::Verified, times.serving, words, Vec::new(), at));
        }
        let end = moments.iter().position(|m| m.ms.is_none()).map_or(moments.len(), |at| at + 1);
        moments.truncate(end);
        moments
    }

    /// Why a step is never taken: the way on which it falls.
    fn never(&self, part: Part) -> String {
        match self.after.way(self.at, part) {
            Some(way) => format!("lost: {}", way.join(" → ")),
            None => "what it takes was never there".into(),
        }
    }

    fn detected(&self, activation: &Activation<'_>, ms: Option<u64>) -> Moment {
        let at = activation.clause_at(Head::When);
        let Some((when, hold)) = activation.when() else {
            return moment(Activity::Detected, ms, String::new(), Vec::new(), at);
        };
        if ms.is_none() {
            let never = self.never(Part::Detection);
            return moment(Activity::Detected, ms, never, Vec::new(), at);
        }
        let held = hold.map_or(String::new(), |h| format!(", held for {}", duration_words(h.ms)));
        let mut seen = Vec::new();
        self.seen(activation.backup, when, &mut seen);
        let from = seen.iter().filter_map(|at| self.world.cone.elements.get(*at));
        let mut rests_on: Vec<String> =
            from.flat_map(|signal| self.there(&signal.needs_of(Head::From))).collect();
        dedup(&mut rests_on);
        moment(Activity::Detected, ms, signal_words(when) + &held, rests_on, at)
    }

    /// The signals of the expression that can be seen.
    fn seen(&self, backup: &Element, expr: &SignalExpr, seen: &mut Vec<usize>) {
        match expr {
            SignalExpr::Signal(name) => seen.extend(self.number(backup, name)),
            SignalExpr::Not(inner) => self.seen(backup, inner, seen),
            SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
                self.seen(backup, left, seen);
                self.seen(backup, right, seen);
            }
            SignalExpr::Some { of, .. } => {
                of.iter().for_each(|inner| self.seen(backup, inner, seen));
            }
        }
        seen.retain(|at| self.after.served(*at));
    }

    fn number(&self, backup: &Element, name: &Name) -> Option<usize> {
        self.world.cone.index.get(&backup.target(name)?).copied()
    }

    fn decided(
        &self,
        activation: &Activation<'_>,
        decider: Option<usize>,
        ms: Option<u64>,
    ) -> Moment {
        let at = activation.clause_at(Head::By);
        let succession = activation.succession();
        let Some(step) = decider.and_then(|at| succession.get(at)).filter(|_| ms.is_some()) else {
            let may = self.stage.actor.map(|actor| self.stage.name(actor));
            let fallen = self.after.way(self.at, Part::Decision).is_some();
            let words = match may.filter(|_| !fallen) {
                Some(actor) => format!("`{actor}` may not decide"),
                None => self.never(Part::Decision),
            };
            return moment(Activity::Decided, None, words, Vec::new(), at);
        };
        let bound =
            step.within.map_or(String::new(), |w| format!(", within {}", duration_words(w.ms)));
        let who = step.who.of.iter().filter_map(|r| self.world.cone.index.get(&r.id));
        let who = who.filter_map(|at| self.world.cone.elements.get(*at));
        let mut rests_on: Vec<String> = who.flat_map(|e| self.there(&e.needs())).collect();
        dedup(&mut rests_on);
        moment(Activity::Decided, ms, step.words() + &bound, rests_on, at)
    }

    /// `None` where nothing stands between the decision and the backup.
    fn reached(&self, activation: &Activation<'_>, ms: Option<u64>) -> Option<Moment> {
        let mut words = Vec::new();
        let mut at = None;
        for (head, word) in [(Head::With, "with"), (Head::FundedBy, "funded by")] {
            let needs = activation.needs_of(head);
            at = at.or_else(|| activation.clause(head).map(|c| activation.backup.at(c.span)));
            let there = self.there(&needs);
            words.extend((!there.is_empty()).then(|| format!("{word} {}", there.join(", "))));
        }
        for (via, within, place) in activation.reaches() {
            at = at.or(Some(place));
            let bound =
                within.map_or(String::new(), |w| format!(" within {}", duration_words(w.ms)));
            words.push(format!("by {}{bound}", joined(via.iter().map(|r| r.name))));
        }
        for (target, via, place) in activation.fences() {
            at = at.or(Some(place));
            let via = joined(via.iter().map(|r| r.name));
            words.push(format!("{} fenced via {via}", target.text));
        }
        let loan = self.world.cone.loans.get(&self.at);
        if let Some(by) = loan.and_then(|loan| self.world.cone.index.get(&loan.by?)) {
            at = at.or(Some(activation.backup.clause_at(Head::Lends)));
            let by = self.world.cone.elements.get(*by).map_or("", |by| by.name());
            words.push(format!("what is lent called back by {by}"));
        }
        let at = at?;
        let words = if ms.is_some() { words.join("; ") } else { self.never(Part::Access) };
        Some(moment(Activity::Reached, ms, words, Vec::new(), at))
    }

    fn switched(&self, backup: &Element, ms: Option<u64>, together: bool) -> Moment {
        let at = backup.clause_at(Head::RestoresWithin);
        let words = match backup.duration(Head::RestoresWithin) {
            Some(restores) => format!("{}, within {}", backup.name(), duration_words(restores.ms)),
            None => format!("{}, and nothing says how soon", backup.name()),
        };
        let recall = self.world.cone.loans.get(&self.at).map_or(0, |loan| loan.recall);
        let words = match recall {
            0 => words,
            ms => format!("{words} once what is lent is back, within {}", duration_words(ms)),
        };
        let words = match ms {
            Some(_) if together => format!("{words}, and together with what it rests on"),
            Some(_) => words,
            None => self.never(Part::Itself),
        };
        moment(Activity::Switched, ms, words, self.there(&backup.needs()), at)
    }

    /// The names of those members of needs that are there.
    fn there(&self, needs: &[NeedView<'_>]) -> Vec<String> {
        let all = needs.iter().flat_map(|need| &need.of);
        let there = all
            .filter(|r| self.world.cone.index.get(&r.id).is_some_and(|at| self.after.served(*at)));
        let mut names: Vec<String> = there.map(|r| r.name.text.to_string()).collect();
        dedup(&mut names);
        names
    }
}

fn moment(
    activity: Activity,
    ms: Option<u64>,
    words: String,
    rests_on: Vec<String>,
    at: Anchor,
) -> Moment {
    let rests_on = if ms.is_some() { rests_on } else { Vec::new() };
    Moment { activity, ms, words, rests_on, at }
}

fn joined<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    names.map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ")
}

fn dedup(names: &mut Vec<String>) {
    let mut seen = rustc_hash::FxHashSet::default();
    names.retain(|name| seen.insert(name.clone()));
}

/// A signal expression as an author writes it.
fn signal_words(expr: &SignalExpr) -> String {
    let inner = |expr: &SignalExpr| match expr {
        SignalExpr::And(..) | SignalExpr::Or(..) => format!("({})", signal_words(expr)),
        _ => signal_words(expr),
    };
    match expr {
        SignalExpr::Signal(name) => name.text.to_string(),
        SignalExpr::Not(of) => format!("not {}", inner(of)),
        SignalExpr::And(left, right) => format!("{} and {}", inner(left), inner(right)),
        SignalExpr::Or(left, right) => format!("{} or {}", inner(left), inner(right)),
        SignalExpr::Some { count, of, .. } => {
            let of: Vec<String> = of.iter().map(signal_words).collect();
            format!("{} of [{}]", count.value, of.join(", "))
        }
    }
}
