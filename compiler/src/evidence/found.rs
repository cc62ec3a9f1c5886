//! What is wrong with the files of test records, held against the tests.

use std::sync::Arc;

use rbp_grammar::ast::Role;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::gathered::{Gathered, Target, evidence_items, gathered};
use super::read::{Row, read};
use crate::db::{Day, Db, SourceFile};
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::{Element, Shortfall, facts};
use crate::rules::records::{
    bad_record, future_record, missing_evidence, unmatched_record, weak_record,
};

/// What is said of the files that the `evidence` items of a file name.
pub fn evidence_findings(db: &dyn Db, at: SourceFile, as_of: Day) -> Vec<Diagnostic> {
    let items = evidence_items(db, at);
    if items.is_empty() {
        return Vec::new();
    }
    let gathered = gathered(db);
    let mut findings = Vec::new();
    let mut held =
        Held { db, gathered, backups: FxHashMap::default(), known: FxHashMap::default() };
    for (item, pattern) in items {
        if !gathered.matched.contains(&(at, *item)) {
            let at = Anchor { file: at.id(db), item: *item, span: pattern.span };
            findings.push(missing_evidence::found(at, &pattern.text));
        }
        for file in gathered.files.get(&(at, *item)).into_iter().flatten() {
            let read = read(db, *file);
            findings.extend(read.findings.iter().cloned());
            for row in &read.rows {
                if row.record.day > as_of {
                    findings.push(future_record::found(row.date_at, row.record.day, as_of));
                }
                findings.extend(held.against(file.package(db), row));
            }
        }
    }
    findings
}

struct Held<'a> {
    db: &'a dyn Db,
    gathered: &'a Gathered,
    /// Per source its backups, by name.
    backups: FxHashMap<SourceFile, FxHashMap<SmolStr, &'a Arc<Element>>>,
    /// Per package the names that a record may name.
    known: FxHashMap<u32, Vec<&'a str>>,
}

impl<'a> Held<'a> {
    /// Holds a record against the test that it names.
    fn against(&mut self, package: u32, row: &Row) -> Option<Diagnostic> {
        let (source, own) = match self.gathered.target(self.db, package, &row.element) {
            Target::One(source, own) => (source, own),
            Target::Several(all) => {
                return Some(unmatched_record::several(row.element_at, &row.element, &all));
            }
            Target::None => {
                let known =
                    self.known.entry(package).or_insert_with(|| self.gathered.known(package));
                return Some(unmatched_record::no_backup(row.element_at, &row.element, known));
            }
        };
        let db = self.db;
        let backups = self.backups.entry(source).or_insert_with(|| {
            let backups = facts(db, source).elements().filter(|e| e.role() == Role::Backup);
            backups.map(|backup| (SmolStr::from(backup.name()), backup)).collect()
        });
        let backup = *backups.get(&own)?;
        let tests = backup.tests();
        let mut record = row.record.clone();
        record.measure(db, source);
        if let Some(figure) = record.unmeasured() {
            return Some(bad_record::unmeasured(figure.at, &figure.written));
        }
        match tests.iter().find(|test| test.name.text == record.test) {
            Some(test) if record.passed => match test.shortfall(&record)? {
                Shortfall::Level => Some(weak_record::found(row.level_at, test, &record)),
                Shortfall::Figure(is, wanted) => {
                    Some(weak_record::less(is.at, test, &is.written, wanted))
                }
                Shortfall::Slow(is, bound) => {
                    Some(weak_record::slower(is.at, test, &is.written, bound))
                }
            },
            Some(_) => None,
            // Part of it could not be read: its own finding says so.
            None if backup.is_broken() => None,
            None => Some(unmatched_record::no_test(row.test_at, &row.record.test, backup)),
        }
    }
}
