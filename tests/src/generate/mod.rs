//! Workspaces of any size that look like those of people: sites with places and keepers, files of
//! functions, dependencies, signals and backups that import from them and from each other. Most
//! functions are clean, some have findings. The same seed gives the same text.

mod blocks;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use rbp_compiler::db::{Day, Package};
use rbp_compiler::diagnostic::FileId;
use rbp_compiler::session::{FileSpec, Session};
use rbp_grammar::ast::ItemKind;
use rbp_grammar::token::T;

use crate::random::Random;
use blocks::{BLOCKS, FLAWS, SERVICE, SITE};

/// One file in so many is a site; the others name the sites of their district.
const DISTRICT: usize = 10;
/// So many blocks in a hundred have something wrong.
const FLAWED: usize = 6;
/// The fewest declarations of a pool.
const POOL: usize = 3;

/// How large a workspace is, and which one of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The number of files.
    pub files: usize,
    /// The number of declarations in each, imports not counted; at least 40.
    pub declarations: usize,
    /// Which of all such workspaces.
    pub seed: u64,
}

/// The files of a workspace: path and text.
pub fn generate(shape: Shape) -> Vec<(String, String)> {
    let modules = Modules::new(shape);
    (0..shape.files).map(|file| (modules.path(file), modules.text(file))).collect()
}

/// A session with those files as one package, judged on that day.
pub fn session(files: &[(String, String)], day: Day) -> (Session, Vec<FileId>) {
    fill(Session::new(day), files)
}

/// Puts the files into an empty session, as one package.
pub fn fill(mut session: Session, files: &[(String, String)]) -> (Session, Vec<FileId>) {
    let package = session.add_package(Package { name: "made".into(), ..Package::default() });
    let files = files.iter().map(|(path, text)| {
        let module = path.trim_end_matches(".rbp").replace('/', ".");
        (FileSpec { path: path.clone(), module, package }, text.as_str().into())
    });
    let ids = session.add_files(files.collect());
    (session, ids)
}

struct Modules {
    shape: Shape,
    /// Block numbers of file `n` begin at `n * stride`.
    stride: usize,
    /// The module of each kind of the standard library.
    kinds: BTreeMap<String, &'static str>,
    /// The words that begin the names of a site.
    site_words: BTreeSet<String>,
}

impl Modules {
    fn new(shape: Shape) -> Modules {
        let mut kinds = BTreeMap::new();
        for module in rbp_stdlib::MODULES.iter().filter(|module| module.name != "prelude") {
            for item in rbp_grammar::parse(module.text).items {
                if let ItemKind::Kind(kind) = &item.syntax.item.kind {
                    kinds.insert(kind.name.text.to_string(), module.name);
                }
            }
        }
        let words = SITE.split_whitespace().filter_map(|word| word.strip_suffix("-#"));
        let site_words = words.map(str::to_owned).collect();
        let stride = (shape.declarations / 4 + 1).next_power_of_two().max(16);
        Modules { shape, stride, kinds, site_words }
    }

    fn is_site(&self, file: usize) -> bool {
        file.is_multiple_of(DISTRICT) && self.shape.files > 1
    }

    fn path(&self, file: usize) -> String {
        let district = file / DISTRICT;
        match file % DISTRICT {
            0 => format!("district-{district}/site.rbp"),
            unit => format!("district-{district}/unit-{unit}.rbp"),
        }
    }

    /// The sites that a file of the district finds: their numbers. A lone file has its own.
    fn sites(&self, district: usize) -> std::ops::Range<usize> {
        let declared = match self.shape.files {
            1 => self.shape.declarations / DISTRICT,
            _ => self.shape.declarations,
        };
        let first = district * DISTRICT * self.stride;
        first..first + (declared.saturating_sub(POOL) / size(SITE)).max(1)
    }

    fn random(&self, file: usize) -> Random {
        Random::new(self.shape.seed.wrapping_mul(1_000_003).wrapping_add(file as u64))
    }

