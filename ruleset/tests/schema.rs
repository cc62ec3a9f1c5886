//! The published schema is the one that the types make. `RBP_BLESS=1` writes it.

use std::fs;
use std::path::Path;

#[test]
fn the_published_schema_is_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.json");
    let schema = rbp_ruleset::schema().unwrap();
    if std::env::var_os("RBP_BLESS").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), schema, "run with RBP_BLESS=1");
}
