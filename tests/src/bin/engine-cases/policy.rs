//! Random policies, dense in what decisions turn on: loops, fail-safe conditions, fences, rotas, two-person
//! rules, tests that run out, acceptances, stand-ins of stand-ins.

use std::fmt::Write;

use rbp_tests::random::Random;

use crate::one;

/// A policy in one file.
pub fn policy(random: &mut Random) -> String {
    let mut p = Policy {
        elements: random.between(3, 7),
        people: random.between(2, 4),
        signals: random.between(2, 5),
        backups: random.between(2, 5),
        knotted: random.percent(40),
        random,
        text: "import std.people.{board, person, rota}\n\nkind store : machine\n".into(),
    };
    p.things();
    p.functions();
    for at in 0..p.backups {
        p.backup(at);
    }
    p.acceptances();
    p.text
}

struct Policy<'a> {
    random: &'a mut Random,
    elements: usize,
    people: usize,
    signals: usize,
    backups: usize,
    /// Its first two backups need what the other one stands in for to run, and mostly call on it.
    knotted: bool,
    text: String,
}

const KINDS: [&str; 4] = ["machine", "record", "store", "place"];

impl Policy<'_> {
    fn say(&mut self, text: impl AsRef<str>) {
        let _ = writeln!(self.text, "{}", text.as_ref());
    }

    fn element(&mut self) -> String {
        match self.random.percent(85) {
            true => format!("e{}", self.random.below(self.elements)),
            false => format!("b{}", self.random.below(self.backups)),
        }
    }

    fn several(&mut self, least: usize, most: usize) -> Vec<String> {
        let count = self.random.between(least, most);
        let mut all: Vec<String> = (0..count).map(|_| self.element()).collect();
        all.sort();
        all.dedup();
        all
    }

    fn need(&mut self) -> String {
        let of = self.several(1, 3);
        let needs = match of.len() {
            1 => of[0].clone(),
            many => format!("{} of [{}]", self.random.between(1, many), of.join(", ")),
        };
        let to_run = if self.random.percent(15) { " to run" } else { "" };
        format!("needs {needs}{to_run}")
    }

    fn things(&mut self) {
        for at in 0..self.elements {
            let mut line = format!("dependency e{at} : {} {{ ", one(self.random, &KINDS));
            if at == 1 && self.knotted {
                line += one(self.random, &["needs e0 ", "needs e0 to run "]);
            }
            for _ in 0..self.random.below(3) {
                if self.random.percent(60) {
                    line += &format!("{} ", self.need());
                }
            }
            if self.random.percent(15) {
                line += &format!("controlled by p{} ", self.random.below(self.people));
            }
            if self.random.percent(10) {
                line += &format!("contract until {} ", self.day());
            }
            if self.random.percent(20) {
                line += "owner keepers ";
            }
            self.say(line + "}");
        }
        for at in 0..self.people {
            let needs = if self.random.percent(15) { self.need() } else { String::new() };
            self.say(format!("dependency p{at} : person {{ {needs} }}"));
        }
        self.say("dependency r0 : rota { needs 1 of [p0, p1] }");
        self.say("dependency r1 : rota { needs 1 of [p1, r0] }");
        let all: Vec<String> = (0..self.people).map(|at| format!("p{at}")).collect();
        self.say(format!("dependency r2 : board {{ needs 2 of [{}] }}", all.join(", ")));
        self.say("dependency r3 : board { needs 1 of [r2, p0]  needs 1 of [p0, p1] }");
        for at in 0..self.signals {
            let from = self.element();
            let within = self.random.between(1, 20);
            self.say(format!("signal s{at} {{ from {from} within {within}s }}"));
        }
    }

    /// A day around those for which is decided.
    fn day(&mut self) -> String {
        format!("2026-{:02}-{:02}", self.random.between(10, 12), self.random.between(1, 28))
    }

    fn functions(&mut self) {
        for at in 0..2 {
            let mut depends = self.several(1, 3);
            if self.knotted && !depends.contains(&"e0".to_owned()) {
                depends.push("e0".into());
            }
            let depends = depends.join(", ");
            let mut line = format!("function f{at} {{ owner ops depends on {depends} ");
            if at == 1 && self.random.percent(30) {
                line += "depends on f0 ";
            }
            if self.random.percent(80) {
                line += &format!("rto {}min ", self.random.between(1, 30));
            }
            if self.random.percent(30) {
                line += "rto 8h on corruption ";
            }
            if self.random.percent(30) {
                line += "rto 1h on loss of kind machine ";
            }
            if self.random.percent(50) {
                line += "mtpd 1d ";
            }
            if self.random.percent(40) {
                line += &format!("demand {} kW for 8h ", self.random.between(1, 4));
            }
            self.say(line + "}");
        }
    }

    fn signal(&mut self) -> String {
        let not = if self.random.percent(25) { "not " } else { "" };
        format!("{not}s{}", self.random.below(self.signals))
    }

    fn condition(&mut self) -> String {
        match self.random.below(5) {
            0 => format!("{} and {}", self.signal(), self.signal()),
            1 => format!("{} or {}", self.signal(), self.signal()),
            2 => format!("2 of [{}, {}, {}]", self.signal(), self.signal(), self.signal()),
            3 if self.random.percent(30) => {
                format!("not ({} and ({} or {}))", self.signal(), self.signal(), self.signal())
            }
            _ => self.signal(),
        }
    }

    fn authority(&mut self) -> String {
        let who = match self.random.below(9) {
            0 => format!("automatic on {}", self.element()),
            1 => "r0".into(),
            2 => "2 of [p0, p1, r1]".into(),
            3 => "2 of [r0, r1]".into(),
            4 => "1 of [p0, r1]".into(),
            5 => "r2".into(),
            6 => "1 of [r2, r3]".into(),
            7 => "2 of [p0, r2, r1]".into(),
            _ => format!("p{}", self.random.below(self.people)),
        };
        match self.random.percent(60) {
            true => format!("{who} within {}min", self.random.between(1, 9)),
            false => who,
        }
    }

    fn backup(&mut self, at: usize) {
        // The first holds out for the second, as a battery does for a generator.
        let held = at == 0 && self.random.percent(60);
        let knotted = at < 2 && self.knotted;
        let primary = if knotted {
            format!("e{at}")
        } else if at < 2 && self.random.percent(80) {
            "e0".to_owned()
        } else if self.random.percent(85) {
            format!("e{}", self.random.below(self.elements))
        } else {
            format!("b{}", self.random.below(self.backups))
        };
        let kind = one(self.random, &KINDS);
        let protects = one(self.random, &["f0", "f1", "f0, f1"]);
        self.say(format!("backup b{at} : {kind} for {primary} {{"));
        let restores = self.random.between(1, 90);
        self.say(format!("  protects {protects} owner keepers restores within {restores}s"));
        if knotted {
            let mut of = self.several(0, 1);
            of.retain(|other| *other != primary);
            of.push(format!("e{}", 1 - at));
            self.say(format!("  needs 1 of [{}] to run", of.join(", ")));
        } else if self.random.percent(50) {
            let need = self.need();
            self.say(format!("  {need}"));
        }
        if held || self.random.percent(50) {
            let (level, hours) = (self.random.between(2, 5), self.random.between(6, 20));
            // Mostly until another one is there, which may stand in for something else.
            let until = match held || self.random.percent(40) {
                true => {
                    let by = if held { 1 } else { self.random.below(self.backups) };
                    format!(" resupplied by b{by} within {}min", self.random.between(1, 90))
                }
                false => String::new(),
            };
            self.say(format!("  covers {level} kW for {hours}h{until}"));
        }
        if self.random.percent(10) {
            self.say("  lag within 5s");
        }
        for (share, clause) in
            [(10, "retire by"), (10, "contract until"), (10, "stock 3 kg expires")]
        {
            if self.random.percent(share) {
                let day = self.day();
                self.say(format!("  {clause} {day}"));
            }
        }
        let calls_on = knotted && self.random.percent(60);
        self.activation(calls_on.then(|| format!("e{}", 1 - at)));
        for test in 0..self.random.below(3) {
            self.test(test);
        }
        self.say("}");
    }

    fn activation(&mut self, calls_on: Option<String>) {
        if self.random.percent(4) {
            return;
        }
        let (when, hold) = (self.condition(), self.random.between(0, 30));
        let steps = self.random.between(1, 3);
        let by: Vec<String> = (0..steps).map(|_| self.authority()).collect();
        self.say("  activate {");
        self.say(format!("    when {when} for {hold}s"));
        self.say(format!("    by {}", by.join(", then ")));
        if self.random.percent(40) {
            let (what, via) = (self.element(), self.element());
            self.say(format!("    fence {what} via {via}"));
        }
        if calls_on.is_some() || self.random.percent(25) {
            let with = calls_on.unwrap_or_else(|| self.element());
            self.say(format!("    with {with}"));
        }
        if self.random.percent(25) {
            let way = self.element();
            self.say(format!("    reach {way} within 10s"));
        }
        for number in 0..self.random.below(3) {
            if self.random.percent(60) {
                let condition = self.condition();
                self.say(format!("    fail safe when {condition} \"do {number}: {HOSTILE}\""));
            }
        }
        self.say("  }");
    }

    fn test(&mut self, number: usize) {
        let mut line = format!("  test t{number} {{ proves activation ");
        if self.random.percent(80) {
            line += &format!("every {}d ", self.random.between(5, 60));
        }
        if self.random.percent(80) {
            let (day, how) = (self.day(), one(self.random, &["passed", "passed", "failed"]));
            line += &format!("last {day} {how} ");
        }
        if self.random.percent(20) {
            line += &format!("expires {} ", self.day());
        }
        if self.random.percent(30) {
            line += "owner testers ";
        }
        self.say(line + "}");
    }

    fn acceptances(&mut self) {
        for rule in ["overdue-test", "failed-test", "untested-backup", "untested-coverage"] {
            if self.random.percent(50) {
                let (at, day) = (self.random.below(self.backups), self.day());
                self.say(format!(
                    "accept {rule} on b{at} {{ because \"{HOSTILE}\" by boss until {day} }}"
                ));
            }
        }
    }
}

/// What authors may write into a text, and no engine may trip over.
const HOSTILE: &str =
    r#"\" } else := true {{ x }} `y` %s \u005b <script>alert(1)</script> =1+1 $(id) #"#;
