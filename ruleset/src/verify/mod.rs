//! The checker: whether a rule set proves what it says, from the document alone.
//!
//! It shares no code with the compiler. From the tables it works out what each function and each backup owes,
//! decides anew whether it holds on a day, and holds that against the obligations that the document states: none
//! may be missing, none may be stated that does not hold or that nobody owes, and what does not hold must be
//! accepted by an acceptance that names it and has not ended. Which losses a function survives it establishes
//! from the ways in the certificates (`survive`).

mod accepted;
pub(crate) mod evaluate;
pub(crate) mod ledger;
mod losses;
pub(crate) mod net;
mod rules;
pub(crate) mod survive;
pub(crate) mod whole;

use std::collections::{BTreeMap, BTreeSet};

pub use crate::report::{Finding, Report};

use crate::logic::day::day;
use crate::logic::model::{Id, Item, Model};
use crate::report::after_words;
use crate::{Acceptance, Backup, Function, Loss, Obligation, RuleSet, Verdict};
use ledger::{Key, Ledger, Open, Owed};
use rules::Case;
use rules::duties::Calls;
use survive::Survival;

/// Rules whose breach does not keep a rule set from being built.
const ADVICE: [&str; 6] = [
    "single-approver",
    "missing-hand-back",
    "policy-advice",
    "capacity-reservation",
    "robustness-margin",
    "fail-safe-default",
];

/// What policies require is written in the language, and not in the document.
const POLICIES: [&str; 2] = ["policy-breach", "policy-advice"];

/// Checks a rule set as of a day, `2026-10-01`; as of its own where none is given. Near linear in the document: each
/// way and each loss that no way answers in time costs once what its function rests on.
#[must_use]
pub fn verify(rules: &RuleSet, as_of: Option<&str>) -> Report {
    let as_of = as_of.unwrap_or(&rules.as_of);
    let mut report = Report::new(rules, as_of);
    if !crate::is_unaltered(rules) {
        report.fault("the digest does not match: the document was changed after it was built");
    }
    if rules.version != crate::VERSION {
        report.fault(format!("it is of version {}, and not of {}", rules.version, crate::VERSION));
    }
    if !rules.verified {
        report.fault("it is marked as not verified");
    }
    let Some(on) = day(as_of).filter(|_| day(&rules.as_of).is_some()) else {
        report.fault(format!("`{as_of}` is no day"));
        return report;
    };
    let model = Model::of(rules, on);
    let faults: Vec<String> = model.faults.iter().cloned().chain(whole::faults(&model)).collect();
    let is_whole = faults.is_empty();
    faults.into_iter().for_each(|fault| report.fault(fault));
    if is_whole {
        let (orphans, resting, calls) = (BTreeSet::new(), BTreeMap::new(), Calls::of(&model));
        let mut checker = Checker { model: &model, report, orphans, resting, calls };
        let ledger = checker.owed();
        checker.hold(&ledger);
        report = checker.report;
    }
    report.findings.sort();
    report.findings.dedup();
    report
}

struct Checker<'m, 'a> {
    model: &'m Model<'a>,
    report: Report,
    /// Backups whose primary a function that they protect does not rest on.
    orphans: BTreeSet<&'a str>,
    /// Per backup how many of the functions that it protects rest on it.
    resting: BTreeMap<&'a str, usize>,
    calls: Calls<'a>,
}

