//! What is shown of the thing under the pointer, as Markdown.

use std::fmt::Write;

use rbp_compiler::db::{Db, Declaration, file};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::model::{Element, FieldType, Lineage, day_words, element, lineage, unit};
use rbp_compiler::names::{ItemId, Space};
use rbp_compiler::policy::{fields, functions};
use rbp_compiler::quantity::{decimal, duration_words};
use rbp_compiler::rules;
use rbp_grammar::ast::{ItemKind, LossSort, Role};
use rbp_grammar::head::Head;

use crate::clauses::clause_at;
use crate::declared::{item, name, template};
use crate::facts::{ends, function, protections, test};
use crate::needs::needed_by;
use crate::occurrences::{Occurrence, Symbol, at};
use crate::source::{Place, Source};

/// What is shown, and of which bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The name that it is about.
    pub at: Place,
    /// Markdown. Names and texts of authors in it are escaped.
    pub text: String,
}

/// What is to be said of what stands at a byte: of a name, else of the clause whose words it is in.
pub fn hover(db: &dyn Db, id: FileId, byte: usize) -> Option<Hover> {
    let source = Source::of(db, id)?;
    let found = at(&source, byte);
    let texts: Vec<String> = found.iter().filter_map(|o| occurrence(db, o)).collect();
    if let Some(first) = found.first()
        && !texts.is_empty()
    {
        let at = Place { file: id, bytes: first.bytes.clone() };
        return Some(Hover { at, text: texts.join("\n\n---\n\n") });
    }
    let (bytes, head) = clause_at(&source, byte)?;
    Some(Hover { at: Place { file: id, bytes }, text: clause(head) })
}

fn occurrence(db: &dyn Db, occurrence: &Occurrence) -> Option<String> {
    if let Some(id) = occurrence.element {
        return Some(of_element(db, &*element(db, id)?));
    }
    symbol(db, &occurrence.symbol)
}

/// What is to be said of a symbol.
pub fn symbol(db: &dyn Db, symbol: &Symbol) -> Option<String> {
    match symbol {
        Symbol::Item(Space::Element, id) => Some(of_element(db, &*element(db, *id)?)),
        Symbol::Item(Space::Kind, id) => of_kind(db, *id),
        Symbol::Item(Space::Unit, id) => of_unit(db, *id),
        Symbol::Item(Space::Template, id) => of_template(db, *id),
        Symbol::Item(space, id) => {
            let (name, _) = name(db, symbol)?;
            Some(with_docs(format!("**{}** `{}`", space.word(), name.text), db, *id))
        }
        Symbol::Module(id) => {
            let at = file(db, *id)?;
            let mut text = format!("**module** `{}`", at.module(db));
            let about = at.text(db).lines().map_while(|line| line.strip_prefix("//!"));
            let about: Vec<&str> = about.map(str::trim).collect();
            if !about.is_empty() {
                let _ = write!(text, "\n\n{}", plain(&about.join(" ")));
            }
            Some(text)
        }
        Symbol::Parameter(id, number) => {
            let parameter = template(db, *id)?.parameters.get(*number as usize)?;
            Some(format!("**parameter** `{}: {}`", parameter.name.text, parameter.bound.text))
        }
        Symbol::Part(id, known) => {
            let template = template(db, *id)?;
            Some(format!("`{known}`, made by the template `{}`", template.name.text))
        }
        Symbol::Field(kind, known) => {
            let lineage = lineage(db, Declaration::new(db, file(db, kind.file)?, kind.item));
            let field = lineage.fields.iter().find(|field| field.name == *known)?;
            let holds = holds(&field.ty);
            Some(format!("**field** `{known}` of the kind `{}`: {holds}", lineage.name()))
        }
        Symbol::Test(id, known) => {
            let backup = element(db, *id)?;
            let tests = backup.tests();
            let test = tests.iter().find(|test| test.name.text == *known)?;
            Some(format!("**test** {}", of_test(db, test)))
        }
        Symbol::Rule(slug) => {
            let rule = rules::find(slug)?;
            Some(format!("**{}** `{slug}`: {}", rule.level.word(), rule.summary))
        }
        Symbol::Clause(head) => Some(clause(*head)),
        Symbol::Asked(name) => {
            let field = fields().find(|field| field.name == *name)?;
            Some(format!("**field** `{name}`: {}", field.meaning))
        }
        Symbol::Function(name) => {
            let function = functions().iter().find(|function| function.name == *name)?;
            Some(format!("**function** `{}`: {}", function.form, function.meaning))
        }
        Symbol::Bound(..) | Symbol::Word(_) => None,
    }
}

