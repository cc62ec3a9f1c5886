//! Templates: read once where they are defined, and made into elements where they are used.

mod apply;
mod bound;
mod define;
mod fill;
mod written;

use std::sync::Arc;

use rbp_grammar::ast::{self, Role, Value};
use smol_str::SmolStr;

use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::kinds::Lineage;
use crate::names::{ItemId, Part};
use crate::quantity::Amount;

pub use bound::{Bound, WORDS};
pub(super) use define::Inside;
pub use define::blueprint;
pub use written::{Place, Written, shown};

/// What a word of a template stands for until the template is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hole {
    /// A parameter, by its number.
    Parameter(usize),
    /// A parameter where a mere word stands, such as a tag: what that may name does not matter.
    Word(usize),
    /// One of the elements that the template makes, by its number.
    Part(u32),
}

/// An element that is not yet one: what its words say, with places for what only a use says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub(super) element: ast::Element,
    pub(super) lineage: Option<Arc<Lineage>>,
    /// What its names mean, by their first token; sorted.
    pub(super) targets: Vec<(u32, ItemId)>,
    /// What is left open, by its first token; sorted.
    pub(super) holes: Vec<(u32, Hole)>,
    /// What its quantities amount to, by their first token; sorted.
    pub(super) amounts: Vec<(u32, Amount)>,
    /// Something in it has no meaning; its own finding says so.
    pub(super) unresolved: bool,
    /// Part of it could not be read or made.
    pub(super) broken: bool,
}

/// A parameter of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: SmolStr,
    /// What it takes.
    pub bound: Bound,
    /// What stands for it where a use does not say.
    pub default: Option<Argument>,
    /// What stands there does not fit; its own finding says so.
    pub spoilt: bool,
    /// Where it is declared.
    pub at: Anchor,
}

/// What stands for a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    pub(super) value: Value,
    pub(super) target: Option<ItemId>,
    pub(super) hole: Option<Hole>,
    pub(super) amount: Option<Amount>,
}

/// A template as it was read: everything in it is looked up, measured and checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Blueprint {
    /// Its name.
    pub name: SmolStr,
    /// The place of its name.
    pub at: Anchor,
    /// Its parameters in the order written.
    pub parameters: Vec<Parameter>,
    /// What the element that a use declares may be declared as.
    pub roles: Vec<Role>,
    /// The elements that it makes, in the order of their [`Part`]s; none where it cannot be used.
    pub(super) drafts: Vec<Draft>,
    /// What each is called.
    pub(super) parts: Vec<Part>,
    /// The declarations that its words stand in, each with the first token that counts as its own.
    pub(super) pieces: Arc<[(u32, ItemId)]>,
    /// How many tokens it is written with, the templates that it uses included.
    pub(super) tokens: u32,
    /// What is wrong with it.
    pub(super) findings: Vec<Diagnostic>,
    /// The imported names that it uses.
    pub(super) used: Vec<SmolStr>,
    /// The declarations of other files that it names.
    pub(super) foreign: Vec<ItemId>,
}