impl<'a> Checker<'_, 'a> {
    /// Everything that is owed.
    fn owed(&mut self) -> Ledger<'a> {
        let (model, mut out) = (self.model, Ledger::default());
        for function in model.rules.functions.iter().filter(|f| f.package.is_none()) {
            rules::function(model, function, &mut out);
            if let Some(id) = model.find(&function.id) {
                self.survival(function, id, &mut out);
            }
        }
        let own = |item: &&Item<'a>| item.backup.is_none_or(|b| b.package.is_none());
        for item in model.items.iter().filter(own) {
            rules::item(model, item, &mut out);
        }
        for backup in model.rules.backups.iter().filter(|b| b.package.is_none()) {
            self.backup(backup, &mut out);
        }
        self.elsewhere();
        out
    }

    /// What is of other packages must be of packages that are used; it is owed in their own rule sets.
    fn elsewhere(&mut self) {
        let rules = self.model.rules;
        let functions = rules.functions.iter().map(|f| (&f.id, &f.package));
        let all = functions.chain(rules.backups.iter().map(|b| (&b.id, &b.package)));
        for (id, package) in all.filter_map(|(id, package)| Some((id, package.as_ref()?))) {
            if !rules.package.dependencies.iter().any(|used| used.name == *package) {
                self.report.fault(format!("`{id}` is of a package that is not used: `{package}`"));
            }
            self.report.elsewhere.push(id.clone());
        }
    }

    /// What a function owes because of losses.
    fn survival(&mut self, function: &'a Function, id: Id, out: &mut Ledger<'a>) {
        let mut survival = Survival::of(self.model, function, id);
        let all = &self.model.rules.certificates;
        let at = all.binary_search_by(|certificate| certificate.function.cmp(&function.id));
        let mut wrong = match at.ok().and_then(|at| all.get(at)) {
            Some(certificate) => survival.take(certificate),
            None => vec!["it has none".to_owned()],
        };
        for fault in wrong.drain(..) {
            self.report.finding("certificate", &function.id, &[&function.id], fault);
        }
        survival.judge(out);
        for fault in survival.one_by_one(&mut self.calls, out) {
            self.report.finding("document", &function.id, &[&function.id], fault);
        }
        if survival.is_large() {
            let why = "the function rests on too much to try each loss by itself";
            self.report.attest("restorations", why);
        }
        let told_to = function.cut_sets_to as usize;
        if told_to > 1 && !survival.claims_any(told_to) {
            let why =
                "sets of losses that the function does not say it survives are not looked for";
            self.report.attest("cut-sets", why);
        }
        if survival.is_large() || survival.order() > 1 {
            self.calls.leave_out(&survival);
        }
        self.report.ways += survival.ways.len();
        self.report.losses += survival.singles().count();
        let own = self.model.protectors(&function.id).iter();
        for backup in own.filter_map(|id| self.model.items[*id].backup) {
            let case = Case::of(self.model, backup);
            if survival.net.at(case.primary.name).is_none() {
                self.orphans.insert(&backup.id);
            }
            if survival.net.at(&backup.id).is_some() {
                *self.resting.entry(&backup.id).or_default() += 1;
            }
            if backup.package.is_none() {
                rules::pair(&case, function, &survival.net, out);
            }
        }
        rules::copies(self.model, function, &survival.net, out);
    }

    fn backup(&mut self, backup: &'a Backup, out: &mut Ledger<'a>) {
        out.of(&backup.id, &backup.protects);
        let called = !self.orphans.contains(backup.id.as_str());
        let why = "a function that it protects does not rest on its primary";
        out.judge("orphan-backup", called, why);
        rules::backup(&Case::of(self.model, backup), out);
        let counts = self.resting.get(backup.id.as_str()) == Some(&backup.protects.len());
        self.calls.judge(self.model, backup, counts, out);
    }

    /// Holds what is owed against what the document states.
    fn hold(&mut self, ledger: &Ledger<'a>) {
        let mut stated: BTreeMap<(&str, &str), Vec<&'a Obligation>> = BTreeMap::new();
        for o in &self.model.rules.obligations {
            stated.entry((&o.rule, &o.subject)).or_default().push(o);
        }
        let mut expected: BTreeSet<(&str, &str, Vec<&str>)> = BTreeSet::new();
        for (key, owed) in &ledger.owed {
            expected.insert((key.0, key.1, key.2.clone()));
            let all = stated.get(&(key.0, key.1)).map_or(&[][..], Vec::as_slice);
            self.one(key, owed, all);
        }
        for o in &self.model.rules.obligations {
            self.stated(o, &expected);
        }
    }

    /// Holds what one entry owes by a rule against all that is stated of that entry by that rule.
    fn one(&mut self, (rule, subject, functions): &Key<'a>, owed: &Owed, stated: &[&Obligation]) {
        let same = |o: &&&Obligation| o.verdict == Verdict::Proved && o.functions == *functions;
        let proved = stated.iter().filter(same).count();
        // What no loss shows, an acceptance of losses does not cover.
        let covers = |o: &Obligation, losses: &[Loss]| {
            let named = losses.iter().all(|loss| o.losses.contains(loss));
            named && o.losses.is_empty() == losses.is_empty() && self.model.accepts(o)
        };
        let covered = |losses: &[Loss]| {
            functions.iter().all(|function| {
                let meant = |o: &&&Obligation| o.functions.iter().any(|f| f == function);
                stated.iter().filter(meant).any(|o| covers(o, losses))
            })
        };
        let directly = |a: &Acceptance| {
            let names = a.rule.as_deref() == Some(rule) && a.on.iter().any(|on| on == subject);
            names && self.model.lapsed(a).is_none()
        };
        let accepted = |open: &&Open| match functions.is_empty() {
            true => self.model.rules.acceptances.iter().any(directly),
            false => covered(&open.losses),
        };
        let advice = ADVICE.contains(rule) && stated.iter().any(|o| o.verdict == Verdict::Refuted);
        let open: Vec<&Open> = owed.open.iter().filter(|o| !advice && !accepted(o)).collect();
        let more = proved > owed.proved;
        let stands = if more { ", and the document states it as proved" } else { "" };
        for open in &open {
            let why = format!("{}{}{stands}", open.why, after_words(&open.losses));
            self.report.finding(rule, subject, functions, why);
        }
        if more && open.is_empty() {
            self.report.finding(rule, subject, functions, "it is stated more often than it holds");
        }
        let said = stated.iter().any(|o| o.verdict != Verdict::Proved) || !owed.open.is_empty();
        if proved < owed.proved && !said && owed.attested.is_none() && !functions.is_empty() {
            let why = "it is owed, and the document does not state it";
            self.report.finding(rule, subject, functions, why);
        }
        match owed.attested {
            Some(why) if proved > 0 => self.report.attest(rule, why),
            _ => self.report.established += proved.min(owed.proved),
        }
    }

    /// Whether a stated obligation may be stated at all.
    fn stated(&mut self, o: &'a Obligation, expected: &BTreeSet<(&str, &str, Vec<&str>)>) {
        let functions: Vec<&str> = o.functions.iter().map(String::as_str).collect();
        let mut found = |why: &str| self.report.finding(&o.rule, &o.subject, &functions, why);
        if o.verdict != Verdict::Accepted && o.acceptance.is_some() {
            found("it refers to an acceptance, and is not accepted");
        }
        let policies = POLICIES.contains(&o.rule.as_str());
        if policies != o.policy.is_some() {
            found("it is of a policy, or of a rule");
        }
        match o.verdict {
            Verdict::Accepted => match self.model.refused(o) {
                Some(why) => found(&why),
                None => self.report.accepted += 1,
            },
            Verdict::Refuted if ADVICE.contains(&o.rule.as_str()) => self.report.advice += 1,
            Verdict::Refuted => found("it is refuted, and nothing accepts it"),
            Verdict::Unknown => found("it is not decided"),
            Verdict::Proved if !o.losses.is_empty() || o.message.is_some() => {
                found("it is stated as proved, with a finding against it");
            }
            Verdict::Proved if policies => {
                self.report.attest(&o.rule, "the policy itself is not in the document");
            }
            Verdict::Proved if o.rule == "unproved-place" => {
                self.report.attest(&o.rule, "the document does not say who keeps a copy where");
            }
            Verdict::Proved => {
                let other = |f: &crate::Function| f.package.is_some();
                let other = |name: &String| self.model.item(name).function.is_some_and(other);
                if !expected.contains(&(&o.rule, &o.subject, functions.clone())) {
                    match o.functions.iter().any(other) {
                        true => self.report.attest(&o.rule, "the function is of another package"),
                        false => found("nobody owes this"),
                    }
                }
            }
        }
    }
}
