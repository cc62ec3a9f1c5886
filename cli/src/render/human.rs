//! For people, through ariadne.

use std::collections::BTreeMap;

use ariadne::{Color, Config, IndexType, Label, Report as Drawing, ReportKind, Source};
use rbp_backends::escape::visible;
use rbp_compiler::diagnostic::{Diagnostic, FileId, Level};

use super::{Report, shown_characters};
use crate::Failure;
use crate::terminal::shown;

/// A longer line is not drawn: the finding is told without its text.
const MAX_LINE: usize = 400;

pub(super) fn render(report: &Report<'_>) -> Result<String, Failure> {
    let mut sources = Sources { report, drawn: BTreeMap::new() };
    let mut out = Vec::new();
    for diagnostic in report.diagnostics() {
        draw(report, &mut sources, diagnostic, &mut out)
            .map_err(|error| Failure::new(format!("cannot draw a finding: {error}")))?;
    }
    let mut text = String::from_utf8_lossy(&out).into_owned();
    if !report.color {
        text = without_color(&text);
    }
    // Lines end where their text does.
    let mut lines: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    lines += &summary(report);
    Ok(lines)
}

/// The library colours the kind of a finding whatever it is told. What authors wrote holds no
/// escape any more, so every one left is the library's.
fn without_color(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split("\u{1b}[");
    plain.push_str(parts.next().unwrap_or(""));
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

/// The last line: how much was found where.
fn summary(report: &Report<'_>) -> String {
    let counted = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let found = [Level::Error, Level::Warning, Level::Hint]
        .map(|level| counted(report.count(level), level.word()));
    let found: Vec<String> = found.into_iter().flatten().collect();
    let files = counted(report.checked.len(), "file").unwrap_or_else(|| "no files".into());
    match found.is_empty() {
        true => format!("checked {files} as of {}: nothing found\n", report.as_of),
        false => format!("checked {files} as of {}: {}\n", report.as_of, found.join(", ")),
    }
}

/// The texts as they are drawn: every character that would steer the terminal is replaced by a
/// harmless one, so character positions stay.
struct Sources<'a, 'r> {
    report: &'a Report<'r>,
    drawn: BTreeMap<FileId, Source<String>>,
}

impl ariadne::Cache<FileId> for &mut Sources<'_, '_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl std::fmt::Debug> {
        let places = self.report.places;
        let source = self.drawn.entry(*id).or_insert_with(|| {
            let text = places.text(*id);
            let safe = shown_characters(text)
                .map(|c| if c == '\n' || c == '\t' || c == '\r' { c } else { visible(c) });
            Source::from(safe.collect::<String>())
        });
        Ok::<&Source<String>, std::convert::Infallible>(source)
    }

    fn display<'a>(&self, id: &'a FileId) -> Option<impl std::fmt::Display + 'a> {
        Some(shown(self.report.places.path(*id)))
    }
}

fn draw(
    report: &Report<'_>,
    sources: &mut Sources<'_, '_>,
    d: &Diagnostic,
    out: &mut Vec<u8>,
) -> std::io::Result<()> {
    if !drawable(report, d) {
        return plain(report, d, out);
    }
    let (kind, color) = match d.level {
        Level::Error => (ReportKind::Custom("error", Color::Red), Color::Red),
        Level::Warning => (ReportKind::Custom("warning", Color::Yellow), Color::Yellow),
        Level::Hint => (ReportKind::Custom("hint", Color::Cyan), Color::Cyan),
    };
    let config = Config::new().with_color(report.color).with_index_type(IndexType::Char);
    let at = characters(report, d.primary.at);
    let mut drawing = Drawing::build(kind, at.clone()).with_config(config).with_code(d.rule.slug);
    drawing = drawing.with_message(shown(&d.message));
    // A place without a message would not be marked.
    let here = if d.primary.text.is_empty() { "here" } else { &d.primary.text };
    let file = d.primary.at.file;
    let mut places = vec![(at.clone(), color, here)];
    places
        .extend(d.related.iter().map(|l| (characters(report, l.at), Color::Blue, l.text.as_str())));
    // The places of a file are drawn together only where they are given in order.
    places.sort_by_key(|((id, place), ..)| (*id != file, *id, place.start));
    drawing = drawing.with_labels(places.into_iter().map(|(place, color, text)| {
        let primary = i32::from(place == at);
        Label::new(place).with_color(color).with_priority(primary).with_message(shown(text))
    }));
    for path in &d.paths {
        drawing = drawing.with_note(shown(&format!("path: {}", path.join(" → "))));
    }
    for note in &d.notes {
        drawing = drawing.with_note(shown(note));
    }
    if let Some(help) = &d.help {
        drawing = drawing.with_help(shown(help));
    }
    drawing.finish().write(sources, &mut *out)?;
    out.push(b'\n');
    Ok(())
}

/// The place in characters, as the drawn text has them.
fn characters(
    report: &Report<'_>,
    at: rbp_compiler::diagnostic::Anchor,
) -> (FileId, std::ops::Range<usize>) {
    let text = report.places.text(at.file);
    let bytes = report.span(at).bytes;
    let start = text.get(..bytes.start).map_or(0, |t| shown_characters(t).count());
    let length = text.get(bytes).map_or(0, |t| t.chars().count());
    (at.file, start..start + length)
}

/// Whether every line that would be drawn is short enough.
fn drawable(report: &Report<'_>, d: &Diagnostic) -> bool {
    let anchors = std::iter::once(d.primary.at).chain(d.related.iter().map(|label| label.at));
    anchors.into_iter().all(|at| {
        let text = report.places.text(at.file);
        let bytes = report.span(at).bytes;
        let start = text.get(..bytes.start).and_then(|t| t.rfind('\n')).map_or(0, |n| n + 1);
        let end =
            text.get(bytes.end..).and_then(|t| t.find('\n')).map_or(text.len(), |n| bytes.end + n);
        text.get(start..end).is_some_and(|lines| lines.lines().all(|line| line.len() <= MAX_LINE))
    })
}

fn plain(report: &Report<'_>, d: &Diagnostic, out: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Write;
    let (path, span) = (report.places.path(d.primary.at.file), report.span(d.primary.at));
    let (level, slug) = (d.level.word(), d.rule.slug);
    writeln!(out, "[{slug}] {level}: {}", shown(&d.message))?;
    writeln!(out, "   at {}:{}:{}", shown(path), span.line, span.column)?;
    for line in super::details(d) {
        writeln!(out, "   {}", shown(&line))?;
    }
    writeln!(out)
}
