//! What the suites share: policies in Markdown, checked as a user would have them checked; a
//! brute-force oracle; generators of models and of whole workspaces.

pub mod edits;
pub mod generate;
pub mod markdown;
pub mod oracle;
pub mod policy;
pub mod random;
pub mod scram;
pub mod suite;
pub mod templated;
pub mod trees;
