//! `weaker-than-template`: A use promises less than its template.

use rbp_grammar::ast::{
    Args, Authority, Cause, Clause, Date, Name, Need, Proof, Quantity, Span, Text,
};
use rbp_grammar::head::Head;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Element, LoadView, Test, day};
use crate::quantity::{Amount, duration_words};
use crate::rules::invariants::OPEN;
use crate::rules::rule;

rule!("weaker-than-template", Warning, Language, "A use promises less than its template.");

/// Clauses whose larger quantity is the weaker promise.
const LONGER: [Head; 10] = [
    Head::RestoresWithin,
    Head::LagWithin,
    Head::VerifiedWithin,
    Head::CatchesUpWithin,
    Head::RepairedWithin,
    Head::LeadTime,
    Head::Fails,
    Head::Unavailability,
    Head::Mtpd,
    Head::MayDegrade,
];

/// Clauses whose smaller quantity is the weaker promise.
const SMALLER: [Head; 2] = [Head::Capacity, Head::DelayedBy];

/// Loads whose smaller amount or shorter duration is the weaker promise.
const LOADS: [Head; 3] = [Head::Covers, Head::Demand, Head::Minimum];

/// Words from the strongest to the weakest; those of one place are as strong as each other.
const READINESS: [&[&str]; 5] =
    [&["hot"], &["warm"], &["cold"], &["stocked", "trained", "contracted"], &["recoverable"]];
const EXERCISES: [&[&str]; 4] = [&["full-scale"], &["functional"], &["drill"], &["tabletop"]];

/// Lists whose every name is a promise.
const LISTS: [Head; 2] = [Head::IndependentOf, Head::DiverseBy];

/// What the element as it is made promises less of than the template alone makes it.
pub fn found(template: &str, before: &Element, made: &Element) -> Vec<Diagnostic> {
    let mut found = Found { template, before, made, all: Vec::new() };
    for head in LONGER {
        if let (Some(was), Some(is)) = (before.quantity(head), made.quantity(head)) {
            found.larger(head.words(), is, was);
        }
    }
    for head in SMALLER {
        if let (Some(was), Some(is)) = (before.quantity(head), made.quantity(head))
            && is.0.dimension == was.0.dimension
            && is.0.number < was.0.number
        {
            found.say(head.words(), (was.1.to_string(), was.1.span), (is.1.to_string(), is.1.span));
        }
    }
    for head in LOADS {
        if let (Some(was), Some(is)) = (before.load(head), made.load(head))
            && less(&was, &is)
        {
            found.say(head.words(), load(&was), load(&is));
        }
    }
    for head in [Head::Rto, Head::Rpo] {
        found.objectives(head);
    }
    let readiness = |of: &'_ Element| of.words(Head::Readiness).next().cloned();
    found.word("readiness", &READINESS, readiness(before).as_ref(), readiness(made).as_ref());
    found.quality();
    found.stock();
    found.lent();
    found.date(Head::ContractUntil, |is, was| is < was);
    found.date(Head::RetireBy, |is, was| is > was);
    found.data();
    LISTS.into_iter().for_each(|head| found.list(head));
    found.texts(before.clause(Head::Instructions), made.clause(Head::Instructions));
    found.activation();
    for was in before.tests() {
        if let Some(is) = made.tests().into_iter().find(|is| is.name.text == was.name.text) {
            found.test(&was, &is);
        }
    }
    found.all
}

struct Found<'a> {
    template: &'a str,
    /// The element as the template alone makes it.
    before: &'a Element,
    made: &'a Element,
    all: Vec<Diagnostic>,
}

