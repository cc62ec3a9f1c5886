//! The syntax tree of one declaration.
//!
//! Positions are counted in significant tokens from the declaration's own first one, never in
//! bytes. So white space and comments change no tree, text above a declaration may move without
//! touching it, and two trees are equal exactly when they say the same words in the same order.
//! [`crate::Parsed::bytes`] turns a [`Span`] into bytes of the file.

use std::fmt;

use smol_str::SmolStr;

use crate::head::Head;

/// A run of significant tokens, `start..end`, counted from the declaration's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// The first token.
    pub start: u32,
    /// The token after the last.
    pub end: u32,
}

/// A name where it is given or used. A use may be dotted: `power.generator`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name as written, without spaces around its dots.
    pub text: SmolStr,
    /// Where it stands.
    pub span: Span,
}

/// A string where it stands, its escapes resolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// What it says, or the name of a parameter.
    pub text: SmolStr,
    /// A parameter of a template stands for it.
    pub parameter: bool,
    /// Where it stands.
    pub span: Span,
}

/// A number with its unit, as written: `1.8 MW`, `30%`, `1e-5/h`, `41000 EUR/year`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The number's text, such as `1.8`; empty where a parameter of a template stands for it.
    pub number: SmolStr,
    /// The unit's text, such as `MW`, `EUR/year`, `/h` or `%`; empty for a bare number, which only
    /// policies may write. The name of the parameter where one stands for it.
    pub unit: SmolStr,
    /// Where it stands.
    pub span: Span,
}

impl Quantity {
    /// The parameter of a template that stands for it.
    pub fn parameter(&self) -> Option<&SmolStr> {
        self.number.is_empty().then_some(&self.unit)
    }
}

impl fmt::Display for Quantity {
    /// As an author writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = if self.number.is_empty()
            || self.unit.is_empty()
            || self.unit.starts_with(['%', '/'])
        {
            ""
        } else {
            " "
        };
        write!(f, "{}{space}{}", self.number, self.unit)
    }
}

/// A date as written, `2026-10-01`; whether the calendar has it is checked later. In a template the
/// name of a parameter may stand for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Date {
    /// The ten characters.
    pub text: SmolStr,
    /// Where it stands.
    pub span: Span,
}

impl Date {
    /// The parameter of a template that stands for it.
    pub fn parameter(&self) -> Option<&SmolStr> {
        (!self.text.starts_with(|c: char| c.is_ascii_digit())).then_some(&self.text)
    }
}

/// One declaration of a file, with the documentation before it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// The text of the `///` lines before it, without the slashes.
    pub docs: Option<SmolStr>,
    /// All of it.
    pub span: Span,
    /// What it declares.
    pub kind: ItemKind,
}

/// What a declaration declares.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ItemKind {
    Import(Box<Import>),
    Unit(Box<Unit>),
    Kind(Box<Kind>),
    Element(Box<Element>),
    Template(Box<Template>),
    Policy(Box<Policy>),
    Accept(Box<Accept>),
    Scenario(Box<Scenario>),
    Evidence(Text),
    Apply(Apply),
    /// What could not be read; its own error says why.
    Error,
}

/// `import std.power.{generator as g}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Import {
    /// The path before the braces, or all of it.
    pub path: Name,
    /// `as x` after the path.
    pub alias: Option<Name>,
    /// The names in braces; `None` where there are no braces.
    pub names: Option<Vec<ImportedName>>,
}

/// One name in the braces of an import.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImportedName {
    /// The name in the module it comes from.
    pub name: Name,
    /// `as x`.
    pub alias: Option<Name>,
}

/// `unit MW = 1000 kW`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unit {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// What it is made of; a base unit has none.
    pub definition: Option<Quantity>,
}

/// `kind generator : machine { field fuel : text  requires capacity }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// Its name.
    pub name: Name,
    /// The kind it is a sort of.
    pub parent: Option<Name>,
    /// Its title.
    pub title: Option<Text>,
    /// Its fields and required clauses.
    pub clauses: Vec<KindClause>,
}

/// A clause of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum KindClause {
    Field { name: Name, ty: Name },
    Requires(Vec<Name>),
    Error,
}

/// What an element is declared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Role {
    Dependency,
    Signal,
    Function,
    Backup,
}

impl Role {
    /// The item keyword.
    pub fn word(self) -> &'static str {
        match self {
            Role::Dependency => "dependency",
            Role::Signal => "signal",
            Role::Function => "function",
            Role::Backup => "backup",
        }
    }
}

