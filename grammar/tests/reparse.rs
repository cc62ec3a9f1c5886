//! Reading an edited file again gives what reading it from scratch gives, and reuses what stands.

#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use rbp_grammar::{Parsed, parse, reparse};
use support::{Random, repository, sample};

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "/",
    "//",
    "// c\n",
    "/// doc\n",
    "//! file\n",
    "///",
    "\u{feff}",
    "é",
    "$",
    "\\",
    "-",
    "0",
    "s",
    ".",
    ",",
    ":",
    "backup",
    "\nbackup x : y {",
    "\n}",
    "import a\n",
    "dependency",
    "\ndependency z : room\n",
    "owner",
    "\nfoo",
    "unit u = 1 s",
    "2026-10-01",
    "}\n\n/// d\n\n/// e\n",
    "\0",
];

fn edit(random: &mut Random, text: &str) -> String {
    let boundary = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    // Half of the edits are where two declarations meet.
    let at = match random.below(2) {
        0 => random.below(text.len() + 1),
        _ => {
            let breaks: Vec<usize> = text.match_indices("\n\n").map(|m| m.0).collect();
            let near = breaks.get(random.below(breaks.len())).copied().unwrap_or(0);
            (near + random.below(6)).saturating_sub(2).min(text.len())
        }
    };
    let start = boundary(at);
    let removed = match random.below(4) {
        0 | 1 => 0,
        2 => 1 + random.below(4),
        _ => random.below(400),
    };
    let end = boundary((start + removed).min(text.len())).max(start);
    let by = if removed > 0 && random.chance(2) { "" } else { random.pick(PIECES) };
    format!("{}{by}{}", &text[..start], &text[end..])
}

fn reused(before: &Parsed, after: &Parsed) -> usize {
    let old: std::collections::HashSet<_> =
        before.items.iter().map(|i| Arc::as_ptr(&i.syntax)).collect();
    after.items.iter().filter(|i| old.contains(&Arc::as_ptr(&i.syntax))).count()
}

#[test]
fn reparse_equals_parse() {
    let mut random = Random::new(5);
    let sources: Vec<String> = repository().into_iter().map(|f| f.1).collect();
    let (sessions, edits) = (400, 25);
    let (mut declarations, mut kept) = (0, 0);
    for session in 0..sessions {
        let mut text = match session % 3 {
            0 => sources[random.below(sources.len())].clone(),
            1 => sample::file(&mut random, 14),
            _ => sample::file(&mut random, 14).replace('\n', "\r\n"),
        };
        let mut parsed = parse(&text);
        for _ in 0..edits {
            let next = edit(&mut random, &text);
            let again = reparse(&next, &text, &parsed);
            let fresh = parse(&next);
            assert_eq!(again, fresh, "\n--- before\n{text}\n--- after\n{next}");
            declarations += again.items.len();
            kept += reused(&parsed, &again);
            (text, parsed) = (next, again);
            // A file with a NUL is no text; go on with one that is.
            if parsed.problem.is_some() {
                text = text.replace('\0', "");
                parsed = parse(&text);
            }
        }
    }
    let share = 100.0 * kept as f64 / declarations as f64;
    println!(
        "{} edits, {kept} of {declarations} declarations reused ({share:.1} %)",
        sessions * edits
    );
    assert!(share > 50.0);
}

#[test]
fn one_edit_reads_few_declarations_anew() {
    let mut random = Random::new(9);
    let text = sample::file(&mut random, 400);
    let parsed = parse(&text);
    let (trials, mut most) = (200, 0);
    for _ in 0..trials {
        let lines: Vec<usize> = text.match_indices("  ").map(|m| m.0).collect();
        let at = lines[random.below(lines.len())];
        let next = format!("{} {}", &text[..at], &text[at..]);
        let again = reparse(&next, &text, &parsed);
        most = most.max(again.items.len() - reused(&parsed, &again));
    }
    println!("{trials} edits of white space: at most {most} of 400 declarations read anew");
    assert!(most <= 4);
}