impl Found<'_> {
    /// What the template says and what the use says, each with its place.
    fn say(&mut self, clause: &str, was: (String, Span), is: (String, Span)) {
        let template = self.template;
        let message = format!(
            "`{clause} {}` is weaker than `{clause} {}` of the template `{template}`",
            is.0, was.0
        );
        let finding = Diagnostic::new(&RULE, self.made.at(is.1), message)
            .here("the use states this")
            .also(self.before.at(was.1), "the template states this")
            .note(format!("whoever reads `{template}` expects at least what it promises"))
            .help("leave out what the template states, or say why less is enough: `allow weaker-than-template because \"…\"`");
        self.all.push(finding);
    }

    fn larger(&mut self, clause: &str, is: (&Amount, &Quantity), was: (&Amount, &Quantity)) {
        if is.0.dimension == was.0.dimension && is.0.number > was.0.number {
            self.say(clause, (was.1.to_string(), was.1.span), (is.1.to_string(), is.1.span));
        }
    }

    /// One word of a list that goes from the strongest to the weakest.
    fn word(&mut self, clause: &str, order: &[&[&str]], was: Option<&Name>, is: Option<&Name>) {
        let (Some(was), Some(is)) = (was, is) else { return };
        let rank = |name: &Name| order.iter().position(|words| words.contains(&&*name.text));
        if let (Some(strong), Some(weak)) = (rank(was), rank(is))
            && weak > strong
        {
            self.say(clause, (was.text.to_string(), was.span), (is.text.to_string(), is.span));
        }
    }

    fn objectives(&mut self, head: Head) {
        let (before, made) = (self.before, self.made);
        for was in before.objectives(head) {
            let same = |is: &crate::model::ObjectiveView<'_>| {
                let cause = |o: &crate::model::ObjectiveView<'_>| {
                    (o.kind, o.cause.is_some(), o.cause.map(std::mem::discriminant))
                };
                cause(is) == cause(&was)
            };
            let Some(is) = made.objectives(head).into_iter().find(same) else { continue };
            if is.bound.ms > was.bound.ms {
                let text = |element: &Element, at: Anchor| {
                    let clauses = element.clauses(head).find_map(|clause| match &clause.args {
                        Args::Objective { bound, cause } if bound.span == at.span => {
                            Some(format!("{bound}{}", cause_words(cause.as_deref())))
                        }
                        _ => None,
                    });
                    (clauses.unwrap_or_default(), at.span)
                };
                self.say(head.words(), text(before, was.bound.at), text(made, is.bound.at));
            }
        }
    }

    fn quality(&mut self) {
        let degraded = |of: &Element| match of.clause(Head::CoversQuality) {
            Some(clause) => match &clause.args {
                Args::Quality { degraded } => Some((degraded.clone(), clause.span)),
                _ => None,
            },
            None => None,
        };
        if let (Some((None, full)), Some((Some(text), span))) =
            (degraded(self.before), degraded(self.made))
        {
            self.say(
                "covers",
                ("full".into(), full),
                (format!("degraded \"{}\"", text.text), span),
            );
        }
    }

    fn stock(&mut self) {
        let (before, made) = (self.before, self.made);
        let stock = |of: &'_ Element| match &of.clause(Head::Stock)?.args {
            Args::Stock { amount, expires } => {
                let (end, ends) = (expires.as_ref().and_then(|date| day(date)), expires.is_some());
                let until =
                    expires.as_ref().map_or(String::new(), |d| format!(" expires {}", d.text));
                let text = (format!("{amount}{until}"), amount.span);
                Some((of.amount(amount).cloned(), end, ends, text))
            }
            _ => None,
        };
        let (Some(was), Some(is)) = (stock(before), stock(made)) else { return };
        let fewer = match (&was.0, &is.0) {
            (Some(was), Some(is)) => is.dimension == was.dimension && is.number < was.number,
            _ => false,
        };
        let sooner = was.1.zip(is.1).is_some_and(|(was, is)| is < was) || (was.2 && !is.2);
        if fewer || sooner {
            self.say("stock", was.3, is.3);
        }
    }

    fn lent(&mut self) {
        let (before, made) = (self.before, self.made);
        let lent = |of: &'_ Element| match &of.clause(Head::Lends)?.args {
            Args::Lends { share, recall, .. } => {
                let back = recall.as_ref().map_or(String::new(), |r| format!(" recall within {r}"));
                let time = recall.as_ref().and_then(|recall| of.amount(recall)).cloned();
                let text = (format!("{share}{back}"), share.span);
                Some((of.amount(share).cloned(), time, recall.is_some(), text))
            }
            _ => None,
        };
        let (Some(was), Some(is)) = (lent(before), lent(made)) else { return };
        let larger = |is: &Option<Amount>, was: &Option<Amount>| match (is, was) {
            (Some(is), Some(was)) => is.dimension == was.dimension && is.number > was.number,
            _ => false,
        };
        if larger(&is.0, &was.0) || larger(&is.1, &was.1) || (was.2 && !is.2) {
            self.say("lends", was.3, is.3);
        }
    }

    /// A day that `weaker` holds against that of the template.
    fn date(&mut self, head: Head, weaker: impl Fn(crate::db::Day, crate::db::Day) -> bool) {
        let (was, is) = (dated(self.before.clause(head)), dated(self.made.clause(head)));
        self.day(head.words(), was, is, weaker);
    }

    fn day(
        &mut self,
        clause: &str,
        was: Option<&Date>,
        is: Option<&Date>,
        weaker: impl Fn(crate::db::Day, crate::db::Day) -> bool,
    ) {
        let (Some(was), Some(is)) = (was, is) else { return };
        if day(is).zip(day(was)).is_some_and(|(is, was)| weaker(is, was)) {
            self.say(clause, (was.text.to_string(), was.span), (is.text.to_string(), is.span));
        }
    }

    /// Data that somebody must not see, and that anybody may. Other classes have no order.
    fn data(&mut self) {
        let (before, made) = (self.before, self.made);
        let (Some(was), Some(is)) =
            (before.words(Head::Data).next(), made.words(Head::Data).next())
        else {
            return;
        };
        let open = |name: &Name| OPEN.contains(&&*name.text);
        if open(is) && !open(was) {
            self.say("data", (was.text.to_string(), was.span), (is.text.to_string(), is.span));
        }
    }

    fn list(&mut self, head: Head) {
        let (Some(was), Some(is)) = (self.before.clause(head), self.made.clause(head)) else {
            return;
        };
        let (Args::Names(all), Args::Names(left)) = (&was.args, &is.args) else { return };
        let same = |a: &Name, b: &Name| match (self.before.target(a), self.made.target(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a.text == b.text,
        };
        if !all.iter().all(|name| left.iter().any(|other| same(name, other))) {
            let (was, is) = ((list_words(all), was.span), (list_words(left), is.span));
            self.say(head.words(), was, is);
        }
    }

    /// Steps that are written down.
    fn texts(&mut self, was: Option<&Clause>, is: Option<&Clause>) {
        let (Some(was), Some(is)) = (was, is) else { return };
        let (Args::Texts(all), Args::Texts(left)) = (&was.args, &is.args) else { return };
        if left.len() < all.len() {
            let words = |texts: &[Text]| match texts {
                [one] => format!("\"{}\"", one.text),
                _ => format!("in {} steps", texts.len()),
            };
            self.say(is.head.words(), (words(all), was.span), (words(left), is.span));
        }
    }

    /// How the backup is put to work: how long the signals must hold before it is called on, who decides, and the
    /// steps. Which signals these are is not compared.
    fn activation(&mut self) {
        let (before, made) = (self.before, self.made);
        let hold = |of: &Element| {
            let clause = of.activation()?.clause(Head::When)?.clone();
            match clause.args {
                Args::Condition { hold: Some(hold), .. } => {
                    Some((of.amount(&hold)?.clone(), *hold))
                }
                _ => None,
            }
        };
        if let (Some(was), Some(is)) = (hold(before), hold(made)) {
            self.larger("when … for", (&is.0, &is.1), (&was.0, &was.1));
        }
        let (Some(was), Some(is)) = (before.activation(), made.activation()) else { return };
        self.texts(was.clause(Head::Steps), is.clause(Head::Steps));
        if let (Some(was), Some(is)) = (was.clause(Head::By), is.clause(Head::By))
            && let (Args::By(all), Args::By(left)) = (&was.args, &is.args)
            && (decides_later(before, all, made, left) || left.len() < all.len())
        {
            self.say("by", (succession(all), was.span), (succession(left), is.span));
        }
    }

    fn test(&mut self, was: &Test<'_>, is: &Test<'_>) {
        let every = |test: &Test<'_>| match &test.clause(Head::Every)?.args {
            Args::Quantity(quantity) => {
                Some((test.backup.amount(quantity)?.clone(), quantity.clone()))
            }
            _ => None,
        };
        if let (Some(was), Some(is)) = (every(was), every(is)) {
            self.larger("every", (&is.0, &is.1), (&was.0, &was.1));
        }
        self.word("by", &EXERCISES, was.exercise(), is.exercise());
        let expires = |test: &Test<'_>| test.clause(Head::Expires).cloned();
        let (ended, ends) = (expires(was), expires(is));
        self.day("expires", dated(ended.as_ref()), dated(ends.as_ref()), |is, was| is > was);
        let place = |test: &Test<'_>| test.clause(Head::Proves).map(|clause| clause.span);
        let (Some(there), Some(here)) = (place(was), place(is)) else { return };
        for proof in was.proofs() {
            match proof {
                Proof::Aspect(name) if !is.proves(&name.text) => {
                    let all: Vec<String> = is.proofs().iter().map(proof_words).collect();
                    self.say("proves", (name.text.to_string(), there), (all.join(", "), here));
                }
                Proof::Aspect(_) => {}
                Proof::Load { .. } => {
                    let kept = is.proofs().iter().any(|other| at_least(is, other, was, proof));
                    if !kept {
                        let all: Vec<String> = is.proofs().iter().map(proof_words).collect();
                        self.say("proves", (proof_words(proof), there), (all.join(", "), here));
                    }
                }
            }
        }
    }
}

