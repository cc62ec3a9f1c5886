//! The `rbp` binary.

use std::process::ExitCode;

/// Edits make and drop thousands of small things: measured, a quarter of their time goes with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rbp_cli::main()
}
