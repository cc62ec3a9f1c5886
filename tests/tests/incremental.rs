//! An edit costs what it concerns, and leaves the same findings behind as a fresh start.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use rbp_compiler::analysis::{Analysis, analysis};
use rbp_compiler::db::RootDb;
use rbp_compiler::diagnostic::{FileId, Places};
use rbp_compiler::model::facts;
use rbp_compiler::session::{EvidenceSpec, FileSpec, Session};
use rbp_tests::edits::Edit;
use rbp_tests::generate::{Shape, fill, generate, session};
use rbp_tests::policy::AS_OF;
use rbp_tests::random::Random;
use rbp_tests::templated::templated;
use salsa::plumbing::AsId;

/// A session that writes down which queries run.
struct Watched {
    session: Session,
    ids: Vec<FileId>,
    ran: Arc<Mutex<Vec<String>>>,
    /// The file of each of salsa's own numbers, as it shows them.
    files: BTreeMap<String, FileId>,
}

impl Watched {
    fn new(shape: Shape) -> Watched {
        Watched::of(&generate(shape))
    }

    fn of(files: &[(String, String)]) -> Watched {
        let ran: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = ran.clone();
        let db = RootDb::watched(move |query| told.lock().unwrap().push(query));
        let (session, ids) = fill(Session::on(db, AS_OF), files);
        session.check_all();
        let sources = session.sources().into_iter();
        let files = sources.map(|s| (format!("{:?}", s.as_id()), s.id(session.db()))).collect();
        Watched { session, ids, ran, files }
    }

    /// Changes a file, checks everything, and returns what ran: names of queries with the file that
    /// each was for, where it was for a whole file.
    fn edit(&mut self, id: FileId, text: String) -> Vec<(String, Option<FileId>)> {
        self.ran.lock().unwrap().clear();
        self.session.edit(id, text.into());
        self.session.check_all();
        let ran = self.ran.lock().unwrap();
        let parts = ran.iter().map(|query| {
            let (name, of) = query.split_once('(').unwrap();
            let of = of.strip_suffix(')').unwrap();
            (name.to_owned(), self.files.get(of).copied())
        });
        parts.collect()
    }
}

const SHAPE: Shape = Shape { files: 20, declarations: 60, seed: 11 };

#[test]
fn an_edit_in_one_file_parses_no_other() {
    let mut watched = Watched::new(SHAPE);
    let mut random = Random::new(1);
    let (mut edits, mut parsed) = (0, 0);
    for number in 0..120 {
        let id = *random.pick(&watched.ids).unwrap();
        let old = watched.session.text(id).to_owned();
        let new = Edit::ALL[number % Edit::ALL.len()].apply(&old, &mut random);
        if old == new {
            continue;
        }
        edits += 1;
        for text in [new, old] {
            for (query, of) in watched.edit(id, text) {
                if query == "parsed" {
                    assert_eq!(of, Some(id), "edit {number}");
                    parsed += 1;
                }
            }
        }
    }
    println!("{edits} edits, each taken back: {parsed} files parsed");
    assert_eq!(parsed, 2 * edits);
}

/// Comments and spaces: the file is read again, and nothing is checked, not even the file itself.
#[test]
fn an_edit_that_says_nothing_checks_nothing() {
    let mut watched = Watched::new(SHAPE);
    let mut random = Random::new(2);
    let reading = ["parsed", "declarations", "problem"];
    let (mut edits, mut ran) = (0, BTreeMap::new());
    for number in 0..100 {
        let id = *random.pick(&watched.ids).unwrap();
        let text = watched.session.text(id).to_owned();
        let new = Edit::SILENT[number % 2].apply(&text, &mut random);
        for (query, of) in watched.edit(id, new) {
            assert!(reading.contains(&query.as_str()), "edit {number} ran {query}");
            assert!(of.is_none_or(|of| of == id), "edit {number} ran {query} for another file");
            *ran.entry(query).or_insert(0) += 1;
        }
        edits += 1;
    }
    println!("{edits} edits ran {ran:?}");
}

