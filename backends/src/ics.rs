//! The drill calendar (RFC 5545): every test on the day by which it must be held, again and again; and
//! whatever ends on a day.

use std::fmt::Write;

use rbp_ruleset::{Backup, RuleSet, Test};

use crate::days::{Day, DeadlineSort, deadlines, is_announced};
use crate::escape::{file_name, ics};
use crate::view::View;
use crate::{File, words};

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;
/// The longest line, in bytes.
const LINE: usize = 75;

/// The files of the target.
pub(crate) fn files(rules: &RuleSet) -> Vec<File> {
    let view = View::new(rules);
    let Some(as_of) = Day::read(&rules.as_of) else { return Vec::new() };
    let mut calendar = Calendar { text: String::new(), as_of, package: &rules.package.name };
    calendar.line("BEGIN:VCALENDAR");
    calendar.line("VERSION:2.0");
    calendar.line("PRODID:-//rbp//drill calendar//EN");
    calendar.line("CALSCALE:GREGORIAN");
    calendar.line(&format!("X-WR-CALNAME:{}", ics(&view.of_package("Drills"))));
    if !rules.verified {
        calendar.line("X-WR-CALDESC:NOT VERIFIED: something in the rule set is refuted or unknown");
    }
    for backup in &rules.backups {
        for test in &backup.tests {
            calendar.test(&view, backup, test);
        }
    }
    for deadline in deadlines(&view).into_iter().filter(|d| d.sort != DeadlineSort::Test) {
        let id = format!("{}/{}", deadline.sort.word(), deadline.subject);
        let what = format!("Last day: {}", deadline.what);
        calendar.event(&id, deadline.day, &what, deadline.owner.as_deref(), &[], ONCE);
    }
    calendar.line("END:VCALENDAR");
    vec![File::new("drills.ics", calendar.text)]
}

/// How an event comes again.
struct Repeats {
    /// In days.
    every: Option<u64>,
    /// Whether one is told a week before.
    announced: bool,
}

/// Once, and one is told before.
const ONCE: Repeats = Repeats { every: None, announced: true };

struct Calendar<'a> {
    text: String,
    as_of: Day,
    package: &'a str,
}

impl Calendar<'_> {
    fn test(&mut self, view: &View<'_>, backup: &Backup, test: &Test) {
        let id = format!("test/{}/{}", backup.id, test.name);
        // Where its result stops to count before that, it must be held by then.
        let days = [&test.due, &test.expires].into_iter().flatten();
        let due = days.filter_map(|day| Day::read(day)).min();
        let name = format!("{} of {}", test.name, view.name(&backup.id));
        let summary = match due {
            Some(day) if day < self.as_of => format!("Overdue: {name}"),
            Some(_) => format!("Test: {name}"),
            // One that was held and comes but once is not due again.
            None if test.last.is_some() => return,
            None => format!("Never held: {name}"),
        };
        let mut lines = Vec::new();
        if let Some(ms) = test.every_ms {
            lines.push(format!("Every {}", words::duration(ms)));
        }
        lines.extend(test.exercise.map(|level| format!("Exercise: {}", words::exercise(level))));
        let loads = test.loads.iter().map(|load| words::load(view, load));
        let shows: Vec<String> = test.proves.iter().cloned().chain(loads).collect();
        if !shows.is_empty() {
            lines.push(format!("Shows {}", shows.join(", ")));
        }
        if test.from_cold {
            lines.push("From cold".to_owned());
        }
        lines.push(format!("Keeps {}", view.names(&backup.protects)));
        let owner = test.owner.as_deref().or_else(|| view.owner(&backup.id));
        let every = test.every_ms.map(|ms| ms / DAY).filter(|days| *days > 0);
        let repeats = Repeats { every, announced: is_announced(test) };
        self.event(&id, due.unwrap_or(self.as_of), &summary, owner, &lines, repeats);
    }

    /// An event of a whole day. The same subject has the same identity in every calendar that is
    /// made later, so that a calendar that is read again moves events and doubles none.
    fn event(
        &mut self,
        id: &str,
        day: Day,
        summary: &str,
        owner: Option<&str>,
        lines: &[String],
        repeats: Repeats,
    ) {
        let uid = file_name(&format!("{}/{id}", self.package));
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{uid}@rbp"));
        self.line(&format!("DTSTAMP:{}T000000Z", self.as_of.compact()));
        self.line(&format!("DTSTART;VALUE=DATE:{}", day.compact()));
        if let Some(days) = repeats.every {
            self.line(&format!("RRULE:FREQ=DAILY;INTERVAL={days}"));
        }
        self.line(&format!("SUMMARY:{}", ics(summary)));
        let owner = owner.map(|owner| format!("Seen to by {owner}"));
        let lines: Vec<String> = owner.iter().chain(lines).map(|line| ics(line)).collect();
        if !lines.is_empty() {
            self.line(&format!("DESCRIPTION:{}", lines.join("\\n")));
        }
        self.line("TRANSP:TRANSPARENT");
        if repeats.announced {
            self.line("BEGIN:VALARM");
            self.line("ACTION:DISPLAY");
            self.line(&format!("DESCRIPTION:{}", ics(summary)));
            self.line("TRIGGER:-P7D");
            self.line("END:VALARM");
        }
        self.line("END:VEVENT");
    }

    /// A line; a long one is folded between characters.
    fn line(&mut self, line: &str) {
        let mut left = LINE;
        for c in line.chars() {
            if c.len_utf8() > left {
                self.text.push_str("\r\n ");
                left = LINE - 1;
            }
            left -= c.len_utf8();
            self.text.push(c);
        }
        let _ = write!(self.text, "\r\n");
    }
}
