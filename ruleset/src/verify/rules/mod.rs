//! The rules beside the failure logic, decided from the fields: each with why it matters that it holds, and whether it does.
//! `None` says that it is not owed.

pub(crate) mod authority;
pub(crate) mod coverage;
pub(crate) mod duties;
mod fairness;
pub(crate) mod rests;
pub(crate) mod upkeep;

use super::ledger::Ledger;
use super::net::Net;
use crate::logic::credible::{endurance, share};
use crate::logic::model::{Item, Model};
use crate::logic::number::Number;
use crate::logic::times::{behind, fastest_decision, general_rto};
use crate::{Activation, Backup, Condition, Function, HandBack};

/// A backup, and what the document says of it.
pub(crate) struct Case<'c, 'a> {
    pub model: &'c Model<'a>,
    pub backup: &'a Backup,
    pub item: Item<'a>,
    pub primary: Item<'a>,
}

impl<'c, 'a> Case<'c, 'a> {
    pub fn of(model: &'c Model<'a>, backup: &'a Backup) -> Self {
        Case { model, backup, item: model.item(&backup.id), primary: model.primary(backup) }
    }

    pub fn activation(&self) -> Option<&'a Activation> {
        self.backup.activation.as_ref()
    }

    pub fn when(&self) -> Option<&'a Condition> {
        self.activation()?.when.as_ref()
    }
}

/// A backup and a function that it protects.
pub(crate) struct Pair<'c, 'a> {
    pub case: &'c Case<'c, 'a>,
    pub function: &'a Function,
    pub net: &'c Net<'c, 'a>,
    /// How long it must last, in milliseconds.
    pub used: Option<u64>,
}

/// Whether something stands there.
pub(crate) fn said(text: &Option<String>) -> bool {
    text.as_deref().is_some_and(|text| !text.trim().is_empty())
}

/// A rule, why it is wrong where it does not hold, and whether it does.
type Rule<Of> = (&'static str, &'static str, Of);
type OfBackup = fn(&Case<'_, '_>) -> Option<bool>;
type OfPair = fn(&Pair<'_, '_>) -> Option<bool>;

#[rustfmt::skip]
const BACKUP: &[Rule<OfBackup>] = &[
    ("missing-activation", "nothing says when it is put to work",
        |c| Some(c.when().is_some())),
    ("no-authority", "nobody may put it to work",
        |c| Some(!c.activation()?.by.is_empty())),
    ("unobservable-trigger", "what calls for it cannot be seen",
        |c| Some(c.is_observable(c.when()?))),
    ("missing-access", "nothing says how whoever decides gets at it",
        |c| c.is_decided(false).then(|| c.is_reached())),
    ("single-approver", "one person alone may put it to work",
        |c| (c.is_decided(false) && !c.is_decided(true)).then(|| c.sole_deciders(&[]).is_empty())),
    ("self-approval", "it decides alone on itself",
        |c| (c.item.is("actor") && (c.is_decided(true) || c.is_decided(false))).then(|| !c.decides_alone_on_itself())),
    ("shared-approver", "one person counts for two who must act together",
        |c| c.nobody_counts_twice()),
    ("authority-without-access", "who decides in place of another has no way in",
        |c| c.stays_open()),
    ("unmaintained-backup", "nobody answers for it",
        |c| Some(c.item.element.is_some_and(|e| said(&e.owner)))),
    ("retired-backup", "it was to be retired by now",
        |c| Some(c.model.lasts(c.backup.retire_by.as_deref()?))),
    ("untested-backup", "it has never been tested",
        |c| Some(c.is_tested())),
    ("stale-evidence", "it was changed after it was tested",
        |c| c.is_as_tested()),
    ("missing-readiness", "its state is not stated",
        |c| Some(c.backup.readiness.is_some())),
    ("readiness-inconsistent", "its state does not allow what it claims",
        |c| Some(c.is_consistent(c.backup.readiness.as_deref()?))),
    ("incomplete-readiness", "it leaves out what its state obliges it to say",
        |c| Some(c.is_complete(c.backup.readiness.as_deref()?))),
    ("unproved-readiness", "no test that counts shows what its state obliges it to",
        |c| Some(c.is_shown(c.backup.readiness.as_deref()?))),
    ("missing-freshness", "nothing says how far it may be behind",
        |c| c.primary.is("record").then(|| c.item.element.is_some_and(|e| e.lag_ms.is_some()))),
    ("missing-hand-back", "nothing says how it hands back",
        |c| Some(c.activation()?.hand_back.as_ref().is_some_and(|back| match back {
            HandBack::How(text) => !text.trim().is_empty(),
            HandBack::When { .. } => true,
        }))),
    ("weaker-protection", "it is less protected than its primary",
        |c| c.is_as_protected()),
    ("unaudited-access", "nothing records who gets at it",
        |c| c.is_audited()),
    ("uncompensated-duty", "people carry the duty unpaid, or were not asked",
        |c| c.is_fair()),
    ("split-control", "it takes over by itself, and nothing shuts its primary out",
        |c| c.shuts_out()),
    ("ungoverned-loan", "nothing says who calls back what is lent, or how soon",
        |c| c.backup.lends.as_ref().map(|l| {
            let declared = l.by.as_ref().is_some_and(|by| c.model.find(by).is_some());
            l.recall_ms.is_some() && declared && !c.backup.reserved
        })),
];

