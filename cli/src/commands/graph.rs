//! `rbp graph`.

use rbp_backends::graph::{Form, Graph};
use rbp_grammar::nearest;
use rbp_ruleset::RuleSet;

use super::rules;
use crate::args::{self, GraphForm};
use crate::files::write_whole;
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &args::Graph, terminal: &Terminal) -> Result<Done, Failure> {
    let rules = rules(args.package.as_deref(), args.as_of.as_deref())?;
    let function = match &args.function {
        Some(name) => Some(find(&rules, name)?),
        None => None,
    };
    let Some(graph) = Graph::of(&rules, function) else {
        return Err(Failure::new("there is no function to draw"));
    };
    let text = graph.write(match args.format {
        GraphForm::Svg => Form::Svg,
        GraphForm::Dot => Form::Dot,
        GraphForm::Mermaid => Form::Mermaid,
    });
    match &args.output {
        None => terminal.print(&text)?,
        Some(path) => {
            write_whole(path, &text)?;
            terminal.note(&format!("wrote {}", path.display()));
        }
    }
    Ok(Done::Clean)
}

/// The function of that name, or of that id where several have the name.
fn find<'a>(rules: &'a RuleSet, name: &str) -> Result<&'a str, Failure> {
    let ids = || rules.functions.iter().map(|f| f.id.as_str());
    let last = |id: &'a str| id.rsplit('.').next().unwrap_or(id);
    if let Some(id) = ids().find(|id| *id == name) {
        return Ok(id);
    }
    let found: Vec<&str> = ids().filter(|id| last(id) == name).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let failure = Failure::new(format!("no function is called `{name}` here"));
            Err(match nearest(name, ids().map(last)) {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("name a function; all are drawn where none is named"),
            })
        }
        several => Err(Failure::new(format!("several functions are called `{name}`"))
            .help(format!("name one of {}", several.join(", ")))),
    }
}
