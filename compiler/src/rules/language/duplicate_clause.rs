//! `duplicate-clause`: A clause that may be given once is given twice.

use rbp_grammar::ast::{Args, Clause};

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("duplicate-clause", Error, Language, "A clause that may be given once is given twice.");

/// The second of two.
pub fn found(at: Anchor, clause: &Clause, first: Anchor) -> Diagnostic {
    let words = match &clause.args {
        Args::Field { name, .. } => name.text.as_str(),
        _ => clause.head.words(),
    };
    again(at, words, first)
}

/// The second of two clauses that begin with these words.
pub fn again(at: Anchor, words: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("`{words}` is given twice"))
        .here("again here")
        .also(first, "first given here; this one counts")
        .help("keep one of them")
}

/// The second of two arguments for one parameter.
pub fn argument(at: Anchor, name: &str, first: Anchor) -> Diagnostic {
    Diagnostic::new(&RULE, at, format!("the argument `{name}` is given twice"))
        .here("again here")
        .also(first, "first given here; this one counts")
        .help("keep one of them")
}
