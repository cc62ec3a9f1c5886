//! What a change does: to every obligation, to what ends each function, to how long backups take.

mod write;

use std::collections::{BTreeMap, BTreeSet};

use rbp_ruleset::{Acceptance, Function, Loss, Obligation, RuleSet, Verdict};

use crate::view::View;
use crate::words;

/// The difference of two rule sets.
#[derive(Debug)]
pub struct Diff {
    /// Whether each is verified.
    verified: (bool, bool),
    functions: Vec<Changed>,
    /// Acceptances that came or went, in words.
    acceptances: Vec<(Sort, String)>,
}

/// What changed for one function.
#[derive(Debug)]
struct Changed {
    id: String,
    name: String,
    /// It came or went.
    whole: Option<Sort>,
    lines: Vec<Line>,
}

/// One thing that changed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    sort: Sort,
    about: About,
    words: String,
}

/// How it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Worse,
    Better,
    Other,
}

impl Sort {
    fn word(self) -> &'static str {
        match self {
            Sort::Worse => "worse",
            Sort::Better => "better",
            Sort::Other => "changed",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum About {
    Obligation,
    CutSet,
    Time,
    Objective,
}

impl About {
    fn word(self) -> &'static str {
        match self {
            About::Obligation => "obligation",
            About::CutSet => "cut-set",
            About::Time => "time",
            About::Objective => "objective",
        }
    }
}

impl Diff {
    /// Whether something that held no longer does, something new ends a function, or something takes longer.
    pub fn is_worse(&self) -> bool {
        let lines = self.functions.iter().flat_map(|f| &f.lines);
        self.verified == (true, false) || lines.into_iter().any(|line| line.sort == Sort::Worse)
    }
}

/// Compares two rule sets. About linear in both.
pub fn diff(old: &RuleSet, new: &RuleSet) -> Diff {
    let (old, new) = (View::new(old), View::new(new));
    let ids = |view: &View<'_>| -> BTreeSet<String> {
        view.rules.functions.iter().map(|f| f.id.clone()).collect()
    };
    let all = ids(&old).into_iter().chain(ids(&new)).collect::<BTreeSet<String>>();
    let functions = all.iter().filter_map(|id| changed(&old, &new, id));
    Diff {
        verified: (old.rules.verified, new.rules.verified),
        functions: functions.collect(),
        acceptances: acceptances(&old, &new),
    }
}

fn changed(old: &View<'_>, new: &View<'_>, id: &str) -> Option<Changed> {
    let whole = match (old.function(id), new.function(id)) {
        (Some(_), Some(_)) => None,
        (None, _) => Some(Sort::Other),
        (_, None) => Some(Sort::Worse),
    };
    let (view, gone) = if new.function(id).is_some() { (new, false) } else { (old, true) };
    let mut lines = Vec::new();
    if !gone {
        lines.extend(obligations(old, new, id));
        lines.extend(cut_sets(old, new, id));
        if let (Some(before), Some(after)) = (old.function(id), new.function(id)) {
            lines.extend(times(new, before, after));
            lines.extend(objectives(before, after));
        }
    } else {
        let words = "it is no longer in the rule set, so nothing is owed to it".to_owned();
        lines.push(Line { sort: Sort::Worse, about: About::Objective, words });
    }
    lines.sort();
    let changed = Changed { id: id.to_owned(), name: view.called(id), whole, lines };
    (changed.whole.is_some() || !changed.lines.is_empty()).then_some(changed)
}

/// What makes an obligation the same one: its rule, policy, subject and losses.
type Key<'a> = (&'a str, Option<&'a str>, &'a str, &'a [Loss]);

/// The worst of each obligation.
fn owed<'a>(view: &View<'a>, id: &str) -> BTreeMap<Key<'a>, &'a Obligation> {
    let mut owed: BTreeMap<Key<'a>, &Obligation> = BTreeMap::new();
    for o in view.obligations(id) {
        let key = (o.rule.as_str(), o.policy.as_deref(), o.subject.as_str(), o.losses.as_slice());
        let worst = owed.entry(key).or_insert(o);
        if o.verdict > worst.verdict {
            *worst = o;
        }
    }
    owed
}

fn is_open(verdict: Option<Verdict>) -> bool {
    matches!(verdict, Some(Verdict::Refuted | Verdict::Unknown))
}

fn obligations(old: &View<'_>, new: &View<'_>, id: &str) -> Vec<Line> {
    let (before, after) = (owed(old, id), owed(new, id));
    let keys: BTreeSet<&Key<'_>> = before.keys().chain(after.keys()).collect();
    let line = |key: &&Key<'_>| {
        let was = before.get(*key).map(|o| o.verdict);
        let is = after.get(*key).map(|o| o.verdict);
        let sort = match (is_open(was), is_open(is)) {
            (false, true) => Sort::Worse,
            (true, false) => Sort::Better,
            _ if was == is => return None,
            // What is owed anew and holds, or is no longer owed and held, is no news.
            _ if was.is_none() || is.is_none() => return None,
            _ if was < is => Sort::Worse,
            _ => Sort::Better,
        };
        let word = |verdict: Option<Verdict>| verdict.map_or("not owed", words::verdict);
        let (rule, policy, subject, _) = key;
        let rule = policy.unwrap_or(rule);
        let mut words = format!("{rule} of {}: {} → {}", new.name(subject), word(was), word(is));
        let message = after.get(*key).or(before.get(*key)).and_then(|o| o.message.as_ref());
        if let Some(message) = message {
            words += &format!(": {message}");
        }
        Some(Line { sort, about: About::Obligation, words })
    };
    keys.iter().filter_map(line).collect()
}

