//! What the whole workspace asks of a file is kept beside its text. Whatever happens to files, packages and
//! records, it stays true, and so do the findings.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use rbp_compiler::db::{Day, Package, SourceFile, Workspace};
use rbp_compiler::diagnostic::{FileId, Places};
use rbp_compiler::names::{Outline, Reach, Reaches, all_namers, any_lost, imports_lost};
use rbp_compiler::session::{EvidenceSpec, FileSpec, Session};
use rbp_tests::edits::Edit;
use rbp_tests::policy::AS_OF;
use rbp_tests::random::Random;

/// So many packages, with so many modules in each.
const PACKAGES: usize = 2;
const MODULES: [&str; 4] = ["plant", "wards", "shared.parts", "rules"];

/// Most of it stands in an outline, or is found by way of one.
const DECLARATIONS: [&str; 24] = [
    "import plant.{feed, diesel}",
    "import shared.parts.{tank, spare}",
    "import rules.{kept}",
    "import other.shared.parts.{tank}",
    "import other.plant.{feed}",
    "import nowhere.{feed}",
    "import plant.{feed",
    "import std.places.{site}",
    "evidence from \"*.csv\"",
    "evidence from \"drills/*\"",
    "apply kept",
    "apply std.packs.n-minus-one",
    "policy kept { for each backup b { require some t in b.tests: t.passed else \"{b} is untested\" } }",
    "accept single-point-of-failure on feed { because \"on order\"  by ops  until 2027-01-01 }",
    "accept loss of feed for heat { because \"on order\"  by ops  until 2027-01-01 }",
    "template tank(room: element) { needs room  dependency pump { needs room } }",
    "template spare(of: element) for of { test run { every 30d  proves activation } }",
    "dependency oil = tank(room: feed)",
    "backup second = spare(of: feed) { protects heat }",
    "dependency feed",
    "dependency ops : actor",
    "function heat { rto 1h  depends on feed, oil.pump }",
    "function light { rto 2h  owner ops  depends on feed }",
    "backup diesel for feed { protects heat, light  operated by ops  test run { every 30d  proves activation } }",
];

const RECORDS: [&str; 4] = [
    "diesel,run,2026-11-02,passed\n",
    "diesel,run,2026-11-03,failed\n",
    "plant.second,run,2026-11-01,passed\n",
    "nobody,run,never,failed\n",
];

#[test]
fn outlines_are_true_and_findings_those_of_a_fresh_start_whatever_happens() {
    let share = std::env::var("RBP_BATCHES").ok().and_then(|b| b.parse::<u64>().ok());
    let (mut told, mut compared) = (BTreeSet::new(), 0);
    for seed in 0..6 * share.unwrap_or(1) {
        let mut world = World::new(seed);
        for number in 1..=160 {
            world.step();
            // What is remembered depends on what was asked in between.
            match world.random.below(3) {
                0 => drop(world.session.check_all()),
                1 => drop(world.session.check(*world.ids().last().unwrap())),
                _ => {}
            }
            world.outlines_hold(number);
            if number % 8 == 0 {
                told.extend(world.compare(number));
                compared += 1;
            }
        }
    }
    println!("{compared} comparisons, of findings of {told:?}");
    for rule in
        ["unknown-module", "missing-evidence", "stale-acceptance", "policy-breach", "failed-test"]
    {
        assert!(told.contains(rule), "{rule} was never found: {told:?}");
    }
}

/// A session, and everything that it was told.
struct World {
    random: Random,
    session: Session,
    packages: Vec<Package>,
    first: u32,
    day: Day,
    /// Every file that ever was, by number.
    files: BTreeMap<FileId, FileSpec>,
    gone: BTreeSet<FileId>,
    /// The files of records so far, in the order in which they came.
    met: Vec<EvidenceSpec>,
    records: Vec<(EvidenceSpec, Vec<u8>)>,
}

impl World {
    fn new(seed: u64) -> World {
        let mut session = Session::new(AS_OF);
        let packages: Vec<Package> = ["made", "more"].map(named).into();
        let numbers: Vec<u32> =
            packages.iter().map(|package| session.add_package(package.clone())).collect();
        let mut world = World {
            random: Random::new(seed),
            session,
            packages,
            first: numbers[0],
            day: AS_OF,
            files: BTreeMap::new(),
            gone: BTreeSet::new(),
            met: Vec::new(),
            records: Vec::new(),
        };
        for package in 0..PACKAGES {
            for module in MODULES {
                world.add(package, module);
            }
        }
        world
    }

    fn ids(&self) -> Vec<FileId> {
        self.files.keys().filter(|id| !self.gone.contains(id)).copied().collect()
    }

    fn text(&mut self) -> String {
        let some = self.random.between(3, 12);
        let some = self.random.some(some, &DECLARATIONS);
        some.join("\n") + "\n"
    }

    fn add(&mut self, package: usize, module: &str) {
        let path = format!("{package}/{}.rbp", module.replace('.', "/"));
        let spec =
            FileSpec { path, module: module.to_owned(), package: self.first + package as u32 };
        let text = self.text();
        let ids = self.session.add_files(vec![(spec.clone(), text.as_str().into())]);
        self.files.insert(ids[0], spec);
        self.gone.remove(&ids[0]);
    }

