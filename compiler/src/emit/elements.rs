//! The tables of functions, elements, signals and backups.

use std::collections::BTreeMap;

use rbp_grammar::ast::{Args, Proof, Value};
use rbp_grammar::head::Head;
use rbp_ruleset as rs;

use super::Names;
use super::analysis::effects;
use super::parts::{
    amount, condition, duration, load, need, needs, objective, quantity, tolerance,
};
use crate::db::Day;
use crate::model::{Activation, Element, Test, day_words};

fn word(element: &Element, head: Head) -> Option<String> {
    element.word(head).map(str::to_owned)
}

fn date(element: &Element, head: Head) -> Option<String> {
    element.day(head).map(day_words)
}

fn texts(element: &Element, head: Head) -> Vec<String> {
    match element.clause(head).map(|c| &c.args) {
        Some(Args::Texts(texts)) => texts.iter().map(|t| t.text.to_string()).collect(),
        _ => Vec::new(),
    }
}

fn ids(names: &Names<'_>, element: &Element, head: Head) -> Vec<String> {
    let mut ids: Vec<String> =
        element.named(head).iter().map(|target| names.id(target.id)).collect();
    ids.sort();
    ids
}

/// A function.
pub(super) fn function(names: &Names<'_>, f: &Element) -> rs::Function {
    let mut tags: Vec<String> = f.words(Head::Tags).map(|tag| tag.text.to_string()).collect();
    tags.sort();
    let mut function = rs::Function {
        id: names.id(f.id),
        title: f.title().to_owned(),
        package: names.package_of(f),
        owner: word(f, Head::Owner),
        depends_on: needs(names, &f.needs_of(Head::DependsOn)),
        rto: f.objectives(Head::Rto).iter().map(|o| objective(names, o)).collect(),
        rpo: f.objectives(Head::Rpo).iter().map(|o| objective(names, o)).collect(),
        mtpd_ms: duration(f, Head::Mtpd),
        demand: f.load(Head::Demand).map(|l| load(names, f, &l)),
        minimum: f.load(Head::Minimum).map(|l| load(names, f, &l)),
        may_degrade_ms: duration(f, Head::MayDegrade),
        survives: f.tolerances().iter().map(|t| tolerance(names, t)).collect(),
        budget: quantity(f, Head::Budget),
        changed: f.changed().map(|(day, _)| day_words(day)),
        tags,
        cut_sets: Vec::new(),
        cut_sets_to: 0,
        restorations: Vec::new(),
        time_budgets: Vec::new(),
    };
    effects(names, f, &mut function);
    function
}

/// A signal.
pub(super) fn signal(names: &Names<'_>, s: &Element) -> rs::Signal {
    rs::Signal {
        id: names.id(s.id),
        title: s.title().to_owned(),
        from: needs(names, &s.needs_of(Head::From)),
        query: texts(s, Head::Query).pop(),
        within_ms: duration(s, Head::Within),
    }
}

/// What can be lost.
pub(super) fn element(names: &Names<'_>, e: &Element) -> rs::Element {
    let kinds = e.lineage.as_ref().map_or(&[][..], |l| &l.kinds);
    rs::Element {
        id: names.id(e.id),
        title: e.title().to_owned(),
        kinds: kinds.iter().map(|(id, name)| names.kind(*id, name)).collect(),
        owner: word(e, Head::Owner),
        needs: needs(names, &e.needs()),
        controlled_by: ids(names, e, Head::ControlledBy),
        immutable: e.has(Head::Immutable),
        lag_ms: duration(e, Head::LagWithin),
        delayed_ms: duration(e, Head::DelayedBy),
        capacity: quantity(e, Head::Capacity),
        stock: stock(e),
        repaired_ms: duration(e, Head::RepairedWithin),
        fails: quantity(e, Head::Fails),
        unavailability: quantity(e, Head::Unavailability),
        changed: e.changed().map(|(day, _)| day_words(day)),
        contract_until: date(e, Head::ContractUntil),
        cost: quantity(e, Head::Cost),
        data: word(e, Head::Data),
        encrypted: e.has(Head::Encrypted),
        audited: e.has(Head::Audited),
        compensated: e.has(Head::Compensated),
        agreed_by: e.words(Head::AgreedBy).map(|name| name.text.to_string()).collect(),
        fields: fields(e),
        measures: measures(e),
    }
}

