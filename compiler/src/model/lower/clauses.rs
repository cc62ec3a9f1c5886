//! Clauses held against the table of clauses and the element's kind.

use rbp_grammar::ast::{self, Args, Cause, Clause, Name};
use rbp_grammar::head::{Head, Place};

use super::{Lowering, repeats};
use crate::diagnostic::Level;
use crate::evidence::Exercise;
use crate::model::kinds::{FieldType, Lineage};
use crate::names::Space;
use crate::rules::language;
use crate::rules::language::wrong_kind::Wanted;

/// The states in which a backup may be kept ready.
pub const READINESS: [&str; 7] =
    ["hot", "warm", "cold", "stocked", "trained", "contracted", "recoverable"];
/// What a test may show beside a load.
pub const ASPECTS: [&str; 9] = [
    "activation",
    "restore",
    "split-control",
    "skills",
    "sample",
    "delivery",
    "role",
    "integrity",
    "place",
];

impl Lowering<'_> {
    pub(super) fn clauses(&mut self, clauses: &[Clause], place: Place, lineage: Option<&Lineage>) {
        for (number, clause) in clauses.iter().enumerate() {
            let info = clause.head.info();
            if !info.places.contains(&place) {
                let at = self.at(clause.span);
                self.report(language::misplaced_clause::found(at, clause.head, place));
            }
            let same = |other: &&Clause| repeats(clause, other);
            if clause.head != Head::Broken
                && let Some(first) = clauses.get(..number).and_then(|c| c.iter().find(same))
            {
                let (at, first) = (self.at(clause.span), self.at(first.span));
                self.report(language::duplicate_clause::found(at, clause, first));
            }
            self.clause(clause, place, lineage);
        }
    }

    fn clause(&mut self, clause: &Clause, place: Place, lineage: Option<&Lineage>) {
        let words = clause.head.words();
        let measure = language::dimension_mismatch::Wanted::of(clause.head.info().measure);
        let duration = language::dimension_mismatch::Wanted::Duration;
        match &clause.args {
            Args::Names(names) => self.names(clause.head, names),
            Args::Needs { needs, .. } => {
                let wanted = match clause.head {
                    Head::With => Wanted::Credential,
                    Head::InstalledBy => Wanted::Actor,
                    _ => Wanted::Element,
                };
                needs.iter().for_each(|need| self.resolve_need(wanted, need));
            }
            Args::Quantity(quantity) => self.measure(quantity, measure, words),
            Args::Date(date) => self.date(date),
            Args::Load { amount, duration: time, resupply } => {
                self.measure(amount, measure, words);
                let words = format!("{words} … for");
                time.iter().for_each(|t| self.measure(t, duration, &words));
                if let Some((by, within)) = resupply.as_deref() {
                    self.resolve_as(Wanted::Element, by);
                    self.measure(within, duration, "resupplied by … within");
                }
            }
            Args::Objective { bound, cause } => {
                self.measure(bound, measure, words);
                if let Some(Cause::LossOfKind(kind)) = cause.as_deref() {
                    self.resolve(Space::Kind, kind);
                }
            }
            Args::SurvivesAny { order, kind } => {
                let at = self.at(order.span);
                self.findings.extend(language::impossible_count::losses(at, order.value));
                kind.iter().for_each(|kind| {
                    self.resolve(Space::Kind, kind);
                });
            }
            Args::SurvivesEach(names) => {
                names.iter().for_each(|name| self.resolve_as(Wanted::Element, name));
            }
            Args::Stock { amount, expires } => {
                self.measure(amount, measure, words);
                expires.iter().for_each(|date| self.date(date));
            }
            Args::Lends { share, recall, by } => {
                self.measure(share, measure, words);
                recall.iter().for_each(|r| self.measure(r, duration, "recall within"));
                by.iter().for_each(|by| self.resolve_as(Wanted::Element, by));
            }
            Args::Allow { slug, because } => self.allow(slug, because),
            Args::Field { name, value } => self.field(name, value, place, lineage),
            Args::Activate(clauses) => self.clauses(clauses, Place::Activate, None),
            Args::Test { clauses, .. } => self.clauses(clauses, Place::Test, None),
            Args::Condition { when, hold } => {
                self.resolve_signals(when);
                let words = format!("{words} … for");
                hold.iter().for_each(|hold| self.measure(hold, duration, &words));
            }
            Args::By(authorities) => {
                for authority in authorities {
                    let wanted = if authority.automatic { Wanted::Element } else { Wanted::Actor };
                    self.resolve_need(wanted, &authority.who);
                    authority.within.iter().for_each(|w| self.measure(w, duration, "by … within"));
                }
            }
            Args::Fence { target, via } => {
                self.resolve_as(Wanted::Element, target);
                via.iter().for_each(|name| self.resolve_as(Wanted::Element, name));
            }
            Args::Reach { via, within } => {
                via.iter().for_each(|name| self.resolve_as(Wanted::Element, name));
                within.iter().for_each(|w| self.measure(w, duration, "reach … within"));
            }
            Args::FailSafe { when, .. } => self.resolve_signals(when),
            Args::Proves(proofs) => self.proofs(proofs),
            Args::Last { date, evidence, .. } => {
                self.date(date);
                evidence.iter().for_each(|text| self.text(text));
            }
            Args::Texts(texts) => texts.iter().for_each(|text| self.text(text)),
            Args::Quality { degraded: Some(text) } => self.text(text),
            _ => {}
        }
    }

    fn allow(&mut self, slug: &Name, because: &ast::Text) {
        let at = self.at(slug.span);
        match crate::rules::find(&slug.text) {
            None => self.report(language::unknown_word::rule(at, &slug.text)),
            Some(rule) if rule.level == Level::Error => {
                self.report(language::misplaced_allowance::of_error(at, &slug.text));
            }
            Some(_) if because.text.trim().is_empty() => {
                self.report(language::misplaced_allowance::without_reason(at, &slug.text));
            }
            Some(_) => {}
        }
    }

    fn names(&mut self, head: Head, names: &[Name]) {
        for name in names {
            match head {
                Head::Protects => self.resolve_as(Wanted::Function, name),
                Head::ControlledBy | Head::IndependentOf => self.resolve_as(Wanted::Element, name),
                Head::Owner | Head::AgreedBy | Head::AcceptedBy => self.resolve_softly(name),
                Head::Readiness => self.one_of(name, "readiness state", &READINESS),
                Head::Exercise => self.one_of(name, "level of exercise", &Exercise::WORDS),
                Head::FromCold => self.one_of(name, "state that a test starts from", &["cold"]),
                Head::Tags | Head::Data => self.open_plain_word(name),
                _ => {}
            }
        }
    }

    fn proofs(&mut self, proofs: &[ast::Proof]) {
        for proof in proofs {
            match proof {
                ast::Proof::Aspect(name) => {
                    self.one_of(name, "thing that a test can prove", &ASPECTS)
                }
                ast::Proof::Load { amount, duration } => {
                    self.measure(amount, language::dimension_mismatch::Wanted::Any, "proves load");
                    let wanted = language::dimension_mismatch::Wanted::Duration;
                    duration.iter().for_each(|d| self.measure(d, wanted, "proves load … for"));
                }
            }
        }
    }

    fn one_of(&mut self, name: &Name, what: &str, words: &[&str]) {
        if !words.contains(&name.text.as_str()) {
            let at = self.at(name.span);
            self.report(language::unknown_word::found(at, &name.text, what, words));
        }
    }

    pub(super) fn field(
        &mut self,
        name: &Name,
        value: &ast::Value,
        place: Place,
        lineage: Option<&Lineage>,
    ) {
        if let ast::Value::Date(date) = value {
            self.date(date);
        }
        let known = lineage.and_then(|l| l.fields.iter().find(|f| f.name == name.text));
        if self.open_field(value, known.map_or(&FieldType::Unknown, |field| &field.ty))
            && known.is_some()
        {
            return;
        }
        let amount = match value {
            ast::Value::Quantity(quantity) => {
                let amount = self.amount(quantity);
                self.amounts.extend(amount.clone().map(|a| (quantity.span.start, a)));
                amount
            }
            _ => None,
        };
        let at = self.at(name.span);
        let Some(field) = known else {
            return self.report(language::unknown_field::found(at, &name.text, place, lineage));
        };
        match (value, &field.ty) {
            (_, FieldType::Unknown)
            | (ast::Value::Text(_), FieldType::Text)
            | (ast::Value::Name(_), FieldType::Name)
            | (ast::Value::Date(_), FieldType::Date) => {}
            (ast::Value::Quantity(written), FieldType::Quantity(takes)) => {
                if let Some(amount) = amount.filter(|amount| amount.dimension != *takes) {
                    let at = self.at(written.span);
                    self.report(language::dimension_mismatch::in_field(
                        at, field, takes, written, &amount,
                    ));
                }
            }
            _ => self.report(language::unknown_field::wrong_type(at, field)),
        }
    }
}
