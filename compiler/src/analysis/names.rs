//! Losses, and what they are called.

use rbp_grammar::ast::LossSort;

use crate::analysis::cone::{Cone, Index};
use crate::model::Element;

/// One loss: of what, and of which sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Loss {
    /// The element's number in the cone; past its end, a controller outside of it.
    pub of: Index,
    /// The sort.
    pub sort: LossSort,
}

impl Cone {
    /// The element that is lost.
    pub fn lost(&self, loss: Loss) -> &Element {
        match self.elements.get(loss.of) {
            Some(element) => element,
            None => self
                .controllers
                .get(loss.of - self.elements.len())
                .map_or(&self.elements[0], |(controller, _)| controller),
        }
    }

    /// The names along a way, with `…` for what is left out of it.
    pub fn names(&self, way: &[Index]) -> Vec<String> {
        let name = |at: &Index| match self.elements.get(*at) {
            Some(element) => element.name().to_owned(),
            None => "…".to_owned(),
        };
        way.iter().map(name).collect()
    }

    /// The name of what is lost.
    pub fn lost_name(&self, loss: Loss) -> &str {
        self.lost(loss).name()
    }

    /// The loss in words: "losing `a`", "corruption of `a`", "a compromise of `a`".
    pub fn loss_words(&self, loss: Loss) -> String {
        loss_words(loss.sort, self.lost_name(loss))
    }
}

/// A loss in words: "losing `a`", "corruption of `a`", "a compromise of `a`".
pub fn loss_words(sort: LossSort, name: &str) -> String {
    match sort {
        LossSort::Lost => format!("losing `{name}`"),
        LossSort::Corrupted => format!("corruption of `{name}`"),
        LossSort::Compromised => format!("a compromise of `{name}`"),
    }
}
