//! Which sets of losses a function says that it survives.

use rbp_grammar::ast::LossSort;

use crate::analysis::cone::Cone;
use crate::analysis::names::Loss;
use crate::diagnostic::Anchor;
use crate::model::{Element, Tolerance};

/// A claim to survive some losses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The claim in words, such as "any 2 losses of the kind `machine`".
    pub words: String,
    /// Where it is made.
    pub at: Anchor,
}

impl Cone {
    /// The claim of the cone's function that covers these losses, if any does. `default` is the order that
    /// holds where the function makes no general claim: 1, or what the package says.
    pub fn claim(&self, default: u32, set: &[Loss]) -> Option<Claim> {
        let lost: Vec<_> = set.iter().map(|loss| (loss.sort, self.lost(*loss))).collect();
        claim(self.elements.first()?, default, &lost)
    }
}

/// The claim of a function that covers these losses, whether it rests on all of them or not.
pub(super) fn claim(
    function: &Element,
    default: u32,
    lost: &[(LossSort, &Element)],
) -> Option<Claim> {
    let tolerances = function.tolerances();
    let stated = tolerances.iter().find_map(|tolerance| covers(tolerance, lost));
    let silent = !tolerances.iter().any(|t| matches!(t, Tolerance::Any { kind: None, .. }));
    let holds = silent && default as usize >= lost.len();
    stated.or_else(|| {
        let words = format!("any {default} losses, as `rbp.toml` says");
        holds.then(|| Claim { words, at: function.name_at() })
    })
}

fn covers(tolerance: &Tolerance<'_>, lost: &[(LossSort, &Element)]) -> Option<Claim> {
    let Tolerance::Any { order, kind, at } = tolerance else { return None };
    if lost.len() > *order as usize {
        return None;
    }
    match kind {
        None => Some(Claim { words: format!("any {order} losses"), at: *at }),
        Some((name, Some(kind))) => {
            let all = lost.iter().all(|(sort, element)| {
                let lineage = element.lineage.as_ref();
                *sort == LossSort::Lost && lineage.is_some_and(|l| l.descends_from(*kind))
            });
            let words = format!("any {order} losses of the kind `{}`", name.text);
            all.then_some(Claim { words, at: *at })
        }
        Some((_, None)) => None,
    }
}