fn dated(clause: Option<&Clause>) -> Option<&Date> {
    match &clause?.args {
        Args::Date(date) => Some(date),
        _ => None,
    }
}

/// Whether a load is smaller, lasts shorter, or is brought more of later or no more.
fn less(was: &LoadView<'_>, is: &LoadView<'_>) -> bool {
    let smaller =
        was.amount.dimension == is.amount.dimension && is.amount.number < was.amount.number;
    let shorter = match (was.duration, is.duration) {
        (Some(was), Some(is)) => is.ms < was.ms,
        (was, is) => was.is_some() && is.is_none(),
    };
    let longer = was.duration.zip(is.duration).is_some_and(|(was, is)| is.ms > was.ms);
    let brought = match (&was.resupply, &is.resupply) {
        (Some((_, was)), Some((_, is))) => is.ms > was.ms,
        (was, is) => was.is_some() && is.is_none() && !longer,
    };
    smaller || shorter || brought
}

fn load(load: &LoadView<'_>) -> (String, Span) {
    let duration = load.duration.map(|d| format!(" for {}", duration_words(d.ms)));
    let resupply = load.resupply.as_ref().map(|(by, within)| {
        format!(" resupplied by {} within {}", by.text, duration_words(within.ms))
    });
    let more: String = [duration, resupply].into_iter().flatten().collect();
    (format!("{}{more}", load.written), load.at.span)
}

