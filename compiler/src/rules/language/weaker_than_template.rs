//! `weaker-than-template`: A use promises less than its template.

use rbp_grammar::ast::{Args, Name, Proof, Quantity, Span};
use rbp_grammar::head::Head;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Element, LoadView, Test};
use crate::quantity::Amount;
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

/// Words from the strongest to the weakest.
const READINESS: [&str; 3] = ["hot", "warm", "cold"];
const EXERCISES: [&str; 4] = ["full-scale", "functional", "drill", "tabletop"];

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
        if let (Some(was), Some(is)) = (before.load(head), made.load(head)) {
            let shorter = was.duration.zip(is.duration).is_some_and(|(was, is)| is.ms < was.ms);
            let less =
                was.amount.dimension == is.amount.dimension && is.amount.number < was.amount.number;
            if less || shorter {
                found.say(head.words(), load(&was), load(&is));
            }
        }
    }
    for head in [Head::Rto, Head::Rpo] {
        found.objectives(head);
    }
    let readiness = |of: &'_ Element| of.words(Head::Readiness).next().cloned();
    found.word("readiness", &READINESS, readiness(before).as_ref(), readiness(made).as_ref());
    found.quality();
    found.hold();
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
    fn word(&mut self, clause: &str, order: &[&str], was: Option<&Name>, is: Option<&Name>) {
        let (Some(was), Some(is)) = (was, is) else { return };
        let rank = |name: &Name| order.iter().position(|word| *word == name.text);
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
                        Args::Objective { bound, .. } if bound.span == at.span => {
                            Some(bound.to_string())
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

    /// How long the signals must hold before the backup is called on.
    fn hold(&mut self) {
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

fn load(load: &LoadView<'_>) -> (String, Span) {
    let text = match load.duration {
        Some(duration) => {
            format!("{} for {}", load.written, crate::quantity::duration_words(duration.ms))
        }
        None => load.written.to_string(),
    };
    (text, load.at.span)
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
