//! What quantities amount to, and whether days are in the calendar.

use rbp_grammar::ast::{self, Name};
use rbp_grammar::{around, nearest};
use smol_str::SmolStr;

use super::Lowering;
use crate::model::day::day;
use crate::model::measure::{NoUnit, measured};
use crate::model::template::Bound;
use crate::names::{Lookup, Space};
use crate::quantity::Amount;
use crate::rules::language;
use crate::rules::language::unknown_name::Sought;
use crate::rules::language::wrong_kind::Wanted;

impl Lowering<'_> {
    pub(super) fn measure(
        &mut self,
        quantity: &ast::Quantity,
        wanted: language::dimension_mismatch::Wanted,
        clause: &str,
    ) {
        if self.open_quantity(quantity, wanted, clause) {
            return;
        }
        let Some(amount) = self.amount(quantity) else { return };
        if !wanted.accepts(&amount.dimension) {
            let at = self.at(quantity.span);
            self.report(language::dimension_mismatch::in_clause(
                at, clause, &wanted, quantity, &amount,
            ));
            self.unresolved = true;
        }
        let at = self.at(quantity.span);
        if let Some(found) = language::number_out_of_range::beyond(at, wanted, quantity, &amount) {
            self.report(found);
            self.unresolved = true;
        }
        self.amounts.push((quantity.span.start, amount));
    }

    pub(in crate::model) fn amount(&mut self, quantity: &ast::Quantity) -> Option<Amount> {
        let result =
            match (self.units.get(&quantity.unit), crate::quantity::number(&quantity.number)) {
                (Some(one), Some(number)) => {
                    let number = Amount { number, dimension: Default::default() };
                    crate::quantity::product(&number, one, 1).ok_or(NoUnit::OutOfRange)
                }
                (_, None) => Err(NoUnit::OutOfRange),
                (None, Some(_)) => {
                    let one = ast::Quantity { number: "1".into(), ..quantity.clone() };
                    if let Ok(one) = measured(self.db, &self.scope, &one) {
                        self.units.insert(quantity.unit.clone(), one);
                    }
                    measured(self.db, &self.scope, quantity)
                }
            };
        self.use_units(&quantity.unit);
        self.unresolved |= result.is_err();
        match result {
            Ok(amount) => Some(amount),
            Err(NoUnit::Unknown(unit)) if self.scope.failed(&unit) => None,
            Err(NoUnit::Unknown(unit)) => {
                let name = Name { text: unit, span: quantity.span };
                let known = self.scope.known(Space::Unit);
                let names = around(&name.text, &known).iter().map(SmolStr::as_str);
                let near = nearest(&name.text, names);
                let at = self.at(quantity.span);
                let sought = Sought { space: Space::Unit, wanted: Wanted::Element };
                let finding =
                    language::unknown_name::found(self.db, at, sought, &name, near, self.file);
                self.report(finding);
                None
            }
            Err(NoUnit::Circular) => None,
            Err(NoUnit::OutOfRange) => {
                let at = self.at(quantity.span);
                self.report(language::number_out_of_range::found(at, &quantity.number));
                None
            }
        }
    }

    pub(in crate::model) fn use_units(&mut self, unit: &str) {
        for name in unit.split('/').filter(|n| !n.is_empty() && *n != "%") {
            if let Lookup::Found(id, through) = self.scope.find(Space::Unit, name) {
                self.used.extend(through);
                if id.file != self.file.id(self.db) {
                    self.foreign.insert(id);
                }
            }
        }
    }

    pub(in crate::model) fn date(&mut self, date: &ast::Date) {
        if let Some(name) = date.parameter() {
            return self.open_value(name, date.span, &Bound::Date);
        }
        if day(date).is_none() {
            let at = self.at(date.span);
            self.report(language::invalid_date::found(at, &date.text));
            self.unresolved = true;
        }
    }
}
