//! `insufficient-pool`: A pool that may lose members carries too little once it has.

use num_traits::CheckedAdd;
use rbp_grammar::head::Head;

use crate::analysis::demanded;
use crate::diagnostic::Diagnostic;
use crate::model::{Element, LoadView, NeedView};
use crate::quantity::{Amount, Number, in_unit_of};
use crate::rules::{Check, FunctionCase, Outcomes, rule};

rule!(
    "insufficient-pool",
    Error,
    Coverage,
    "A pool that may lose members carries too little once it has.",
    Check::Function(check)
);

fn check(case: &FunctionCase<'_>, out: &mut Outcomes<'_>) {
    let Some((head, wanted)) = demanded(case.function) else { return };
    for need in case.function.needs_of(Head::DependsOn) {
        if need.of.len() >= 2 && need.of.len() == need.named as usize {
            pool(case, &need, head, &wanted, out);
        }
    }
}

fn pool(
    case: &FunctionCase<'_>,
    need: &NeedView<'_>,
    head: Head,
    wanted: &LoadView<'_>,
    out: &mut Outcomes<'_>,
) {
    let members: Vec<_> = need.of.iter().filter_map(|t| case.element(t.id)).collect();
    let capacity = |e: &Element| e.quantity(Head::Capacity).map(|(amount, _)| amount.clone());
    let same = |a: &Amount| a.dimension == wanted.amount.dimension;
    let mut stated: Vec<Amount> =
        members.iter().filter_map(|e| capacity(e)).filter(|a| same(a)).collect();
    if stated.is_empty() {
        // Not sized in what is demanded: a pool of sites, say.
        return;
    }
    if let Some(silent) = members.iter().find(|e| !capacity(e).is_some_and(|a| same(&a))) {
        let message =
            format!("`{}` is one of a pool and does not say how much it carries", silent.name());
        return out.unknown(
            Diagnostic::new(&RULE, silent.clause_at(Head::Capacity), message)
                .also(need.at, "this is the pool")
                .help(format!("state it, for example `capacity {}`", wanted.written)),
        );
    }
    stated.sort_by_key(|a| a.number);
    let left = stated
        .iter()
        .take(need.count as usize)
        .try_fold(Number::from_integer(0), |sum, a| sum.checked_add(&a.number));
    if left.is_some_and(|left| left >= wanted.amount.number) {
        return out.proved();
    }
    out.refuted(finding(case, need, head, wanted, left));
}

fn finding(
    case: &FunctionCase<'_>,
    need: &NeedView<'_>,
    head: Head,
    wanted: &LoadView<'_>,
    left: Option<Number>,
) -> Diagnostic {
    let left = left.and_then(|left| in_unit_of(&left, wanted.amount, wanted.written));
    let left = left.unwrap_or_else(|| "less".into());
    let least = if head == Head::Minimum { "cannot go below" } else { "demands" };
    let message = format!(
        "with {} of its {} members left, the pool may carry no more than {left}, and `{}` {least} {}",
        need.count,
        need.named,
        case.function.name(),
        wanted.written
    );
    Diagnostic::new(&RULE, need.at, message)
        .here("the smallest members are counted: any others may be lost")
        .also(wanted.at, format!("`{}` {least} this", case.function.name()))
        .help("add a member, take larger ones, or ask for more of them")
}
