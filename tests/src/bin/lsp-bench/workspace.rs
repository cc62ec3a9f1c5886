//! Workspaces on disk: policies, and Python files of the same number and size.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rbp_tests::generate::{Shape, generate};
use serde_json::{Value, json};

/// A workspace with one file of it that is edited.
pub struct Workspace {
    /// Its folder.
    pub folder: PathBuf,
    /// The language, as the protocol calls it.
    pub language: &'static str,
    /// The address of the file that is edited.
    pub uri: String,
    /// Its text: it ends in a line with a finding.
    pub text: String,
    /// Where a name stands.
    pub name: (u32, u32),
    /// Where a name could stand.
    pub gap: (u32, u32),
    /// The last line: with a finding, and without.
    lines: [String; 2],
}

impl Workspace {
    /// Policies.
    pub fn rbp(folder: &Path, files: usize, declarations: usize) -> io::Result<Workspace> {
        let all = generate(Shape { files, declarations, seed: 1 });
        for (path, text) in &all {
            put(&folder.join(path), text)?;
        }
        put(&folder.join("rbp.toml"), "[package]\nname = \"made\"\n")?;
        let (path, text) = all.get(files / 2).cloned().unwrap_or_default();
        let lines = ["dependency quite-alone\n".to_owned(), "// quite alone\n".to_owned()];
        Ok(Workspace::edited(folder, "rbp", &path, text, "depends on ", lines))
    }

    /// Python: functions that call one another, of this module and of the two before it.
    pub fn python(folder: &Path, files: usize, functions: usize) -> io::Result<Workspace> {
        let mut middle = String::new();
        for file in 0..files {
            let mut text = String::new();
            for before in file.saturating_sub(2)..file {
                let _ = writeln!(text, "import m{before}");
            }
            for number in 0..functions {
                let _ = writeln!(text, "\n\ndef f{number}(count: int, name: str = \"x\") -> int:");
                let _ = writeln!(text, "    \"\"\"Number {number} of module {file}.\"\"\"");
                let own = if number == 0 {
                    "count".to_owned()
                } else {
                    format!("f{}(count)", number - 1)
                };
                let other = match file {
                    0 => "0".to_owned(),
                    _ => format!("m{}.f{number}(count, name)", file - 1),
                };
                let _ = writeln!(
                    text,
                    "    total: int = {own} + {other}\n    return total + len(name)"
                );
            }
            if file == files / 2 {
                middle.clone_from(&text);
            }
            put(&folder.join(format!("m{file}.py")), &text)?;
        }
        let lines = ["alone: int = \"text\"\n".to_owned(), "alone: int = 1\n".to_owned()];
        let path = format!("m{}.py", files / 2);
        Ok(Workspace::edited(folder, "python", &path, middle, "return ", lines))
    }

    fn edited(
        folder: &Path,
        language: &'static str,
        path: &str,
        mut text: String,
        before: &str,
        lines: [String; 2],
    ) -> Workspace {
        let at = text.find(before).map_or(0, |at| at + before.len());
        let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |line| line + 1);
        let line = text.get(..at).map_or(0, |t| t.matches('\n').count()) as u32;
        let column = (at - start) as u32;
        text += &lines[0];
        Workspace {
            folder: folder.to_owned(),
            language,
            uri: format!("file://{}", folder.join(path).display()),
            text,
            name: (line, column + 1),
            gap: (line, column),
            lines,
        }
    }

    /// The change of that number: the last line has a finding, or has none, by turns.
    pub fn toggled(&self, number: usize) -> Value {
        let last = self.text.matches('\n').count() as u32 - 1;
        let new = &self.lines[(number + 1) % 2];
        json!({
            "range": {
                "start": { "line": last, "character": 0 },
                "end": { "line": last + 1, "character": 0 },
            },
            "text": new,
        })
    }
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}
