//! The checker of rule sets against the compiler, rule by rule, and against brute force.

#![allow(clippy::panic, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rbp_compiler::emit::rule_set;
use rbp_ruleset::verify::{Finding, verify};
use rbp_ruleset::{Loss, LossSort, RuleSet, Verdict, after, certify, digest};
use rbp_tests::markdown::blocks;
use rbp_tests::oracle::{Model, Names, Shape, Sort, answer, fails, losses, model, print, shrink};
use rbp_tests::policy::Policy;
use rbp_tests::random::Random;
use rbp_tests::suite::as_of;

/// The rule set of a policy, with its certificates, verified or not.
fn built(policy: &Policy) -> Option<RuleSet> {
    let (first, _) = policy.checked.first()?;
    let mut rules = rule_set(policy.session.db(), policy.session.package(*first));
    certify(&mut rules).expect("a rule set can be written");
    Some(rules)
}

/// Where the checker contradicts the compiler: what one calls proved the other does not.
fn contradictions(rules: &RuleSet) -> Vec<Finding> {
    let findings = verify(rules, None).findings;
    let document = |f: &Finding| f.subject.is_none() && !f.message.contains("not verified");
    if findings.iter().any(document) || mismatched(rules) {
        return Vec::new();
    }
    // Of a loss that takes a primary and its backup the compiler says by which rule; the checker says that no way is left.
    let single = |rule: &str| SINGLE.contains(&rule);
    let open = |f: &Finding| {
        let own = rules.obligations.iter().filter(|o| Some(&o.subject) == f.subject.as_ref());
        own.filter(|o| single(&o.rule)).any(|o| o.verdict != Verdict::Proved)
    };
    let said = |f: &Finding| {
        let words = ["states it as proved", "document does not state", "nobody owes", "more often"];
        let told = words.iter().any(|words| f.message.contains(words));
        let told = told || f.message.starts_with("way ") || f.message.starts_with("what it tells");
        told && !(single(&f.rule) && open(f))
    };
    findings.into_iter().filter(said).collect()
}

/// A backup that carries another sort of load than is demanded is an error of its own, and no such document is verified.
fn mismatched(rules: &RuleSet) -> bool {
    let demanded = |name: &String| {
        let function = rules.functions.iter().find(|f| f.id == *name)?;
        Some(&function.demand.as_ref()?.amount.unit)
    };
    rules.backups.iter().any(|backup| {
        let carried = backup.covers.as_ref().map(|load| &load.amount.unit);
        let demands = backup.protects.iter().filter_map(demanded);
        demands.into_iter().any(|unit| carried.is_some_and(|carried| carried != unit))
    })
}

const SINGLE: [&str; 7] = [
    "single-point-of-failure",
    "shared-dependency",
    "shared-credential",
    "shared-activation-path",
    "recovery-loop",
    "corruption-propagates",
    "single-controller",
];

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the suites can be listed") {
        let path = entry.expect("the suites can be listed").path();
        match path.is_dir() {
            true => pages(&path, found),
            false if path.extension().is_some_and(|e| e == "md") => found.push(path),
            false => {}
        }
    }
}

#[test]
fn the_checker_agrees_with_the_compiler_on_every_suite() {
    let (mut trouble, mut proved, mut whole) = (String::new(), 0, 0);
    for (place, policy) in policies() {
        let Some(rules) = built(&policy) else { continue };
        proved += rules.obligations.iter().filter(|o| o.verdict == Verdict::Proved).count();
        let report = verify(&rules, None);
        whole += usize::from(rules.verified);
        let wrong = match rules.verified {
            true => report.findings,
            false => contradictions(&rules),
        };
        for finding in wrong {
            trouble += &format!("{place} {finding:?}\n");
        }
    }
    println!("{proved} proofs, {whole} verified rule sets");
    assert!(trouble.is_empty(), "{trouble}");
}

