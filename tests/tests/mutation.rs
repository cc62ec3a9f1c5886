//! One token of one declaration is dropped, doubled or changed: what is said of the other
//! declarations stays as it was, unless the change concerns them.

use std::collections::{BTreeMap, BTreeSet};

use rbp_compiler::check::Checked;
use rbp_compiler::diagnostic::{Anchor, Diagnostic, FileId};
use rbp_compiler::session::Session;
use rbp_grammar::token::T;
use rbp_grammar::{Parsed, parse, significant};
use rbp_tests::edits::{Edit, extent};
use rbp_tests::generate::{Shape, generate, session};
use rbp_tests::policy::AS_OF;
use rbp_tests::random::Random;

const MUTATIONS: usize = 300;

#[test]
fn a_lost_doubled_or_changed_token_costs_its_own_declaration() {
    let files = generate(Shape { files: 1, declarations: 200, seed: 31 });
    let text = &files[0].1;
    let (mut session, ids) = session(&files, AS_OF);
    let id = ids[0];
    let before = told(&mut session, id, text);
    let old = parse(text);
    let mut random = Random::new(31);
    let (mut unconcerned, mut same, mut lost, mut heard) = (0, 0, 0, 0);
    let share = std::env::var("RBP_BATCHES").ok().and_then(|b| b.parse().ok()).unwrap_or(1);
    for number in 0..MUTATIONS * share {
        let edit = Edit::DAMAGE[number % Edit::DAMAGE.len()];
        let item = random.below(old.items.len());
        let new = edit.apply_to(text, &old, item, &mut random);
        let after = told(&mut session, id, &new);
        let concerned = concerned(text, &old, item, &new);
        heard += usize::from(count(&before) != count(&after));
        for at in (0..old.items.len()).filter(|at| !concerned.contains(at)) {
            let own = own_text(text, &old, at);
            unconcerned += 1;
            if before.get(own) == after.get(own) {
                same += 1;
                continue;
            }
            lost += usize::from(!after.contains_key(own));
            println!("{edit:?} in {}\nalters {own}", own_text(text, &old, item));
            println!("  before {:#?}\n  after {:#?}", before.get(own), after.get(own));
        }
    }
    println!(
        "{} mutations, {heard} of them with other findings; {unconcerned} declarations beside them, {same} as before, {lost} lost",
        MUTATIONS * share
    );
    assert!(unconcerned > 100 * MUTATIONS, "too few to say anything: {unconcerned}");
    assert!((unconcerned - same) * 1000 <= unconcerned, "{} changed", unconcerned - same);
}

fn count(told: &BTreeMap<String, Vec<String>>) -> usize {
    told.values().map(Vec::len).sum()
}

/// What is said of each declaration, by its text: the findings, without numbers of
/// declarations, which move when one more or one less is read.
fn told(session: &mut Session, id: FileId, text: &str) -> BTreeMap<String, Vec<String>> {
    session.edit(id, text.into());
    let checked: &Checked = &session.check(id);
    let parsed = parse(text);
    let name = |item: u32| own_text(text, &parsed, item as usize);
    let place = |at: Anchor| match at.file == id {
        true => format!("{:?} of {}", at.span, name(at.item)),
        false => format!("{at:?}"),
    };
    let mut all: BTreeMap<String, Vec<String>> =
        (0..parsed.items.len()).map(|at| (name(at as u32).to_owned(), Vec::new())).collect();
    for finding in &checked.diagnostics {
        let said = said(finding, place);
        all.entry(name(finding.primary.at.item).to_owned()).or_default().push(said);
    }
    all
}

fn said(finding: &Diagnostic, place: impl Fn(Anchor) -> String) -> String {
    let related = finding.related.iter().map(|label| (place(label.at), &label.text));
    let edits = finding.edits.iter().map(|edit| (place(edit.at), &edit.text));
    format!(
        "{} {:?} {} at {} {} {:?} {:?} {:?} {:?} {:?}",
        finding.rule.slug,
        finding.level,
        finding.message,
        place(finding.primary.at),
        finding.primary.text,
        related.collect::<Vec<_>>(),
        finding.paths,
        finding.notes,
        finding.help,
        edits.collect::<Vec<_>>()
    )
}

fn own_text<'a>(text: &'a str, parsed: &Parsed, item: usize) -> &'a str {
    extent(parsed, item).map_or("", |at| &text[at])
}

/// The declarations that a change of one of them may concern, itself included.
///
/// What is said of a declaration rests on what it names, on what that names, and so on, and on the
/// backups that stand in for it or protect it. So a change concerns whatever leads to the changed
/// declaration along these ways. It also concerns what the declaration names or named, since it is
/// said of a declaration when nobody names it.
fn concerned(text: &str, old: &Parsed, item: usize, new: &str) -> BTreeSet<usize> {
    let all: Vec<Words<'_>> =
        (0..old.items.len()).map(|at| Words::of(own_text(text, old, at))).collect();
    // The bytes of the declaration after the change.
    let at = extent(old, item).unwrap_or_default();
    let end = new.len() - (text.len() - at.end);
    let changed = [Words::of(&text[at.clone()]), Words::of(&new[at.start..end])];

    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut concerned = BTreeSet::from([item]);
    for words in &changed {
        names.extend(words.declared.iter().chain(&words.serves));
        let named = |at: &usize| !all[*at].declared.is_disjoint(&words.all);
        concerned.extend((0..all.len()).filter(named));
    }
    let mut leading = BTreeSet::from([item]);
    loop {
        let known = leading.len();
        leading.extend((0..all.len()).filter(|at| !all[*at].all.is_disjoint(&names)));
        for at in &leading {
            names.extend(all[*at].declared.iter().chain(&all[*at].serves));
        }
        if leading.len() == known {
            concerned.extend(leading);
            return concerned;
        }
    }
}

/// The words of a declaration.
struct Words<'a> {
    all: BTreeSet<&'a str>,
    /// The names that it brings into the file.
    declared: BTreeSet<&'a str>,
    /// Of a backup, the functions and the primary.
    serves: BTreeSet<&'a str>,
}

impl<'a> Words<'a> {
    fn of(own: &'a str) -> Words<'a> {
        let tokens = significant(own);
        let names = tokens.iter().filter(|t| t.kind == T::Ident).map(|t| t.text(own));
        let all: BTreeSet<&str> = names.collect();
        let word = |at: usize| tokens.get(at).map_or("", |t| t.text(own));
        let declared = match word(0) {
            "import" => all.clone(),
            _ => BTreeSet::from([word(1)]),
        };
        let mut serves = BTreeSet::new();
        for at in 1..tokens.len() {
            if word(0) == "backup" && (word(at - 1) == "protects" || word(at - 1) == "for") {
                serves.insert(word(at));
            }
        }
        Words { all, declared, serves }
    }
}
