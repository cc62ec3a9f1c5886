//! What is accepted: by an acceptance that names it, has a reason and an owner, and has not ended.

use crate::logic::model::Model;
use crate::{Acceptance, Obligation, Verdict};

impl Model<'_> {
    /// Whether an obligation is accepted by an acceptance that names it and holds.
    pub fn accepts(&self, o: &Obligation) -> bool {
        o.verdict == Verdict::Accepted && self.refused(o).is_none()
    }

    /// Why an acceptance does not cover what it is said to cover.
    pub fn refused(&self, o: &Obligation) -> Option<String> {
        let table = &self.rules.acceptances;
        let Some(acceptance) = o.acceptance.and_then(|id| table.iter().find(|a| a.id == id)) else {
            return Some("the acceptance that it refers to is not in the document".into());
        };
        if !names(acceptance, o) {
            return Some(format!("acceptance {} does not name it", acceptance.id));
        }
        self.lapsed(acceptance)
    }

    /// Why an acceptance does not hold on the day of judgement.
    pub fn lapsed(&self, acceptance: &Acceptance) -> Option<String> {
        let said = |text: &str| !text.trim().is_empty();
        if !said(&acceptance.because) || !said(&acceptance.by) {
            return Some(format!("acceptance {} lacks its reason or its owner", acceptance.id));
        }
        let holds = self.lasts(&acceptance.until);
        let ended = || format!("acceptance {} ended on {}", acceptance.id, acceptance.until);
        (!holds).then(ended)
    }
}

/// Whether an acceptance names an obligation. It never names more than it says.
fn names(acceptance: &Acceptance, o: &Obligation) -> bool {
    let meant = |f: &String| acceptance.functions.is_empty() || acceptance.functions.contains(f);
    let on = || {
        let lost = o.losses.iter().all(|loss| acceptance.on.contains(&loss.element));
        acceptance.on.contains(&o.subject) || !o.losses.is_empty() && lost
    };
    let found = match (&acceptance.rule, &acceptance.policy) {
        (Some(rule), None) => *rule == o.rule && on(),
        (None, Some(_)) => acceptance.policy == o.policy && on(),
        _ => !o.losses.is_empty() && o.losses.iter().all(|loss| acceptance.losses.contains(loss)),
    };
    found && o.functions.iter().all(meant)
}
