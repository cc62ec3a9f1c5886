//! The words after `rbp`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::render::Format;
use crate::render::scenarios::Format as TestFormat;

/// Proves that backups are credible.
///
/// You describe critical functions, what they depend on, and the backups kept for the day on which
/// a dependency is lost. rbp tells you, in your own words and at the exact place, why a function
/// would not survive; once nothing is left, it builds a verified rule set.
#[derive(Debug, Parser)]
#[command(name = "rbp", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Args {
    /// When to use colours; `NO_COLOR` and `CLICOLOR_FORCE` are respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Say nothing but findings
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 nothing found, 1 findings, 2 the command could not be carried out.\n\n\
    Example: rbp new clinic && cd clinic && rbp check";

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a new package with a first policy
    #[command(after_help = "Example: rbp new clinic")]
    New(New),
    /// Let a package use another one
    #[command(
        after_help = "Examples:\n  rbp add ../sites\n  rbp add ../regions/sites --name eu-sites -p clinic"
    )]
    Add(Add),
    /// Accept what the packages that one uses hold now
    #[command(after_help = "Example: rbp lock clinic")]
    Lock(Lock),
    /// Check policies and say what would not survive
    #[command(
        after_help = "Examples:\n  rbp check\n  rbp check examples/hospital --as-of 2026-11-23\n  \
        rbp check --format sarif > findings.sarif\n  \
        rbp check --baseline known.json --record\n  cat policy.rbp | rbp check -"
    )]
    Check(Check),
    /// Play scenarios and say where what happens is not what is expected
    #[command(
        after_help = "Examples:\n  rbp test\n  rbp test examples/icu-power --only feeder --as-of 2026-11-23\n  \
        rbp test --coverage\n  rbp test --format junit > scenarios.xml"
    )]
    Test(Test),
    /// Build the verified rule set of a package
    #[command(after_help = targets())]
    Build(Build),
    /// Make pages of what a package offers: templates, kinds, policies, signals and units
    #[command(
        after_help = "Examples:\n  rbp doc std -o std-pages\n  rbp doc examples/hospital -o pages"
    )]
    Doc(Doc),
    /// Check a rule set again, from its document alone
    #[command(
        after_help = "Examples:\n  rbp verify payments.json\n  rbp verify payments.json --as-of 2027-03-01 --format json\n  \
        rbp build | rbp verify -"
    )]
    Verify(Verify),
    /// Put policies into the standard form
    #[command(
        after_help = "Examples:\n  rbp fmt\n  rbp fmt --check --diff policy.rbp\n  cat policy.rbp | rbp fmt -"
    )]
    Fmt(Fmt),
    /// Explain a rule, with a wrong and a cured example
    #[command(after_help = "Examples:\n  rbp explain\n  rbp explain shared-dependency")]
    Explain(Explain),
    /// Show why an element ends a function, or what does
    #[command(
        after_help = "Examples:\n  rbp why life-support\n  rbp why life-support city-grid -p examples/hospital"
    )]
    Why(Why),
    /// Count and list the minimal cut sets of a function, or of a fault tree in Open-PSA form
    #[command(after_help = "Examples:\n  rbp cut-sets life-support -p examples/hospital\n  \
        rbp cut-sets life-support -p examples/hospital --order 2 --paths\n  \
        rbp cut-sets model.xml --count\n  rbp cut-sets model.xml --probability --top 10")]
    CutSets(CutSets),
    /// Write every function's fault tree for other programs
    #[command(after_help = "Example: rbp export open-psa examples/hospital -o hospital.xml")]
    Export(Export),
    /// Say what to do now: the state of functions, who may activate what, what has run out
    #[command(
        after_help = "Examples:\n  rbp decide rules.json\n  rbp decide rules.json facts.json\n  \
        rbp decide rules.json facts.json --backup diesel-a --actor ana\n  \
        monitor | rbp decide rules.json - --format json\n\n\
        Exit codes: 0 all is well or may be done, 1 something is to be done, may not be done or has run out,\n\
        2 nothing could be decided."
    )]
    Decide(Decide),
    /// Decide for others over HTTP, and read the rule set anew when its file changes
    #[command(
        after_help = "Examples:\n  rbp serve rules.json\n  rbp serve rules.json --listen 127.0.0.1:9000\n  \
        curl --data @facts.json http://127.0.0.1:8087/decide\n\n\
        POST /decide decides on facts; GET /health, /ready, /metrics and /ruleset tell of the service."
    )]
    Serve(Serve),
    /// Write a report for people: one HTML file that needs no network and no script
    #[command(
        after_help = "Examples:\n  rbp report examples/payroll -o payroll.html\n  rbp report payroll.json -o payroll.html"
    )]
    Report(Report),
    /// Draw what a function rests on, with its backups and what they share in red
    #[command(
        after_help = "Examples:\n  rbp graph life-support -p examples/hospital -o life-support.svg\n  \
        rbp graph --format mermaid -p examples/payroll"
    )]
    Graph(Graph),
    /// Say what a change does: to obligations, to what ends functions, to times, promises and safeguards
    #[command(
        after_help = "Worse is: what held does not, something more ends a function, a time is longer or no longer stated, a function,\n\
        a backup or a safeguard of one is gone, a policy is not applied any more.\n\
        Exit codes: 0 nothing got worse, 1 something did, 2 the command could not be carried out.\n\n\
        Examples:\n  rbp diff examples/payroll-flawed examples/payroll\n  rbp diff main.json . --format markdown > comment.md"
    )]
    Diff(Diff),
    /// Serve an editor over standard input and output
    #[command(after_help = "Example: an editor's setting `rbp lsp` for files that end in .rbp")]
    Lsp,
    /// Print a shell's completions
    #[command(
        after_help = "Example: rbp completions bash > ~/.local/share/bash-completion/completions/rbp"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// `rbp new`.