/// A dependency, signal, function or backup.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Element {
    /// What it is declared as.
    pub role: Role,
    /// Its name.
    pub name: Name,
    /// Its kind, after the colon.
    pub kind: Option<Name>,
    /// `for` a primary, of a backup.
    pub primary: Option<Name>,
    /// `= template(…)`.
    pub template: Option<Box<TemplateUse>>,
    /// Its title.
    pub title: Option<Text>,
    /// Its clauses in the order written.
    pub clauses: Vec<Clause>,
}

/// `= hot-standby(primary: db-a, place: zone-b)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TemplateUse {
    /// The template.
    pub name: Name,
    /// Its arguments, each named.
    pub arguments: Vec<(Name, Value)>,
}

/// A value of a field or an argument.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Value {
    Name(Name),
    Text(Text),
    Quantity(Quantity),
    Date(Date),
}

/// One clause: its first word says which.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Clause {
    /// Which clause.
    pub head: Head,
    /// All of it.
    pub span: Span,
    /// What follows the head.
    pub args: Args,
}

impl Clause {
    /// Whether it is made of texts, and none of them says anything.
    pub fn is_blank(&self) -> bool {
        matches!(&self.args, Args::Texts(texts) if texts.iter().all(|t| t.text.trim().is_empty()))
    }
}

/// What follows a clause's head, by shape. What is rare or large stands in a box: clauses are what
/// most of a workspace's memory is, and the parser moves each several times.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Args {
    /// Nothing: `reserved`.
    Flag,
    /// `owner facilities`, `protects a, b`.
    Names(Vec<Name>),
    /// `needs a, 1 of [b, c]`.
    Needs { needs: Vec<Need>, to_run: bool },
    /// `steps "…", "…"`.
    Texts(Vec<Text>),
    /// `restores within 8s`.
    Quantity(Quantity),
    /// `changed 2026-10-01`.
    Date(Date),
    /// `demand 1.8 MW for 96h resupplied by x within 4h`.
    Load {
        amount: Quantity,
        duration: Option<Box<Quantity>>,
        resupply: Option<Box<(Name, Quantity)>>,
    },
    /// `covers full` (no text) or `covers degraded "…"`.
    Quality { degraded: Option<Text> },
    /// `rto 8h on corruption`.
    Objective { bound: Quantity, cause: Option<Box<Cause>> },
    /// `survives any 2 loss of kind machine`.
    SurvivesAny { order: Count, kind: Option<Name> },
    /// `survives each of [a, b]`.
    SurvivesEach(Vec<Name>),
    /// `stock 4 part expires 2027-01-01`.
    Stock { amount: Quantity, expires: Option<Box<Date>> },
    /// `lends 20% recall within 10min by x`.
    Lends { share: Quantity, recall: Option<Box<Quantity>>, by: Option<Box<Name>> },
    /// `allow slug because "…"`.
    Allow { slug: Name, because: Text },
    /// A clause of the element's kind: `fuel "diesel"`.
    Field { name: Name, value: Box<Value> },
    /// `activate { … }`.
    Activate(Vec<Clause>),
    /// `test monthly { … }`.
    Test { name: Name, clauses: Vec<Clause> },
    /// `when a and b for 10s`, `hand back when a`.
    Condition { when: SignalExpr, hold: Option<Box<Quantity>> },
    /// `by automatic on x, then y within 5min`.
    By(Vec<Authority>),
    /// `fence x via y`.
    Fence { target: Name, via: Vec<Name> },
    /// `reach a, b within 5min`.
    Reach { via: Vec<Name>, within: Option<Box<Quantity>> },
    /// `fail safe when x "open the breaker"`.
    FailSafe { when: SignalExpr, action: Option<Box<Text>> },
    /// `proves activation, load 0.6 MW for 30min`.
    Proves(Vec<Proof>),
    /// `last 2026-11-02 passed evidence "…"`.
    Last { date: Date, passed: bool, evidence: Option<Box<Text>> },
    /// Could not be read; its own error says why.
    Error,
}

/// A whole number where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Count {
    /// Its value; numbers too large to hold become the largest.
    pub value: u32,
    /// Where it stands.
    pub span: Span,
}

/// What must be there: `a`, or `2 of [a, b, c]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Need {
    One(Name),
    Some { count: Count, of: Vec<Name>, span: Span },
}

/// What an objective is for, after `on`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Cause {
    Corruption,
    Compromise,
    LossOfKind(Name),
}

/// An observation that a rule waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum SignalExpr {
    Signal(Name),
    Not(Box<SignalExpr>),
    And(Box<SignalExpr>, Box<SignalExpr>),
    Or(Box<SignalExpr>, Box<SignalExpr>),
    Some { count: Count, of: Vec<SignalExpr>, span: Span },
}

