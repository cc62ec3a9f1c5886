//! What one declaration states twice: loads, which are held against each other, and who decides.

use rbp_grammar::ast::Proof;
use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::model::element::Element;
use crate::rules::activation::repeated_authority;
use crate::rules::language::dimension_mismatch::{Side, between};

/// Which of an element's own loads cannot be compared, and who is named twice in its order of succession. Linear in its
/// clauses.
pub(super) fn own_findings(element: &Element) -> Vec<Diagnostic> {
    let mut found = own_loads(element);
    found.extend(repeated_authority::found(element));
    found
}

/// Loads that cannot be compared: its minimum with its demand, and what its tests prove with what it covers.
fn own_loads(element: &Element) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let side = |head| element.load(head).map(|load| Side::of(head, &load));
    if let (Some(minimum), Some(demand)) = (side(Head::Minimum), side(Head::Demand)) {
        found.extend(between(&minimum, &demand));
    }
    let Some(covers) = side(Head::Covers) else { return found };
    for test in element.tests() {
        for proof in test.proofs() {
            if let Proof::Load { amount: written, .. } = proof
                && let Some(amount) = element.amount(written)
            {
                let load = Side { what: "load", written, amount, at: element.at(written.span) };
                found.extend(between(&load, &covers));
            }
        }
    }
    found
}
