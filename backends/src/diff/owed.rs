//! What is owed, and how it ended. What goes with a backup or a policy is told there, in one line.

use std::collections::{BTreeMap, BTreeSet};

use rbp_ruleset::{Loss, Obligation, Verdict};

use super::{About, Line, Sort};
use crate::view::View;
use crate::words;

/// How many names a line has at most.
const MOST: usize = 8;

/// What makes an obligation the same one: its rule, policy, subject and losses.
type Key<'a> = (&'a str, Option<&'a str>, &'a str, &'a [Loss]);
/// The worst of each obligation.
type Owed<'a> = BTreeMap<Key<'a>, &'a Obligation>;

fn owed<'a>(obligations: impl Iterator<Item = &'a Obligation>) -> Owed<'a> {
    let mut owed: Owed<'a> = BTreeMap::new();
    for o in obligations {
        let key = (o.rule.as_str(), o.policy.as_deref(), o.subject.as_str(), o.losses.as_slice());
        let worst = owed.entry(key).or_insert(o);
        if o.verdict > worst.verdict {
            *worst = o;
        }
    }
    owed
}

fn is_open(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Refuted | Verdict::Unknown)
}

/// What is owed to a function that is in the new rule set.
pub(super) fn to_function(old: &View<'_>, new: &View<'_>, id: &str) -> Vec<Line> {
    let before = owed(old.obligations(id).iter().copied());
    let after = owed(new.obligations(id).iter().copied());
    let policies = policies(new);
    let kept =
        |backup: &str| new.backup(backup).is_some_and(|b| b.protects.iter().any(|f| f == id));
    let told_elsewhere = |o: &Obligation| {
        let gone = !new.is_there(&o.subject);
        let unprotected = old.backup(&o.subject).is_some() && !kept(&o.subject);
        gone || unprotected || o.policy.as_ref().is_some_and(|p| !policies.contains(p.as_str()))
    };
    compared(new, &before, &after, &told_elsewhere)
}

/// What the package as a whole owes.
pub(super) fn by_package(old: &View<'_>, new: &View<'_>) -> Vec<Line> {
    let policies = policies(new);
    let told_elsewhere =
        |o: &Obligation| o.policy.as_ref().is_some_and(|p| !policies.contains(p.as_str()));
    compared(new, &owed(old.of_whole()), &owed(new.of_whole()), &told_elsewhere)
}

/// A line for each obligation that ended otherwise; together in one, those that held and are not owed any more.
fn compared(
    new: &View<'_>,
    before: &Owed<'_>,
    after: &Owed<'_>,
    told_elsewhere: &dyn Fn(&Obligation) -> bool,
) -> Vec<Line> {
    let still: BTreeSet<_> =
        after.keys().map(|(rule, policy, subject, _)| (rule, policy, subject)).collect();
    let (mut lines, mut ceased) = (Vec::new(), BTreeMap::new());
    for (key @ (rule, policy, subject, _), was) in before {
        match after.get(key) {
            Some(is) => lines.extend(ended_otherwise(new, was, is)),
            None if told_elsewhere(was) => {}
            None if is_open(was.verdict) => {
                let how = match still.contains(&(rule, policy, subject)) {
                    true => "and is so no longer",
                    false => "and is not asked any more",
                };
                let how = format!("was {}, {how}", words::verdict(was.verdict));
                lines.push(line(Sort::Better, new, was, &how, Some(was)));
            }
            // Another loss, or none, shows it now.
            None if still.contains(&(rule, policy, subject)) => {}
            None => {
                let sort = if policy.is_some() { Sort::Worse } else { Sort::Other };
                ceased.entry(sort).or_insert_with(BTreeSet::new).insert(named(new, was));
            }
        }
    }
    let begun = after.iter().filter(|(key, o)| is_open(o.verdict) && !before.contains_key(*key));
    lines.extend(begun.map(|(_, o)| {
        line(Sort::Worse, new, o, &format!("now {}", words::verdict(o.verdict)), Some(o))
    }));
    lines.extend(ceased.into_iter().map(|(sort, names)| {
        let words = format!("held before, and is not asked any more: {}", some(&names));
        Line { sort, about: About::Obligation, words }
    }));
    lines
}

fn ended_otherwise(new: &View<'_>, was: &Obligation, is: &Obligation) -> Option<Line> {
    let sort = match (is_open(was.verdict), is_open(is.verdict)) {
        _ if was.verdict == is.verdict => return None,
        (false, true) => Sort::Worse,
        (true, false) => Sort::Better,
        _ if was.verdict < is.verdict => Sort::Worse,
        _ => Sort::Better,
    };
    let how = format!("{} → {}", words::verdict(was.verdict), words::verdict(is.verdict));
    Some(line(sort, new, is, &how, Some(is)))
}

fn line(sort: Sort, view: &View<'_>, o: &Obligation, how: &str, told: Option<&Obligation>) -> Line {
    let mut words = format!("{}: {how}", named(view, o));
    if let Some(message) = told.and_then(|o| o.message.as_ref()) {
        words += &format!(": {message}");
    }
    Line { sort, about: About::Obligation, words }
}