#[rustfmt::skip]
const PAIR: &[Rule<OfPair>] = &[
    ("insufficient-load", "it does not carry what is demanded",
        |p| Some(p.carries_enough())),
    ("insufficient-duration", "it does not last as long as it must",
        |p| (p.used.is_some() || p.is_unheld()).then(|| p.lasts() && !p.is_unheld())),
    ("insufficient-quality", "it serves degraded for longer than is allowed",
        |p| p.serves_well()),
    ("borrowed-reserve", "what is lent is not back in time, and the rest is too little",
        |p| p.case.backup.lends.as_ref().map(|_| share(p.case.backup, p.function) == Some(Number::ONE) || p.rest_suffices())),
    ("untested-coverage", "no test that counts has shown the load for that long",
        |p| p.is_shown()),
    // What holds out until then gives it more time; after each loss the decision is part of the time to restore.
    ("decision-too-slow", "nobody who may decide does so in time", |p| {
        let activation = p.case.activation().filter(|a| !a.by.is_empty())?;
        let widest = p.function.rto.iter().map(|o| o.within_ms).max();
        let held = p.case.model.held_for(p.case.backup, &p.function.id);
        let bound = widest.map(|widest| widest.max(held.unwrap_or(0)));
        Some(fastest_decision(activation).zip(bound).is_some_and(|(fastest, bound)| fastest <= bound))
    }),
    ("conflicting-control", "nothing keeps it and another of the same primary apart",
        |p| p.is_kept_apart()),
    (STALE, "it may be further behind than may be lost",
        |p| p.case.primary.is("record").then(|| p.is_fresh_enough())),
];

const STALE: &str = "data-loss-exceeds-rpo";

impl Pair<'_, '_> {
    /// Whether it is never further behind than the widest objective. After each loss, the ways hold it against that
    /// for the loss.
    fn is_fresh_enough(&self) -> bool {
        let widest = self.function.rpo.iter().map(|o| o.within_ms).max();
        let behind = behind(self.case.model, self.case.backup);
        behind.zip(widest).is_some_and(|(behind, widest)| behind <= widest)
    }
}

/// What a function owes by its own fields.
pub(crate) fn function<'a>(model: &Model<'a>, function: &'a Function, out: &mut Ledger<'a>) {
    out.of(&function.id, [&function.id]);
    let rests = !function.depends_on.is_empty();
    out.judge("function-without-dependency", rests, "it depends on nothing");
    let general = general_rto(function).is_some();
    out.judge("function-without-rto", general, "nothing says how soon it must be back");
    out.judge("function-without-owner", said(&function.owner), "nobody answers for it");
    let why = "its backups cost more, or do not say what they cost";
    out.judge_where("over-budget", coverage::within_budget(model, function), why);
    for holds in coverage::pools(model, function) {
        out.judge("insufficient-pool", holds, "too few of its members carry too little");
    }
}

/// What anything owes that is stored or under contract.
pub(crate) fn item<'a>(model: &Model<'a>, item: &Item<'a>, out: &mut Ledger<'a>) {
    out.of(item.name, item.backup.map_or(&[][..], |b| &b.protects));
    let Some(element) = item.element else { return };
    let lasts = |end: &Option<String>| end.as_deref().map(|end| model.lasts(end));
    let stock = element.stock.as_ref().and_then(|stock| lasts(&stock.expires));
    out.judge_where("expired-stock", stock, "what is stored is past its date");
    out.judge_where("lapsed-contract", lasts(&element.contract_until), "the contract has ended");
}

/// What a backup owes to all functions that it protects.
pub(crate) fn backup<'a>(case: &Case<'_, 'a>, out: &mut Ledger<'a>) {
    for (rule, why, holds) in BACKUP {
        out.judge_where(rule, holds(case), why);
    }
    for test in &case.backup.tests {
        let why = |why: &str| format!("its test `{}` {why}", test.name);
        let passed = case.held(test).map(|(_, last)| last.passed);
        out.judge_where("failed-test", passed, &why("failed"));
        let in_time = case.is_tested().then(|| case.is_in_time(test));
        out.judge_where("overdue-test", in_time, &why("is overdue"));
        out.judge("weak-evidence", case.is_strong(test), &why("shows too little"));
    }
    for field in &case.backup.diverse_by {
        let why = "it does not differ from its primary as it must";
        out.judge("not-diverse", case.differs_in(field), why);
    }
    for other in &case.backup.independent_of {
        let why = "it shares something with what it must not";
        out.judge("not-independent", case.shares_nothing_with(other), why);
    }
    fairness::fail_safe(case, out);
}

/// What a backup owes to one function.
pub(crate) fn pair<'a>(
    case: &Case<'_, 'a>,
    function: &'a Function,
    net: &Net<'_, 'a>,
    out: &mut Ledger<'a>,
) {
    let used = endurance(function, case.primary.element);
    out.of(&case.backup.id, [&function.id]);
    for (rule, why, holds) in PAIR {
        out.judge_where(rule, holds(&Pair { case, function, net, used }), why);
    }
}

/// What the copies owe to a function that are kept for those on which it rests, and not for itself.
pub(crate) fn copies<'a>(
    model: &Model<'a>,
    function: &'a Function,
    net: &Net<'_, 'a>,
    out: &mut Ledger<'a>,
) {
    let standing = net.gates.keys().filter_map(|at| net.nodes[*at].item.backup);
    let others = standing.filter(|b| !b.protects.contains(&function.id));
    for backup in others.filter(|_| !function.rpo.is_empty()) {
        let case = Case::of(model, backup);
        if case.primary.is("record") {
            out.of(&backup.id, [&function.id]);
            let pair = Pair { case: &case, function, net, used: None };
            out.judge(STALE, pair.is_fresh_enough(), "it may be further behind than may be lost");
        }
    }
}
