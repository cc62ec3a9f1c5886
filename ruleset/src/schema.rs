//! The published schemas are those that the types make. `RBP_BLESS=1` writes them.

use std::fs;
use std::path::Path;

use schemars::schema_for;

use crate::RuleSet;
use crate::decide::{Decision, Facts};

#[test]
fn the_published_schemas_are_true() {
    for (file, schema) in [
        ("schema.json", schema_for!(RuleSet)),
        ("facts.schema.json", schema_for!(Facts)),
        ("decision.schema.json", schema_for!(Decision<'static>)),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("RBP_BLESS").is_some() {
            fs::write(&path, &schema).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(there, schema, "{file}: run with RBP_BLESS=1");
    }
}
