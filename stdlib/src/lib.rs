//! The standard library's `.rbp` files, built into whoever links this.

/// One module of the standard library.
#[derive(Debug, Clone, Copy)]
pub struct Module {
    /// Its name below `std`, such as `power`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! modules {
    ($($name:literal)* packs $($pack:literal)*) => {
        /// Every module, by name.
        pub const MODULES: &[Module] = &[
            $(Module { name: $name, text: include_str!(concat!("../", $name, ".rbp")) },)*
            $(Module {
                name: concat!("packs.", $pack),
                text: include_str!(concat!("../packs/", $pack, ".rbp")),
            },)*
        ];
    };
}

modules! {
    "credentials"
    "machines"
    "money"
    "networks"
    "people"
    "places"
    "power"
    "prelude"
    "records"
    "software"
    "stocks"
    "suppliers"
    "vehicles"
packs
    "cis-11"
    "concurrently-maintainable"
    "dora"
    "fema-continuity"
    "hipaa"
    "joint-commission"
    "n-minus-one"
    "nfpa-110"
    "nist-800-53"
    "safety-integrity"
    "three-two-one"
}

#[cfg(test)]
mod tests {
    use super::MODULES;

    fn modules(folder: &str, path: &str) -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let files = std::fs::read_dir(folder).unwrap();
        let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names
            .filter_map(|name| Some(format!("{path}{}", name.strip_suffix(".rbp")?)))
            .collect();
        names.sort();
        names
    }

    #[test]
    fn every_file_of_the_folders_is_a_module() {
        let mut files = modules(".", "");
        files.extend(modules("packs", "packs."));
        let names: Vec<&str> = MODULES.iter().map(|m| m.name).collect();
        assert_eq!(files, names);
    }
}
