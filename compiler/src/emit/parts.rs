//! The small parts: quantities, needs, conditions.

use rbp_grammar::ast::{Cause, LossSort, Quantity, SignalExpr};
use rbp_grammar::head::Head;
use rbp_ruleset as rs;

use super::Names;
use crate::model::{Element, LoadView, NeedView, ObjectiveView, Tolerance};
use crate::quantity::{Amount, Number};

/// A fraction as text.
fn number(number: &Number) -> String {
    match number.is_integer() {
        true => number.numer().to_string(),
        false => format!("{}/{}", number.numer(), number.denom()),
    }
}

/// A quantity with what it amounts to.
pub(super) fn amount(written: &Quantity, amount: &Amount) -> rs::Amount {
    rs::Amount {
        number: number(&amount.number),
        unit: amount.dimension.words(),
        written: written.to_string(),
    }
}

/// A clause's quantity.
pub(super) fn quantity(element: &Element, head: Head) -> Option<rs::Amount> {
    element.quantity(head).map(|(value, written)| amount(written, value))
}

/// A clause's duration.
pub(super) fn duration(element: &Element, head: Head) -> Option<u64> {
    element.duration(head).map(|timed| timed.ms)
}

/// A load.
pub(super) fn load(names: &Names<'_>, element: &Element, load: &LoadView<'_>) -> rs::Load {
    let resupply = load.resupply.as_ref();
    rs::Load {
        amount: amount(load.written, load.amount),
        for_ms: load.duration.map(|d| d.ms),
        resupplied_by: resupply.and_then(|(by, _)| element.target(by)).map(|id| names.id(id)),
        resupplied_within_ms: resupply.map(|(_, within)| within.ms),
    }
}

/// A need; the order of its members says nothing, so they are sorted.
pub(super) fn need(names: &Names<'_>, need: &NeedView<'_>) -> rs::Need {
    let sort = match need.head {
        Head::Needs => rs::NeedSort::Needs,
        Head::In => rs::NeedSort::In,
        Head::ExposedTo => rs::NeedSort::ExposedTo,
        Head::DependsOn => rs::NeedSort::DependsOn,
        _ => rs::NeedSort::Uses,
    };
    let mut of: Vec<String> = need.of.iter().map(|target| names.id(target.id)).collect();
    of.sort();
    rs::Need { sort, count: need.count, of, to_run: need.to_run }
}

/// Several needs, sorted.
pub(super) fn needs(names: &Names<'_>, all: &[NeedView<'_>]) -> Vec<rs::Need> {
    let mut all: Vec<rs::Need> = all.iter().map(|n| need(names, n)).collect();
    all.sort();
    all
}

/// An objective.
pub(super) fn objective(names: &Names<'_>, objective: &ObjectiveView<'_>) -> rs::Objective {
    let (on, of_kind) = match objective.cause {
        None => (None, None),
        Some(Cause::Corruption) => (Some(rs::LossSort::Corrupted), None),
        Some(Cause::Compromise) => (Some(rs::LossSort::Compromised), None),
        Some(Cause::LossOfKind(kind)) => {
            let kind =
                objective.kind.map_or(kind.text.to_string(), |id| names.kind(id, &kind.text));
            (Some(rs::LossSort::Lost), Some(kind))
        }
    };
    rs::Objective { within_ms: objective.bound.ms, on, of_kind }
}

/// A tolerance.
pub(super) fn tolerance(names: &Names<'_>, tolerance: &Tolerance<'_>) -> rs::Tolerance {
    match tolerance {
        Tolerance::Any { order, kind, .. } => rs::Tolerance {
            order: *order,
            of_kind: kind.map(|(name, id)| match id {
                Some(id) => names.kind(id, &name.text),
                None => name.text.to_string(),
            }),
            each_of: Vec::new(),
        },
        Tolerance::Each(of, _) => {
            let mut each_of: Vec<String> = of.iter().map(|target| names.id(target.id)).collect();
            each_of.sort();
            rs::Tolerance { order: 1, of_kind: None, each_of }
        }
    }
}

/// A condition.
pub(super) fn condition(names: &Names<'_>, backup: &Element, expr: &SignalExpr) -> rs::Condition {
    let inner = |expr: &SignalExpr| condition(names, backup, expr);
    match expr {
        SignalExpr::Signal(name) => {
            rs::Condition::Signal(backup.target(name).map(|id| names.id(id)).unwrap_or_default())
        }
        SignalExpr::Not(of) => rs::Condition::Not(Box::new(inner(of))),
        SignalExpr::And(left, right) => {
            rs::Condition::AtLeast { count: 2, of: vec![inner(left), inner(right)] }
        }
        SignalExpr::Or(left, right) => {
            rs::Condition::AtLeast { count: 1, of: vec![inner(left), inner(right)] }
        }
        SignalExpr::Some { count, of, .. } => {
            rs::Condition::AtLeast { count: count.value, of: of.iter().map(inner).collect() }
        }
    }
}

/// A sort of loss.
pub(super) fn sort(sort: LossSort) -> rs::LossSort {
    match sort {
        LossSort::Lost => rs::LossSort::Lost,
        LossSort::Corrupted => rs::LossSort::Corrupted,
        LossSort::Compromised => rs::LossSort::Compromised,
    }
}