#[derive(Debug, clap::Args)]
pub struct New {
    /// The folder to make; its name becomes the package's
    pub path: PathBuf,
}

/// `rbp add`.
#[derive(Debug, clap::Args)]
pub struct Add {
    /// The folder of the other package
    pub path: PathBuf,
    /// The name by which imports call it; its own name where none is given
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The package that is to use it; the current folder where none is named
    #[arg(long, short, value_name = "PATH")]
    pub package: Option<PathBuf>,
}

/// `rbp lock`.
#[derive(Debug, clap::Args)]
pub struct Lock {
    /// The package; the current folder where none is named
    pub path: Option<PathBuf>,
}

/// `rbp check`.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Packages, folders or files; `-` for standard input; the current folder where none is named
    pub paths: Vec<PathBuf>,
    /// How to write the findings
    #[arg(long, default_value = "human")]
    pub format: Format,
    /// Judge as of this day instead of today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Show how each function's obligations end, by component
    #[arg(long)]
    pub obligations: bool,
    /// Do not count what this file knows; it changes no verdict, and builds no rule set
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is found now into the baseline
    #[arg(long, requires = "baseline", conflicts_with = "watch")]
    pub record: bool,
    /// Check again whenever a file changes
    #[arg(long)]
    pub watch: bool,
    /// Refuse a package that uses others without an rbp.lock
    #[arg(long)]
    pub locked: bool,
}

/// `rbp test`.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Packages, folders or files; `-` for standard input; the current folder where none is named
    pub paths: Vec<PathBuf>,
    /// Play only scenarios with this in their name
    #[arg(long, value_name = "TEXT")]
    pub only: Option<String>,
    /// Say which backups, activation rules and authorities no scenario exercises
    #[arg(long)]
    pub coverage: bool,
    /// How to write what happened
    #[arg(long, default_value = "human")]
    pub format: TestFormat,
    /// Judge scenarios that name no day as of this one instead of today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Refuse a package that uses others without an rbp.lock
    #[arg(long)]
    pub locked: bool,
}

