//! Losses, and what they are called.

use std::collections::BTreeSet;

use rbp_grammar::ast::LossSort;

use crate::analysis::cone::{Cone, Index};
use crate::model::Element;
use crate::names::ItemId;

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

    /// What these pairs of losses are of, each once.
    pub fn lost_by(&self, pairs: &[[Loss; 2]]) -> Vec<(LossSort, ItemId)> {
        let losses: BTreeSet<Loss> = pairs.iter().flatten().copied().collect();
        losses.into_iter().map(|loss| (loss.sort, self.lost(loss).id)).collect()
    }

    /// Pairs of losses in words, the first of them; nothing where there is none.
    pub fn pairs_words(&self, pairs: &[[Loss; 2]]) -> Option<String> {
        const SHOWN: usize = 5;
        let words = |pair: &[Loss; 2]| pair.map(|loss| self.loss_words(loss)).join(" and ");
        let mut shown: Vec<String> = pairs.iter().take(SHOWN).map(words).collect();
        match pairs.len().saturating_sub(SHOWN) {
            0 => {}
            1 => shown.push("one other pair".to_owned()),
            more => shown.push(format!("{more} other pairs")),
        }
        (!shown.is_empty()).then(|| shown.join(", or "))
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