/// Whether no controller decides any more, or a step of the template's has its turn over later, or without a
/// bound. More steps behind those are no weakening.
fn decides_later(before: &Element, all: &[Authority], made: &Element, left: &[Authority]) -> bool {
    let automatic = |steps: &[Authority]| steps.iter().any(|step| step.automatic);
    let waits = |of: &Element, step: &Authority| match &step.within {
        Some(within) => of.timed(within).map(|timed| timed.ms),
        // A controller decides at once.
        None => step.automatic.then_some(0),
    };
    let mut ends = (Some(0_u64), Some(0_u64));
    let later = all.iter().zip(left).any(|(was, is)| {
        let add = |end: Option<u64>, wait: Option<u64>| end?.checked_add(wait?);
        ends = (add(ends.0, waits(before, was)), add(ends.1, waits(made, is)));
        match ends {
            (Some(was), Some(is)) => is > was,
            (was, is) => was.is_some() && is.is_none(),
        }
    });
    later || (automatic(all) && !automatic(left))
}

/// An order of succession as an author writes it.
fn succession(steps: &[Authority]) -> String {
    let step = |step: &Authority| {
        let automatic = if step.automatic { "automatic on " } else { "" };
        let who = match &step.who {
            Need::One(name) => name.text.to_string(),
            Need::Some { count, of, .. } => format!("{} of [{}]", count.value, list_words(of)),
        };
        let within =
            step.within.as_ref().map_or(String::new(), |within| format!(" within {within}"));
        format!("{automatic}{who}{within}")
    };
    steps.iter().map(step).collect::<Vec<_>>().join(", then ")
}

fn list_words(names: &[Name]) -> String {
    names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(", ")
}

fn cause_words(cause: Option<&Cause>) -> String {
    match cause {
        None => String::new(),
        Some(Cause::Corruption) => " on corruption".into(),
        Some(Cause::Compromise) => " on compromise".into(),
        Some(Cause::LossOfKind(kind)) => format!(" on loss of kind {}", kind.text),
    }
}

fn proof_words(proof: &Proof) -> String {
    match proof {
        Proof::Aspect(name) => name.text.to_string(),
        Proof::Load { amount, duration: None } => format!("load {amount}"),
        Proof::Load { amount, duration: Some(duration) } => format!("load {amount} for {duration}"),
    }
}

/// Whether one load that a test proves is as much as another, for as long.
fn at_least(is: &Test<'_>, proof: &Proof, was: &Test<'_>, before: &Proof) -> bool {
    let (Proof::Load { amount, duration }, Proof::Load { amount: least, duration: shortest }) =
        (proof, before)
    else {
        return false;
    };
    let (Some(amount), Some(least)) = (is.backup.amount(amount), was.backup.amount(least)) else {
        // A parameter, or a unit that means nothing.
        return true;
    };
    let long = match (duration, shortest) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => match (is.backup.amount(a), was.backup.amount(b)) {
            (Some(a), Some(b)) => a.number >= b.number,
            _ => true,
        },
    };
    amount.dimension == least.dimension && amount.number >= least.number && long
}
