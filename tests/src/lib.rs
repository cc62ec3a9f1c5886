//! What the suites share: policies in Markdown, checked as a user would have them checked.

pub mod markdown;
pub mod policy;
