//! `repeated-authority`: An order of succession names the same authority twice.

use rbp_grammar::ast::{Args, Authority, Name, Need};
use rbp_grammar::head::Head;
use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::names::ItemId;
use crate::rules::{Check, rule};

rule!(
    "repeated-authority",
    Warning,
    Activation,
    "An order of succession names the same authority twice.",
    Check::Text
);

/// The steps of a backup's order of succession whose turn somebody had before who is the same: one person, team or controller, or
/// as many of the same. Linear in its steps.
pub(crate) fn found(backup: &Element) -> Vec<Diagnostic> {
    let activation = backup.activation();
    let by = activation.as_ref().and_then(|activation| activation.clause(Head::By));
    let Some(Args::By(steps)) = by.map(|clause| &clause.args) else { return Vec::new() };
    let mut first: FxHashMap<_, &Authority> = FxHashMap::default();
    let mut found = Vec::new();
    for step in steps {
        let Some(earlier) = first.get(&who(backup, &step.who)) else {
            first.insert(who(backup, &step.who), step);
            continue;
        };
        let (span, name) = place(&step.who);
        if span == place(&earlier.who).0 {
            // One word of a use stands for both; the template is told.
            continue;
        }
        let message = format!(
            "`{name}` has had its turn already in the order of succession of `{}`",
            backup.name()
        );
        found.push(
            Diagnostic::new(&RULE, backup.at(span), message)
                .also(backup.at(place(&earlier.who).0), "it is named here first")
                .note("who does not decide the first time, being away or out of reach, will hardly do so the second time")
                .help("name somebody else, or leave this step out"),
        );
    }
    found
}

/// How many must agree, and of whom: what the names mean, or the names where they mean nothing yet.
fn who<'a>(backup: &Element, need: &'a Need) -> (u32, Vec<(Option<ItemId>, &'a str)>) {
    let (count, names) = match need {
        Need::One(name) => (1, std::slice::from_ref(name)),
        Need::Some { count, of, .. } => (count.value, of.as_slice()),
    };
    let meant = |name: &'a Name| match backup.target(name) {
        Some(id) => (Some(id), ""),
        None => (None, name.text.as_str()),
    };
    let mut all: Vec<_> = names.iter().map(meant).collect();
    all.sort_unstable();
    (count, all)
}

/// Where a step stands, and what it says.
fn place(need: &Need) -> (rbp_grammar::ast::Span, String) {
    match need {
        Need::One(name) => (name.span, name.text.to_string()),
        Need::Some { count, of, span } => {
            let names: Vec<&str> = of.iter().map(|name| name.text.as_str()).collect();
            (*span, format!("{} of [{}]", count.value, names.join(", ")))
        }
    }
}
