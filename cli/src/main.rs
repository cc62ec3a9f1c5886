//! The `rbp` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    rbp_cli::main()
}
