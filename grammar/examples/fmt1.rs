fn main() {
    for f in std::env::args().skip(1) {
        let t = std::fs::read_to_string(&f).unwrap();
        match rbp_grammar::format(&t) {
            Ok(o) => print!("{o}"),
            Err(e) => {
                println!("{f}: {e}");
            }
        }
    }
}
