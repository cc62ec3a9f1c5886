//! The rbp language: text to tokens to a syntax tree, and the formatter.
//!
//! Knows no files, no meaning, and never fails: [`parse()`] returns what could be read and the
//! problems in words.

pub mod ast;
mod balance;
mod expected;
mod format;
pub mod head;
mod mend;
mod near;
mod next;
mod parameters;
mod parse;
mod problem;
mod site;
mod source;
mod split;
pub mod token;
pub mod walk;

pub use format::{FormatError, WIDTH, format};
pub use near::{around, nearest};
pub use next::{Next, next};
pub use parse::{
    MAX_DEPTH, MAX_FILE, MAX_OPERATORS, MAX_WORD, Parsed, ParsedItem, Syntax, parse, reparse,
    significant,
};
pub use problem::Problem;
