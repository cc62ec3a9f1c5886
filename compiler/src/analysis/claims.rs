//! Which sets of losses a function says that it survives.

use rbp_grammar::ast::LossSort;

use crate::analysis::cone::Cone;
use crate::analysis::names::Loss;
use crate::diagnostic::Anchor;
use crate::model::Tolerance;

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
        let function = self.elements.first()?;
        let tolerances = function.tolerances();
        let stated = tolerances.iter().find_map(|tolerance| self.covers(tolerance, set));
        let silent = !tolerances.iter().any(|t| matches!(t, Tolerance::Any { kind: None, .. }));
        let holds = silent && default as usize >= set.len();
        stated.or_else(|| {
            let words = format!("any {default} losses, as `rbp.toml` says");
            holds.then(|| Claim { words, at: function.name_at() })
        })
    }

    fn covers(&self, tolerance: &Tolerance<'_>, set: &[Loss]) -> Option<Claim> {
        let Tolerance::Any { order, kind, at } = tolerance else { return None };
        if set.len() > *order as usize {
            return None;
        }
        match kind {
            None => Some(Claim { words: format!("any {order} losses"), at: *at }),
            Some((name, Some(kind))) => {
                let all = set.iter().all(|loss| {
                    let lineage = self.lost(*loss).lineage.as_ref();
                    loss.sort == LossSort::Lost && lineage.is_some_and(|l| l.descends_from(*kind))
                });
                let words = format!("any {order} losses of the kind `{}`", name.text);
                all.then_some(Claim { words, at: *at })
            }
            Some((_, None)) => None,
        }
    }
}