    fn step(&mut self) {
        let ids = self.ids();
        let id = *self.random.pick(&ids).unwrap();
        match self.random.below(20) {
            0 if ids.len() > 4 => {
                self.session.remove(id);
                self.gone.insert(id);
            }
            1 | 2 => {
                let (package, module) = (self.random.below(PACKAGES), self.random.below(6));
                let module = MODULES.get(module).copied().unwrap_or("more");
                self.add(package, module);
            }
            // A file gets another name.
            3 if ids.len() > 4 => {
                let (old, text) = (self.files[&id].clone(), self.session.text(id).to_owned());
                self.session.remove(id);
                self.gone.insert(id);
                let module = MODULES[self.random.below(MODULES.len())].to_owned() + "-new";
                let path = format!("{}/{}.rbp", old.package, module.replace('.', "/"));
                let spec = FileSpec { path, module, package: old.package };
                let ids = self.session.add_files(vec![(spec.clone(), text.as_str().into())]);
                self.files.insert(ids[0], spec);
                self.gone.remove(&ids[0]);
            }
            4 => self.manifest(),
            5 | 6 => self.evidence(),
            7 => {
                self.day = Day(AS_OF.0 + self.random.below(90) as i32);
                self.session.set_as_of(self.day);
            }
            8..11 => self.session.open(id),
            11 => self.session.close(id),
            12..15 => {
                let text = self.text();
                self.session.edit(id, text.as_str().into());
            }
            _ => {
                let sort = *self.random.pick(&Edit::ALL).unwrap();
                let text = sort.apply(self.session.text(id), &mut self.random);
                self.session.edit(id, text.into());
            }
        }
    }

    /// Another `rbp.toml`.
    fn manifest(&mut self) {
        let number = self.random.below(PACKAGES);
        let package = &mut self.packages[number];
        match self.random.below(5) {
            0 => package.survives = [None, Some(1), Some(2)][self.random.below(3)],
            1 => {
                let modules = self.random.some(2, &MODULES);
                package.public = Some(modules.into_iter().map(str::to_owned).collect());
            }
            2 => package.public = None,
            3 => package.name = format!("made-{}", self.random.below(3)),
            _ => {
                let other = self.first + (1 - number) as u32;
                let there = package.dependencies.is_empty();
                package.dependencies =
                    if there { vec![("other".into(), other)] } else { Vec::new() };
            }
        }
        self.session.set_package(self.first + number as u32, package.clone());
    }

    /// Other records.
    fn evidence(&mut self) {
        self.records.clear();
        for name in ["a.csv", "drills/b.csv"] {
            let package = self.first + self.random.below(PACKAGES) as u32;
            let spec =
                EvidenceSpec { path: format!("{package}/{name}"), name: name.to_owned(), package };
            if self.random.percent(30) {
                continue;
            }
            let rows = self.random.between(0, 3);
            let rows = self.random.some(rows, &RECORDS).concat();
            self.records.push((spec, format!("element,test,date,outcome\n{rows}").into_bytes()));
        }
        self.records.sort();
        for (spec, _) in &self.records {
            if !self.met.contains(spec) {
                self.met.push(spec.clone());
            }
        }
        self.session.set_evidence(self.records.clone());
    }

    /// Every outline is that of its text, and who can name what is worked out from all of them.
    fn outlines_hold(&self, number: usize) {
        let db = self.session.db();
        let files = Workspace::get(db).files(db).iter().flatten();
        let reach = |at: &SourceFile| Reach::of(db, *at, &rbp_grammar::parse(at.text(db)));
        let reaches: Reaches = files.map(|at| (*at, reach(at))).collect();
        for (at, namers) in all_namers(db, &reaches) {
            assert_eq!(at.namers(db), &*namers, "edit {number}: {}", at.path(db));
        }
        assert_eq!(imports_lost(db), any_lost(&reaches), "edit {number}");
        for source in self.session.sources() {
            let db = self.session.db();
            let parsed = rbp_grammar::parse(source.text(db));
            assert_eq!(**source.outline(db), Outline::of(&parsed), "edit {number}");
        }
    }

    /// Compares with a session that starts from what there is; returns the rules of the findings.
    fn compare(&self, number: usize) -> BTreeSet<&'static str> {
        let mut fresh = Session::new(self.day);
        for package in &self.packages {
            fresh.add_package(package.clone());
        }
        let text = |id: &FileId| self.session.text(*id).into();
        let files = self.files.iter().map(|(id, spec)| (spec.clone(), text(id)));
        let new = fresh.add_files(files.collect());
        assert!(new.iter().eq(self.files.keys()));
        self.gone.iter().for_each(|id| fresh.remove(*id));
        // Records have the numbers in whose order they came.
        self.met.iter().for_each(|spec| fresh.set_evidence(vec![(spec.clone(), Vec::new())]));
        fresh.set_evidence(self.records.clone());
        let (found, then) = (self.session.check_all(), fresh.check_all());
        assert_eq!(found.len(), then.len());
        for ((id, now), (other, then)) in found.iter().zip(then) {
            assert_eq!(*id, other);
            let path = self.session.path(*id);
            assert_eq!(now.diagnostics, then.diagnostics, "edit {number}: {path}");
            assert_eq!(now.obligations, then.obligations, "edit {number}: {path}");
        }
        assert_eq!(self.session.evidence_wanted(), fresh.evidence_wanted());
        let diagnostics = found.iter().flat_map(|(_, checked)| &checked.diagnostics);
        diagnostics.map(|finding| finding.rule.slug).collect()
    }
}

fn named(name: &str) -> Package {
    Package { name: name.to_owned(), ..Package::default() }
}
