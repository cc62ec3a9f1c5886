//! Adding a dependency to the text of an `rbp.toml`, which stays as its author wrote it otherwise.

use toml_edit::{DocumentMut, InlineTable, Item, Table, value};

use crate::Failure;

/// The text with `name = { path = "…" }` among its dependencies. It must be a manifest already.
///
/// # Errors
///
/// When the text is no TOML, or its dependencies are no table.
pub fn with_dependency(text: &str, name: &str, path: &str) -> Result<String, Failure> {
    let unreadable =
        || Failure::new("rbp.toml cannot be edited").help("add the dependency by hand");
    let mut document: DocumentMut = text.parse().map_err(|_| unreadable())?;
    let mut added = InlineTable::new();
    added.insert("path", path.into());
    let root = document.as_table_mut();
    let dependencies = root.entry("dependencies").or_insert_with(|| Item::Table(Table::new()));
    let table = dependencies.as_table_like_mut().ok_or_else(unreadable)?;
    table.insert(name, value(added));
    // All on one line, it has spaces where they stood before.
    dependencies.as_inline_table_mut().into_iter().for_each(InlineTable::fmt);
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str) -> String {
        with_dependency(text, "sites", "../sites").unwrap()
    }

    #[test]
    fn nothing_else_changes() {
        let text = "# Ours.\n[package]\nname = \"a\" # short\n\n[dependencies] # all\n\
                    z = { path = \"../z\" }  # last\n\n[lints]\n# quiet\n";
        let added = "z = { path = \"../z\" }  # last\nsites = { path = \"../sites\" }\n";
        assert_eq!(edited(text), text.replace("z = { path = \"../z\" }  # last\n", added));
    }

    #[test]
    fn a_table_is_made_where_there_is_none() {
        let text = "[package]\nname = \"a\"\n";
        let after = "\n[dependencies]\nsites = { path = \"../sites\" }\n";
        assert_eq!(edited(text), format!("{text}{after}"));
        assert_eq!(edited(&text.replace('\n', "\r\n")).matches("sites").count(), 2);
    }

    #[test]
    fn tables_in_other_forms_stay_in_them() {
        let inline = "dependencies = { z = { path = \"../z\" } }\n[package]\nname = \"a\"\n";
        assert!(edited(inline).starts_with(
            "dependencies = { z = { path = \"../z\" }, sites = { path = \"../sites\" } }\n"
        ));
        let dotted = "[package]\nname = \"a\"\n\n[dependencies.z]\npath = \"../z\"\n";
        let read: toml::Table = edited(dotted).parse().unwrap();
        assert_eq!(read["dependencies"]["sites"]["path"].as_str(), Some("../sites"));
        assert_eq!(read["dependencies"]["z"]["path"].as_str(), Some("../z"));
    }
}
