//! Makes the lexer's token type and the parser's terminals from `keywords.txt`, then runs LALRPOP.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=keywords.txt");
    println!("cargo::rerun-if-changed=src/rbp.lalrpop");
    let words = keywords(&fs::read_to_string("keywords.txt")?)?;
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);

    fs::write(out.join("keywords.rs"), token_macro_call(&words))?;
    let grammar = fs::read_to_string("src/rbp.lalrpop")?
        .replace("// {{terminals}}", &terminals(&words))
        .replace("// {{names}}", &names(&words));
    let expanded = out.join("rbp.lalrpop");
    fs::write(&expanded, grammar)?;
    lalrpop::Configuration::new()
        .set_out_dir(out)
        .emit_rerun_directives(false)
        .process_file(&expanded)?;
    Ok(())
}

struct Word {
    text: String,
    sort: String,
    variant: String,
}

fn keywords(list: &str) -> Result<Vec<Word>, Box<dyn Error>> {
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let (text, sort) =
                line.split_once(' ').ok_or(format!("no sort on the line `{line}`"))?;
            let (first, rest) = text.split_at(1);
            let variant = format!("Kw{}{rest}", first.to_uppercase());
            Ok(Word { text: text.to_owned(), sort: sort.to_owned(), variant })
        })
        .collect()
}

fn token_macro_call(words: &[Word]) -> String {
    let rows: String = words
        .iter()
        .map(|w| format!("    {} {:?} {}\n", w.variant, w.text, sort_variant(&w.sort)))
        .collect();
    format!("tokens! {{\n{rows}}}\n")
}

fn sort_variant(sort: &str) -> String {
    let (first, rest) = sort.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

fn terminals(words: &[Word]) -> String {
    words.iter().map(|w| format!("        {:?} => T::{},\n", w.text, w.variant)).collect()
}

fn names(words: &[Word]) -> String {
    let free = words.iter().filter(|w| w.sort != "reserved");
    free.map(|w| format!("    {:?} => (),\n", w.text)).collect()
}
