//! Findings as the protocol has them.

use rbp_compiler::db::RootDb;
use rbp_compiler::diagnostic::{Diagnostic, FileId, Label, Level, Places};
use rbp_compiler::session::check_all;
use tower_lsp::ls_types::{
    self as lsp, CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString,
};

use crate::snapshot::Snapshot;

/// Rules that say of a text that it could as well not be there.
const UNNECESSARY: [&str; 4] =
    ["unused-import", "stale-acceptance", "orphan-dependency", "idle-policy"];

/// Rules that say of something that its time is over.
const DEPRECATED: [&str; 3] = ["retired-backup", "lapsed-contract", "expired-acceptance"];

/// Every file of which something can be said, with what is said of it.
pub fn all(snapshot: &Snapshot) -> Vec<(FileId, Vec<lsp::Diagnostic>)> {
    let mut found: std::collections::BTreeMap<FileId, Vec<lsp::Diagnostic>> =
        rbp_compiler::session::sources(&snapshot.db)
            .into_iter()
            .map(|at| (at.id(&snapshot.db), Vec::new()))
            .collect();
    for (_, checked) in check_all(&snapshot.db) {
        for finding in &checked.diagnostics {
            // What is said of a function of one file may be at fault in another.
            let file = finding.primary.at.file;
            found.entry(file).or_default().push(diagnostic(snapshot, finding));
        }
    }
    found.into_iter().collect()
}

/// What is said of one file.
pub fn of_file(snapshot: &Snapshot, id: FileId) -> Vec<lsp::Diagnostic> {
    let all = check_all(&snapshot.db);
    let findings = all.iter().flat_map(|(_, checked)| checked.findings());
    let of = findings.filter(|finding| finding.primary.at.file == id);
    of.map(|finding| diagnostic(snapshot, finding)).collect()
}

/// One finding.
pub fn diagnostic(snapshot: &Snapshot, d: &Diagnostic) -> lsp::Diagnostic {
    let mut message = d.message.clone();
    for path in &d.paths {
        message += &format!("\n{}", path.join(" → "));
    }
    d.notes.iter().for_each(|note| message += &format!("\nnote: {note}"));
    d.help.iter().for_each(|help| message += &format!("\nhelp: {help}"));
    let slug = d.rule.slug;
    let tag = match slug {
        _ if UNNECESSARY.contains(&slug) => Some(DiagnosticTag::UNNECESSARY),
        _ if DEPRECATED.contains(&slug) => Some(DiagnosticTag::DEPRECATED),
        _ => None,
    };
    let page = snapshot.shared.page(slug);
    lsp::Diagnostic {
        range: range(snapshot, &d.primary),
        severity: Some(match d.level {
            Level::Error => DiagnosticSeverity::ERROR,
            Level::Warning => DiagnosticSeverity::WARNING,
            Level::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(slug.to_owned())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("rbp".into()),
        message,
        related_information: Some(related(snapshot, d)),
        tags: tag.map(|tag| vec![tag]),
        ..lsp::Diagnostic::default()
    }
}

/// The other places of a finding, and then the elements along each way of a loss, where they are
/// declared.
fn related(snapshot: &Snapshot, d: &Diagnostic) -> Vec<DiagnosticRelatedInformation> {
    let label = |label: &Label| {
        let uri = snapshot.uri(label.at.file)?;
        let location = Location { uri, range: range(snapshot, label) };
        Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
    };
    let mut related: Vec<DiagnosticRelatedInformation> =
        d.related.iter().filter_map(label).collect();
    for way in rbp_ide::ways::ways(&snapshot.db, d) {
        for step in way {
            let known = |r: &DiagnosticRelatedInformation| {
                snapshot.location(&step.at).is_some_and(|at| at == r.location)
            };
            if let Some(location) = snapshot.location(&step.at)
                && !related.iter().any(known)
            {
                related.push(DiagnosticRelatedInformation { location, message: step.words });
            }
        }
    }
    related
}

fn range(snapshot: &Snapshot, label: &Label) -> lsp::Range {
    snapshot.text(label.at.file).range(&snapshot.db.bytes(label.at))
}

/// The files that a finding mentions.
pub fn mentioned(db: &RootDb, d: &Diagnostic) -> Vec<FileId> {
    let labels = std::iter::once(&d.primary).chain(&d.related).map(|label| label.at.file);
    let ways = rbp_ide::ways::ways(db, d).into_iter().flatten().map(|step| step.at.file);
    labels.chain(ways).collect()
}