/// Another number in a function or in a backup for it, in an open file: nobody outside the file names either.
#[test]
fn an_edit_that_concerns_nobody_else_checks_one_file() {
    let mut watched = Watched::new(SHAPE);
    let mut random = Random::new(3);
    let (mut edits, mut ran) = (0, BTreeMap::new());
    while edits < 60 {
        let id = *random.pick(&watched.ids).unwrap();
        let text = watched.session.text(id).to_owned();
        let parsed = rbp_grammar::parse(&text);
        let item = random.below(parsed.items.len());
        let own = &text[parsed.items[item].start as usize..parsed.items[item].end as usize];
        let private = own.contains("function ") || own.contains("backup ");
        let new = Edit::Amount.apply_to(&text, &parsed, item, &mut random);
        if !private || new == text {
            continue;
        }
        watched.session.open(id);
        watched.session.check_all();
        let mut analyses = 0;
        for (query, of) in watched.edit(id, new) {
            assert!(
                of.is_none_or(|of| of == id),
                "{query} ran for another file after an edit of {own}"
            );
            analyses += usize::from(query == "analysis_of");
            *ran.entry(query).or_insert(0) += 1;
        }
        assert!(analyses <= 20, "{analyses} functions were analysed again after an edit of {own}");
        watched.session.close(id);
        edits += 1;
    }
    println!("{edits} edits ran {ran:?}");
}

