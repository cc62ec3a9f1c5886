//! How probable losses are, where policies say how often things fail.

use rbp_grammar::ast::LossSort;
use rbp_grammar::head::Head;

use crate::analysis::cone::Cone;
use crate::analysis::names::Loss;
use crate::model::Element;

/// What is known of one loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Likelihood {
    /// Its probability.
    Known(f64),
    /// It fails so often in a second, and nothing says how soon it is repaired.
    RateOnly(f64),
    /// Nothing is stated.
    Unstated,
}

impl Cone {
    /// How probable a loss is: its `unavailability`; else from its rate λ and its longest repair D the share of
    /// time λD / (1 + λD) that it is away in the long run. Only of plain losses: rates say nothing of
    /// corruption or of compromise.
    pub fn likelihood(&self, loss: Loss) -> Likelihood {
        match loss.sort {
            LossSort::Lost => of_element(self.lost(loss)),
            LossSort::Corrupted | LossSort::Compromised => Likelihood::Unstated,
        }
    }
}

fn of_element(element: &Element) -> Likelihood {
    let stated = |head: Head| {
        let number = &element.quantity(head)?.0.number;
        Some(*number.numer() as f64 / *number.denom() as f64)
    };
    if let Some(share) = stated(Head::Unavailability) {
        return Likelihood::Known(share.clamp(0.0, 1.0));
    }
    match (stated(Head::Fails), stated(Head::RepairedWithin)) {
        (Some(rate), Some(repair)) => {
            let away = rate * repair;
            Likelihood::Known(away / (1.0 + away))
        }
        (Some(rate), None) => Likelihood::RateOnly(rate),
        _ => Likelihood::Unstated,
    }
}