#[test]
fn the_checker_agrees_with_brute_force() {
    let mut random = Random::new(6);
    let (mut ended, mut survived, mut times, mut proofs, mut damaged) = (0, 0, 0, 0, 0);
    for number in 0..2000 {
        let (density, to_run, held_out) = [(25, 10, 0), (45, 35, 60), (12, 5, 60)][number % 3];
        let model = model(Shape { things: 8, density, to_run, held_out }, &mut random);
        let rules = built(&Policy::check(&print(&model))).expect("there is a file");
        proofs += rules.obligations.iter().filter(|o| o.verdict == Verdict::Proved).count();
        if let Some(difference) = difference(&model, &rules, &mut ended, &mut survived, &mut times)
        {
            report(&model, &difference);
        }
        damaged += usize::from(damage(&model, &rules, &mut random));
    }
    println!(
        "{survived} sets of losses survived, {ended} not; {times} times; {proofs} proofs; {damaged} damaged"
    );
    assert!(ended > 1000 && survived > 1000 && times > 100 && damaged > 20);
}

fn report(model: &Model, difference: &str) {
    let still = |m: &Model| {
        built(&Policy::check(&print(m)))
            .is_some_and(|rules| self::difference(m, &rules, &mut 0, &mut 0, &mut 0).is_some())
    };
    let small = shrink(model, still);
    let rules = built(&Policy::check(&print(&small))).expect("there is a file");
    let smaller = self::difference(&small, &rules, &mut 0, &mut 0, &mut 0).unwrap_or_default();
    panic!("{}\n{smaller}\nin the model as it was found: {difference}", print(&small));
}

fn named(model: &Model, loss: &(Sort, usize)) -> Loss {
    let sort = match loss.0 {
        Sort::Lost => LossSort::Lost,
        Sort::Corrupted => LossSort::Corrupted,
        Sort::Compromised => LossSort::Compromised,
    };
    Loss { sort, element: format!("main.{}", Names::plain(model).names[loss.1]) }
}

/// What the checker and brute force differ in.
fn difference(
    model: &Model,
    rules: &RuleSet,
    ended: &mut usize,
    survived: &mut usize,
    times: &mut usize,
) -> Option<String> {
    let function = rules.functions.first().map(|f| f.id.clone())?;
    let all = losses(model);
    let answer = answer(model);
    let mut sets: Vec<Vec<(Sort, usize)>> = all.iter().map(|loss| vec![*loss]).collect();
    sets.extend(all.iter().zip(all.iter().skip(1)).map(|(a, b)| vec![*a, *b]));
    for set in sets {
        let lost: Vec<Loss> = set.iter().map(|loss| named(model, loss)).collect();
        let back = after(rules, &function, &lost).ok()?;
        let fails = fails(model, &set);
        *(if fails { &mut *ended } else { &mut *survived }) += 1;
        if back.is_none() != fails {
            return Some(format!("after {lost:?} the checker says {back:?}"));
        }
        if let ([loss], Some(Some(seconds))) =
            (&set[..], set.first().and_then(|l| answer.restored.get(l)))
        {
            *times += 1;
            if back != Some(seconds * 1000) {
                return Some(format!("after {loss:?} {seconds} s, and the checker says {back:?}"));
            }
        }
    }
    let found = contradictions(rules);
    (!found.is_empty()).then(|| format!("{found:?}"))
}

