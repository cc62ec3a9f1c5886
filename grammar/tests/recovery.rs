//! A damaged declaration costs itself alone.

#![allow(clippy::unwrap_used)]

mod support;

use std::collections::HashSet;
use std::sync::Arc;

use rbp_grammar::token::{T, lex};
use rbp_grammar::{Parsed, Syntax, parse, reparse};
use support::{Random, sample};

/// A text, what damages it, and where: the bytes replaced and what by.
type Damage = fn(&mut Random, &str) -> (std::ops::Range<usize>, String);

const DAMAGES: &[(&str, usize, Damage)] = &[
    ("drop a token", 700, |random, text| (token(random, text, |_| true), String::new())),
    ("double a token", 700, |random, text| {
        let range = token(random, text, |_| true);
        (range.clone(), format!("{0} {0}", &text[range]))
    }),
    ("change a token", 700, |random, text| {
        let range = token(random, text, |_| true);
        let words = [
            "backup",
            "owner",
            "needs",
            "import",
            "x",
            "foo-1",
            "12",
            "7 kW",
            "2026-01-01",
            "\"t\"",
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ",",
            ":",
            ".",
            "=",
            "within",
            "of",
            "%",
            "$",
            "\"",
        ];
        (range, (*random.pick(&words)).to_owned())
    }),
    ("drop a brace", 300, |random, text| {
        (token(random, text, |t| matches!(t, T::LBrace | T::RBrace)), String::new())
    }),
    ("drop any bracket", 300, |random, text| {
        (token(random, text, |t| t >= T::LBrace && t <= T::RParen), String::new())
    }),
    ("drop a quote", 300, |random, text| {
        let text_token = token(random, text, |t| t == T::Text);
        let at = if random.chance(2) { text_token.start } else { text_token.end - 1 };
        (at..at + 1, String::new())
    }),
    ("drop a line", 300, |random, text| (line(random, text), String::new())),
    ("drop the rest of a line", 300, |random, text| {
        let range = line(random, text);
        (range.start + random.below(range.len())..range.end - 1, String::new())
    }),
    ("drop a line break", 300, |random, text| {
        let range = line(random, text);
        (range.end - 1..range.end, " ".to_owned())
    }),
    ("type a character", 300, |random, text| {
        let at = random.below(text.len());
        (at..at, (*random.pick(&["{", "}", "\"", "[", "/", "a", "-", "\n", ":"])).to_owned())
    }),
];

fn token(random: &mut Random, text: &str, wanted: fn(T) -> bool) -> std::ops::Range<usize> {
    let tokens = lex(text);
    loop {
        let token = tokens[random.below(tokens.len())];
        if !token.kind.is_trivia() && wanted(token.kind) {
            return token.start as usize..token.end as usize;
        }
    }
}

/// A line with its line break.
fn line(random: &mut Random, text: &str) -> std::ops::Range<usize> {
    loop {
        let at = random.below(text.len());
        let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
        let end = at + text[at..].find('\n').unwrap() + 1;
        if end > start + 1 {
            return start..end;
        }
    }
}

/// The trees without a problem, by their addresses.
fn whole(parsed: &Parsed) -> HashSet<*const Syntax> {
    let whole = parsed.items.iter().filter(|i| i.syntax.problems.is_empty());
    whole.map(|i| Arc::as_ptr(&i.syntax)).collect()
}

#[test]
fn damage_costs_one_declaration() {
    let mut random = Random::new(3);
    let (mut all, mut all_lost, mut report) = (0, 0, String::new());
    let mut worst = Vec::new();
    for (name, trials, damage) in DAMAGES {
        let (mut others, mut lost, mut problems, mut named) = (0, 0, 0, 0);
        let mut text = String::new();
        let mut before = Parsed::default();
        for trial in 0..*trials {
            if trial % 100 == 0 {
                text = sample::file(&mut random, 200);
                before = parse(&text);
                assert_eq!(before.items.len(), 200);
            }
            let (range, by) = damage(&mut random, &text);
            let damaged = format!("{}{by}{}", &text[..range.start], &text[range.end..]);
            // The same as `parse`, as tests/reparse.rs shows; it only takes less time.
            let after = reparse(&damaged, &text, &before);
            let found = whole(&after);
            let touched = |item: &&rbp_grammar::ParsedItem| {
                (item.start as usize) < range.end.max(range.start + 1)
                    && range.start <= item.end as usize
            };
            let (hit, rest): (Vec<_>, Vec<_>) = before.items.iter().partition(touched);
            let missing: Vec<_> = rest
                .iter()
                .filter(|i| !found.contains(&Arc::as_ptr(&i.syntax)))
                .filter(|i| !after.items.iter().any(|a| a.syntax == i.syntax))
                .collect();
            others += rest.len();
            lost += missing.len();
            if !missing.is_empty() && worst.len() < 12 {
                let near = range.start.saturating_sub(60)..(range.end + 60).min(text.len());
                let near = text.get(near).unwrap_or("");
                worst
                    .push(format!("{name}: {:?} became {by:?} in\n{near}\n", &text[range.clone()]));
            }
            problems += after.items.iter().map(|i| i.syntax.problems.len()).sum::<usize>();
            named += usize::from(hit.iter().all(|hit| {
                after.items.iter().any(|i| {
                    std::mem::discriminant(&i.syntax.item.kind)
                        == std::mem::discriminant(&hit.syntax.item.kind)
                        && i.start.abs_diff(hit.start) as usize <= by.len() + range.len()
                })
            }));
        }
        all += others;
        all_lost += lost;
        report += &format!(
            "{name:24} {trials:5} trials  {lost:4} of {others:7} others lost ({:.4} % kept)  {:.2} \
             problems each  {:.1} % keep their kind\n",
            100.0 * (others - lost) as f64 / others as f64,
            problems as f64 / *trials as f64,
            100.0 * named as f64 / *trials as f64,
        );
    }
    println!("{report}");
    let kept = 1.0 - f64::from(all_lost as u32) / f64::from(all as u32);
    assert!(kept >= 0.999, "{report}\n{}", worst.join("\n"));
    if std::env::var("RBP_SHOW").is_ok() {
        println!("{}", worst.join("\n"));
    }
}
