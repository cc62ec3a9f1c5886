//! The Open-PSA model exchange format: fault trees as XML, read and written.
//!
//! Read are gates of `and`, `or` and `atleast` over any nesting, house events, basic events with
//! probabilities or exponential rates, parameters and the arithmetic that makes them up, and common cause groups by
//! the beta-factor, MGL, alpha-factor and phi-factor models. `not`, `xor` and their kin are refused by name:
//! what more losses can make good again has no minimal cut sets in the sense of this project.

mod document;
mod expression;
mod groups;
mod read;
mod write;

pub use document::Fault;
pub use read::{Model, read};
pub use write::{BasicEvent, Tree, write};
