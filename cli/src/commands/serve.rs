//! `rbp serve`.

use std::io::{self, Write};
use std::sync::Arc;

use rbp_serve::Config;

use crate::args::Serve;
use crate::terminal::{Terminal, shown_line};
use crate::{Done, Failure};

pub fn run(args: &Serve, terminal: &Terminal) -> Result<Done, Failure> {
    if !args.listen.ip().is_loopback() {
        terminal.note("whoever reaches this address can ask; the service knows no passwords");
    }
    let config =
        Config { rules: args.rules.clone(), listen: args.listen, connections: args.connections };
    let log = |line: &str| {
        let _ = writeln!(io::stderr(), "{}", shown_line(line));
    };
    rbp_serve::serve(&config, Arc::new(log)).map_err(|error| {
        Failure::new(error).help("`rbp build -o FILE` writes a verified rule set")
    })?;
    Ok(Done::Clean)
}
