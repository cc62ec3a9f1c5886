//! `rbp explain`.

use rbp_compiler::rules::{Component, all, find};
use rbp_grammar::nearest;

use crate::args::Explain;
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &Explain, terminal: &Terminal) -> Result<Done, Failure> {
    let Some(slug) = &args.rule else {
        terminal.print(&list())?;
        return Ok(Done::Clean);
    };
    let Some(rule) = find(slug) else {
        let failure = Failure::new(format!("no rule is called `{slug}`"));
        return Err(match nearest(slug, all().map(|rule| rule.slug)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`rbp explain` lists every rule"),
        });
    };
    let head = format!("{} · {} · {}\n\n", rule.slug, rule.level.word(), rule.component.title());
    terminal.print(&(head + &plain(rule.page)))?;
    Ok(Done::Clean)
}

/// Every rule by component.
fn list() -> String {
    let mut text = String::new();
    for component in Component::ALL {
        let rules: Vec<_> = all().filter(|rule| rule.component == component).collect();
        if rules.is_empty() {
            continue;
        }
        text += &format!("{}\n", component.title());
        for rule in rules {
            text += &format!("  {:<28} {:<8} {}\n", rule.slug, rule.level.word(), rule.summary);
        }
        text.push('\n');
    }
    text + "`rbp explain RULE` shows a rule's page.\n"
}

/// A page without the marks of Markdown: headings stand alone, code is indented.
fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut code = false;
    for line in page.lines().skip(1).skip_while(|line| line.is_empty()) {
        if line.starts_with("```") {
            code = !code;
            continue;
        }
        match line.trim_start_matches('#').trim() {
            _ if code => text += format!("    {line}").trim_end(),
            heading if line.starts_with('#') => text += &heading.to_uppercase(),
            _ => text += line,
        }
        text.push('\n');
    }
    text
}
