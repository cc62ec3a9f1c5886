//! Where in a declaration a token stands: in which block, in which clause.

use std::ops::Range;

use crate::head::{Head, Place};
use crate::mend::Placed;
use crate::token::{T, WORDS, WordSort};

/// A sort of block, by what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    Clauses(Place),
    Kind,
    Scenario,
    Policy,
    Template,
}

/// The clauses of the blocks that `head.rs` does not list: first word, block, an example.
const OTHERS: &[(&str, Block, &str)] = &[
    ("field", Block::Kind, "field fuel : text"),
    ("requires", Block::Kind, "requires capacity, owner"),
    ("at", Block::Scenario, "at 2026-10-01"),
    ("actor", Block::Scenario, "actor plant-rota"),
    ("lose", Block::Scenario, "lose city-grid, fuel-pump"),
    ("corrupt", Block::Scenario, "corrupt ledger"),
    ("compromise", Block::Scenario, "compromise admin-account"),
    ("expect", Block::Scenario, "expect life-support continues within 10s at 1.8 MW"),
    ("cite", Block::Policy, "cite \"NFPA 110, 8.4.2\""),
    ("severity", Block::Policy, "severity warning"),
    ("for", Block::Policy, "for each backup g of kind generator { … }"),
    ("require", Block::Policy, "require count(f.backups) >= 2 else \"two backups are needed\""),
];

impl Block {
    /// The block in words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Block::Clauses(place) => place.words(),
            Block::Kind => "a kind",
            Block::Scenario => "a scenario",
            Block::Policy => "a policy",
            Block::Template => "a template",
        }
    }

    /// The first words of its clauses, in the order of their table, each once.
    pub fn clauses(self) -> Vec<&'static str> {
        let mut words: Vec<&str> = match self {
            Block::Clauses(place) => Head::ALL
                .iter()
                .filter(|head| head.info().places.contains(&place))
                .filter_map(|head| head.words().split(' ').next())
                .filter(|word| !word.is_empty())
                .collect(),
            Block::Template => Block::Clauses(Place::Backup).clauses(),
            _ => OTHERS.iter().filter(|o| o.1 == self).map(|o| o.0).collect(),
        };
        words.dedup();
        words
    }

    /// How the clause that begins with `word` is written, where the block has it.
    pub fn example(self, word: &str) -> Option<&'static str> {
        match self {
            Block::Clauses(place) => Some(Head::starting(word, place)?.info().example),
            Block::Template => Block::Clauses(Place::Backup).example(word),
            _ => OTHERS.iter().find(|o| o.1 == self && o.0 == word).map(|o| o.2),
        }
    }

    fn has(self, kind: T) -> bool {
        let Some((word, _)) = kind.word() else {
            return false;
        };
        self.example(word).is_some() || (self == Block::Template && kind.begins_item())
    }

    /// The blocks that have a clause which begins with `word`.
    pub fn with(word: &str) -> Vec<Block> {
        use Place::{Accept, Activate, Backup, Dependency, Function, Signal, Test};
        let places = [Dependency, Signal, Function, Backup, Activate, Test, Accept];
        let blocks = places.map(Block::Clauses).into_iter();
        let blocks = blocks.chain([Block::Kind, Block::Scenario, Block::Policy]);
        blocks.filter(|block| block.example(word).is_some()).collect()
    }
}

/// A token's place, all numbers being places in the list of tokens given to the parser.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// The innermost block; `None` in the head of a declaration or after its end.
    pub block: Option<Block>,
    /// The clause around the token, or the one before it where the token begins a clause.
    pub clause: usize,
    /// Whether a clause can begin with the token: it is first on its line, or it says so.
    pub begins: bool,
    /// Where the clause around the token, or the one that it begins, ends.
    pub end: usize,
    /// The clause of the declaration's own block around the token.
    pub outer: Range<usize>,
}

struct Level {
    block: Block,
    clause: usize,
    /// Round and square brackets that are open in it.
    inner: u32,
}

