//! What signal expressions ask for.

use rbp_grammar::ast::{Name, SignalExpr};

use crate::model::Element;
use crate::names::ItemId;

/// Up to so many signals every state of them is tried.
const MAX_SIGNALS: usize = 12;

/// The signals of an expression, in the order written.
pub(crate) fn names(expr: &SignalExpr) -> Vec<&Name> {
    match expr {
        SignalExpr::Signal(name) => vec![name],
        SignalExpr::Not(inner) => names(inner),
        SignalExpr::And(left, right) | SignalExpr::Or(left, right) => {
            let mut both = names(left);
            both.extend(names(right));
            both
        }
        SignalExpr::Some { of, .. } => of.iter().flat_map(names).collect(),
    }
}

/// Whether some state of the signals meets an expression and none of the others; `None` where that cannot be told.
pub(crate) fn meetable(backup: &Element, expr: &SignalExpr, none: &[&SignalExpr]) -> Option<bool> {
    let none: Vec<_> = none.iter().map(|expr| (backup, *expr)).collect();
    possible(&[(backup, expr)], &none)
}

/// Whether some state of the signals meets all of the expressions at once; `None` where a signal is
/// not known or there are too many.
pub(crate) fn meetable_together(all: &[(&Element, &SignalExpr)]) -> Option<bool> {
    possible(all, &[])
}

fn possible(all: &[(&Element, &SignalExpr)], none: &[(&Element, &SignalExpr)]) -> Option<bool> {
    let mut signals = Vec::new();
    for (backup, expr) in all.iter().chain(none) {
        for name in names(expr) {
            signals.push(backup.target(name)?);
        }
    }
    signals.sort();
    signals.dedup();
    if signals.len() > MAX_SIGNALS {
        return None;
    }
    let met = |state: u32| {
        let on = |id: ItemId| {
            signals.iter().position(|s| *s == id).is_some_and(|at| state & (1 << at) != 0)
        };
        let holds = |(backup, expr): &(&Element, &SignalExpr)| holds(backup, expr, &on);
        all.iter().all(holds) && !none.iter().any(holds)
    };
    Some((0..1_u32 << signals.len()).any(met))
}

fn holds(backup: &Element, expr: &SignalExpr, on: &impl Fn(ItemId) -> bool) -> bool {
    match expr {
        SignalExpr::Signal(name) => backup.target(name).is_some_and(on),
        SignalExpr::Not(inner) => !holds(backup, inner, on),
        SignalExpr::And(left, right) => holds(backup, left, on) && holds(backup, right, on),
        SignalExpr::Or(left, right) => holds(backup, left, on) || holds(backup, right, on),
        SignalExpr::Some { count, of, .. } => {
            of.iter().filter(|inner| holds(backup, inner, on)).count() >= count.value as usize
        }
    }
}
