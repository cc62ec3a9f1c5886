//! The `rbp` binary.

use std::process::ExitCode;

/// Edits make and drop thousands of small things: with the system's allocator they take a quarter longer (`docs/performance.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rbp_cli::main()
}
