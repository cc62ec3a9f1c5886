//! `unproved-place`: Somebody else keeps a copy, and nobody has seen where it stands.

use rbp_grammar::head::Head;

use crate::diagnostic::Diagnostic;
use crate::model::Element;
use crate::names::ItemId;
use crate::rules::maintenance::evidence;
use crate::rules::{BackupCase, Check, Outcomes, rule};

rule!(
    "unproved-place",
    Error,
    Independence,
    "Somebody else keeps a copy, and nobody has seen where it stands.",
    Check::Backup(check)
);

fn check(case: &BackupCase<'_>, out: &mut Outcomes<'_>) {
    let backup = case.backup;
    if !backup.is("record") {
        return;
    }
    let needs = backup.needs_of(Head::Needs);
    let named = needs.iter().flat_map(|need| need.of.iter().map(|target| target.id));
    let Some(keeper) = named.filter_map(|id| case.element(id)).find(|e| keeps_for_others(e)) else {
        return;
    };
    let places = backup.needs_of(Head::In);
    let Some(place) = places.first() else {
        let message =
            format!("`{}` is kept by `{}`, and nothing says where", backup.name(), keeper.name());
        let finding = Diagnostic::new(&RULE, backup.name_at(), message);
        return out.unknown(
            naming(finding, backup, keeper.id)
                .help("ask where it stands, go and see, and say so: `in PLACE`, and a test with `proves place`")
                .note("nothing can be said about what takes a copy of which nobody knows where it is"),
        );
    };
    if evidence(backup, case.as_of).any(|test| test.proves("place")) {
        return out.proved();
    }
    let names: Vec<String> = places
        .iter()
        .flat_map(|place| place.of.iter().map(|target| format!("`{}`", target.name.text)))
        .collect();
    let message = format!(
        "`{}` is kept by `{}`, and no passed test shows that it stands in {}",
        backup.name(),
        keeper.name(),
        names.join(", ")
    );
    let finding = Diagnostic::new(&RULE, place.at, message).here("this is what they say");
    out.refuted(
        naming(finding, backup, keeper.id)
            .help("have somebody see it there once a year, and say so: a test with `proves place`"),
    );
}

/// Whether an element is somebody with whom things are kept, or a contract with them.
fn keeps_for_others(element: &Element) -> bool {
    element.is("supplier") || element.is("agreement")
}

/// Shows where the keeper is named.
fn naming(finding: Diagnostic, backup: &Element, keeper: ItemId) -> Diagnostic {
    match backup.mention(keeper) {
        Some(at) => finding.also(at, "they keep it"),
        None => finding,
    }
}