/// A template's words concern every use of it; what stands beside it concerns none.
#[test]
fn an_edit_of_a_template_checks_its_uses_and_an_edit_beside_it_none() {
    let parts = "template tank(room: place, holds: L = 900 L) : stock {\n  in room\n  capacity holds\n  \
                 needs pump\n  dependency pump : machine { in room }\n}\n\
                 dependency spare : machine { repaired within 3h }\n";
    let yard = "import parts.{tank}\ndependency yard : place\ndependency oil = tank(room: yard)\n\
                function heat { owner ops  depends on oil, oil.pump  rto 5min }\n";
    let other = "dependency gate : machine { repaired within 3h }\n";
    let files = [("parts.rbp", parts), ("yard.rbp", yard), ("other.rbp", other)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let mut watched = Watched::of(&files);
    let [home, user, _] = watched.ids[..] else { panic!("three files") };
    let mut runs = |text: String| -> BTreeSet<String> {
        let ran = watched.edit(home, text).into_iter();
        ran.filter(|(_, of)| *of == Some(user)).map(|(query, _)| query).collect()
    };
    assert_eq!(runs(parts.replace("within 3h", "within 4h")), BTreeSet::new());
    assert_eq!(runs(format!("{parts}// as agreed\n")), BTreeSet::new());
    assert!(runs(parts.replace("900 L", "950 L")).contains("facts"));
    assert!(runs(parts.replace("capacity holds", "capacity 3 L")).contains("facts"));
    assert!(
        runs(parts.replace("dependency pump : machine", "dependency lid : machine"))
            .contains("checked_in_full")
    );
}

#[test]
fn many_small_edits_end_where_a_fresh_start_does() {
    compare(generate(Shape { files: 6, declarations: 40, seed: 21 }), 21, 900, 6);
}

#[test]
fn many_edits_of_one_file_end_where_a_fresh_start_does() {
    compare(generate(Shape { files: 1, declarations: 80, seed: 22 }), 22, 600, 4);
}

#[test]
fn edits_across_districts_end_where_a_fresh_start_does() {
    compare(generate(Shape { files: 14, declarations: 40, seed: 23 }), 23, 700, 10);
}

#[test]
fn edits_of_templates_and_their_uses_end_where_a_fresh_start_does() {
    let files = generate(Shape { files: 6, declarations: 40, seed: 24 }).into_iter();
    let files = files.enumerate().map(|(n, (path, text))| (path, templated(&text, n % 2 == 0)));
    compare(files.collect(), 24, 900, 6);
}

/// Policies look at elements of other files, and scenarios name them.
#[test]
fn edits_under_policies_end_where_a_fresh_start_does() {
    let mut files = generate(Shape { files: 5, declarations: 30, seed: 24 });
    files.push(("rules.rbp".into(), RULES.into()));
    let (_, text) = &mut files[0];
    *text += "apply rules\n";
    let told = compare(files, 25, 500, 5);
    assert!(told.contains("policy-breach") && told.contains("policy-advice"), "{told:?}");
}

const RULES: &str = r#"
policy kept {
  for each backup b {
    require some t in b.tests: t.every <= 31d and t.passed else "{b} is tested too rarely"
    require independent(b, b.primary) else "{b} shares something with what it replaces"
    for each f in b.protects where stated(f.owner) {
      require count(spofs(f)) == 0 else "{b} guards {f}, which falls all the same"
    }
  }
  for each function f { require f.rto <= 4h and count(f.backups) >= 1 else "{f} is slow" }
}

policy small { severity warning  require count(functions) <= 3 else "there are many functions" }

policy placed {
  for each dependency d where count(d.backups) >= 1 {
    require every p in d.places: count(p.backups) == 0 else "{d}"
  }
}

apply small

scenario nothing-yet { at 2027-01-01  expect kept fails }
"#;

/// Makes random edits, adds and removes files, checks now this and now that, and every so often
/// compares every finding and every obligation with those of a session that starts from the same
/// texts.
fn compare(
    first: Vec<(String, String)>,
    seed: u64,
    edits: usize,
    every: usize,
) -> BTreeSet<&'static str> {
    let mut told = BTreeSet::new();
    let share = std::env::var("RBP_BATCHES").ok().and_then(|b| b.parse::<usize>().ok());
    let edits = edits * share.unwrap_or(1);
    let (mut session, mut ids) = session(&first, AS_OF);
    let (mut random, mut opening) = (Random::new(seed), Random::new(seed + 1));
    // The first texts, to which a file returns when edits have left little of it.
    let mut texts: BTreeMap<FileId, String> =
        ids.iter().copied().zip(first.iter().map(|(_, text)| text.clone())).collect();
    let mut paths: Vec<String> = first.iter().map(|(path, _)| path.clone()).collect();
    let mut gone: BTreeSet<FileId> = BTreeSet::new();
    let (mut sorts, mut compared, mut findings, mut obligations) = (BTreeMap::new(), 0, 0, 0);
    for number in 1..=edits {
        let at = random.below(ids.len());
        let id = ids[at];
        let old = session.text(id).to_owned();
        // Some files are being edited, and the others are read as a whole.
        match opening.below(12) {
            0 => session.close(id),
            1..4 => session.open(id),
            _ => {}
        }
        match random.below(40) {
            _ if gone.contains(&id) => {
                let spec = spec(&session, &paths[at]);
                session.add_files(vec![(spec, texts[&id].as_str().into())]);
                gone.remove(&id);
                *sorts.entry("add a file again".to_owned()).or_insert(0) += 1;
            }
            0 if ids.len() > 1 => {
                session.remove(id);
                gone.insert(id);
                *sorts.entry("remove a file".to_owned()).or_insert(0) += 1;
            }
            1 if ids.len() < 2 * first.len() => {
                let path = format!("more/file-{number}.rbp");
                let text = first[at % first.len()].1.clone();
                let new = session.add_files(vec![(spec(&session, &path), text.as_str().into())]);
                ids.extend(&new);
                paths.push(path);
                texts.insert(new[0], text);
                *sorts.entry("add a file".to_owned()).or_insert(0) += 1;
            }
            2 => {
                session.edit(id, texts[&id].as_str().into());
                *sorts.entry("back to the first text".to_owned()).or_insert(0) += 1;
            }
            _ => {
                let sort = *random.pick(&Edit::ALL).unwrap();
                session.edit(id, sort.apply(&old, &mut random).into());
                *sorts.entry(format!("{sort:?}")).or_insert(0) += 1;
            }
        }
        // What is remembered depends on what was asked in between.
        match random.below(3) {
            0 => drop(session.check_all()),
            1 => drop(session.check(ids[random.below(ids.len())])),
            _ => {}
        }
        if number % every == 0 || number == edits {
            let fresh = fresh(&session, &ids, &paths, &gone);
            let found = session.check_all();
            assert_eq!(found.len(), ids.len() - gone.len());
            for ((id, now), (other, then)) in found.iter().zip(fresh.check_all()) {
                assert_eq!(*id, other);
                assert_eq!(
                    now.diagnostics,
                    then.diagnostics,
                    "edit {number}: {}",
                    session.path(*id)
                );
                assert_eq!(
                    now.obligations,
                    then.obligations,
                    "edit {number}: {}",
                    session.path(*id)
                );
                told.extend(now.diagnostics.iter().map(|found| found.rule.slug));
                findings += now.diagnostics.len();
                obligations += now.obligations.len();
            }
            compared += 1;
        }
    }
    println!(
        "{edits} edits, {compared} comparisons of {findings} findings and {obligations} obligations; {sorts:?}"
    );
    told
}

