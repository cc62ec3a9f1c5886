//! Fault trees as a document that other programs read.

use std::fmt::Write;

use quick_xml::escape::escape;
use rustc_hash::FxHashSet;

use crate::faults::tree::{FaultTree, Gate, Input};

/// A tree with its names.
#[derive(Debug)]
pub struct Tree {
    /// What its top is called.
    pub name: String,
    /// The tree. Its events are numbers of those of the document.
    pub tree: FaultTree,
}

/// A basic event of a document.
#[derive(Debug)]
pub struct BasicEvent {
    /// A short name. What other programs do not allow in one is replaced, and what is not the only one of its name
    /// gets a number.
    pub name: String,
    /// What it is, in words.
    pub label: String,
    /// Its probability, where one is stated.
    pub probability: Option<f64>,
}

/// The trees in Open-PSA form, one `define-fault-tree` each over the same basic events. Where no event that a
/// tree uses lacks a probability, readers can weigh it.
///
/// # Errors
///
/// When the gates of a tree form a loop: its name.
pub fn write(trees: &[Tree], events: &[BasicEvent]) -> Result<String, String> {
    let mut taken = FxHashSet::default();
    let tops: Vec<String> = trees.iter().map(|tree| only(&tree.name, &mut taken)).collect();
    let names: Vec<String> = events.iter().map(|event| only(&event.name, &mut taken)).collect();
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opsa-mef>\n".to_owned();
    let mut used = vec![false; events.len()];
    for (tree, top) in trees.iter().zip(&tops) {
        let small = tree.tree.simplified().map_err(|_| tree.name.clone())?;
        let _ = writeln!(text, "  <define-fault-tree name=\"{}\">", only(top, &mut taken));
        one_tree(&mut text, &small, top, &tree.name, &names, &mut used, &mut taken)?;
        text += "  </define-fault-tree>\n";
    }
    text += "  <model-data>\n";
    for ((event, name), _) in events.iter().zip(&names).zip(&used).filter(|(_, used)| **used) {
        let _ = write!(text, "    <define-basic-event name=\"{name}\">");
        if !event.label.is_empty() {
            let _ = write!(text, "<label>{}</label>", escape(&*event.label));
        }
        if let Some(p) = event.probability {
            let _ = write!(text, "<float value=\"{p:e}\"/>");
        }
        text += "</define-basic-event>\n";
    }
    text += "  </model-data>\n</opsa-mef>\n";
    Ok(text)
}

/// The gates of a tree, its top first.
fn one_tree(
    text: &mut String,
    tree: &FaultTree,
    top: &str,
    label: &str,
    events: &[String],
    used: &mut [bool],
    taken: &mut FxHashSet<String>,
) -> Result<(), String> {
    let order = tree.in_order().map_err(|_| label.to_owned())?;
    let mut names = vec![String::new(); tree.gates.len()];
    for gate in &order {
        let is_top = tree.top == Input::Gate(*gate);
        names[*gate as usize] =
            if is_top { top.to_owned() } else { only(&format!("{top}-g{gate}"), taken) };
    }
    let mut hear = |input: &Input| match input {
        Input::Gate(gate) => format!("<gate name=\"{}\"/>", names[*gate as usize]),
        Input::Event(event) => {
            used[*event as usize] = true;
            format!("<basic-event name=\"{}\"/>", events[*event as usize])
        }
        Input::Constant(value) => format!("<constant value=\"{value}\"/>"),
    };
    if tree.top.gate().is_none() {
        let _ = writeln!(
            text,
            "    <define-gate name=\"{top}\"><label>{}</label>{}</define-gate>",
            escape(label),
            hear(&tree.top)
        );
    }
    for gate in order.iter().rev() {
        let Gate { k, inputs } = &tree.gates[*gate as usize];
        let label = match tree.top == Input::Gate(*gate) {
            true => format!("<label>{}</label>", escape(label)),
            false => String::new(),
        };
        let (from, to) = match *k {
            1 => ("<or>".to_owned(), "</or>"),
            k if k as usize == inputs.len() => ("<and>".to_owned(), "</and>"),
            k => (format!("<atleast min=\"{k}\">"), "</atleast>"),
        };
        let of: String = inputs.iter().map(&mut hear).collect();
        let name = &names[*gate as usize];
        let _ =
            writeln!(text, "    <define-gate name=\"{name}\">{label}{from}{of}{to}</define-gate>");
    }
    Ok(())
}

/// The name as identifiers of the format are: a letter first, then letters, digits and `_`, and single `-` inside;
/// with a number where it is taken.
fn only(name: &str, taken: &mut FxHashSet<String>) -> String {
    let mut plain = String::new();
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => plain.push(c),
            '-' if !plain.is_empty() && !plain.ends_with('-') => plain.push(c),
            '-' => {}
            other => {
                let _ = write!(plain, "_{:x}_", u32::from(other));
            }
        }
    }
    let plain = plain.trim_end_matches('-');
    let first = plain.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let plain = if first { plain.to_owned() } else { format!("e{plain}") };
    let mut name = plain.clone();
    let mut number = 2;
    // Readers do not tell upper case from lower.
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{plain}-{number}");
        number += 1;
    }
    name
}
