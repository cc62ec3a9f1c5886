//! What is stated otherwise: promises, bounds, needs, triggers, orders of succession, owners. That is neither better
//! nor worse by itself. What is kept against a loss is: a fail safe, a fence or a test less protects less.

use std::collections::BTreeSet;

use rbp_ruleset::{
    Activation, Amount, Backup, Element, Function, HandBack, Signal, Test, Tolerance,
};

use super::{About, Line, Sort};
use crate::view::View;
use crate::words;

/// What something says of itself: what each statement is about, and its words, which are empty where it is not made.
type Said = Vec<(String, String)>;
/// Its safeguards, in words.
type Kept = BTreeSet<String>;

pub(super) fn function(
    (old, before): (&View<'_>, &Function),
    (new, after): (&View<'_>, &Function),
) -> Vec<Line> {
    let said = |view: &View<'_>, f: &Function| {
        let load = |load: &Option<_>| load.as_ref().map_or(String::new(), |l| words::load(view, l));
        said([
            ("RTO", words::objectives(&f.rto)),
            ("RPO", words::objectives(&f.rpo)),
            ("MTPD", words::maybe(f.mtpd_ms)),
            ("demand", load(&f.demand)),
            ("minimum", load(&f.minimum)),
            ("may degrade for", words::maybe(f.may_degrade_ms)),
            ("survives", survives(view, &f.survives)),
            ("depends on", words::needs(view, &f.depends_on)),
            ("budget", amount(f.budget.as_ref())),
            ("owner", f.owner.clone().unwrap_or_default()),
            ("tags", f.tags.join(", ")),
        ])
    };
    otherwise(About::Objective, said(old, before), said(new, after))
}

fn survives(view: &View<'_>, all: &[Tolerance]) -> String {
    let one = |t: &Tolerance| match (t.each_of.as_slice(), &t.of_kind) {
        ([], None) => format!("any {} loss", t.order),
        ([], Some(kind)) => format!("any {} loss of kind {kind}", t.order),
        (each, _) => format!("each loss of {}", view.names(each)),
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(super) fn backup(
    (old, before): (&View<'_>, &Backup),
    (new, after): (&View<'_>, &Backup),
) -> Vec<Line> {
    let mut lines = kept(&guards(old, before), &guards(new, after));
    // Times are told with the budgets, and the days of tests with what is owed.
    let (was, is) = (of_backup(old, before), of_backup(new, after));
    lines.extend(otherwise(About::Statement, was, is));
    for test in &after.tests {
        // One that came or went is told above.
        if let Some(other) = before.tests.iter().find(|other| other.name == test.name) {
            let what = || format!("test {}", test.name);
            let (was, is) = (vec![(what(), held(old, other))], vec![(what(), held(new, test))]);
            lines.extend(otherwise(About::Statement, was, is));
        }
    }
    lines
}

/// What a backup has that protects, or shows that it does.
fn guards(view: &View<'_>, b: &Backup) -> Kept {
    let protects = b.protects.iter().map(|f| format!("protects {}", view.name(f)));
    let apart = b.independent_of.iter().map(|id| format!("independent of {}", view.name(id)));
    let diverse = b.diverse_by.iter().map(|field| format!("diverse by {field}"));
    let reserved = b.reserved.then(|| "reserved".to_owned());
    let tests = b.tests.iter().map(|test| format!("test {}", test.name));
    let activation = b.activation.iter();
    let called = activation.flat_map(|a| {
        let safe =
            a.fail_safe.iter().map(|f| format!("fail safe when {}", words::fail_safe(view, f)));
        let fences = a.fences.iter();
        let fences =
            fences.map(|f| format!("fence {} via {}", view.name(&f.target), view.names(&f.via)));
        safe.chain(fences).collect::<Vec<_>>()
    });
    protects.chain(apart).chain(diverse).chain(reserved).chain(tests).chain(called).collect()
}

fn of_backup(view: &View<'_>, b: &Backup) -> Said {
    let covers = b.covers.as_ref().map(|load| words::load(view, load));
    let covers = covers.or_else(|| b.full.then(|| "full".to_owned()));
    let mut all = said([
        (
            "stands in for",
            b.primary.as_deref().map_or(String::new(), |id| view.name(id).to_owned()),
        ),
        ("covers", covers.unwrap_or_default()),
        ("serves less than usual", b.degraded.clone().unwrap_or_default()),
        ("readiness", b.readiness.clone().unwrap_or_default()),
        ("catches up within", words::maybe(b.catches_up_ms)),
        ("lead time", words::maybe(b.lead_time_ms)),
        ("installed by", words::needs(view, &b.installed_by)),
        ("instructions", b.instructions.join("; ")),
        ("retire by", b.retire_by.clone().unwrap_or_default()),
        (
            "lends",
            b.lends.as_ref().map_or(String::new(), |lent| {
                let back = lent
                    .recall_ms
                    .map_or(String::new(), |ms| format!(", back within {}", words::duration(ms)));
                let by = lent
                    .by
                    .as_deref()
                    .map_or(String::new(), |by| format!(", by {}", view.name(by)));
                format!("{}{back}{by}", lent.share.written)
            }),
        ),
    ]);
    all.extend(called(view, b.activation.as_ref()));
    all
}

/// How often a test is held, what it shows, and by whom.
fn held(view: &View<'_>, test: &Test) -> String {
    let every = test.every_ms.map(|ms| format!("every {}", words::duration(ms)));
    let owner = test.owner.as_ref().map(|owner| format!("by {owner}"));
    let shows = Some(words::shows(view, test)).filter(|shows| !shows.is_empty());
    every.into_iter().chain(shows).chain(owner).collect::<Vec<_>>().join("; ")
}

fn called(view: &View<'_>, a: Option<&Activation>) -> Said {
    let Some(a) = a else { return said([("when", String::new()), ("by", String::new())]) };
    let back = match &a.hand_back {
        None => String::new(),
        Some(HandBack::How(how)) => how.clone(),
        Some(HandBack::When { condition, hold_ms }) => {
            let hold = hold_ms.map_or(String::new(), |ms| format!(" for {}", words::duration(ms)));
            words::condition(view, condition) + &hold
        }
    };
    let access = words::access(view, &Activation { fences: Vec::new(), ..a.clone() });
    said([
        ("when", a.when.as_ref().map_or(String::new(), |_| words::trigger(view, a))),
        ("by", words::succession(view, a).join("; then ")),
        ("access", access.join("; ")),
        ("steps", a.steps.join("; ")),
        ("hand back", back),
    ])
}

pub(super) fn element(
    (old, before): (&View<'_>, &Element),
    (new, after): (&View<'_>, &Element),
) -> Vec<Line> {
    let guards = |e: &Element| -> Kept {
        let all = [
            (e.immutable, "immutable"),
            (e.encrypted, "encrypted"),
            (e.audited, "audited"),
            (e.compensated, "compensated"),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()).collect()
    };
    let mut lines = kept(&guards(before), &guards(after));
    lines.extend(otherwise(About::Statement, of_element(old, before), of_element(new, after)));
    lines
}

fn of_element(view: &View<'_>, e: &Element) -> Said {
    let stock = e.stock.as_ref().map_or(String::new(), |stock| {
        let until =
            stock.expires.as_ref().map_or(String::new(), |day| format!(", good until {day}"));
        stock.amount.written.clone() + &until
    });
    let mut all = said([
        ("owner", e.owner.clone().unwrap_or_default()),
        ("kind", e.kinds.first().cloned().unwrap_or_default()),
        ("rests on", words::needs(view, &e.needs)),
        ("controlled by", view.names(&e.controlled_by)),
        ("lag within", words::maybe(e.lag_ms)),
        ("delayed by", words::maybe(e.delayed_ms)),
        ("capacity", amount(e.capacity.as_ref())),
        ("stock", stock),
        ("repaired within", words::maybe(e.repaired_ms)),
        ("fails", amount(e.fails.as_ref())),
        ("unavailability", amount(e.unavailability.as_ref())),
        ("contract until", e.contract_until.clone().unwrap_or_default()),
        ("cost", amount(e.cost.as_ref())),
        ("data", e.data.clone().unwrap_or_default()),
        ("agreed by", e.agreed_by.join(", ")),
    ]);
    all.extend(e.fields.iter().map(|(field, value)| (field.clone(), value.clone())));
    all
}

pub(super) fn signal(
    (old, before): (&View<'_>, &Signal),
    (new, after): (&View<'_>, &Signal),
) -> Vec<Line> {
    let said = |view: &View<'_>, s: &Signal| {
        said([
            ("from", words::needs(view, &s.from)),
            ("query", s.query.clone().unwrap_or_default()),
            ("within", words::maybe(s.within_ms)),
        ])
    };
    otherwise(About::Statement, said(old, before), said(new, after))
}

fn said<const N: usize>(all: [(&str, String); N]) -> Said {
    all.into_iter().map(|(what, words)| (what.to_owned(), words)).collect()
}

fn amount(amount: Option<&Amount>) -> String {
    amount.map_or(String::new(), |a| a.written.clone())
}

/// What is said otherwise, in the order in which it is said.
fn otherwise(about: About, before: Said, after: Said) -> Vec<Line> {
    let said =
        |all: &Said, what: &str| all.iter().find(|(of, _)| of == what).map(|(_, w)| w.clone());
    let gone = before.iter().filter(|(what, _)| said(&after, what).is_none());
    let all: Vec<&String> = after.iter().chain(gone).map(|(what, _)| what).collect();
    let stated = |words: Option<String>| {
        words.filter(|words| !words.is_empty()).unwrap_or_else(|| "not stated".to_owned())
    };
    let line = |what: &&String| {
        let (was, is) = (stated(said(&before, what)), stated(said(&after, what)));
        let words = format!("{what}: {was} → {is}");
        (was != is).then_some(Line { sort: Sort::Other, about, words })
    };
    all.iter().filter_map(line).collect()
}

fn kept(before: &Kept, after: &Kept) -> Vec<Line> {
    let line = |sort, words| Line { sort, about: About::Protection, words };
    let gone = before.difference(after).map(|what| line(Sort::Worse, format!("no longer: {what}")));
    let came = after.difference(before).map(|what| line(Sort::Better, format!("now: {what}")));
    gone.chain(came).collect()
}