/// A text of an author, or of a message, without what Markdown would take for its own.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(if c.is_control() && c != '\n' { ' ' } else { c });
    }
    out
}

fn with_docs(mut text: String, db: &dyn Db, id: ItemId) -> String {
    if let Some(docs) = item(db, id).and_then(|item| item.docs.as_ref()) {
        let _ = write!(text, "\n\n{}", plain(docs));
    }
    text
}

/// What a clause means, and how it is written.
pub fn clause(head: Head) -> String {
    let info = head.info();
    let places: Vec<&str> = info.places.iter().map(|place| place.words()).collect();
    let mut text = format!("`{}`\n\n{}", info.form, plain(info.meaning));
    let _ = write!(text, "\n\nStands in {}. Example: `{}`", places.join(", "), info.example);
    text
}

fn holds(ty: &FieldType) -> String {
    match ty {
        FieldType::Text => "a text in quotes".into(),
        FieldType::Name => "a word".into(),
        FieldType::Date => "a date".into(),
        FieldType::Quantity(dimension) => format!("a quantity ({})", dimension.words()),
        FieldType::Unknown => "a value".into(),
    }
}

fn of_kind(db: &dyn Db, id: ItemId) -> Option<String> {
    let lineage: std::sync::Arc<Lineage> =
        lineage(db, Declaration::new(db, file(db, id.file)?, id.item));
    let chain: Vec<&str> = lineage.kinds.iter().map(|(_, name)| name.as_str()).collect();
    let mut text = with_docs(format!("**kind** `{}`", chain.join(" : ")), db, id);
    for field in &lineage.fields {
        let _ = write!(text, "\n- `{}`: {}", field.name, holds(&field.ty));
    }
    let required: Vec<String> =
        lineage.requires.iter().map(|(word, _)| format!("`{word}`")).collect();
    if !required.is_empty() {
        let _ = write!(text, "\n\nRequires {}.", required.join(", "));
    }
    Some(text)
}

fn of_unit(db: &dyn Db, id: ItemId) -> Option<String> {
    let ItemKind::Unit(declared) = &item(db, id)?.kind else { return None };
    let mut text = format!("**unit** `{}`", declared.name.text);
    if let Some(definition) = &declared.definition {
        let _ = write!(text, " `= {definition}`");
    }
    if let Ok(amount) = unit(db, Declaration::new(db, file(db, id.file)?, id.item)) {
        let dimension = amount.dimension.words();
        let _ = write!(text, ", measures {dimension}");
        if declared.definition.is_some() {
            let _ = write!(text, "; {} of the base unit", decimal(&amount.number));
        }
    }
    Some(with_docs(text, db, id))
}

fn of_template(db: &dyn Db, id: ItemId) -> Option<String> {
    let found = template(db, id)?;
    let parameters = found
        .parameters
        .iter()
        .map(|parameter| format!("{}: {}", parameter.name.text, parameter.bound.text));
    let parameters: Vec<String> = parameters.collect();
    let mut text = format!("**template** `{}({})`", found.name.text, parameters.join(", "));
    if let Some(kind) = &found.kind {
        let _ = write!(text, " `: {}`", kind.text);
    }
    Some(with_docs(text, db, id))
}

fn of_element(db: &dyn Db, element: &Element) -> String {
    let mut text = format!("**{}** `{}`", element.role().word(), element.name());
    if let Some(lineage) = &element.lineage {
        let _ = write!(text, " `: {}`", lineage.name());
    }
    if let Some(primary) = element.primary() {
        let _ = write!(text, " for `{}`", primary.name.text);
    }
    if element.title() != element.name() {
        let _ = write!(text, " · {}", plain(element.title()));
    }
    if let Some(docs) = element.docs() {
        let _ = write!(text, "\n\n{}", plain(docs));
    }
    match element.role() {
        Role::Function => function_lines(db, element.id, &mut text),
        Role::Backup => backup_lines(db, element, &mut text),
        Role::Dependency | Role::Signal => {}
    }
    role_lines(db, element, &mut text);
    text
}