impl Site {
    /// `line[n]` says whether the declaration's token n is the first on its line. Linear.
    pub fn of(placed: &[Placed], line: &[bool], at: usize) -> Site {
        let mut levels: Vec<Level> = Vec::new();
        let mut site =
            Site { block: None, clause: 0, begins: false, end: placed.len(), outer: 0..0 };
        let mut depth_at = 0;
        for (here, token) in placed.iter().enumerate() {
            let begins = levels
                .last()
                .is_some_and(|level| level.inner == 0 && begins_clause(placed, line, here, level));
            if here == at {
                site.begins = begins;
                site.block = levels.last().map(|l| l.block);
                site.clause = levels.last().map_or(0, |l| l.clause);
                depth_at = levels.len();
                site.outer.start = levels.first().map_or(0, |l| l.clause);
                if levels.len() == 1 && begins {
                    site.outer.start = here;
                }
            } else if here > at {
                let ends = token.1 == T::RBrace || begins;
                if ends && levels.len() == depth_at && site.end == placed.len() {
                    site.end = here;
                }
                if token.1 == T::RBrace && levels.len() == 1 {
                    site.outer.end = here;
                    break;
                }
            }
            let Some(level) = levels.last_mut() else {
                if token.1 == T::LBrace && placed.first().is_some_and(|p| p.1 != T::KwImport) {
                    levels.push(Level { block: outer(placed), clause: here + 1, inner: 0 });
                }
                continue;
            };
            if begins {
                level.clause = here;
            }
            match token.1 {
                T::LBracket | T::LParen => level.inner += 1,
                T::RBracket | T::RParen => level.inner = level.inner.saturating_sub(1),
                T::LBrace => {
                    let block = inner(placed, level);
                    levels.push(Level { block, clause: here + 1, inner: 0 });
                }
                T::RBrace => {
                    levels.pop();
                }
                _ => {}
            }
        }
        site.outer.end = site.outer.end.max(site.outer.start);
        site
    }
}

fn outer(placed: &[Placed]) -> Block {
    match placed.first().map(|p| p.1) {
        Some(T::KwSignal) => Block::Clauses(Place::Signal),
        Some(T::KwFunction) => Block::Clauses(Place::Function),
        Some(T::KwBackup) => Block::Clauses(Place::Backup),
        Some(T::KwAccept) => Block::Clauses(Place::Accept),
        Some(T::KwKind) => Block::Kind,
        Some(T::KwScenario) => Block::Scenario,
        Some(T::KwPolicy) => Block::Policy,
        Some(T::KwTemplate) => Block::Template,
        _ => Block::Clauses(Place::Dependency),
    }
}

/// The block that is opened in the current clause of `level`.
fn inner(placed: &[Placed], level: &Level) -> Block {
    match placed.get(level.clause).map(|p| p.1) {
        Some(T::KwActivate) => Block::Clauses(Place::Activate),
        Some(T::KwTest) => Block::Clauses(Place::Test),
        Some(kind) if level.block == Block::Template && kind.begins_item() => {
            outer(placed.get(level.clause..).unwrap_or(&[]))
        }
        _ => level.block,
    }
}

fn begins_clause(placed: &[Placed], line: &[bool], here: usize, level: &Level) -> bool {
    let Some(&(start, kind, end)) = placed.get(here) else {
        return false;
    };
    let before = here.checked_sub(1).and_then(|b| placed.get(b)).map(|p| p.1);
    if end > start && line.get(start as usize) == Some(&true) {
        return kind != T::RBrace;
    }
    if matches!(before, Some(T::LBrace | T::RBrace)) {
        return kind != T::RBrace && kind != T::LBrace;
    }
    // On one line, a clause's first word begins one where it cannot be a name.
    let joins = matches!(before, Some(T::Comma | T::Dot | T::Colon | T::KwBack | T::KwSafe))
        || before.is_some_and(|b| WORDS.iter().any(|w| w.1 == b && w.2 == WordSort::Reserved));
    let reserved = matches!(kind.word(), Some((_, WordSort::Reserved)));
    level.block.has(kind) && !reserved && !joins && here != level.clause + 1
}