fn fields(e: &Element) -> BTreeMap<String, String> {
    let clauses = e.clauses(Head::Field).filter_map(|clause| match &clause.args {
        Args::Field { name, value } => Some((name.text.to_string(), written(e, value))),
        _ => None,
    });
    clauses.collect()
}

fn measures(e: &Element) -> BTreeMap<String, rs::Amount> {
    let clauses = e.clauses(Head::Field).filter_map(|clause| match &clause.args {
        Args::Field { name, value } => match &**value {
            Value::Quantity(written) => {
                Some((name.text.to_string(), amount(written, e.amount(written)?)))
            }
            _ => None,
        },
        _ => None,
    });
    clauses.collect()
}

fn written(e: &Element, value: &Value) -> String {
    match value {
        // `makers.acme` is the `acme` of another file.
        Value::Name(name) => name.text.rsplit('.').next().unwrap_or_default().to_owned(),
        Value::Text(text) => text.text.to_string(),
        Value::Date(date) => date.text.to_string(),
        Value::Quantity(q) => e.amount(q).map_or(q.number.to_string(), |a| amount(q, a).written),
    }
}

/// A backup.
pub(super) fn backup(names: &Names<'_>, b: &Element) -> rs::Backup {
    let quality = b.clause(Head::CoversQuality).and_then(|clause| match &clause.args {
        Args::Quality { degraded } => Some(degraded.as_ref().map(|t| t.text.to_string())),
        _ => None,
    });
    rs::Backup {
        id: names.id(b.id),
        package: names.package_of(b),
        order: names.order(b.id),
        primary: b.primary().map(|p| names.id(p.id)),
        protects: ids(names, b, Head::Protects),
        readiness: word(b, Head::Readiness),
        covers: b.load(Head::Covers).map(|l| load(names, b, &l)),
        full: quality == Some(None),
        degraded: quality.flatten(),
        restores_ms: duration(b, Head::RestoresWithin),
        verified_ms: duration(b, Head::VerifiedWithin),
        catches_up_ms: duration(b, Head::CatchesUpWithin),
        lead_time_ms: duration(b, Head::LeadTime),
        independent_of: ids(names, b, Head::IndependentOf),
        diverse_by: b.words(Head::DiverseBy).map(|field| field.text.to_string()).collect(),
        installed_by: needs(names, &b.needs_of(Head::InstalledBy)),
        instructions: texts(b, Head::Instructions),
        reserved: b.has(Head::Reserved),
        lends: lends(names, b),
        retire_by: date(b, Head::RetireBy),
        activation: b.activation().map(|a| activation(names, &a)),
        tests: b.tests().iter().map(|t| test(t, names.as_of)).collect(),
    }
}

fn stock(b: &Element) -> Option<rs::Stock> {
    let Args::Stock { amount: written, expires } = &b.clause(Head::Stock)?.args else {
        return None;
    };
    let value = b.amount(written)?;
    let expires = expires.as_ref().map(|date| date.text.to_string());
    Some(rs::Stock { amount: amount(written, value), expires })
}

fn lends(names: &Names<'_>, b: &Element) -> Option<rs::Lending> {
    let Args::Lends { share, recall, by } = &b.clause(Head::Lends)?.args else { return None };
    Some(rs::Lending {
        share: amount(share, b.amount(share)?),
        recall_ms: recall.as_ref().and_then(|r| b.timed(r)).map(|t| t.ms),
        by: by
            .as_ref()
            .map(|name| b.target(name).map_or_else(|| name.text.to_string(), |id| names.id(id))),
    })
}