    /// The blocks of a file with their numbers, and how many declarations are left over for a pool.
    fn plan(&self, file: usize) -> (Vec<(usize, &'static str)>, usize) {
        let mut random = self.random(file);
        let sites = self.sites(file / DISTRICT);
        let lone = self.shape.files == 1;
        let (mut plan, mut left) = (Vec::new(), self.shape.declarations);
        for number in file * self.stride.. {
            let site = self.is_site(file) || (lone && sites.contains(&number));
            let unit = random.pick(&BLOCKS).copied().unwrap_or(SITE);
            let block = if site { SITE } else { unit };
            if size(block) + POOL > left {
                break;
            }
            left -= size(block);
            plan.push((number, block));
        }
        (plan, left)
    }

    fn text(&self, file: usize) -> String {
        let mut random = self.random(file);
        let (plan, left) = self.plan(file);
        let next = file * self.stride + plan.len();
        let mut body = String::new();
        for (number, block) in plan {
            body += &self.block(block, file, number, &mut random);
        }
        pool(&mut body, next, left);
        let mut text = format!("//! File {file}: what it does and what that rests on.\n");
        self.imports(&mut text, file, &body);
        text + &body
    }

    fn block(&self, block: &str, file: usize, number: usize, random: &mut Random) -> String {
        let mut text = block.to_owned();
        if block != SITE && random.percent(FLAWED) {
            let fitting: Vec<_> = FLAWS.iter().filter(|(right, _)| text.contains(right)).collect();
            if let Some((right, wrong)) = random.pick(&fitting) {
                text = text.replacen(right, wrong, 1);
            }
        }
        // A few rest on the sites of another district.
        let districts = self.shape.files.div_ceil(DISTRICT);
        let district = if random.percent(3) { random.below(districts) } else { file / DISTRICT };
        let sites = self.sites(district);
        let one = random.below(sites.len());
        let other = (one + 1 + random.below(sites.len().saturating_sub(1))) % sites.len();
        let amount = 110 + 10 * random.below(80);
        text.replace('$', &(sites.start + one).to_string())
            .replace('&', &(sites.start + other).to_string())
            .replace('@', &self.elsewhere(file, number, random).to_string())
            .replace('~', &amount.to_string())
            .replace('#', &number.to_string())
    }

    /// Another block that runs services, of the file before where that is no site.
    fn elsewhere(&self, file: usize, number: usize, random: &mut Random) -> usize {
        let before = file.checked_sub(1).filter(|before| !self.is_site(*before));
        let plan = self.plan(before.unwrap_or(file)).0.into_iter();
        let services = plan.filter(|(other, block)| *block == SERVICE && *other != number);
        let services: Vec<usize> = services.map(|(number, _)| number).collect();
        random.pick(&services).copied().unwrap_or(number)
    }

    /// The imports that the text needs.
    fn imports(&self, text: &mut String, file: usize, body: &str) {
        let mut wanted: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let tokens = rbp_grammar::significant(body);
        for (at, token) in tokens.iter().enumerate() {
            let word = token.text(body);
            let after = |kind| at > 0 && tokens[at - 1].kind == kind;
            if let Some(module) = self.kinds.get(word).filter(|_| after(T::Colon)) {
                wanted.entry(format!("std.{module}")).or_default().insert(word);
            } else if let Some(from) = self.home(word).filter(|from| *from != file) {
                let module = self.path(from).trim_end_matches(".rbp").replace('/', ".");
                wanted.entry(module).or_default().insert(word);
            }
        }
        for (module, names) in wanted {
            let names: Vec<&str> = names.into_iter().collect();
            for some in names.chunks(8) {
                let _ = writeln!(text, "import {module}.{{{}}}", some.join(", "));
            }
        }
    }

    /// The file that declares what is called so.
    fn home(&self, word: &str) -> Option<usize> {
        let (word, number) = word.rsplit_once('-')?;
        let number: usize = number.parse().ok()?;
        let shared = self.site_words.contains(word) || word == "node";
        shared.then_some(number / self.stride)
    }
}

/// How many declarations a block has.
fn size(block: &str) -> usize {
    let first = |line: &&str| {
        ["dependency ", "signal ", "function ", "backup "].iter().any(|word| line.starts_with(word))
    };
    block.lines().filter(first).count()
}

/// A function on several machines of which one is enough: as many declarations as wanted.
fn pool(text: &mut String, number: usize, declarations: usize) {
    let machines: Vec<String> =
        (1..declarations).map(|at| format!("machine-{number}-{at}")).collect();
    for machine in &machines {
        let _ = writeln!(text, "dependency {machine} : server");
    }
    if !machines.is_empty() {
        let machines = machines.join(", ");
        let _ = writeln!(
            text,
            "function batch-{number} {{\n  owner digital\n  depends on 1 of [{machines}]\n  rto 4h  mtpd 2d\n  demand 100 rps for 24h\n  survives any 1 loss\n}}"
        );
    }
}
