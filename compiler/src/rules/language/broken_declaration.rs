//! `broken-declaration`: A declaration has the wrong form.

use rbp_grammar::Problem;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::rules::rule;

rule!("broken-declaration", Error, Language, "A declaration has the wrong form.");

/// The parser's own words.
pub fn found(at: Anchor, problem: &Problem) -> Diagnostic {
    let mut finding = Diagnostic::new(&RULE, at, problem.message.clone());
    finding.help = problem.help.clone();
    match &problem.instead {
        Some(word) => finding.edit(at, word.as_str()),
        None => finding,
    }
}
