//! The published schemas are those that the types make. `RBP_BLESS=1` writes them.

use std::fs;
use std::path::Path;

use rbp_ruleset::{decide, schema};

#[test]
fn the_published_schemas_are_true() {
    for (file, schema) in [
        ("schema.json", schema()),
        ("facts.schema.json", decide::facts_schema()),
        ("decision.schema.json", decide::decision_schema()),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let schema = schema.unwrap();
        if std::env::var_os("RBP_BLESS").is_some() {
            fs::write(&path, &schema).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(there, schema, "{file}: run with RBP_BLESS=1");
    }
}
