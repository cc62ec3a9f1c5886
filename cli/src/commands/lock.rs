//! `rbp lock`.

use crate::args::Lock;
use crate::files::write_whole;
use crate::packages::graph::Graph;
use crate::packages::{self, lock};
use crate::terminal::Terminal;
use crate::{Done, Failure};

pub fn run(args: &Lock, terminal: &Terminal) -> Result<Done, Failure> {
    let root = packages::root_of(args.path.as_deref())?;
    let mut graph = Graph::default();
    let at = graph.read(&root)?;
    let Some(package) = graph.packages.get(at) else { return Ok(Done::Clean) };
    let now = lock::Lock::of(&graph, at)?;
    let (path, name) = (lock::path(package), package.name());
    let accepted = lock::read(package)?;
    if accepted.is_none() && now.is_empty() {
        terminal.note(&format!("`{name}` uses no other package, so there is nothing to accept"));
        return Ok(Done::Clean);
    }
    let changes = lock::changes(&accepted.clone().unwrap_or_default(), &now);
    if accepted.is_some() && changes.is_empty() {
        terminal.note(&format!("nothing changed since {} was written", path.display()));
        return Ok(Done::Clean);
    }
    write_whole(&path, &now.text()?)?;
    terminal.note(&format!("wrote {}: {}", path.display(), changes.join("; ")));
    Ok(Done::Clean)
}
