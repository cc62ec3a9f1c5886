//! Random facts for a rule set: mostly about one moment, some of them wrong.

use rbp_ruleset::RuleSet;
use serde_json::{Map, Value, json};

use rbp_tests::random::Random;

use crate::one;

/// The moment for which is decided, before it is moved.
const NOON: i64 = 1_795_435_200; // 2026-11-23T12:00:00Z

/// Facts.
pub fn facts(rules: &RuleSet, random: &mut Random) -> Value {
    let mut make = Make { rules, random, now: 0, told: Vec::new() };
    make.facts()
}

struct Make<'a> {
    rules: &'a RuleSet,
    random: &'a mut Random,
    now: i64,
    /// The seconds since what was told so far.
    told: Vec<usize>,
}

impl Make<'_> {
    fn facts(&mut self) -> Value {
        self.now =
            NOON + 86_400 * self.random.between(0, 40) as i64 * i64::from(self.random.percent(60));
        let mut facts = Map::new();
        let mut now = text(self.now);
        if self.random.percent(1) {
            now = "2026-11-31T12:00:00Z".into();
        } else if self.random.percent(5) {
            now = now.replace('Z', ".25Z");
        } else if self.random.percent(1) {
            now = "2026-11-20T12:00:00Z".into();
        }
        facts.insert("now".into(), now.into());
        let unverified = !self.random.percent(2);
        facts.insert("allow_unverified".into(), unverified.into());
        let signals: Vec<String> = self.rules.signals.iter().map(|s| s.id.clone()).collect();
        let elements: Vec<String> = self.rules.elements.iter().map(|e| e.id.clone()).collect();
        let backups: Vec<String> = self.rules.backups.iter().map(|b| b.id.clone()).collect();
        let mut list = Vec::new();
        for signal in &signals {
            if self.random.percent(85) {
                let mut entry = json!({"signal": signal, "on": self.random.percent(60)});
                self.since(&mut entry, 90);
                list.push(entry);
            }
        }
        self.put(&mut facts, "signals", list);
        let mut list = Vec::new();
        for number in 0..self.random.below(4) {
            // What the first backups are for.
            let first = number < 2 && self.random.percent(40);
            let primary = self.rules.backups.get(number).and_then(|b| b.primary.clone());
            let lost = primary.filter(|_| first).unwrap_or_else(|| one(self.random, &elements));
            let mut entry = json!({"element": lost});
            let sort = one(self.random, &["", "", "", "lost", "compromised", "corrupted"]);
            if !sort.is_empty() && (sort != "corrupted" || self.random.percent(40)) {
                entry["sort"] = sort.into();
            }
            self.since(&mut entry, 80);
            list.push(entry);
        }
        self.put(&mut facts, "losses", list);
        for (name, share, field, of) in
            [("active", 25, "backup", &backups), ("fenced", 15, "element", &elements)]
        {
            let mut list = Vec::new();
            for one in of {
                if self.random.percent(if Some(one) == backups.first() { 2 * share } else { share })
                {
                    let mut entry = json!({field: one});
                    self.since(&mut entry, 70);
                    list.push(entry);
                }
            }
            self.put(&mut facts, name, list);
        }
        let actors = self.rules.elements.iter().filter(|e| e.kinds.iter().any(|k| k == "actor"));
        let people: Vec<String> = actors.map(|e| e.id.clone()).collect();
        let functions: Vec<String> = self.rules.functions.iter().map(|f| f.id.clone()).collect();
        let mut list = Vec::new();
        for _ in 0..self.random.below(5) {
            let mut entry =
                json!({"backup": one(self.random, &backups), "by": one(self.random, &people)});
            self.since(&mut entry, 100);
            if let Some(since) = entry.as_object_mut().and_then(|e| e.remove("since")) {
                entry["at"] = since;
                list.push(entry);
            }
        }
        self.put(&mut facts, "approvals", list);
        let mut list = Vec::new();
        for backup in &self.rules.backups {
            for test in &backup.tests {
                if self.random.percent(25) {
                    let at = text(self.now - 86_400 * self.random.between(0, 50) as i64);
                    let passed = self.random.percent(70);
                    let name = if self.random.percent(1) { "never" } else { &test.name };
                    list.push(
                        json!({"backup": backup.id, "test": name, "at": at, "passed": passed}),
                    );
                }
            }
        }
        self.put(&mut facts, "tests", list);
        if self.random.percent(80) {
            let actor = if self.random.percent(75) {
                one(self.random, &people)
            } else {
                one(self.random, &elements)
            };
            facts.insert("actor".into(), actor.into());
        }
        for (name, share, of) in [("backups", 50, &backups), ("functions", 20, &functions)] {
            if self.random.percent(share) {
                let named = one(self.random, of);
                facts.insert(name.into(), json!([named]));
            }
        }
        if self.random.percent(4) {
            self.spoil(&mut facts);
        }
        facts.into()
    }

    fn put(&self, facts: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
        if !list.is_empty() {
            facts.insert(name.into(), list.into());
        }
    }

    fn since(&mut self, entry: &mut Value, share: usize) {
        if !self.random.percent(share) {
            return;
        }
        let ago = match self.random.below(5) {
            0 => self.random.between(0, 30),
            1 => self.random.between(0, 600),
            2 => self.random.between(0, 7200),
            // At the same moment as something else.
            3 if !self.told.is_empty() => one(self.random, &self.told),
            _ => self.random.between(0, 400_000),
        };
        self.told.push(ago);
        let mut at = text(self.now - ago as i64);
        if self.random.percent(10) {
            at = at.replace('Z', ".125Z");
        } else if self.random.percent(10) {
            at = text(self.now - ago as i64 + 5400).replace('Z', "+01:30");
        } else if self.random.below(300) == 0 {
            at = text(self.now + 5);
        } else if self.random.below(300) == 0 {
            at = "yesterday".into();
        }
        entry["since"] = at.into();
    }

    /// Something that is wrong.
    fn spoil(&mut self, facts: &mut Map<String, Value>) {
        let wrong = self.random.below(12);
        match wrong {
            0 => facts.insert("actor".into(), "nobody\" } else".into()),
            1 => facts.insert("backups".into(), json!(["main.f0"])),
            2 => facts.insert("unknown".into(), json!(1)),
            3 => facts.insert("now".into(), json!(5)),
            4 => facts
                .insert("losses".into(), json!([{"element": "main.e0"}, {"element": "main.e0"}])),
            5 => facts.insert("signals".into(), json!([{"signal": "main.s0"}])),
            6 => facts.insert("losses".into(), json!([{"element": "main.f0", "sort": "lost"}])),
            7 => facts.remove("now"),
            8 => facts.insert("fenced".into(), json!(["main.e0"])),
            9 => facts.insert(
                "tests".into(),
                json!([{"backup": "main.b0", "test": "t0", "at": null, "passed": true}]),
            ),
            10 => facts.insert(
                "losses".into(),
                json!([{"element": "main.e0", "since": null, "sort": "burnt"}]),
            ),
            _ => facts.insert("active".into(), json!({})),
        };
    }
}

/// A moment in the years 2026 and 2027.
fn text(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400) - 20_454, seconds.rem_euclid(86_400));
    let (mut year, mut of_year) = (2026, days);
    if of_year >= 365 {
        (year, of_year) = (2027, of_year - 365);
    }
    let mut month = 0;
    for length in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        month += 1;
        if of_year < length {
            break;
        }
        of_year -= length;
    }
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z", of_year + 1)
}