/// `rbp build`.
#[derive(Debug, clap::Args)]
pub struct Build {
    /// The package, or a rule set in a file that ends in `.json`; the current folder where none is named
    pub path: Option<PathBuf>,
    /// Write this target instead of the rule set itself; may be given several times, `all` for all
    #[arg(long = "target", short, value_name = "NAME", requires = "output", value_parser = target_names())]
    pub targets: Vec<String>,
    /// The file to write, standard output where nothing is named; with --target the folder in which
    /// each target has one of its own
    #[arg(long, short, value_name = "FILE|FOLDER")]
    pub output: Option<PathBuf>,
    /// Judge as of this day instead of today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Write it although something is open; it is marked as not verified
    #[arg(long)]
    pub allow_unverified: bool,
    /// Refuse a package that uses others without an rbp.lock
    #[arg(long)]
    pub locked: bool,
}

/// The word for every target.
pub const ALL: &str = "all";

fn target_names() -> PossibleValuesParser {
    let names = rbp_backends::TARGETS.iter().map(|target| PossibleValue::new(target.name));
    names.chain([PossibleValue::new(ALL)]).collect::<Vec<_>>().into()
}

/// The help on targets, from the list of them.
fn targets() -> String {
    let width = rbp_backends::TARGETS.iter().map(|target| target.name.len()).max().unwrap_or(0);
    let lines =
        rbp_backends::TARGETS.iter().map(|t| format!("  {:<width$}  {}\n", t.name, t.summary));
    format!(
        "Targets:\n{}\nExamples:\n  rbp build examples/payments -o payments.json --as-of 2026-11-23\n  \
        rbp build examples/payments --target all -o out --as-of 2026-11-23",
        lines.collect::<String>()
    )
}

/// `rbp doc`.
#[derive(Debug, clap::Args)]
pub struct Doc {
    /// The package, or `std` for the standard library; the current folder where none is named
    pub path: Option<PathBuf>,
    /// The folder to write; pages that were there before are replaced
    #[arg(long, short, value_name = "FOLDER")]
    pub output: PathBuf,
}

/// `rbp verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The rule set that `rbp build` wrote; `-` for standard input
    pub file: PathBuf,
    /// Judge as of this day instead of today: tests fall due, and acceptances end
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// How to write what was found
    #[arg(long, default_value = "human")]
    pub format: VerifyFormat,
}

/// A format for what was found of a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerifyFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}

/// `rbp fmt`.
#[derive(Debug, clap::Args)]
pub struct Fmt {
    /// Folders or files; `-` for standard input; the current folder where none is named
    pub paths: Vec<PathBuf>,
    /// Change nothing; name the files that would change
    #[arg(long)]
    pub check: bool,
    /// Change nothing; show what would change
    #[arg(long)]
    pub diff: bool,
}

/// `rbp explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The rule; all are listed where none is named
    pub rule: Option<String>,
}

/// `rbp why`.
#[derive(Debug, clap::Args)]
pub struct Why {
    /// The function
    pub function: String,
    /// What is lost together; every single point of failure where nothing is named
    pub elements: Vec<String>,
    /// The package; the current folder where none is named
    #[arg(long, short, value_name = "PATH")]
    pub package: Option<PathBuf>,
}

/// `rbp cut-sets`.
#[derive(Debug, clap::Args)]
pub struct CutSets {
    /// A function, or a file that ends in `.xml`
    #[arg(value_name = "FUNCTION|FILE.xml")]
    pub of: String,
    /// The package of the function; the current folder where none is named
    #[arg(long, short, value_name = "PATH")]
    pub package: Option<PathBuf>,
    /// The gate of the file to ask about; its top where none is named
    #[arg(long, value_name = "NAME")]
    pub gate: Option<String>,
    /// List only sets of so many losses or fewer
    #[arg(long, value_name = "N")]
    pub order: Option<usize>,
    /// List so many sets, the smallest first, or with --probability the likeliest
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// List none, only count
    #[arg(long)]
    pub count: bool,
    /// Work out the exact probability and the importance of each event
    #[arg(long)]
    pub probability: bool,
    /// Show along which way each loss of a listed set reaches the function
    #[arg(long)]
    pub paths: bool,
    /// How long the mission of the file lasts, in the unit of time of its rates
    #[arg(long, value_name = "TIME", value_parser = time, allow_negative_numbers = true)]
    pub mission_time: Option<f64>,
    /// Most memory for decision diagrams, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    pub memory: usize,
    /// How to write the answer
    #[arg(long, default_value = "human")]
    pub format: SetsFormat,
}

