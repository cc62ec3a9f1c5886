//! What is done to put a backup to work, step by step, and what the names in a step stand for.
//!
//! Playbooks and alerts tell the same steps.

use std::collections::BTreeSet;

use rbp_ruleset::{Activation, Backup, Condition, Need, NeedSort};

use crate::view::{View, signals_of};
use crate::words;

/// Something to do.
pub(crate) struct Step<'a> {
    /// What is done, in words.
    pub text: String,
    /// Whom and what it names.
    pub names: Vec<&'a str>,
}

impl<'a> Step<'a> {
    fn plain(text: impl Into<String>) -> Step<'a> {
        Step { text: text.into(), names: Vec::new() }
    }
}

/// What is done once it is decided, in order.
pub(crate) fn steps<'a>(view: &View<'_>, backup: &'a Backup) -> Vec<Step<'a>> {
    let mut all = Vec::new();
    let activation = backup.activation.as_ref();
    all.extend(activation.map_or(Vec::new(), |a| access(view, a)));
    if let Some(lending) = &backup.lends {
        let who = lending.by.as_deref().map_or("whoever has it", |by| view.name(by));
        let within = lending
            .recall_ms
            .map_or(String::new(), |ms| format!(", within {}", words::duration(ms)));
        let text =
            format!("call back the {} that is lent, through {who}{within}", lending.share.written);
        all.push(Step { text, names: lending.by.as_deref().into_iter().collect() });
    }
    let written = activation.map_or(&[][..], |a| &a.steps).iter().chain(&backup.instructions);
    all.extend(written.map(Step::plain));
    if !backup.installed_by.is_empty() {
        let text = format!("have it installed by {}", words::needs(view, &backup.installed_by));
        all.push(Step { text, names: of_needs(&backup.installed_by) });
    }
    if let Some(ms) = backup.verified_ms {
        let within = words::duration(ms);
        all.push(Step::plain(format!("check it before it serves, within {within}")));
    }
    all
}

/// What is needed to get at a backup, in order: what is fenced first, keys, ways, money.
pub(crate) fn access<'a>(view: &View<'_>, a: &'a Activation) -> Vec<Step<'a>> {
    let ids = |ids: &'a [String]| ids.iter().map(String::as_str);
    let fences = a.fences.iter().map(|f| Step {
        text: format!("first fence {} through {}", view.name(&f.target), view.names(&f.via)),
        names: [f.target.as_str()].into_iter().chain(ids(&f.via)).collect(),
    });
    let of_need = |word: &'static str| {
        move |n: &'a Need| Step {
            text: format!("{word} {}", words::need(view, n)),
            names: n.of.iter().map(String::as_str).collect(),
        }
    };
    let reach = a.reach.iter().map(|reach| {
        let within =
            reach.within_ms.map_or(String::new(), |ms| format!(" within {}", words::duration(ms)));
        Step {
            text: format!("by {}{within}", view.names(&reach.via)),
            names: ids(&reach.via).collect(),
        }
    });
    let with = a.with.iter().map(of_need("with"));
    let funds = a.funded_by.iter().map(of_need("paid by"));
    fences.chain(with).chain(reach).chain(funds).collect()
}

fn of_needs(needs: &[Need]) -> Vec<&str> {
    needs.iter().flat_map(|need| &need.of).map(String::as_str).collect()
}

/// Everybody who may decide.
pub(crate) fn deciders(a: &Activation) -> Vec<&str> {
    a.by.iter().flat_map(|by| &by.who.of).map(String::as_str).collect()
}

/// The signals that a condition goes by, each once, in order.
pub(crate) fn signals(of: &Condition) -> Vec<&str> {
    let (mut all, mut met) = (Vec::new(), BTreeSet::new());
    signals_of(of, &mut all);
    all.retain(|id| met.insert(*id));
    all
}

/// What names stand for, a line each, of those of which more is known than the name: what a signal asks, who is in a
/// rota, where a key is.
pub(crate) fn meant(view: &View<'_>, names: &[&str]) -> Vec<String> {
    let (mut lines, mut told) = (Vec::new(), BTreeSet::new());
    let mut left: Vec<&str> = names.iter().rev().copied().collect();
    while let Some(id) = left.pop() {
        if !told.insert(id) {
            continue;
        }
        let mut parts: Vec<String> = view.title(id).map(str::to_owned).into_iter().collect();
        if let Some(signal) = view.signal(id) {
            parts.extend(signal.query.as_ref().map(|query| format!("asks {query}")));
            if !signal.from.is_empty() {
                parts.push(format!("seen by {}", words::needs(view, &signal.from)));
            }
        }
        if let Some(element) = view.element(id) {
            let of = |sort| element.needs.iter().filter(move |n| n.sort == sort);
            let people = element.kinds.iter().any(|kind| kind == "actor");
            let members: Vec<&Need> = of(NeedSort::Needs).filter(|_| people).collect();
            parts.extend(members.iter().map(|n| words::need(view, n)));
            parts.extend(of(NeedSort::In).map(|n| format!("in {}", words::need(view, n))));
            let members = members.iter().flat_map(|n| n.of.iter().rev());
            left.extend(members.map(String::as_str));
        }
        if !parts.is_empty() {
            lines.push(format!("{}: {}", view.name(id), parts.join("; ")));
        }
    }
    lines
}

/// A sentence's first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
