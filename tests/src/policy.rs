//! A policy in memory and what is said of it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use rbp_compiler::check::Checked;
use rbp_compiler::db::{Day, Package};
use rbp_compiler::diagnostic::{Anchor, Diagnostic, FileId, Places};
use rbp_compiler::emit::rule_set;
use rbp_compiler::session::{EvidenceSpec, FileSpec, Session};

/// The day on which every suite is judged: 2026-11-23.
pub const AS_OF: Day = Day(20_780);

/// A checked policy.
pub struct Policy {
    /// The session that checked it.
    pub session: Session,
    /// What is said of each of its files.
    pub checked: Vec<(FileId, Arc<Checked>)>,
}

impl Policy {
    /// Checks a policy of one or more files. Lines such as `// file: sites/ams.rbp` begin a file;
    /// without any, all of it is `main.rbp`. Files that do not end in `.rbp` hold test records; what
    /// stands behind ` // ` in their lines is not theirs. A `␀` stands for a NUL byte, which no page can hold.
    pub fn check(text: &str) -> Policy {
        Policy::check_on(text, AS_OF)
    }

    /// The same, judged on another day.
    pub fn check_on(text: &str, day: Day) -> Policy {
        Policy::check_changed(text, day, |text| text)
    }

    /// The same, with the text of each file changed before it is read.
    pub fn check_changed(text: &str, day: Day, change: impl Fn(String) -> String) -> Policy {
        let mut session = Session::new(day);
        let package = session.add_package(Package { name: "policy".into(), ..Package::default() });
        let (sources, records): (Vec<_>, Vec<_>) =
            files(text).into_iter().partition(|(path, _)| path.ends_with(".rbp"));
        let records = records.into_iter().map(|(path, text)| {
            let spec = EvidenceSpec { name: path.clone(), path, package };
            (spec, change(without_comments(&text)).into_bytes())
        });
        session.set_evidence(records.collect());
        let files = sources.into_iter().map(|(path, text)| {
            let module = path.trim_end_matches(".rbp").replace('/', ".");
            (FileSpec { path, module, package }, Arc::from(change(text.replace('␀', "\0"))))
        });
        session.add_files(files.collect());
        let checked = session.check_all();
        Policy { session, checked }
    }

    /// Whether a rule set can be built of it: nothing in it is refuted or unknown.
    pub fn builds(&self) -> bool {
        let package = self.checked.first().map(|(file, _)| self.session.package(*file));
        package.is_some_and(|number| rule_set(self.session.db(), number).verified)
    }

    /// Everything that is said.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.checked.iter().flat_map(|(_, checked)| checked.findings())
    }

    /// The names of the rules that are broken.
    pub fn slugs(&self) -> BTreeSet<&'static str> {
        self.diagnostics().map(|d| d.rule.slug).collect()
    }

    /// The line of a place, counted from 1.
    pub fn line(&self, at: Anchor) -> usize {
        let start = self.session.bytes(at).start;
        self.session.text(at.file)[..start].matches('\n').count() + 1
    }

    /// Everything that is said, a finding a paragraph.
    pub fn report(&self) -> String {
        let mut report = String::new();
        for d in self.diagnostics() {
            let (path, line) = (self.session.path(d.primary.at.file), self.line(d.primary.at));
            let _ = writeln!(
                report,
                "{path}:{line}: {}[{}] {}",
                d.level.word(),
                d.rule.slug,
                d.message
            );
            if !d.primary.text.is_empty() {
                let _ = writeln!(report, "    here: {}", d.primary.text);
            }
            for label in &d.related {
                let (path, line) = (self.session.path(label.at.file), self.line(label.at));
                let _ = writeln!(report, "    {path}:{line}: {}", label.text);
            }
            for names in &d.paths {
                let _ = writeln!(report, "    path: {}", names.join(" → "));
            }
            for note in &d.notes {
                let _ = writeln!(report, "    note: {note}");
            }
            if let Some(help) = &d.help {
                let _ = writeln!(report, "    help: {help}");
            }
        }
        report
    }
}

fn files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("// file: ") {
            files.push((path.trim().to_owned(), String::new()));
            continue;
        }
        if files.is_empty() {
            files.push(("main.rbp".into(), String::new()));
        }
        if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    files
}

/// Test records have no comments: what a suite expects of them is taken away.
fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| line.split(" // ").next().unwrap_or_default());
    lines.map(|line| format!("{line}\n")).collect()
}
