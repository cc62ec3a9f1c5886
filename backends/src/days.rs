//! Days, and what ends on them.

use std::collections::HashMap;
use std::fmt;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use rbp_ruleset::{Acceptance, Backup, LossSort, Test};

use crate::view::View;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(Date);

impl Day {
    /// Reads `2026-10-01`.
    pub fn read(text: &str) -> Option<Day> {
        text.parse().ok().map(Day)
    }

    /// So many days later.
    pub fn plus(self, days: i32) -> Option<Day> {
        self.0.checked_add(days.days()).ok().map(Day)
    }

    /// Its first second in UTC, in seconds since 1970.
    pub fn seconds(self) -> i64 {
        let zero: Date = Date::constant(1970, 1, 1);
        let span: Result<Span, _> = self.0.since((jiff::Unit::Day, zero));
        span.map_or(0, |span| i64::from(span.get_days()) * 86_400)
    }

    /// `20261001`.
    pub fn compact(self) -> String {
        self.to_string().replace('-', "")
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The longest interval of a test of which nobody is told that it is near, in days: it always is.
pub(crate) const OFTEN: u64 = 14;

/// Whether somebody is told in time that a test is near.
pub(crate) fn is_announced(test: &Test) -> bool {
    test.every_ms.is_none_or(|ms| ms > OFTEN * 86_400_000)
}

/// A day by which somebody must have done something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deadline {
    /// The last good day.
    pub day: Day,
    pub sort: DeadlineSort,
    /// What it is about: an element's id, a test's with its backup's, or what an acceptance names. The same in
    /// every rule set in which it stands, whatever else is there.
    pub subject: String,
    /// The same in words: "the acceptance of losing beta, by estates".
    pub about: String,
    /// What ends, in words.
    pub what: String,
    /// Who sees to it.
    pub owner: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DeadlineSort {
    Test,
    Result,
    Acceptance,
    Contract,
    Stock,
    Retirement,
}

impl DeadlineSort {
    pub fn word(self) -> &'static str {
        match self {
            DeadlineSort::Test => "test",
            DeadlineSort::Result => "test-result",
            DeadlineSort::Acceptance => "acceptance",
            DeadlineSort::Contract => "contract",
            DeadlineSort::Stock => "stock",
            DeadlineSort::Retirement => "retirement",
        }
    }
}

/// Everything that ends on a day, the first first.
pub(crate) fn deadlines(view: &View<'_>) -> Vec<Deadline> {
    let mut all = Vec::new();
    for backup in &view.rules.backups {
        for test in &backup.tests {
            all.extend(of_test(view, backup, test));
        }
        let name = view.name(&backup.id);
        let words =
            || [format!("{name}, which must be replaced"), format!("{name} must be replaced")];
        let day = backup.retire_by.as_deref();
        all.extend(ends(view, &backup.id, day, DeadlineSort::Retirement, words));
    }
    for element in &view.rules.elements {
        let name = view.name(&element.id);
        let contract = element.contract_until.as_deref();
        let words = || [format!("the contract of {name}"), format!("the contract of {name} ends")];
        all.extend(ends(view, &element.id, contract, DeadlineSort::Contract, words));
        let stock = element.stock.as_ref().and_then(|stock| stock.expires.as_deref());
        let words =
            || [format!("the stock of {name}"), format!("the stock of {name} is no longer good")];
        all.extend(ends(view, &element.id, stock, DeadlineSort::Stock, words));
    }
    let mut met: HashMap<String, usize> = HashMap::new();
    for acceptance in &view.rules.acceptances {
        let Some(day) = Day::read(&acceptance.until) else { continue };
        // Two that name the same are told apart by their order.
        let mut subject = named(acceptance);
        let before = met.entry(subject.clone()).or_default();
        *before += 1;
        if *before > 1 {
            subject += &format!("/{before}");
        }
        let accepted = view.accepted(acceptance);
        all.push(Deadline {
            day,
            sort: DeadlineSort::Acceptance,
            subject,
            about: format!("the acceptance of {accepted}, by {}", acceptance.by),
            what: format!("the acceptance of {accepted} ends"),
            owner: Some(acceptance.by.clone()),
        });
    }
    all.sort_by(|a, b| (a.day, a.sort, &a.what).cmp(&(b.day, b.sort, &b.what)));
    all
}

/// What an acceptance names, by ids.
fn named(a: &Acceptance) -> String {
    let losses = a.losses.iter().map(|loss| {
        let sort = match loss.sort {
            LossSort::Lost => "loss",
            LossSort::Corrupted => "corruption",
            LossSort::Compromised => "compromise",
        };
        format!("{sort} of {}", loss.element)
    });
    let rule = a.policy.iter().chain(&a.rule).cloned();
    let on = a.on.iter().map(|id| format!("on {id}"));
    let functions = a.functions.iter().map(|id| format!("for {id}"));
    losses.chain(rule).chain(on).chain(functions).collect::<Vec<_>>().join(" ")
}

fn of_test(view: &View<'_>, backup: &Backup, test: &Test) -> Vec<Deadline> {
    let owner = test.owner.clone().or_else(|| view.owner(&backup.id).map(str::to_owned));
    let subject = format!("{}/{}", backup.id, test.name);
    let name = format!("{} of {}", test.name, view.name(&backup.id));
    let deadline = |day: &Option<String>, sort, about: String, ends: &str| {
        let day = day.as_deref().and_then(Day::read)?;
        let what = format!("{about} {ends}");
        let (subject, owner) = (subject.clone(), owner.clone());
        Some(Deadline { day, sort, subject, about, what, owner })
    };
    let due = deadline(&test.due, DeadlineSort::Test, format!("the test {name}"), "is due");
    let result = format!("the result of the test {name}");
    let result = deadline(&test.expires, DeadlineSort::Result, result, "no longer counts");
    due.into_iter().chain(result).collect()
}

fn ends(
    view: &View<'_>,
    id: &str,
    day: Option<&str>,
    sort: DeadlineSort,
    words: impl Fn() -> [String; 2],
) -> Option<Deadline> {
    let owner = view.owner(id).map(str::to_owned);
    let day = Day::read(day?)?;
    let [about, what] = words();
    Some(Deadline { day, sort, subject: id.to_owned(), about, what, owner })
}
