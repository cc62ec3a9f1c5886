//! What can be done about a finding, or at a place.

use crate::source::Place;

/// Replaces the bytes of a place by a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced.
    pub at: Place,
    /// The new text.
    pub text: String,
}
