//! What functions rest on, as a picture whose nodes lead to the text.

use rbp_backends::graph::{Form, Graph};
use rbp_compiler::db::{Db, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::emit::{called, rule_set};
use rbp_compiler::model::element;
use rbp_compiler::names::Space;

use crate::reports::named;
use crate::source::{Place, place};

/// A picture and where what it shows is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// An SVG document; each node is a `g` with the element's name in `data-node`.
    pub svg: String,
    /// The nodes by these names, each with the name of its element where it is declared; sorted.
    pub nodes: Vec<(String, Place)>,
}

/// The graph of a function that a file declares, or of all functions of the file's package. It is made from
/// the rule set, also where that is not verified. `None` where there is no such function.
pub fn picture(db: &dyn Db, id: FileId, function: Option<&str>) -> Option<Picture> {
    let package = file(db, id)?.package(db);
    let all = called(db, package);
    let of = match function {
        Some(name) => {
            let wanted = named(db, id, Space::Element, name)?;
            Some(all.iter().find(|(_, id)| *id == wanted)?.0.clone())
        }
        None => None,
    };
    let graph = Graph::of(&rule_set(db, package), of.as_deref())?;
    let mut nodes: Vec<(String, Place)> = all
        .into_iter()
        .filter_map(|(name, id)| {
            let known = element(db, id)?;
            let at = known.written().map_or(known.name_at(), |written| written.used);
            Some((name, place(db, at)?))
        })
        .collect();
    nodes.sort();
    Some(Picture { svg: graph.write(Form::Svg), nodes })
}
