//! Adding an import.

use rbp_grammar::ast::ItemKind;

use crate::actions::Change;
use crate::source::{Place, Source};

/// The change that imports a name of a module: into an import of that module that is there, else after
/// the last import, else before the first declaration. `None` where the file imports it already.
pub fn import(source: &Source<'_>, module: &str, name: &str) -> Option<Change> {
    let at = |byte: usize| Place { file: source.id, bytes: byte..byte };
    let mut last = None;
    for number in 0..source.parsed.items.len() as u32 {
        let Some(declaration) = source.item(number) else { continue };
        let ItemKind::Import(import) = &declaration.item.kind else { continue };
        last = source.parsed.items.get(number as usize).map(|item| item.end as usize);
        let Some(names) = import.names.as_ref().filter(|_| import.path.text == module) else {
            continue;
        };
        if names.iter().any(|known| known.name.text == name && known.alias.is_none()) {
            return None;
        }
        let end = names.last().map(|n| n.alias.as_ref().unwrap_or(&n.name).span)?;
        let byte = declaration.bytes(end).end;
        return Some(Change { at: at(byte), text: format!(", {name}") });
    }
    let text = format!("import {module}.{{{name}}}");
    Some(match (last, source.parsed.items.first()) {
        (Some(end), _) => Change { at: at(end), text: format!("\n{text}") },
        (None, Some(first)) => Change { at: at(first.start as usize), text: format!("{text}\n\n") },
        (None, None) => Change { at: at(source.text.len()), text: format!("{text}\n") },
    })
}