fn cut_sets(old: &View<'_>, new: &View<'_>, id: &str) -> Vec<Line> {
    // Of larger sets one of the two says nothing.
    let to = |view: &View<'_>| view.function(id).map(|f| f.cut_sets_to as usize);
    let known = to(old).into_iter().chain(to(new)).min().unwrap_or(0);
    let sets = |view: &View<'_>| -> BTreeSet<Vec<Loss>> {
        let all = view.function(id).into_iter().flat_map(|f| &f.cut_sets);
        all.filter(|set| set.len() <= known).cloned().collect()
    };
    let (before, after) = (sets(old), sets(new));
    let line = |view: &View<'_>, set: &Vec<Loss>, sort, verb: &str| Line {
        sort,
        about: About::CutSet,
        words: format!("{} {verb} ends it", words::losses(view, set)),
    };
    let gained = after.difference(&before).map(|set| line(new, set, Sort::Worse, "now"));
    let lost = before.difference(&after).map(|set| line(old, set, Sort::Better, "no longer"));
    let mut lines: Vec<Line> = gained.chain(lost).collect();
    if let (Some(f), Some(g)) = (old.function(id), new.function(id))
        && f.cut_sets_to != g.cut_sets_to
    {
        let (was, is) = (f.cut_sets_to, g.cut_sets_to);
        let sort = if is < was { Sort::Worse } else { Sort::Better };
        let losses = if is == 1 { "loss" } else { "losses" };
        let words = format!("what ends it is known up to {is} {losses} at once, before {was}");
        lines.push(Line { sort, about: About::CutSet, words });
    }
    lines
}

/// How soon it is back after each loss, and how long each backup takes.
fn times(view: &View<'_>, before: &Function, after: &Function) -> Vec<Line> {
    let back = |f: &Function| -> BTreeMap<Loss, u64> {
        f.restorations
            .iter()
            .flat_map(|r| r.after.iter().map(|loss| (loss.clone(), r.within_ms)))
            .collect()
    };
    let (was, is) = (back(before), back(after));
    let mut by_change: BTreeMap<(u64, u64), Vec<String>> = BTreeMap::new();
    for (loss, after) in &is {
        if let Some(before) = was.get(loss).filter(|before| *before != after) {
            by_change.entry((*before, *after)).or_default().push(words::loss(view, loss));
        }
    }
    let restored = by_change.into_iter().map(|((before, after), losses)| {
        let (first, rest) = (losses.first().cloned().unwrap_or_default(), losses.len() - 1);
        let also = if rest > 0 { format!(" (and {rest} other losses)") } else { String::new() };
        let words = format!(
            "after {first}{also} it is back within {}, before {}",
            words::duration(after),
            words::duration(before)
        );
        Line { sort: longer(before, after), about: About::Time, words }
    });
    let mut lines: Vec<Line> = restored.collect();
    for budget in &after.time_budgets {
        let Some(old) = before.time_budgets.iter().find(|b| b.backup == budget.backup) else {
            continue;
        };
        if old.steps == budget.steps {
            continue;
        }
        let sum = |b: &rbp_ruleset::TimeBudget| {
            let parts: Vec<String> =
                b.steps.iter().map(|s| format!("{} {}", s.step, words::duration(s.ms))).collect();
            (b.steps.iter().fold(0_u64, |sum, s| sum.saturating_add(s.ms)), parts.join(" + "))
        };
        let ((was, old_steps), (is, steps)) = (sum(old), sum(budget));
        let words = format!(
            "{} takes {} ({steps}), before {} ({old_steps})",
            view.name(&budget.backup),
            words::duration(is),
            words::duration(was)
        );
        lines.push(Line { sort: longer(was, is), about: About::Time, words });
    }
    lines
}

fn longer(before: u64, after: u64) -> Sort {
    match after.cmp(&before) {
        std::cmp::Ordering::Greater => Sort::Worse,
        std::cmp::Ordering::Less => Sort::Better,
        std::cmp::Ordering::Equal => Sort::Other,
    }
}

/// Promises that were changed: neither better nor worse by themselves.
fn objectives(before: &Function, after: &Function) -> Vec<Line> {
    let pairs = [
        ("RTO", words::objectives(&before.rto), words::objectives(&after.rto)),
        ("RPO", words::objectives(&before.rpo), words::objectives(&after.rpo)),
        ("MTPD", words::maybe(before.mtpd_ms), words::maybe(after.mtpd_ms)),
    ];
    let stated = |text: String| if text.is_empty() { "not stated".to_owned() } else { text };
    let line = |(what, was, is): (&str, String, String)| Line {
        sort: Sort::Other,
        about: About::Objective,
        words: format!("{what} {}, before {}", stated(is), stated(was)),
    };
    pairs.into_iter().filter(|(_, was, is)| was != is).map(line).collect()
}

fn acceptances(old: &View<'_>, new: &View<'_>) -> Vec<(Sort, String)> {
    let words = |view: &View<'_>, a: &Acceptance| {
        format!("{}, by {} until {}: {}", view.accepted(a), a.by, a.until, a.because)
    };
    let all = |view: &View<'_>| -> BTreeSet<String> {
        view.rules.acceptances.iter().map(|a| words(view, a)).collect()
    };
    let (before, after) = (all(old), all(new));
    let came = after.difference(&before).map(|a| (Sort::Other, format!("accepted: {a}")));
    let went = before.difference(&after).map(|a| (Sort::Other, format!("no longer accepted: {a}")));
    came.chain(went).collect()
}