/// Whether a random damage ends the function by a loss that it survived before; then its old certificate must not do.
fn damage(model: &Model, rules: &RuleSet, random: &mut Random) -> bool {
    let mut worse = model.clone();
    let at = random.below(worse.things.len());
    match worse.things[at].backup_mut() {
        Some(backup) => backup.protects = false,
        None => worse.things[at].needs.push(rbp_tests::oracle::Need::one(random.below(at.max(1)))),
    }
    let cut = |model: &Model| -> BTreeSet<(Sort, usize)> {
        losses(model).into_iter().filter(|loss| fails(model, &[*loss])).collect()
    };
    let new: Vec<(Sort, usize)> = cut(&worse).difference(&cut(model)).copied().collect();
    let Some(mut changed) = built(&Policy::check(&print(&worse))) else { return false };
    changed.certificates.clone_from(&rules.certificates);
    let findings = verify(&changed, None).findings;
    // A document that does not hold together is refused before anything is worked out from it.
    let refused = ["is not in", "it protects nothing", "is of another sort"];
    if findings.iter().any(|f| f.subject.is_none() && refused.iter().any(|r| f.message.contains(r)))
    {
        return false;
    }
    for loss in &new {
        let loss = named(&worse, loss);
        let told = findings
            .iter()
            .any(|f| f.rule == "certificate" || f.message.contains(&format!("`{}`", loss.element)));
        assert!(
            told,
            "{}\n{loss:?} ends it now, and the old certificate does: {findings:?}",
            print(&worse)
        );
    }
    !new.is_empty()
}

/// Every policy of the suites.
fn policies() -> Vec<(String, Policy)> {
    let mut found = Vec::new();
    pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("suites"), &mut found);
    found.sort();
    let mut all = Vec::new();
    for path in found {
        let page = fs::read_to_string(&path).expect("a suite can be read");
        for block in blocks(&page).iter().filter(|b| b.words.first().is_some_and(|w| w == "rbp")) {
            let place = format!("{}:{}", path.display(), block.line);
            all.push((place, Policy::check_on(&block.text, as_of(block))));
        }
    }
    all
}

/// What the compiler finds and the checker does not, in a document that states all of it as proved. `None` where the
/// document does not hold together: it is refused before anything is worked out from it.
fn missed(rules: &RuleSet) -> Option<Vec<String>> {
    let report = verify(&proved(rules.clone()), None);
    if report.findings.iter().any(|finding| finding.subject.is_none()) {
        return None;
    }
    let mut missed = Vec::new();
    for o in rules.obligations.iter().filter(|o| o.verdict != Verdict::Accepted) {
        let Some(message) = &o.message else { continue };
        let same = |f: &Finding| {
            let single = |rule: &String| SINGLE.contains(&rule.as_str());
            let rule = f.rule == o.rule || (single(&f.rule) && single(&o.rule));
            let on = |name: &String| *name == o.subject || o.functions.contains(name);
            rule && f.subject.as_ref().is_some_and(on)
        };
        if !report.attested.contains_key(&o.rule) && !report.findings.iter().any(same) {
            missed.push(format!("[{}] {}: {message}", o.rule, o.subject));
        }
    }
    Some(missed)
}

#[test]
fn what_the_compiler_refuses_the_checker_refuses() {
    let (mut trouble, mut refused, mut compared) = (String::new(), BTreeSet::new(), 0);
    let mut random = Random::new(19);
    let models = (0..300).map(|number| {
        let (density, to_run, held_out) = [(25, 10, 0), (45, 35, 60), (12, 5, 60)][number % 3];
        let model = model(Shape { things: 9, density, to_run, held_out }, &mut random);
        (print(&model), Policy::check(&print(&model)))
    });
    for (place, policy) in policies().into_iter().chain(models) {
        let Some(rules) = built(&policy) else { continue };
        let Some(missed) = missed(&rules) else { continue };
        let open = rules.obligations.iter().filter(|o| o.message.is_some());
        refused.extend(open.map(|o| o.rule.clone()));
        missed.iter().for_each(|line| trouble += &format!("{place} {line}\n"));
        compared += 1;
    }
    println!("{} rules in {compared} documents", refused.len());
    assert!(trouble.is_empty() && refused.len() > 50, "{trouble}");
}

/// States everything as proved, whatever was found: what a forger would do.
fn forged(text: &str) -> RuleSet {
    proved(built(&Policy::check(text)).expect("there is a file"))
}

fn proved(mut rules: RuleSet) -> RuleSet {
    rules.verified = true;
    for o in rules.obligations.iter_mut().filter(|o| o.verdict != Verdict::Accepted) {
        o.verdict = Verdict::Proved;
        (o.losses, o.message) = (Vec::new(), None);
    }
    rules.obligations.sort();
    certify(&mut rules).expect("a rule set can be written");
    rules
}