fn spec(session: &Session, path: &str) -> FileSpec {
    let module = path.trim_end_matches(".rbp").replace('/', ".");
    FileSpec { path: path.to_owned(), module, package: session.package(session.files()[0]) }
}

/// The same files from nothing, under the same numbers.
fn fresh(session: &Session, ids: &[FileId], paths: &[String], gone: &BTreeSet<FileId>) -> Session {
    let files =
        ids.iter().zip(paths).map(|(id, path)| (path.clone(), session.text(*id).to_owned()));
    let files: Vec<_> = files.collect();
    let (mut fresh, new) = fill(Session::new(AS_OF), &files);
    assert_eq!(new, ids);
    gone.iter().for_each(|id| fresh.remove(*id));
    fresh
}

/// Two functions of one file over two more: whatever is edited, only the function that rests on it is
/// analysed again.
#[test]
fn an_edit_of_what_one_function_rests_on_analyses_that_function_only() {
    const COOLING: [bool; 2] = [true, false];
    const CALLS: [bool; 2] = [false, true];
    let functions = "import plant.{pump}\nimport network.{router}\n\
        dependency panel\ndependency desk\n\
        function cooling { rto 1min  depends on pump, panel }\n\
        function calls { rto 1min  depends on router, desk }\n";
    let files = [
        ("plant.rbp", "dependency grid\ndependency pump { needs grid }\n"),
        ("network.rbp", "dependency uplink\ndependency router { needs uplink }\n"),
        ("functions.rbp", functions),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let edits = [
        (0, "needs grid }", "needs grid  unavailability 1% }", COOLING),
        (1, "dependency uplink\n", "dependency uplink \"The line\"\n", CALLS),
        (2, "dependency panel\n", "dependency panel \"In the hall\"\n", COOLING),
        (2, "function calls { rto 1min", "function calls { rto 2min", CALLS),
    ];
    for open in [false, true] {
        let (mut session, ids) = session(&files, AS_OF);
        if open {
            ids.iter().for_each(|id| session.open(*id));
        }
        session.check_all();
        for (file, from, to, concerns) in edits {
            let before = analyses(&session, ids[2]);
            let text = session.text(ids[file]).replace(from, to);
            assert_ne!(text, session.text(ids[file]));
            session.edit(ids[file], text.into());
            session.check_all();
            let after = analyses(&session, ids[2]);
            let again: Vec<bool> =
                before.iter().zip(&after).map(|(a, b)| !Arc::ptr_eq(a, b)).collect();
            assert_eq!(again, concerns, "after `{to}`");
        }
    }
}

/// What is known of the functions of a file, in order.
fn analyses(session: &Session, id: FileId) -> Vec<Arc<Analysis>> {
    let sources = session.sources();
    let at = sources.iter().find(|source| source.id(session.db()) == id).unwrap();
    let elements = facts(session.db(), *at).elements();
    elements.filter_map(|e| analysis(session.db(), e.id)).cloned().collect()
}

/// In an open file an edit of one declaration checks that one and what rests on it, and no other.
#[test]
fn an_edit_in_an_open_file_checks_what_it_concerns() {
    let mut watched = Watched::new(Shape { files: 1, declarations: 400, seed: 12 });
    let id = watched.ids[0];
    watched.session.open(id);
    watched.session.check_all();
    let mut random = Random::new(4);
    let one_by_one = ["owed_by", "owed_by_duty", "alone", "signature_in_open"];
    let (mut edits, mut most, mut all) = (0, 0, 0);
    while edits < 40 {
        let text = watched.session.text(id).to_owned();
        let new = Edit::Amount.apply(&text, &mut random);
        if new == text {
            continue;
        }
        for text in [new, text] {
            let ran = watched.edit(id, text);
            let ran = ran.iter().filter(|(query, _)| one_by_one.contains(&query.as_str())).count();
            (edits, most, all) = (edits + 1, most.max(ran), all + ran);
        }
    }
    println!("{edits} edits looked {all} times at a declaration, at most {most} times at once");
    assert!(most < 200 && all <= 15 * edits, "{all} by {edits} edits, at most {most}");
}

/// A name that comes or goes in an open file is looked for there alone where another is unknown, and the names of
/// closed files are not gathered again.
#[test]
fn a_name_that_comes_in_an_open_file_gathers_no_others() {
    let mut files = generate(Shape { files: 10, declarations: 40, seed: 14 });
    files[1].1 += "function lost { depends on nobody-knows }\n";
    let mut watched = Watched::of(&files);
    let id = watched.ids[3];
    watched.session.open(id);
    watched.session.check_all();
    let text = watched.session.text(id).to_owned();
    let ran = watched.edit(id, format!("{text}dependency newcomer\n"));
    let ran: BTreeSet<&str> = ran.iter().map(|(query, _)| query.as_str()).collect();
    assert!(ran.contains("exporters") && !ran.contains("shelf"), "{ran:?}");
}

/// What applies packs of the library to everything.
const PACKS: &str = "apply std.packs.n-minus-one\napply std.packs.nist-800-53\n";

/// In an open file an edit has policies judge what it concerns, and nothing else of the file.
#[test]
fn an_edit_under_policies_judges_what_it_concerns() {
    let mut files = generate(Shape { files: 1, declarations: 400, seed: 12 });
    files.push(("rules.rbp".into(), PACKS.into()));
    let mut watched = Watched::of(&files);
    let id = watched.ids[0];
    watched.session.open(id);
    watched.session.check_all();
    let mut random = Random::new(4);
    let (mut edits, mut most, mut all) = (0, 0, 0);
    while edits < 40 {
        let text = watched.session.text(id).to_owned();
        let new = Edit::Amount.apply(&text, &mut random);
        if new == text {
            continue;
        }
        for text in [new, text] {
            let ran = watched.edit(id, text);
            let judged = ran.iter().filter(|(query, _)| query.starts_with("owed_by")).count();
            assert!(ran.iter().all(|(query, _)| query != "ruled_together"));
            (edits, most, all) = (edits + 1, most.max(judged), all + judged);
        }
    }
    println!("{edits} edits had {all} declarations judged, at most {most} at once");
    assert!(0 < all && most < 200 && all <= 10 * edits, "{all} by {edits} edits, at most {most}");
}

/// An import that breaks leaves open whether every backup is known, anywhere. That is worked out once; when it
/// breaks again, and when it is mended, what was found before is taken.
#[test]
fn an_import_that_breaks_again_has_nothing_else_checked_again() {
    let mut files = generate(Shape { files: 10, declarations: 40, seed: 13 });
    files.push(("rules.rbp".into(), PACKS.into()));
    let mut watched = Watched::of(&files);
    // What applies policies asks of every file whether they concern anything there.
    let (id, applying) = (watched.ids[3], *watched.ids.last().unwrap());
    watched.session.open(id);
    watched.session.check_all();
    let whole = watched.session.text(id).to_owned();
    let broken = whole.replacen("import district-0.site", "import district-0.sight", 1);
    assert_ne!(whole, broken);
    let mut elsewhere = || {
        let mut ran = watched.edit(id, broken.clone());
        ran.extend(watched.edit(id, whole.clone()));
        let others = |of: &FileId| *of != id && *of != applying;
        let other = |(query, of): (String, Option<FileId>)| Some((query, of.filter(others)?));
        ran.into_iter().filter_map(other).collect::<Vec<_>>()
    };
    let first = elsewhere();
    let unsure = first.iter().filter(|(query, _)| query == "unsure_together").count();
    assert_eq!(unsure, 9, "once for each of the other files");
    let again = elsewhere();
    let again: BTreeSet<&str> = again.iter().map(|(query, _)| query.as_str()).collect();
    let gathering =
        ["duties_in", "duties_seen", "naming", "protected", "replaced", "used_elsewhere"];
    assert!(again.iter().all(|query| gathering.contains(query)), "{again:?}");
}

/// In an open file what comes from elsewhere is not looked for among the file's own names, until one of these hides it.
#[test]
fn a_name_of_ones_own_hides_what_comes_from_elsewhere() {
    let plant = "dependency pump \"The large one\"\n";
    let hall = "import plant.{pump}\nimport std.places.{site}\n\
        dependency yard : site\nfunction cooling { rto 1min  depends on pump, yard }\n";
    let files = [("plant.rbp", plant), ("hall.rbp", hall)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (mut session, ids) = fill(Session::new(AS_OF), &files);
    session.open(ids[1]);
    session.check_all();
    let own = ["dependency pump \"A small one\"\n", "kind site : place\n", "unit min = 2 s\n", ""];
    let mut said = BTreeSet::new();
    for text in own.map(|own| format!("{own}{hall}")) {
        session.edit(ids[1], text.clone().into());
        let found = session.check_all();
        let files = [files[0].clone(), (files[1].0.clone(), text)];
        let (fresh, _) = fill(Session::new(AS_OF), &files);
        assert_eq!(found, fresh.check_all(), "{}", files[1].1);
        said.insert(format!("{:?}", found[1].1.diagnostics));
    }
    assert_eq!(said.len(), own.len(), "each of them has something else said of it");
}

/// A new record concerns the file that declares its test, and leaves what a fresh start finds.
#[test]
fn records_change_what_they_are_about_and_nothing_else() {
    let plant = "dependency feed : utility\nfunction wards { depends on feed }\n\
        backup diesel for feed { protects wards  test run { every 30d  proves activation } }\n\
        evidence from \"*.csv\"\n";
    let other = "dependency hall : place\nfunction shows { depends on hall }\n";
    let files = [("plant.rbp", plant), ("other.rbp", other)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let ran: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = ran.clone();
    let db = RootDb::watched(move |query| told.lock().unwrap().push(query));
    let (mut session, ids) = fill(Session::on(db, AS_OF), &files);
    session.check_all();
    let head = "element,test,date,outcome\n";
    let all = [
        vec![format!("{head}diesel,run,2026-11-02,passed\n")],
        vec![format!("{head}diesel,run,2026-11-02,passed\ndiesel,run,2026-11-03,failed\n")],
        vec![format!("{head}diesel,run,never,failed\n")],
        vec![],
        vec![format!("{head}diesel,run,2026-11-03,failed\n")],
    ];
    for records in all {
        let set = |session: &mut Session| {
            let package = session.package(ids[0]);
            let spec = EvidenceSpec { path: "a.csv".into(), name: "a.csv".into(), package };
            let files = records.iter().map(|text| (spec.clone(), text.clone().into_bytes()));
            session.set_evidence(files.collect());
        };
        ran.lock().unwrap().clear();
        set(&mut session);
        let now = session.check_all();
        let again = ran.lock().unwrap().iter().filter(|q| q.starts_with("facts(")).count();
        assert!(again <= 1, "{again} files were read again");
        let (mut fresh, _) = fill(Session::new(AS_OF), &files);
        set(&mut fresh);
        assert_eq!(now, fresh.check_all());
    }
}
