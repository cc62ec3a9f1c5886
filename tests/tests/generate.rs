//! The generated workspaces are what benchmarks and tests take them for.

use std::collections::BTreeMap;

use rbp_compiler::diagnostic::Level;
use rbp_tests::generate::{Shape, generate, session};
use rbp_tests::policy::AS_OF;

const SHAPE: Shape = Shape { files: 40, declarations: 100, seed: 5 };

#[test]
fn the_same_seed_gives_the_same_text_and_another_gives_another() {
    assert_eq!(generate(SHAPE), generate(SHAPE));
    assert_ne!(generate(SHAPE), generate(Shape { seed: 6, ..SHAPE }));
}

#[test]
fn files_have_the_declarations_that_were_asked_for() {
    for shape in [SHAPE, Shape { files: 1, declarations: 3_000, seed: 5 }] {
        for (path, text) in generate(shape) {
            let items = rbp_grammar::parse(&text).items;
            let imports = text.lines().filter(|line| line.starts_with("import ")).count();
            assert_eq!(items.len() - imports, shape.declarations, "{path}");
        }
    }
}

/// Most functions are proved in full; the rest break rules of many families.
#[test]
fn most_functions_are_clean_and_some_are_not() {
    for shape in [SHAPE, Shape { files: 1, declarations: 3_000, seed: 5 }] {
        let (session, _) = session(&generate(shape), AS_OF);
        let (mut functions, mut flawed) = (BTreeMap::new(), BTreeMap::new());
        for (_, checked) in session.check_all() {
            for outcome in checked.obligations.iter() {
                let error = outcome.finding.as_ref().is_some_and(|f| f.level == Level::Error);
                for function in outcome.functions.iter() {
                    *functions.entry(*function).or_insert(false) |= error;
                }
            }
            for finding in &checked.diagnostics {
                *flawed.entry(finding.rule.slug).or_insert(0) += 1;
            }
        }
        let broken = functions.values().filter(|broken| **broken).count();
        println!("{} functions, {broken} of them with errors; {flawed:?}", functions.len());
        assert!(broken * 5 < functions.len(), "{broken} of {} have errors", functions.len());
        assert!(flawed.len() > 8, "{flawed:?}");
    }
}
