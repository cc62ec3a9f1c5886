//! The tests of a backup, and how they went.

use rbp_grammar::ast::{Args, Clause, Name, Proof, Quantity};
use rbp_grammar::head::Head;

use crate::db::Day;
use crate::diagnostic::Anchor;
use crate::evidence::{Exercise, Figure, Record};
use crate::model::day::day;
use crate::model::element::{Element, Timed};

impl Element {
    /// Its tests.
    pub fn tests(&self) -> Vec<Test<'_>> {
        self.clauses(Head::Test)
            .filter_map(|clause| match &clause.args {
                Args::Test { name, clauses } => {
                    Some(Test { backup: self, name, clauses, at: self.at(clause.span) })
                }
                _ => None,
            })
            .collect()
    }
}

/// How a backup is shown to work.
#[derive(Debug, Clone, Copy)]
pub struct Test<'a> {
    /// Whose.
    pub backup: &'a Element,
    /// Its name.
    pub name: &'a Name,
    clauses: &'a [Clause],
    /// Where it stands.
    pub at: Anchor,
}

/// How a test last went.
#[derive(Debug, Clone, Copy)]
pub struct TestResult<'a> {
    /// When.
    pub day: Day,
    /// How.
    pub passed: bool,
    /// Where that is recorded; nothing where the text is blank.
    pub evidence: Option<&'a str>,
    /// Where it stands.
    pub at: Anchor,
}

/// In what a test record falls short.
#[derive(Debug, Clone, Copy)]
pub enum Shortfall<'r> {
    /// Its level of exercise is lower than that of the test.
    Level,
    /// It measured less than the test is said to show.
    Figure(&'r Figure, &'r Quantity),
    /// It measured that the backup takes longer than it is said to.
    Slow(&'r Figure, Timed),
}

impl<'a> Test<'a> {
    /// Its first clause with that head.
    pub fn clause(&self, head: Head) -> Option<&'a Clause> {
        self.clauses.iter().find(|c| c.head == head)
    }

    /// The place of the clause, or of the test's name where it has no such clause.
    pub fn clause_at(&self, head: Head) -> Anchor {
        let span = self.clause(head).map_or(self.name.span, |c| c.span);
        self.backup.at(span)
    }

    /// How often it is held.
    pub fn every(&self) -> Option<Timed> {
        match &self.clause(Head::Every)?.args {
            Args::Quantity(quantity) => self.backup.timed(quantity),
            _ => None,
        }
    }

    /// The level of exercise: `tabletop`, `drill`, `functional`, `full-scale`.
    pub fn exercise(&self) -> Option<&'a Name> {
        self.word(Head::Exercise)
    }

    /// Whether it starts from a standstill.
    pub fn from_cold(&self) -> bool {
        self.clause(Head::FromCold).is_some()
    }

    /// Who holds it.
    pub fn owner(&self) -> Option<&'a Name> {
        self.word(Head::Owner)
    }

    fn word(&self, head: Head) -> Option<&'a Name> {
        match &self.clause(head)?.args {
            Args::Names(names) => names.first(),
            _ => None,
        }
    }

    /// What it shows.
    pub fn proofs(&self) -> &'a [Proof] {
        match self.clause(Head::Proves).map(|c| &c.args) {
            Some(Args::Proves(proofs)) => proofs,
            _ => &[],
        }
    }

    /// Whether it shows that aspect: `activation`, `restore`, `skills` …
    pub fn proves(&self, aspect: &str) -> bool {
        self.proofs()
            .iter()
            .any(|proof| matches!(proof, Proof::Aspect(name) if name.text == aspect))
    }

    /// How it last went, by its own clause and by all records.
    pub fn last(&self) -> Option<TestResult<'a>> {
        self.last_by(Day(i32::MAX))
    }

    /// How it went when it was last held on that day or before. Of two results of one day the failure
    /// counts.
    pub fn last_by(&self, end: Day) -> Option<TestResult<'a>> {
        let backup = self.backup;
        let records = backup.records.iter().filter(|record| self.counts(record));
        let recorded = records.map(|record| TestResult {
            day: record.day,
            passed: record.passed && !matches!(self.shortfall(record), Some(Shortfall::Slow(..))),
            evidence: record.evidence.as_deref(),
            at: record.at,
        });
        let all = recorded.chain(self.stated()).filter(|result| result.day <= end);
        all.max_by_key(|result| (result.day, !result.passed, result.evidence.is_some()))
    }

    /// Whether a record tells how this test went. A pass of less than the test demands does not.
    fn counts(&self, record: &Record) -> bool {
        let less = || !matches!(self.shortfall(record), None | Some(Shortfall::Slow(..)));
        record.test == self.name.text && !(record.passed && less())
    }

    /// In what a record, passed or not, is of less than the test demands, or than the backup is to do.
    pub fn shortfall<'r>(&self, record: &'r Record) -> Option<Shortfall<'r>>
    where
        'a: 'r,
    {
        let measured = record.measured.as_deref();
        // What takes too long fails, however little of the rest was done.
        if let Some(restored) = measured.and_then(|measured| measured.restored.as_ref())
            && let Some(bound) = self.backup.duration(Head::RestoresWithin)
            && restored.ms().is_some_and(|ms| ms > bound.ms)
        {
            return Some(Shortfall::Slow(restored, bound));
        }
        if self.too_weak(record) {
            return Some(Shortfall::Level);
        }
        let measured = measured?;
        for proof in self.proofs() {
            let Proof::Load { amount, duration } = proof else { continue };
            let reached = |figure: &Figure, wanted: &Quantity| {
                let (Some(is), Some(wanted)) = (&figure.amount, self.backup.amount(wanted)) else {
                    return false;
                };
                is.dimension == wanted.dimension && is.number >= wanted.number
            };
            if let Some(load) = measured.load.as_ref().filter(|load| !reached(load, amount)) {
                return Some(Shortfall::Figure(load, amount));
            }
            if let (Some(lasted), Some(wanted)) = (&measured.lasted, duration)
                && !reached(lasted, wanted)
            {
                return Some(Shortfall::Figure(lasted, wanted));
            }
        }
        None
    }

    /// Whether a record is of a lower level of exercise than the test. A test that states none takes
    /// more than talk.
    fn too_weak(&self, record: &Record) -> bool {
        let least = self.exercise().and_then(|level| Exercise::of(&level.text));
        record.level.is_some_and(|level| level < least.unwrap_or(Exercise::Drill))
    }

    fn stated(&self) -> Option<TestResult<'a>> {
        let clause = self.clause(Head::Last)?;
        match &clause.args {
            Args::Last { date, passed, evidence } => Some(TestResult {
                day: day(date)?,
                passed: *passed,
                evidence: evidence.as_deref().map(|t| &*t.text).filter(|t| !t.trim().is_empty()),
                at: self.backup.at(clause.span),
            }),
            _ => None,
        }
    }

    /// When its result no longer counts.
    pub fn expires(&self) -> Option<Day> {
        match &self.clause(Head::Expires)?.args {
            Args::Date(date) => day(date),
            _ => None,
        }
    }
}
