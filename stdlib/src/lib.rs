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
    ($($name:literal)*) => {
        /// Every module, by name.
        pub const MODULES: &[Module] = &[
            $(Module { name: $name, text: include_str!(concat!("../", $name, ".rbp")) },)*
        ];
    };
}

modules! {
    "credentials"
    "machines"
    "networks"
    "people"
    "places"
    "power"
    "prelude"
    "records"
    "software"
    "suppliers"
}

#[cfg(test)]
mod tests {
    use super::MODULES;

    #[test]
    fn every_file_of_the_folder_is_a_module() {
        let folder = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
        let mut files: Vec<String> = folder
            .filter_map(|entry| {
                entry
                    .unwrap()
                    .file_name()
                    .into_string()
                    .unwrap()
                    .strip_suffix(".rbp")
                    .map(str::to_owned)
            })
            .collect();
        files.sort();
        let names: Vec<&str> = MODULES.iter().map(|m| m.name).collect();
        assert_eq!(files, names);
    }
}
