//! What is told of one entry.

use maud::{Markup, html};

use super::address;
use super::layout::{docs, link, list};
use crate::book::{Entry, Facts, Field, Inside, Link, Module, Parameter, Requirement, Sort};

/// An entry with all that is known of it.
pub fn article(module: &Module, entry: &Entry) -> Markup {
    let anchor = address::anchor(entry);
    html! {
        article id=(anchor) {
            h3 {
                a href={ "#" (anchor) } { code { (entry.name) } }
                @if let Some(title) = &entry.title { " " span.title { (title) } }
            }
            p.head { (head(entry)) }
            (docs(entry.docs.as_deref()))
            (facts(entry))
            details {
                summary { "As it is written" }
                pre { code { (entry.source) } }
            }
            p.where { (module.file) ", line " (entry.line) }
        }
    }
}

/// The entry in one line: what it is.
fn head(entry: &Entry) -> Markup {
    let is_a = |kind: &Option<Link>| html! { @if let Some(kind) = kind { ", a " (link(kind)) } };
    html! {
        @match &entry.facts {
            Facts::Kind { parent, .. } => { "kind" (is_a(parent)) }
            Facts::Template { backup, kind, primary, .. } => {
                "template of a " @if *backup { "backup" } @else { "dependency or function" } (is_a(kind))
                @if let Some(primary) = primary { ", for " code { (primary) } }
            }
            Facts::Policy { warning, .. } => { "policy" @if *warning { ", a warning where it is broken" } }
            Facts::Element { role, kind, template } => {
                (role) (is_a(kind))
                @if let Some(template) = template { ", made by " (link(template)) }
            }
            _ => { (entry.facts.word()) }
        }
    }
}

fn facts(entry: &Entry) -> Markup {
    html! {
        @match &entry.facts {
            Facts::Kind { children, fields, requires, .. } => {
                @if !fields.is_empty() { (fields_table(fields)) }
                @if !requires.is_empty() { p { strong { "Must state" } " " (required(requires)) } }
                @if !children.is_empty() { p { strong { "Sorts of it" } " " (list(children)) } }
            }
            Facts::Template { backup, parameters, inside, .. } => {
                @if !parameters.is_empty() { (parameters_table(parameters)) }
                @if !inside.is_empty() { (made(inside)) }
                pre.use { code { (a_use(&entry.name, *backup, parameters)) } }
            }
            Facts::Policy { cites, rules, .. } => {
                @if !rules.is_empty() {
                    p { strong { "Says where it is broken" } }
                    ul { @for rule in rules { li { (rule) } } }
                }
                @for cite in cites { p.cite { strong { "Cites" } " " cite { (cite) } } }
            }
            Facts::Signal { query: Some(query) } => { p { strong { "Asks" } " " code { (query) } } }
            Facts::Signal { query: None } | Facts::Element { .. } | Facts::Unit { .. } => {}
        }
    }
}

fn from(from: Option<&Link>) -> Markup {
    html! { @if let Some(kind) = from { " " span.from { "of " (link(kind)) } } }
}

fn fields_table(fields: &[Field]) -> Markup {
    html! {
        div.wide { table {
            thead { tr { th { "Field" } th { "Holds" } } }
            tbody { @for field in fields {
                tr { td { code { (field.name) } (from(field.from.as_ref())) } td { code { (field.ty) } } }
            } }
        } }
    }
}

fn required(requires: &[Requirement]) -> Markup {
    html! {
        @for (at, one) in requires.iter().enumerate() {
            @if at > 0 { ", " }
            code { (one.word) } (from(one.from.as_ref()))
        }
    }
}

fn parameters_table(parameters: &[Parameter]) -> Markup {
    html! {
        div.wide { table {
            thead { tr { th { "Parameter" } th { "Takes" } th { "Where left out" } } }
            tbody { @for parameter in parameters {
                tr {
                    td { code { (parameter.name) } }
                    td { (link(&parameter.bound)) }
                    td { @match &parameter.default {
                        Some(default) => code { (default) },
                        None => span.none { "must be given" },
                    } }
                }
            } }
        } }
    }
}

fn made(inside: &[Inside]) -> Markup {
    html! {
        p { strong { "Makes besides" } }
        ul { @for one in inside {
            li {
                (one.role) " " code { "NAME." (one.name) }
                @if let Some(kind) = &one.kind { ", a " (link(kind)) }
            }
        } }
    }
}

/// A use of a template with what must be given.
fn a_use(name: &str, backup: bool, parameters: &[Parameter]) -> String {
    let needed = parameters.iter().filter(|parameter| parameter.default.is_none());
    let needed: Vec<String> = needed.map(|parameter| format!("{}: …", parameter.name)).collect();
    let role = if backup { "backup" } else { "dependency" };
    let given = match needed.len() {
        0..=3 => needed.join(", "),
        _ => format!("\n  {}\n", needed.join(",\n  ")),
    };
    format!("{role} NAME = {name}({given}) {{ … }}")
}

/// Units say little each, so they stand in one table.
pub fn units(module: &Module) -> Markup {
    html! {
        div.wide { table {
            thead { tr { th { "Unit" } th { "Title" } th { "Is" } th { "Line" } } }
            tbody { @for entry in module.of(Sort::Unit) {
                tr id=(address::anchor(entry)) {
                    td { code { (entry.name) } }
                    td {
                        @if let Some(title) = &entry.title { (title) }
                        @if entry.docs.is_some() { (docs(entry.docs.as_deref())) }
                    }
                    td { @if let Facts::Unit { definition: Some(is) } = &entry.facts { code { (is) } } }
                    td { (entry.line) }
                }
            } }
        } }
    }
}