/// Who may activate: one step in an order of succession.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Authority {
    /// `automatic on x` rather than a person or team.
    pub automatic: bool,
    /// Who or what.
    pub who: Need,
    /// The bound on its decision.
    pub within: Option<Quantity>,
}

/// One thing that a test shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Proof {
    Aspect(Name),
    Load { amount: Quantity, duration: Option<Quantity> },
}

/// A parametric declaration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Template {
    /// Its name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The kind of what it makes.
    pub kind: Option<Name>,
    /// The primary of the backup that it makes.
    pub primary: Option<Name>,
    /// Its title.
    pub title: Option<Text>,
    /// The clauses of the one element it makes.
    pub clauses: Vec<Clause>,
    /// The elements of the group it makes.
    pub elements: Vec<Element>,
}

/// `lag: duration = 10s`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Parameter {
    pub name: Name,
    pub bound: Name,
    pub default: Option<Value>,
}

/// Rules for a whole model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// Its citations, severity and rules.
    pub clauses: Vec<PolicyClause>,
}

/// A clause of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum PolicyClause {
    Cite(Text),
    Severity(Name),
    ForEach { selector: Box<Selector>, filter: Option<Expr>, rules: Vec<PolicyClause> },
    Require { condition: Expr, otherwise: Text },
    Error,
}

/// `backup g of kind generator in f.backups`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selector {
    /// `backup`, `function`, `dependency`, `signal`; `None` where only a set is named.
    pub role: Option<Role>,
    /// The name bound.
    pub name: Name,
    /// `of kind K`.
    pub kind: Option<Name>,
    /// `in SET`.
    pub set: Option<Expr>,
}

/// An expression of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Expr {
    Name(Name),
    Text(Text),
    Quantity(Quantity),
    Date(Date),
    /// `g.tests`.
    Field {
        of: Box<Expr>,
        field: Name,
    },
    /// `spofs(f)`, `f.tagged("x")`.
    Call {
        callee: Box<Expr>,
        arguments: Vec<Expr>,
    },
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Binary {
        operator: Operator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `30% of g.covers`.
    ShareOf {
        share: Quantity,
        of: Box<Expr>,
    },
    /// `LOAD for 30min`.
    For {
        amount: Box<Expr>,
        duration: Quantity,
    },
    Quantified {
        quantifier: Quantifier,
        name: Name,
        set: Box<Expr>,
        body: Box<Expr>,
    },
}

/// An operator between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    LessEqual,
    GreaterEqual,
    Less,
    Greater,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// `some x in S: P` and its kin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Quantifier {
    Some,
    Every,
    Count,
    Sum,
}

/// `accept loss of x for f { … }` or `accept slug on x { … }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Accept {
    /// What is accepted.
    pub what: Accepted,
    /// The functions it is accepted for; none where the slug says enough.
    pub functions: Vec<Name>,
    /// Its reason, owner and end.
    pub clauses: Vec<Clause>,
}

/// What an acceptance names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Accepted {
    Loss { sort: LossSort, elements: Vec<Name> },
    Finding { slug: Name, on: Vec<Name> },
}

/// A sort of loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LossSort {
    /// Gone or unreachable.
    Lost,
    /// Present but wrong: deleted, overwritten, encrypted.
    Corrupted,
    /// In the hands of somebody else.
    Compromised,
}

/// A what-if with expectations.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scenario {
    /// Its name.
    pub name: Name,
    /// Its title.
    pub title: Option<Text>,
    /// Its steps and expectations.
    pub clauses: Vec<ScenarioClause>,
}

/// A clause of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum ScenarioClause {
    At(Date),
    Actor(Name),
    Lose { sort: LossSort, elements: Vec<Name> },
    LoseAny { count: Count, kind: Name },
    Expect(Box<Expectation>),
    Error,
}

/// What a scenario expects of one element or policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Expectation {
    pub element: Name,
    pub outcome: Outcome,
    pub within: Option<Quantity>,
    pub level: Option<Quantity>,
    pub by: Option<Authority>,
    pub on: Option<Name>,
}

/// The outcome that is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Outcome {
    Continues,
    Fails,
    Activates,
    StaysIdle,
    Passes,
}

/// `apply std.packs.nfpa-110 to life-support`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub struct Apply {
    pub pack: Name,
    pub to: Vec<Name>,
}

/// Two expressions joined by an operator.
pub(crate) fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    Expr::Binary { operator, left: Box::new(left), right: Box::new(right) }
}