/// What a function survives, and how fast it is back.
fn function_lines(db: &dyn Db, id: ItemId, text: &mut String) {
    let Some(facts) = function(db, id) else { return };
    let _ = write!(text, "\n\n- {}", crate::lenses::function_words(&facts));
    if facts.incomplete {
        text.push_str("\n- part of what it rests on could not be read, so nothing of it is proved");
    }
}

/// Each step of a backup against the objective, its coverage, and how its tests stand.
fn backup_lines(db: &dyn Db, backup: &Element, text: &mut String) {
    text.push('\n');
    for protection in protections(db, backup.id) {
        let steps: Vec<String> = protection
            .budget
            .steps
            .iter()
            .map(|step| format!("{} {}", step.word, duration_words(step.ms)))
            .collect();
        let total = protection.budget.total();
        let _ = write!(text, "\n- for `{}`: ", protection.name);
        match steps.is_empty() {
            true => text.push_str("nothing says how long it takes"),
            false => {
                let _ = write!(text, "{} = **{}**", steps.join(" + "), duration_words(total));
            }
        }
        if let Some((bridge, ms)) = &protection.held {
            let _ =
                write!(text, ", within the {} for which `{bridge}` holds out", duration_words(*ms));
        } else if let Some(rto) = protection.rto {
            let within = if total > rto { "more than the" } else { "within the" };
            let _ = write!(text, ", {within} RTO of {}", duration_words(rto));
        }
        for missing in &protection.budget.unstated {
            let _ = write!(text, "; not stated: {}", missing.what);
        }
        if let Some(percent) = protection.percent {
            let _ = write!(text, "\n- carries {percent} % of what `{}` demands", protection.name);
        }
        for gap in &protection.gaps {
            let _ = write!(text, "\n- does not count for `{}`: {gap}", protection.name);
        }
    }
    for held in backup.tests() {
        let _ = write!(text, "\n- test {}", of_test(db, &held));
    }
}

fn of_test(db: &dyn Db, held: &rbp_compiler::model::Test<'_>) -> String {
    let facts = test(db, held);
    let mut text = format!("`{}`: ", facts.name);
    match (facts.last, facts.age) {
        (Some((day, passed)), Some(age)) => {
            let how = if passed { "passed" } else { "failed" };
            let _ = write!(text, "{how} on {}, {}", day_words(day), days(age));
        }
        _ => text.push_str("not held yet"),
    }
    if let Some(due) = facts.due {
        let word = if facts.overdue { "was due by" } else { "due again by" };
        let _ = write!(text, ", {word} {}", day_words(due));
    }
    text
}

fn days(age: u32) -> String {
    match age {
        0 => "today".into(),
        1 => "1 day ago".into(),
        age => format!("{age} days ago"),
    }
}

/// How many names are shown of a long list.
const SHOWN: usize = 8;

/// What rests on an element, and which functions it can end.
fn role_lines(db: &dyn Db, element: &Element, text: &mut String) {
    let mut above: Vec<ItemId> = needed_by(db, element.id).into_iter().map(|l| l.to).collect();
    above.sort_unstable();
    above.dedup();
    let named = above.iter().filter_map(|id| rbp_compiler::model::element(db, *id));
    let named: Vec<String> = named.map(|e| format!("`{}`", e.name())).collect();
    if !named.is_empty() {
        let _ = write!(text, "\n\nNeeded by {}", listed(&named));
    } else if matches!(element.role(), Role::Dependency | Role::Signal) {
        text.push_str("\n\nNothing needs it");
    }
    let ends = ends(db, element.id);
    for end in ends.iter().take(SHOWN) {
        let what = match end.sort {
            LossSort::Lost => "its loss",
            LossSort::Corrupted => "its corruption",
            LossSort::Compromised => "its compromise",
        };
        let _ = match end.order {
            1 => write!(text, "\n- {what} alone ends `{}`", end.name),
            order => write!(
                text,
                "\n- {what} ends `{}` together with {} (order {order})",
                end.name,
                end.with.join(", ")
            ),
        };
    }
    if ends.len() > SHOWN {
        let _ = write!(text, "\n- and {} more functions", ends.len() - SHOWN);
    }
}

fn listed(names: &[String]) -> String {
    let some: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => some.join(", "),
        more => format!("{} and {more} more", some.join(", ")),
    }
}