fn activation(names: &Names<'_>, a: &Activation<'_>) -> rs::Activation {
    let b = a.backup;
    let when = a.when();
    let authority = |authority: &crate::model::AuthorityView<'_>| rs::Authority {
        automatic: authority.automatic,
        who: need(names, &authority.who),
        within_ms: authority.within.map(|w| w.ms),
    };
    let fence =
        |(target, via, _): &(&rbp_grammar::ast::Name, Vec<crate::model::Ref<'_>>, _)| rs::Fence {
            target: b.target(target).map(|id| names.id(id)).unwrap_or_default(),
            via: via.iter().map(|target| names.id(target.id)).collect(),
        };
    let reach =
        |(via, within, _): &(Vec<crate::model::Ref<'_>>, Option<crate::model::Timed>, _)| {
            rs::Reach {
                via: via.iter().map(|target| names.id(target.id)).collect(),
                within_ms: within.map(|w| w.ms),
            }
        };
    let fail_safe = |(when, action, _): &(&_, Option<&rbp_grammar::ast::Text>, _)| rs::FailSafe {
        when: condition(names, b, when),
        action: action.map(|t| t.text.to_string()),
    };
    rs::Activation {
        when: when.map(|(expr, _)| condition(names, b, expr)),
        hold_ms: when.and_then(|(_, hold)| hold).map(|hold| hold.ms),
        by: a.succession().iter().map(authority).collect(),
        fences: a.fences().iter().map(fence).collect(),
        with: needs(names, &a.needs_of(Head::With)),
        reach: a.reaches().iter().map(reach).collect(),
        funded_by: needs(names, &a.needs_of(Head::FundedBy)),
        steps: a.steps().iter().map(|t| t.text.to_string()).collect(),
        hand_back: hand_back(names, a),
        fail_safe: a.fail_safes().iter().map(fail_safe).collect(),
    }
}

fn hand_back(names: &Names<'_>, a: &Activation<'_>) -> Option<rs::HandBack> {
    match &a.clause(Head::HandBack)?.args {
        Args::Condition { when, hold } => Some(rs::HandBack::When {
            condition: condition(names, a.backup, when),
            hold_ms: hold.as_ref().and_then(|hold| a.backup.timed(hold)).map(|t| t.ms),
        }),
        Args::Texts(texts) => texts.first().map(|t| rs::HandBack::How(t.text.to_string())),
        _ => None,
    }
}

/// A test; how it last went is what was known on the day of judgement.
fn test(t: &Test<'_>, as_of: Day) -> rs::Test {
    let b = t.backup;
    let mut proves = Vec::new();
    let mut loads = Vec::new();
    for proof in t.proofs() {
        match proof {
            Proof::Aspect(name) => proves.push(name.text.to_string()),
            Proof::Load { amount: written, duration } => {
                loads.extend(b.amount(written).map(|value| rs::Load {
                    amount: amount(written, value),
                    for_ms: duration.as_ref().and_then(|d| b.timed(d)).map(|t| t.ms),
                    resupplied_by: None,
                    resupplied_within_ms: None,
                }))
            }
        }
    }
    let exercise = t.exercise().and_then(|name| match name.text.as_str() {
        "tabletop" => Some(rs::Exercise::Tabletop),
        "drill" => Some(rs::Exercise::Drill),
        "functional" => Some(rs::Exercise::Functional),
        "full-scale" => Some(rs::Exercise::FullScale),
        _ => None,
    });
    let owner = t.owner().map(|name| name.text.to_string()).or_else(|| word(b, Head::Owner));
    rs::Test {
        name: t.name.text.to_string(),
        every_ms: t.every().map(|every| every.ms),
        exercise,
        from_cold: t.from_cold(),
        proves,
        loads,
        owner,
        last: t.last_by(as_of).map(|last| rs::TestResult {
            day: day_words(last.day),
            passed: last.passed,
            evidence: last.evidence.map(str::to_owned),
        }),
        due: due(t, as_of).map(day_words),
        expires: t.expires().map(day_words),
    }
}

/// The last day on which a test is not overdue: whole days after the last one held; none beyond the year 9999.
fn due(t: &Test<'_>, as_of: Day) -> Option<Day> {
    const LAST: i32 = 2_932_896;
    let days = i32::try_from(t.every()?.ms / 86_400_000).ok()?;
    let due = t.last_by(as_of)?.day.0.checked_add(days)?;
    (due <= LAST).then_some(Day(due))
}
