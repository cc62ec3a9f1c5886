//! Alertmanager: a route for each owner. How an owner is reached is for whoever runs it to fill in.

use std::collections::BTreeSet;

use crate::days::deadlines;
use crate::escape::{label, promql, yaml};
use crate::view::View;

/// The configuration.
pub fn config(view: &View<'_>) -> String {
    let mut text = String::from(
        "# Copy this file to where Alertmanager reads it, and say there below each receiver how it is\n\
         # reached: e-mail, pager, web hook. Here it is made anew.\n\
         route:\n  receiver: rbp-everybody\n  group_by: [alertname, backup, subject]\n  routes:\n    \
         - receiver: rbp-everybody\n      matchers: [\"alertname = RbpNotVerified\"]\n",
    );
    let owners = owners(view);
    for owner in &owners {
        let matcher = yaml(&format!("owner = {}", promql(owner)));
        text += &format!("    - receiver: {}\n      matchers: [{matcher}]\n", receiver(owner));
    }
    text += "receivers:\n  - name: rbp-everybody\n";
    for owner in &owners {
        text += &format!("  - name: {}\n", receiver(owner));
    }
    // What must not be put to work is not called for as well, and what has ended is not said to end.
    text + "inhibit_rules:\n  - source_matchers: [\"alertname = RbpFailSafe\"]\n    \
            target_matchers: [\"alertname = RbpTriggerMet\"]\n    equal: [backup]\n  \
            - source_matchers: [\"alertname = RbpDataTooOld\"]\n    \
            target_matchers: [\"alertname = RbpLagWorseThanPromised\"]\n    equal: [backup]\n"
}

fn receiver(owner: &str) -> String {
    yaml(&format!("owner {owner}"))
}

/// Whoever owns a backup or a test, or took a risk.
fn owners(view: &View<'_>) -> BTreeSet<String> {
    let backups = view.rules.backups.iter().filter_map(|b| view.owner(&b.id)).map(str::to_owned);
    let all = backups.chain(deadlines(view).into_iter().filter_map(|d| d.owner));
    all.map(|owner| label(&owner)).filter(|owner| !owner.is_empty()).collect()
}
