//! Words of the language: declarations, clauses, and what goes on a clause.

use rbp_grammar::head::{Head, Place};

use super::context::Context;
use super::{Item, Sort};

/// What begins a declaration, with a snippet and its meaning.
const DECLARATIONS: [(&str, &str, &str); 13] = [
    ("import", "import ${1:std.power}.{${2:generator}}", "Names of another module."),
    ("unit", "unit ${1:name} = ${2:1} ${3:unit}", "A unit of measure."),
    ("kind", "kind ${1:name} : ${2:machine}", "A sort of element."),
    ("dependency", "dependency ${1:name} : ${2:kind}", "An element whose loss matters."),
    (
        "signal",
        "signal ${1:name} {\n  from    ${2:probe}\n  query   \"${3:what is asked of the monitor}\"\n  within  ${4:30s}\n\\}",
        "An observable that rules may use.",
    ),
    (
        "function",
        "function ${1:name} {\n  owner       ${2:owner}\n  rto         ${3:15min}\n  depends on  ${4:dependency}\n\\}",
        "A critical function: what must not disappear.",
    ),
    (
        "backup",
        "backup ${1:name} : ${2:kind} for ${3:primary} {\n  protects  ${4:function}\n  readiness ${5:hot}\n  restores  within ${6:5min}\n  activate {\n    when  ${7:signal}\n    by    ${8:who} within ${9:5min}\n  \\}\n\\}",
        "A maintained substitute for a primary.",
    ),
    (
        "template",
        "template ${1:name}(${2:parameter}: ${3:kind}) {\n  $0\n\\}",
        "A parametric declaration.",
    ),
    (
        "policy",
        "policy ${1:name} {\n  for each ${2:backup} ${3:b} {\n    require ${4:condition} else \"${5:message}\"\n  \\}\n\\}",
        "Rules that the whole model must obey.",
    ),
    (
        "accept",
        "accept loss of ${1:element} for ${2:function} {\n  because \"${3:reason}\"\n  by      ${4:who}\n  until   ${5:date}\n\\}",
        "A named risk, accepted with a reason, an owner and an end.",
    ),
    (
        "scenario",
        "scenario ${1:name} {\n  lose   ${2:element}\n  expect ${3:function} continues\n\\}",
        "A what-if with expectations.",
    ),
    ("evidence", "evidence from \"${1:drills/*.csv}\"", "Where test records come from."),
    ("apply", "apply ${1:std.packs.nfpa-110}", "A policy, or a module of policies, switched on."),
];

/// The words that may stand at the place.
pub fn items(context: &Context<'_>) -> Vec<Item> {
    if !context.path.is_empty() {
        return Vec::new();
    }
    if context.top {
        let items = DECLARATIONS.iter().map(|(word, snippet, meaning)| {
            Item::new(*word, Sort::Keyword).snippet(*snippet).docs(*meaning).rank(2)
        });
        return items.collect();
    }
    let given = context.given();
    let mut items = Vec::new();
    // A clause may begin, and the one before may go on.
    let may_begin = context.next.signs.contains(&"}") || context.begins;
    let heads_here = may_begin && context.block.is_some() && context.first_on_line;
    for word in &context.next.words {
        let heads = context.block.filter(|_| may_begin).map(|place| starting(word, place));
        match heads.filter(|heads| !heads.is_empty()) {
            Some(heads) => {
                let open = |head: &&Head| head.info().repeatable || !given.contains(head);
                items.extend(heads.iter().filter(open).map(|head| clause(*head)));
            }
            // What another block's clause begins with has no place here.
            None if context.begins && context.block.is_some() => {}
            None if heads_here && starts_elsewhere(word) => {}
            None => items.push(Item::new(*word, Sort::Keyword).rank(3)),
        }
    }
    // Where a name may stand, so may these words.
    if context.next.name {
        let by = context.block == Some(Place::Activate)
            && context.clause.first().is_some_and(|word| word == "by")
            && matches!(context.clause.last().map(String::as_str), Some("by" | "then"));
        if by {
            items.push(Item::new("automatic on", Sort::Keyword).rank(3));
        }
    }
    items
}

fn starts(head: Head, word: &str) -> bool {
    head.info().words.split(' ').next() == Some(word)
}

fn starting(word: &str, place: Place) -> Vec<Head> {
    let here = |head: &&Head| head.info().places.contains(&place) && starts(**head, word);
    Head::ALL.iter().filter(here).copied().collect()
}

/// Whether a clause of any block begins with that word.
fn starts_elsewhere(word: &str) -> bool {
    Head::ALL.iter().any(|head| starts(*head, word))
}

/// A clause with gaps where its values stand.
fn clause(head: Head) -> Item {
    let info = head.info();
    let snippet = match head {
        Head::Activate => {
            "activate {\n  when  ${1:signal}\n  by    ${2:who} within ${3:5min}\n\\}".to_owned()
        }
        Head::Test => {
            "test ${1:name} {\n  every   ${2:30d}\n  proves  ${3:activation}\n\\}".to_owned()
        }
        _ => {
            let value = info.example.strip_prefix(info.words).unwrap_or("").trim_start();
            match value.is_empty() {
                true => info.words.to_owned(),
                // Names of an example are nobody's: the gap is left open for them.
                false if names(info.form) => format!("{} ${{1}}", info.words),
                false => format!("{} ${{1:{}}}", info.words, super::escaped(value)),
            }
        }
    };
    let label = match head {
        Head::CoversQuality => "covers full",
        _ => info.words,
    };
    let snippet = if head == Head::CoversQuality { "covers full".to_owned() } else { snippet };
    Item::new(label, Sort::Clause).snippet(snippet).detail(info.form).docs(info.meaning).rank(1)
}

/// Whether a clause is written with names.
fn names(form: &str) -> bool {
    let takes =
        ["NAME", "NEEDS", "FUNCTIONS", "SIGNALS", "CREDENTIALS", "FIELDS", "WORD", " A ", " X "];
    takes.iter().any(|word| form.contains(word))
}