/// Whether the checker finds something by this rule.
fn finds(rules: &RuleSet, rule: &str) -> bool {
    verify(rules, None).findings.iter().any(|finding| finding.rule == rule)
}

/// A line, a relay that sees that it is dead, and who decides then.
const AROUND: &str = r#"
dependency line  : machine
dependency relay : machine
dependency ana : actor
dependency db : record
signal dead { from relay  query "up < 1"  within 5s }
"#;

#[test]
fn what_is_forged_is_found() {
    let ways = "protects radio  owner club  readiness warm  restores within 1min  covers";
    let activate = "activate { when dead  by ana within 5min }";
    let weak = format!(
        "{AROUND}function radio {{ owner club  rto 1h  depends on line  demand 10 kW for 1h }}
        backup near : machine for line {{ {ways} 5 kW for 1h  needs line  {activate} }}
        backup far : machine for line {{ {ways} 10 kW for 1h  {activate} }}"
    );
    assert!(finds(&forged(&weak), "shared-dependency"), "of a backup that does not count");
    let copies = |quick: &str| {
        format!(
            "{AROUND}function radio {{ owner club  rto 1h  rpo 1min  rpo 2h on corruption  depends on db }}
            backup fresh : record for db {{ protects radio  lag within 10s  restores within {quick}  {activate} }}
            backup old : record for db {{ protects radio  lag within 10s  delayed by 1h  restores within 1min  {activate} }}"
        )
    };
    assert!(finds(&forged(&copies("20min")), "data-loss-exceeds-rpo"), "the quicker copy is stale");
    assert!(!finds(&forged(&copies("10s")), "data-loss-exceeds-rpo"), "the quicker copy is fresh");
    let mut slow = forged(&format!(
        "{AROUND}dependency bo : actor
        function radio {{ owner club  rto 10min  depends on line }}
        backup far : machine for line {{ {ways} 1 W for 1h  activate {{ when dead  by ana within 1h, then bo within 1min }} }}"
    ));
    for way in &mut slow.certificates[0].ways {
        let other = |name: &mut String| *name = name.replace("main.ana", "main.bo");
        way.iter_mut().for_each(other);
        way.sort();
    }
    slow.digest = digest(&slow).expect("a rule set can be written");
    let late = finds(&slow, "restoration-exceeds-rto");
    assert!(!finds(&slow, "certificate") && late, "she is asked first");
    let two = format!(
        "{AROUND}function radio {{ owner club  rto 1h  depends on line }}
        backup near : machine for line {{ {ways} 1 W for 1h  {activate} }}
        backup far : machine for line {{ protects radio  covers 1 W for 1h  restores within 20min  {activate} }}"
    );
    let mut two = built(&Policy::check(&two)).expect("there is a file");
    let told = |rules: &RuleSet| {
        let findings = verify(rules, None).findings;
        findings.iter().any(|f| f.message.starts_with("what it tells"))
    };
    assert!(!told(&two), "{:?}", verify(&two, None).findings);
    for restoration in &mut two.functions[0].restorations {
        restoration.by = vec!["main.far".to_owned()];
    }
    assert!(told(&two), "the other one brings it back by then");
    let mut long = built(&Policy::check(
        &(AROUND.to_owned()
            + r#"function radio { owner club  rto 5min  mtpd 1h  depends on line }
                accept loss of line for radio { because "x"  by club  until 2027-06-30 }"#),
    ))
    .expect("there is a file");
    assert!(!finds(&long, "restoration-exceeds-rto"));
    long.functions[0].mtpd_ms = Some(60_000);
    assert!(finds(&long, "restoration-exceeds-rto"), "no loss shows it, so none covers it");
    long.functions[0].cut_sets_to = 9;
    let told = verify(&long, None).findings;
    assert!(told.iter().any(|f| f.message.contains("further than it claims")), "{told:?}");
}

/// A rule set in which everything is accepted or proved, after an edit of the text of the document, sealed anew.
fn edited(rules: &RuleSet, edit: impl FnOnce(&mut RuleSet)) -> RuleSet {
    let mut rules = rules.clone();
    edit(&mut rules);
    rules.verified = true;
    rules.obligations.sort();
    certify(&mut rules).expect("a rule set can be written");
    rules
}

fn lost(name: &str) -> Loss {
    Loss { sort: LossSort::Lost, element: format!("main.{name}") }
}

/// Everything that the checker finds of these rules.
fn found(rules: &RuleSet, slugs: &[&str]) -> Vec<Finding> {
    let findings = verify(rules, None).findings;
    findings.into_iter().filter(|f| slugs.contains(&f.rule.as_str())).collect()
}

const CUT: &str = "cut-set-within-tolerance";

/// What is accepted of some losses is no leave for others.
#[test]
fn an_acceptance_is_not_stretched() {
    let until = r#"{ because "x"  by estate  until 2026-12-31 }"#;
    // Another loss in the same obligation.
    let two = built(&Policy::check(&format!(
        "dependency a : machine
        dependency b : machine
        function light {{ owner estate  rto 1h  depends on a, b }}
        accept single-point-of-failure on a {until}"
    )))
    .expect("there is a file");
    let stretched = edited(&two, |rules| {
        rules.obligations.retain(|o| o.verdict != Verdict::Refuted || o.rule != SINGLE[0]);
        let accepted = rules.obligations.iter_mut().filter(|o| o.rule == SINGLE[0]);
        accepted.for_each(|o| o.losses.push(lost("b")));
    });
    assert!(!found(&stretched, &[SINGLE[0]]).is_empty(), "`b` is not accepted");
    // One loss under the rule about several, and another set of several.
    let sets = built(&Policy::check(&format!(
        "dependency a : machine
        dependency b : machine
        dependency c : machine
        function light {{ owner estate  rto 1h  depends on 1 of [a, b], c  survives any 2 loss }}
        accept {CUT} on light {until}"
    )))
    .expect("there is a file");
    let stretch = |losses: Vec<Loss>| {
        edited(&sets, |rules| {
            let mut own = rules.obligations.iter().find(|o| o.rule == CUT).expect("one").clone();
            own.losses = losses;
            rules.obligations.push(own);
            for o in rules.obligations.iter_mut().filter(|o| o.verdict == Verdict::Refuted) {
                o.verdict = Verdict::Proved;
                (o.losses, o.message) = (Vec::new(), None);
            }
        })
    };
    assert!(!found(&stretch(vec![lost("c")]), &[SINGLE[0]]).is_empty(), "`c` alone ends it");
    // A backup of no use, of which that is accepted: sets of its primary and of another are not.
    let pumps = |claim: &str, slow: &str| {
        format!(
            r#"dependency pump : machine
            dependency eye : machine
            dependency panel : machine
            signal dry {{ from eye  query "flow < 1"  within 1s }}
            function water {{ owner works  rto 1h  depends on pump  {claim} }}
            backup old : machine for pump {{ protects water  covers full  restores within 1min
              activate {{ when dry  by automatic on panel  reach pump }} }}
            backup spare : machine for pump {{ protects water  covers full  restores within {slow}
              activate {{ when dry  by automatic on panel }} }}
            accept shared-dependency, recovery-loop on water {until}"#
        )
        .replace("accept shared-dependency, recovery-loop", "accept recovery-loop")
    };
    let pairs = forged_with_cut_sets(&pumps("survives any 2 loss", "1min"));
    assert!(!found(&pairs, &[CUT]).is_empty(), "`pump` and `spare` together are not accepted");
    let late = forged(&pumps("", "2h"));
    assert!(finds(&late, "restoration-exceeds-rto"), "it is back, and too late");
    // What ends it must be told.
    let untold = edited(&sets, |rules| rules.functions[0].cut_sets.retain(|set| set.len() < 2));
    assert!(!found(&untold, &[CUT]).is_empty(), "a report would say that nothing does");
    // An objective that no loss is held to.
    let odd = edited(&sets, |rules| {
        let mut objective = rules.functions[0].rto[0].clone();
        (objective.within_ms, objective.on) = (1, Some(LossSort::Lost));
        rules.functions[0].rto.push(objective);
    });
    assert!(verify(&odd, None).findings.iter().any(|f| f.message.contains("losses of no sort")));
}

/// Stated as proved, with the cut sets of several losses left out.
fn forged_with_cut_sets(text: &str) -> RuleSet {
    let mut rules = forged(text);
    rules.functions[0].cut_sets.clear();
    // As often as it is owed: else that alone would be found.
    rules.obligations.dedup();
    certify(&mut rules).expect("a rule set can be written");
    rules
}

/// What the compiler finds nothing against, the checker confirms: also where somebody accepted something.
#[test]
fn what_is_accepted_can_be_built() {
    let until = r#"{ because "x"  by estate  until 2026-12-31 }"#;
    let slow = |claim: &str, accepted: &str| {
        format!(
            r#"{AROUND}function light {{ owner estate  rto 5min  depends on line  {claim} }}
            dependency bo : actor
            dependency eye : machine
            signal gone {{ from eye  query "x"  within 5s }}
            backup quick : machine for line {{ protects light  owner club  readiness warm  covers full  restores within {{}}
              activate {{ when dead  by ana within 1min }} }}
            backup slow : machine for line {{ protects light  owner club  readiness warm  covers full  restores within 20min
              activate {{ when gone  by bo within 5min }} }}
            accept {accepted} {until}"#
        )
    };
    let lone = |accepted: &str| {
        format!(
            r#"{AROUND}function light {{ owner estate  rto 5min  depends on line }}
            backup slow : machine for line {{ protects light  owner club  readiness warm  covers full  restores within 20min
              activate {{ when dead  by ana within 5min }} }}
            accept {accepted} {until}"#
        )
    };
    let one = |accepted: &str| slow("", accepted).replace("{}", "10min");
    let many = |accepted: &str| slow("survives any 2 loss", accepted).replace("{}", "1min");
    let all = "loss of line, quick, relay, ana for light";
    let texts = [
        lone("loss of line for light"),
        lone("restoration-exceeds-rto on line"),
        one("loss of line for light"),
        one("restoration-exceeds-rto on light"),
        one("restoration-exceeds-rto on line"),
        many(all),
        many("restoration-exceeds-rto on light"),
    ];
    for text in texts {
        let rules = built(&Policy::check(&text)).expect("there is a file");
        let open = contradictions(&rules);
        let late = found(&rules, &["restoration-exceeds-rto"]);
        let told = rules.obligations.iter().any(|o| {
            let rule = o.rule == "restoration-exceeds-rto";
            rule && o.verdict != Verdict::Proved && o.verdict != Verdict::Accepted
        });
        assert!(open.is_empty(), "{text}\n{open:?}");
        assert!(told || late.is_empty(), "{text}\n{late:?}");
    }
}

/// A document whose names say nothing is no reason to fall over.
#[test]
fn an_element_without_a_name_is_looked_at() {
    let text = format!(
        "{AROUND}dependency desk : machine {{ needs line to run }}
        function radio {{ owner club  rto 1h  depends on line }}
        backup near : machine for line {{ protects radio  covers full  restores within 1min
          activate {{ when dead  by ana within 5min  reach desk }} }}"
    );
    let rules = built(&Policy::check(&text)).expect("there is a file");
    let text = rbp_ruleset::write(&rules).expect("a rule set can be written");
    let nameless = rbp_ruleset::read(&text.replace("main.desk", "")).expect("it has the form");
    let nameless = edited(&nameless, |rules| rules.elements.sort_by(|a, b| a.id.cmp(&b.id)));
    assert!(finds(&nameless, SINGLE[1]), "{:?}", verify(&nameless, None).findings);
}
