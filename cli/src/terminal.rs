//! What the terminal can do, and text made safe for it.

use std::io::{self, IsTerminal, Write};

use rbp_backends::escape::visible;

use crate::Failure;
use crate::args::Color;

/// The terminal.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Colours on standard output.
    pub color: bool,
    /// Say nothing but findings.
    pub quiet: bool,
    color_errors: bool,
}

impl Terminal {
    /// Asks the environment: `--color` first, then `NO_COLOR`, then `CLICOLOR_FORCE`.
    pub fn new(color: Color, quiet: bool) -> Terminal {
        let set = |name: &str| {
            std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0")
        };
        let decide = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR") => false,
            Color::Auto => set("CLICOLOR_FORCE") || is_terminal,
        };
        Terminal {
            color: decide(io::stdout().is_terminal()),
            color_errors: decide(io::stderr().is_terminal()),
            quiet,
        }
    }

    /// Writes to standard output. A reader that went away is no failure.
    ///
    /// # Errors
    ///
    /// When standard output cannot be written for another reason.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        match io::stdout().lock().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::new(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Says something beside the point, on standard error.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{}", shown(text));
        }
    }

    /// Says why a command could not be carried out.
    pub fn failure(&self, failure: &Failure) {
        let (red, bold, end) =
            if self.color_errors { ("\x1b[31m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
        let _ = writeln!(io::stderr(), "{red}error:{end} {bold}{}{end}", shown(&failure.message));
        if let Some(help) = &failure.help {
            let _ = writeln!(io::stderr(), "  help: {}", shown(help));
        }
    }
}

/// The text as one line, with everything that would steer a terminal made visible.
pub fn shown_line(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// The text with everything that would steer a terminal made visible; lines stay lines.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if c == '\n' || c == '\t' { c } else { visible(c) }).collect()
}
