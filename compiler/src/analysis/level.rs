//! How much of a backup serves where a level is asked for.

use num_traits::CheckedMul;
use rbp_grammar::ast::Args;
use rbp_grammar::head::Head;

use crate::analysis::coverage::effective_share;
use crate::model::Element;
use crate::quantity::{Amount, Number};

/// How much of a backup is there for a function, in base units; `None` where nothing says how much it covers, or
/// where that cannot be reckoned with. What is lent counts only where it is `called_back`, since those who are protected
/// cannot do without it: then that is a step of the activation, whose time and whoever does it are reckoned with. Else
/// the backup serves before anything is called back.
pub(crate) fn there_for(backup: &Element, function: &Element, called_back: bool) -> Option<Number> {
    let covers = backup.load(Head::Covers)?.amount;
    let share = match lent(backup).filter(|_| !called_back) {
        Some(lent) => (Number::from_integer(1) - lent.number).max(Number::from_integer(0)),
        None => effective_share(backup, function),
    };
    covers.number.checked_mul(&share)
}

/// The share of a backup that is lent.
pub(crate) fn lent(backup: &Element) -> Option<&Amount> {
    match &backup.clause(Head::Lends)?.args {
        Args::Lends { share, .. } => backup.amount(share),
        _ => None,
    }
}

/// Whether a backup carries a level of a function; `None` where it does not say how much it covers, or in
/// units that cannot be compared.
pub(super) fn carries(
    backup: &Element,
    function: &Element,
    level: &Amount,
    called_back: bool,
) -> Option<bool> {
    let covers = backup.load(Head::Covers)?;
    let comparable = covers.amount.dimension == level.dimension;
    // What cannot be reckoned with exactly does not count.
    let enough =
        || there_for(backup, function, called_back).is_some_and(|there| there >= level.number);
    comparable.then(enough)
}
