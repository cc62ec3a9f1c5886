//! The typed model: elements with their names resolved and their quantities measured.

mod accept;
mod compared;
mod day;
mod element;
mod kinds;
mod lower;
mod measure;
mod policy;
mod scenario;
mod signature;
mod stated;
mod template;
mod test;
mod views;

pub use accept::Acceptance;
pub use day::{day, day_of, words as day_words};
pub use element::{Element, Timed};
pub use kinds::{Field, FieldType, Lineage, lineage};
pub use lower::{ASPECTS, READINESS};
pub(crate) use measure::amount_of;
pub use measure::unit;
pub use policy::{Application, Policy};
pub use scenario::{AnyOf, Decider, Expected, Scenario};
pub use stated::{Facts, element, element_from, facts, policy};
pub(crate) use stated::{backups_of, elements_of};
pub use template::{
    Argument, Blueprint, Bound, Parameter, Place as WrittenPlace, WORDS as BOUNDS, Written,
    blueprint, shown,
};
pub use test::{Shortfall, Test, TestResult};
pub use views::{Activation, AuthorityView, LoadView, NeedView, ObjectiveView, Ref, Tolerance};
pub(crate) use views::{BareNeed, NEEDS};