/// Which obligation of what: "untested-backup of genset".
fn named(view: &View<'_>, o: &Obligation) -> String {
    let rule = o.policy.as_deref().unwrap_or(&o.rule);
    match o.subject.as_str() {
        "" => rule.to_owned(),
        subject => format!("{rule} of {}", view.name(subject)),
    }
}

fn some(names: &BTreeSet<String>) -> String {
    let first: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len().checked_sub(MOST).filter(|rest| *rest > 0) {
        None => first.join(", "),
        Some(rest) => format!("{}, and {rest} more", first.join(", ")),
    }
}

/// A backup that came or went, with all that it owes.
pub(super) fn with_backup(old: &View<'_>, new: &View<'_>, id: &str) -> Vec<Line> {
    let own = |o: &&Obligation| o.subject == id;
    let (sort, words) = match (old.backup(id), new.backup(id)) {
        (Some(gone), None) if gone.protects.is_empty() => {
            (Sort::Other, "it protected nothing".to_owned())
        }
        (None, Some(added)) if added.protects.is_empty() => {
            (Sort::Other, "it protects nothing".to_owned())
        }
        (Some(gone), None) => {
            let went = went(old.rules.obligations.iter().filter(own));
            (Sort::Worse, format!("no longer protects {}: {went}", old.names(&gone.protects)))
        }
        (None, Some(added)) => {
            let came = came(new.rules.obligations.iter().filter(own));
            (Sort::Better, format!("now protects {}: {came}", new.names(&added.protects)))
        }
        _ => return Vec::new(),
    };
    vec![Line { sort, about: About::Protection, words }]
}

/// Policies that ask for something no longer, or do now; those of a module in one line.
pub(super) fn by_policies(old: &View<'_>, new: &View<'_>) -> Vec<Line> {
    let (before, after) = (policies(old), policies(new));
    let line = |sort, words| Line { sort, about: About::Obligation, words };
    let gone = by_module(before.difference(&after)).into_iter().map(|(module, names)| {
        let (what, went) = (policies_of(module, &names), went(of_policies(old, &names)));
        line(Sort::Worse, format!("{what} applied no longer, or to nothing that is left: {went}"))
    });
    let added = by_module(after.difference(&before)).into_iter().map(|(module, names)| {
        let (what, came) = (policies_of(module, &names), came(of_policies(new, &names)));
        line(Sort::Better, format!("{what} applied now: {came}"))
    });
    gone.chain(added).collect()
}

/// The policies that ask for anything.
fn policies<'a>(view: &View<'a>) -> BTreeSet<&'a str> {
    view.rules.obligations.iter().filter_map(|o| o.policy.as_deref()).collect()
}

fn of_policies<'a>(
    view: &View<'a>,
    names: &BTreeSet<&str>,
) -> impl Iterator<Item = &'a Obligation> {
    let of = |o: &&Obligation| o.policy.as_deref().is_some_and(|policy| names.contains(policy));
    view.rules.obligations.iter().filter(of)
}

fn by_module<'a>(all: impl Iterator<Item = &'a &'a str>) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut modules: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for policy in all {
        let module = policy.rsplit_once('.').map_or("", |(module, _)| module);
        modules.entry(module).or_default().insert(policy);
    }
    modules
}

/// "policy house.tested is", "policies of std.packs.nfpa-110 (cold-start, monthly-run) are".
fn policies_of(module: &str, all: &BTreeSet<&str>) -> String {
    let names = all.iter().map(|p| p.rsplit('.').next().unwrap_or(p).to_owned()).collect();
    match (all.len(), module) {
        (1, _) => format!("policy {} is", all.iter().copied().collect::<String>()),
        (_, "") => format!("policies {} are", some(&names)),
        _ => format!("policies of {module} ({}) are", some(&names)),
    }
}

fn went<'a>(obligations: impl Iterator<Item = &'a Obligation>) -> String {
    let (open, held): (Vec<_>, Vec<_>) = obligations.partition(|o| is_open(o.verdict));
    match (held.len(), open.len()) {
        (0, 0) => "nothing else was owed".to_owned(),
        (held, 0) => format!("{} that held went with it", counted(held)),
        (0, open) => format!("{} that did not hold went with it", counted(open)),
        (held, open) => {
            format!("{} that held went with it, and {open} that did not", counted(held))
        }
    }
}

fn came<'a>(obligations: impl Iterator<Item = &'a Obligation>) -> String {
    let (open, held): (Vec<_>, Vec<_>) = obligations.partition(|o| is_open(o.verdict));
    let all = counted(held.len() + open.len());
    if open.is_empty() {
        format!("{all}, none open")
    } else {
        format!("{all}, {} open", open.len())
    }
}

fn counted(n: usize) -> String {
    format!("{n} obligation{}", if n == 1 { "" } else { "s" })
}
