//! The smallest model that still shows something.

use super::model::{Expr, Model, Need};

/// Takes references out, one at a time, for as long as `shows` still holds.
pub fn shrink(model: &Model, shows: impl Fn(&Model) -> bool) -> Model {
    let mut best = model.clone();
    loop {
        let Some(next) = simpler(&best).into_iter().find(&shows) else { return best };
        best = next;
    }
}

/// Every model with one thing less in it.
fn simpler(model: &Model) -> Vec<Model> {
    let mut all = Vec::new();
    let mut add = |change: &dyn Fn(&mut Model)| {
        let mut next = model.clone();
        change(&mut next);
        all.push(next);
    };
    let used = model.reachable();
    for at in 0..model.depends.len() {
        if model.depends.len() > 1 {
            add(&|m| drop(m.depends.remove(at)));
        }
        if let [first, .., _] = model.depends[at].of[..] {
            add(&|m| m.depends[at] = Need::one(first));
        }
    }
    if model.order > 1 {
        add(&|m| m.order -= 1);
    }
    for at in used {
        let thing = &model.things[at];
        for need in 0..thing.needs.len() {
            add(&|m| drop(m.things[at].needs.remove(need)));
            if thing.needs[need].to_run {
                add(&|m| m.things[at].needs[need].to_run = false);
            }
            for of in &thing.needs[need].of {
                if thing.needs[need].of.len() > 1 {
                    add(&|m| m.things[at].needs[need] = Need::one(*of));
                }
            }
        }
        if !thing.controlled_by.is_empty() {
            add(&|m| m.things[at].controlled_by.clear());
        }
        let Some(backup) = thing.backup() else { continue };
        if backup.protects {
            add(&|m| m.things[at].backup_mut().into_iter().for_each(|b| b.protects = false));
        }
        if !backup.installed.is_empty() {
            add(&|m| m.things[at].backup_mut().into_iter().for_each(|b| b.installed.clear()));
        }
        for part in 0..8 {
            let on = match part {
                0 => backup.lag,
                1 => backup.immutable,
                2 => backup.delayed.is_some(),
                3 => backup.restores.is_some(),
                4 => backup.verified.is_some(),
                5 => backup.until.is_some(),
                _ => false,
            };
            if on {
                add(&|m| {
                    let Some(b) = m.things[at].backup_mut() else { return };
                    match part {
                        0 => b.lag = false,
                        1 => b.immutable = false,
                        2 => b.delayed = None,
                        3 => b.restores = None,
                        5 => b.until = None,
                        _ => b.verified = None,
                    }
                });
            }
        }
        let Some(rule) = &backup.activation else { continue };
        let rules: Vec<_> = [
            (rule.by.len() > 1).then_some(0),
            (rule.by.len() > 1).then_some(1),
            (!rule.with.is_empty()).then_some(2),
            (!rule.funded.is_empty()).then_some(3),
            (!rule.fence.is_empty()).then_some(4),
            (!rule.reach.is_empty()).then_some(5),
            rule.hold.is_some().then_some(6),
            (!matches!(rule.when, Expr::Signal(_))).then_some(7),
        ]
        .into_iter()
        .flatten()
        .collect();
        for part in rules {
            let first = rule.when.signals().first().copied();
            add(&|m| {
                let Some(rule) = m.things[at].backup_mut().and_then(|b| b.activation.as_mut())
                else {
                    return;
                };
                match (part, first) {
                    (0, _) => drop(rule.by.remove(0)),
                    (1, _) => drop(rule.by.pop()),
                    (2, _) => rule.with.clear(),
                    (3, _) => rule.funded.clear(),
                    (4, _) => rule.fence.clear(),
                    (5, _) => rule.reach.clear(),
                    (6, _) => rule.hold = None,
                    (_, Some(signal)) => rule.when = Expr::Signal(signal),
                    _ => {}
                }
            });
        }
    }
    all
}
