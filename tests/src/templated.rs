//! The same model written with templates: every element becomes a use of a template of its own.

use std::collections::{BTreeMap, BTreeSet};

use rbp_grammar::ast::{ItemKind, Role};
use rbp_grammar::token::T;
use rbp_grammar::{parse, significant};

/// Each dependency, function and backup of a file is made from a template at the end of the file; with
/// `inside`, by way of another template. What stands in the file otherwise stays as it is.
pub fn templated(text: &str, inside: bool) -> String {
    let parsed = parse(text);
    let mut made = String::new();
    let mut templates = String::new();
    let mut last = 0;
    for (number, item) in parsed.items.iter().enumerate() {
        let ItemKind::Element(element) = &item.syntax.item.kind else { continue };
        let whole = item.syntax.problems.is_empty() && element.template.is_none();
        if element.role == Role::Signal || !whole {
            continue;
        }
        let name = parsed.bytes(text, number, element.name.span);
        let keyword = text.get(..name.start).and_then(|t| t.rfind(element.role.word()));
        let Some(keyword) = keyword else { continue };
        let rest = text.get(name.end..item.end as usize).unwrap_or("");
        let braces = if rest.trim_end().ends_with('}') { "" } else { " {}" };
        made += text.get(last..keyword).unwrap_or("");
        let (role, name) = (element.role.word(), &element.name.text);
        made += &format!("{role} {name} = t-{name}()");
        templates += &format!("\ntemplate t-{name}(){rest}{braces}\n");
        if inside {
            // Nothing uses it; its element is made by way of the first all the same.
            templates += &format!("template u-{name}() {{ {role} inner = t-{name}() }}\n");
        }
        last = item.end as usize;
    }
    made += text.get(last..).unwrap_or("");
    made + &templates
}

/// The same workspace with templates in a module of their own: every dependency that has no text of its
/// own becomes a use of the template that fits it, with what it names as arguments. Returns the files and
/// the number of uses.
pub fn shared(files: &[(String, String)]) -> (Vec<(String, String)>, usize) {
    let mut shared = Shared::default();
    let mut made: Vec<(String, String)> =
        files.iter().map(|(path, text)| (path.clone(), shared.file(text))).collect();
    made.push(("templates.rbp".into(), shared.module()));
    (made, shared.uses)
}

#[derive(Default)]
struct Shared {
    /// The templates, by name: the parameters and what they make.
    templates: BTreeMap<String, (usize, String)>,
    /// The module of each kind that is imported anywhere.
    modules: BTreeMap<String, String>,
    uses: usize,
}

impl Shared {
    fn file(&mut self, text: &str) -> String {
        let parsed = parse(text);
        let (mut body, mut last) = (String::new(), 0);
        let mut imports = Vec::new();
        for (number, item) in parsed.items.iter().enumerate() {
            match &item.syntax.item.kind {
                ItemKind::Import(_) => {
                    imports.push(&text[item.start as usize..item.end as usize]);
                    body += text.get(last..item.start as usize).unwrap_or("");
                    last = item.end as usize;
                }
                ItemKind::Element(e) if e.role == Role::Dependency && e.kind.is_some() => {
                    let name = parsed.bytes(text, number, e.name.span);
                    let rest = text.get(name.end..item.end as usize).unwrap_or("");
                    if item.syntax.problems.is_empty()
                        && let Some(used) = self.used(rest)
                    {
                        body += text.get(last..name.end).unwrap_or("");
                        body += &used;
                        last = item.end as usize;
                    }
                }
                _ => {}
            }
        }
        body += text.get(last..).unwrap_or("");
        self.imports(&imports, &body) + &body
    }

    /// `: server { in hall-3 }` as ` = server-1-4f2a(hall-3)`; nothing where it holds a text.
    fn used(&mut self, rest: &str) -> Option<String> {
        let tokens = significant(rest);
        let (mut shape, mut last, mut arguments) = (String::new(), 0, Vec::<&str>::new());
        for token in &tokens {
            let word = token.text(rest);
            if token.kind == T::Text {
                return None;
            }
            let number = word.rsplit_once('-').is_some_and(|(_, n)| n.parse::<u32>().is_ok());
            if token.kind != T::Ident || !number {
                continue;
            }
            let place = arguments.iter().position(|known| *known == word);
            let place = place.unwrap_or_else(|| {
                arguments.push(word);
                arguments.len() - 1
            });
            shape += rest.get(last..token.start as usize)?;
            shape += &format!("p-{place}");
            last = token.end as usize;
        }
        shape += rest.get(last..)?;
        let kind = tokens.get(1)?.text(rest);
        let hash = shape.bytes().fold(0_u16, |h, b| h.wrapping_mul(31).wrapping_add(b.into()));
        let name = format!("{kind}-{}-x{hash:x}", arguments.len());
        self.templates.insert(name.clone(), (arguments.len(), shape));
        self.uses += 1;
        let named = arguments.iter().enumerate().map(|(at, word)| format!("p-{at}: {word}"));
        Some(format!(" = {name}({})", named.collect::<Vec<_>>().join(", ")))
    }

    /// The imports that are still needed, and those of the templates.
    fn imports(&mut self, imports: &[&str], body: &str) -> String {
        let words: BTreeSet<&str> = significant(body).iter().map(|t| t.text(body)).collect();
        let mut all = String::new();
        for import in imports {
            let (module, names) = import.split_once(".{").unwrap_or((import, ""));
            let names: Vec<&str> = names.trim_end_matches('}').split(", ").collect();
            if let Some(module) = module.strip_prefix("import std.") {
                let known = names.iter().map(|name| ((*name).to_owned(), module.to_owned()));
                self.modules.extend(known);
            }
            let names: Vec<&str> = names.into_iter().filter(|name| words.contains(name)).collect();
            if !names.is_empty() {
                all += &format!("{module}.{{{}}}\n", names.join(", "));
            }
        }
        let used: Vec<&str> =
            self.templates.keys().map(String::as_str).filter(|name| words.contains(name)).collect();
        for names in used.chunks(8) {
            all += &format!("import templates.{{{}}}\n", names.join(", "));
        }
        all
    }

    fn module(&self) -> String {
        let (mut imports, mut text) = (BTreeSet::new(), String::new());
        for (name, (parameters, made)) in &self.templates {
            let kind = name.rsplitn(3, '-').nth(2).unwrap_or(name);
            if let Some(module) = self.modules.get(kind) {
                imports.insert(format!("import std.{module}.{{{kind}}}\n"));
            }
            let parameters: Vec<String> =
                (0..*parameters).map(|at| format!("p-{at}: element")).collect();
            text += &format!("template {name}({}){made}\n", parameters.join(", "));
            if !made.trim_end().ends_with('}') {
                text.truncate(text.trim_end().len());
                text += " {}\n";
            }
        }
        imports.into_iter().collect::<String>() + &text
    }
}