/// `rbp decide`.
#[derive(Debug, clap::Args)]
pub struct Decide {
    /// The rule set: a file that `rbp build` wrote
    #[arg(value_name = "RULESET")]
    pub rules: PathBuf,
    /// The facts, a JSON file; `-` for standard input; where none is named nothing is known but the time
    pub facts: Option<PathBuf>,
    /// Ask about this function only; may be given several times
    #[arg(long = "function", value_name = "FUNCTION")]
    pub functions: Vec<String>,
    /// Ask whether this backup may be activated; may be given several times
    #[arg(long = "backup", value_name = "BACKUP")]
    pub backups: Vec<String>,
    /// Who wants to act
    #[arg(long, value_name = "ACTOR")]
    pub actor: Option<String>,
    /// Decide for this moment instead of that of the facts, as in 2026-11-25T10:15:30Z
    #[arg(long, value_name = "MOMENT")]
    pub now: Option<String>,
    /// Decide although the rule set is not verified
    #[arg(long)]
    pub allow_unverified: bool,
    /// How to write the answer
    #[arg(long, default_value = "human")]
    pub format: DecideFormat,
}

/// How decisions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DecideFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}

/// `rbp report`.
#[derive(Debug, clap::Args)]
pub struct Report {
    /// The package, or a rule set in a file that ends in `.json`; the current folder where none is named
    #[arg(value_name = "PATH|RULESET")]
    pub path: Option<PathBuf>,
    /// Where to write it; standard output where nothing is named
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Judge a package as of this day instead of today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
}

/// `rbp graph`.
#[derive(Debug, clap::Args)]
pub struct Graph {
    /// The function; all are drawn where none is named
    pub function: Option<String>,
    /// The package, or a rule set in a file that ends in `.json`; the current folder where none is named
    #[arg(long, short, value_name = "PATH|RULESET")]
    pub package: Option<PathBuf>,
    /// The form to draw in
    #[arg(long, default_value = "svg")]
    pub format: GraphForm,
    /// Where to write it; standard output where nothing is named
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Judge a package as of this day instead of today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
}

/// How a graph is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum GraphForm {
    /// A picture
    Svg,
    /// Graphviz
    Dot,
    /// Mermaid, as code hosts draw it
    Mermaid,
}

/// `rbp diff`.
#[derive(Debug, clap::Args)]
pub struct Diff {
    /// Before: a package, or a rule set in a file that ends in `.json`
    pub old: PathBuf,
    /// After: the same
    pub new: PathBuf,
    /// How to write it
    #[arg(long, default_value = "human")]
    pub format: DiffFormat,
    /// Judge packages as of this day instead of today
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
}

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DiffFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// A comment on a pull request
    Markdown,
}

/// `rbp serve`.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// The rule set: a file that `rbp build` wrote, verified
    #[arg(value_name = "RULESET")]
    pub rules: PathBuf,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8087")]
    pub listen: std::net::SocketAddr,
    /// The most connections at a time; further ones wait
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    pub connections: u32,
}

/// `rbp export`.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The form to write
    pub to: ExportFormat,
    /// The package, folder or file; the current folder where none is named
    pub path: Option<PathBuf>,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Forms that other programs read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExportFormat {
    /// Open-PSA model exchange format: fault trees as XML
    OpenPsa,
}

/// How cut sets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum SetsFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
}

/// A time as a number from 0 on.
fn time(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(time) if time.is_finite() && time >= 0.0 => Ok(time),
        _ => Err("a time is a number from 0 on".to_owned()),
    }
}
