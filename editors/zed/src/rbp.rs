//! Tells Zed how `rbp lsp` is started.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Rbp;

impl zed::Extension for Rbp {
    fn new() -> Self {
        Rbp
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("rbp").ok_or(
            "the program `rbp` was not found by name: install it, or add its folder to PATH",
        )?;
        Ok(Command { command, args: vec!["lsp".into()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Rbp);
