//! The rules: one module each, holding its name, its level, its check and its messages.

mod rule;

pub use rule::{Component, Rule};
