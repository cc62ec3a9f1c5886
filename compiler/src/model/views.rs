//! What the clauses of an element say, ready to be reasoned about.

use rbp_grammar::ast::{
    Args, Authority, Cause, Clause, LossSort, Name, Need, Quantity, SignalExpr, Text,
};
use rbp_grammar::head::Head;

use crate::diagnostic::Anchor;
use crate::model::element::{Element, Timed};
use crate::names::ItemId;
use crate::quantity::Amount;

/// An element that a clause names.
#[derive(Debug, Clone, Copy)]
pub struct Ref<'a> {
    /// The name as written.
    pub name: &'a Name,
    /// The element.
    pub id: ItemId,
}

/// `2 of [a, b, c]`, or `a` as one of one.
#[derive(Debug, Clone)]
pub struct NeedView<'a> {
    /// The clause that says so: `needs`, `in`, `exposed to`, `depends on`.
    pub head: Head,
    /// How many must be there.
    pub count: u32,
    /// Of which; names that mean nothing are left out.
    pub of: Vec<Ref<'a>>,
    /// How many are named, known or not.
    pub named: u32,
    /// Only required while running.
    pub to_run: bool,
    /// Where it stands.
    pub at: Anchor,
}

/// A need as it is written, for those who only follow it: nothing is copied.
#[derive(Debug, Clone, Copy)]
pub struct BareNeed<'a> {
    element: &'a Element,
    names: &'a [Name],
    /// How many must be there.
    pub count: u32,
    /// Only required while running.
    pub to_run: bool,
}

impl<'a> BareNeed<'a> {
    /// How many are named, known or not.
    pub fn named(&self) -> u32 {
        self.names.len() as u32
    }

    /// Of which; names that mean nothing are left out.
    pub fn of(&self) -> impl Iterator<Item = ItemId> + use<'a> {
        let element = self.element;
        self.names.iter().filter_map(move |name| element.target(name))
    }
}

/// The clauses by which an element cannot do without others.
pub(crate) const NEEDS: &[Head] = &[Head::Needs, Head::In, Head::ExposedTo, Head::DependsOn];

/// `demand 1.8 MW for 96h`.
#[derive(Debug, Clone, Copy)]
pub struct LoadView<'a> {
    /// How much.
    pub amount: &'a Amount,
    /// As written.
    pub written: &'a Quantity,
    /// For how long.
    pub duration: Option<Timed>,
    /// Who resupplies it, and how soon.
    pub resupply: Option<(&'a Name, Timed)>,
    /// Where it stands.
    pub at: Anchor,
}

/// `rto 8h on corruption`.
#[derive(Debug, Clone, Copy)]
pub struct ObjectiveView<'a> {
    /// The bound.
    pub bound: Timed,
    /// Its cause; `None` for every loss that no other objective names.
    pub cause: Option<&'a Cause>,
    /// The kind that the cause names.
    pub kind: Option<ItemId>,
}

/// `survives any 2 loss of kind machine`.
#[derive(Debug, Clone)]
pub enum Tolerance<'a> {
    /// Any set of so many losses.
    Any {
        /// How many.
        order: u32,
        /// Of which kind, where it says so; the name may mean nothing.
        kind: Option<(&'a Name, Option<ItemId>)>,
        /// Where it stands.
        at: Anchor,
    },
    /// Each of these alone.
    Each(Vec<Ref<'a>>, Anchor),
}

impl Element {
    fn refs<'a>(&'a self, names: &'a [Name]) -> Vec<Ref<'a>> {
        names.iter().filter_map(|name| Some(Ref { name, id: self.target(name)? })).collect()
    }

    fn need<'a>(&'a self, head: Head, need: &'a Need, to_run: bool) -> NeedView<'a> {
        let (count, names, span) = match need {
            Need::One(name) => (1, std::slice::from_ref(name), name.span),
            Need::Some { count, of, span } => (count.value, of.as_slice(), *span),
        };
        let of = self.refs(names);
        NeedView { head, count, of, named: names.len() as u32, to_run, at: self.at(span) }
    }

    fn needs_in<'a>(&'a self, clause: &'a Clause) -> Vec<NeedView<'a>> {
        match &clause.args {
            Args::Needs { needs, to_run } => {
                needs.iter().map(|n| self.need(clause.head, n, *to_run)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn bare<'a>(
        &'a self,
        clauses: &'a [Clause],
        heads: &'static [Head],
    ) -> impl Iterator<Item = BareNeed<'a>> {
        let all = clauses.iter().filter_map(move |clause| match &clause.args {
            Args::Needs { needs, to_run } if heads.contains(&clause.head) => {
                Some(needs.iter().map(move |need| (need, *to_run)))
            }
            _ => None,
        });
        all.flatten().map(move |(need, to_run)| {
            let (count, names) = match need {
                Need::One(name) => (1, std::slice::from_ref(name)),
                Need::Some { count, of, .. } => (count.value, of.as_slice()),
            };
            BareNeed { element: self, names, count, to_run }
        })
    }

    /// What clauses with these heads name, in the order written.
    pub(crate) fn bare_needs(&self, heads: &'static [Head]) -> impl Iterator<Item = BareNeed<'_>> {
        self.bare(self.all_clauses(), heads)
    }

    /// What it cannot do without: `needs`, `in`, `exposed to`, `depends on`, in the order written.
    pub fn needs(&self) -> Vec<NeedView<'_>> {
        let clauses = self.all_clauses().iter().filter(|c| NEEDS.contains(&c.head));
        clauses.flat_map(|c| self.needs_in(c)).collect()
    }

    /// What a clause such as `installed by` or a signal's `from` names.
    pub fn needs_of(&self, head: Head) -> Vec<NeedView<'_>> {
        self.clauses(head).flat_map(|c| self.needs_in(c)).collect()
    }

    /// The elements that a clause such as `controlled by` or `protects` names.
    pub fn named(&self, head: Head) -> Vec<Ref<'_>> {
        self.clauses(head)
            .flat_map(|clause| match &clause.args {
                Args::Names(names) => self.refs(names),
                _ => Vec::new(),
            })
            .collect()
    }

    /// The primary of a backup.
    pub fn primary(&self) -> Option<Ref<'_>> {
        let name = self.ast_primary()?;
        Some(Ref { name, id: self.target(name)? })
    }

    /// The load that `demand`, `minimum` or `covers` states.
    pub fn load(&self, head: Head) -> Option<LoadView<'_>> {
        let clause = self.clause(head)?;
        let Args::Load { amount: written, duration, resupply } = &clause.args else { return None };
        Some(LoadView {
            amount: self.amount(written)?,
            written,
            duration: duration.as_ref().and_then(|d| self.timed(d)),
            resupply: resupply.as_deref().and_then(|(by, within)| Some((by, self.timed(within)?))),
            at: self.at(clause.span),
        })
    }

    /// The objectives that `rto` or `rpo` clauses state.
    pub fn objectives(&self, head: Head) -> Vec<ObjectiveView<'_>> {
        self.clauses(head)
            .filter_map(|clause| match &clause.args {
                Args::Objective { bound, cause } => {
                    let kind = match cause.as_deref() {
                        Some(Cause::LossOfKind(name)) => self.target(name),
                        _ => None,
                    };
                    Some(ObjectiveView { bound: self.timed(bound)?, cause: cause.as_deref(), kind })
                }
                _ => None,
            })
            .collect()
    }

    /// The objective that holds for a loss of that sort of an element of those kinds: the most
    /// particular one, of several the shortest.
    pub fn objective(&self, head: Head, sort: LossSort, lost: &Element) -> Option<Timed> {
        let rank = |o: &ObjectiveView<'_>| match (o.cause, sort) {
            (None, _) => Some(1),
            (Some(Cause::Corruption), LossSort::Corrupted) => Some(2),
            (Some(Cause::Compromise), LossSort::Compromised) => Some(2),
            (Some(Cause::LossOfKind(_)), LossSort::Lost) => {
                let kind = o.kind?;
                lost.lineage.as_ref()?.descends_from(kind).then_some(2)
            }
            _ => None,
        };
        let ranked = self.objectives(head).into_iter().filter_map(|o| Some((rank(&o)?, o.bound)));
        ranked
            .min_by_key(|(rank, bound)| (std::cmp::Reverse(*rank), bound.ms))
            .map(|(_, bound)| bound)
    }

    /// The losses that it says it survives.
    pub fn tolerances(&self) -> Vec<Tolerance<'_>> {
        self.clauses(Head::Survives)
            .filter_map(|clause| match &clause.args {
                Args::SurvivesAny { order, kind } => Some(Tolerance::Any {
                    order: order.value,
                    kind: kind.as_ref().map(|name| (name, self.target(name))),
                    at: self.at(clause.span),
                }),
                Args::SurvivesEach(names) => {
                    Some(Tolerance::Each(self.refs(names), self.at(clause.span)))
                }
                _ => None,
            })
            .collect()
    }

    /// Its activation rule.
    pub fn activation(&self) -> Option<Activation<'_>> {
        let clause = self.clause(Head::Activate)?;
        match &clause.args {
            Args::Activate(clauses) => {
                Some(Activation { backup: self, clauses, at: self.at(clause.span) })
            }
            _ => None,
        }
    }
}

/// How a backup is put to work.
#[derive(Debug, Clone, Copy)]
pub struct Activation<'a> {
    /// Whose.
    pub backup: &'a Element,
    clauses: &'a [Clause],
    /// Where it stands.
    pub at: Anchor,
}

/// One step of the order of succession.
#[derive(Debug, Clone)]
pub struct AuthorityView<'a> {
    /// A controller rather than people.
    pub automatic: bool,
    /// Who.
    pub who: NeedView<'a>,
    /// The bound on its decision; an automatic one without a bound decides at once.
    pub within: Option<Timed>,
}

impl AuthorityView<'_> {
    /// Who, as an author writes it: `automatic on ats-1`, `2 of [ana, bo, chi]`.
    pub fn words(&self) -> String {
        let names: Vec<&str> = self.who.of.iter().map(|r| r.name.text.as_str()).collect();
        let who = match (self.who.named, names.as_slice()) {
            (1, [name]) => (*name).to_owned(),
            _ => format!("{} of [{}]", self.who.count, names.join(", ")),
        };
        if self.automatic { format!("automatic on {who}") } else { who }
    }
}

impl<'a> Activation<'a> {
    /// Its first clause with that head.
    pub fn clause(&self, head: Head) -> Option<&'a Clause> {
        self.clauses.iter().find(|c| c.head == head)
    }

    /// Its clauses with that head.
    pub fn clauses(&self, head: Head) -> impl Iterator<Item = &'a Clause> + use<'a> {
        self.clauses.iter().filter(move |c| c.head == head)
    }

    /// The place of the clause, or of the whole rule where it has no such clause.
    pub fn clause_at(&self, head: Head) -> Anchor {
        self.clause(head).map_or(self.at, |c| self.backup.at(c.span))
    }

    /// What must be observed, and for how long.
    pub fn when(&self) -> Option<(&'a SignalExpr, Option<Timed>)> {
        match &self.clause(Head::When)?.args {
            Args::Condition { when, hold } => {
                Some((when, hold.as_ref().and_then(|hold| self.backup.timed(hold))))
            }
            _ => None,
        }
    }

    /// The order of succession.
    pub fn succession(&self) -> Vec<AuthorityView<'a>> {
        match self.clause(Head::By).map(|c| &c.args) {
            Some(Args::By(all)) => all.iter().map(|authority| self.authority(authority)).collect(),
            _ => Vec::new(),
        }
    }

    fn authority(&self, authority: &'a Authority) -> AuthorityView<'a> {
        AuthorityView {
            automatic: authority.automatic,
            who: self.backup.need(Head::By, &authority.who, false),
            within: authority.within.as_ref().and_then(|within| self.backup.timed(within)),
        }
    }

    /// What `with` and `funded by` name.
    pub fn needs_of(&self, head: Head) -> Vec<NeedView<'a>> {
        self.clauses(head).flat_map(|clause| self.backup.needs_in(clause)).collect()
    }

    /// The same, for those who only follow it.
    pub(crate) fn bare_needs(
        &self,
        heads: &'static [Head],
    ) -> impl Iterator<Item = BareNeed<'a>> + use<'a> {
        self.backup.bare(self.clauses, heads)
    }

    /// What is fenced, and through what.
    pub fn fences(&self) -> Vec<(&'a Name, Vec<Ref<'a>>, Anchor)> {
        self.clauses(Head::Fence)
            .filter_map(|clause| match &clause.args {
                Args::Fence { target, via } => {
                    Some((target, self.backup.refs(via), self.backup.at(clause.span)))
                }
                _ => None,
            })
            .collect()
    }

    /// The ways to it with the time each takes.
    pub fn reaches(&self) -> Vec<(Vec<Ref<'a>>, Option<Timed>, Anchor)> {
        self.clauses(Head::Reach)
            .filter_map(|clause| match &clause.args {
                Args::Reach { via, within } => {
                    let within = within.as_ref().and_then(|w| self.backup.timed(w));
                    Some((self.backup.refs(via), within, self.backup.at(clause.span)))
                }
                _ => None,
            })
            .collect()
    }

    /// The conditions under which it must not continue, with what to do instead.
    pub fn fail_safes(&self) -> Vec<(&'a SignalExpr, Option<&'a Text>, Anchor)> {
        self.clauses(Head::FailSafe)
            .filter_map(|clause| match &clause.args {
                Args::FailSafe { when, action } => {
                    Some((when, action.as_deref(), self.backup.at(clause.span)))
                }
                _ => None,
            })
            .collect()
    }

    /// The steps written down for those who do it.
    pub fn steps(&self) -> &'a [Text] {
        match self.clause(Head::Steps).map(|c| &c.args) {
            Some(Args::Texts(steps)) => steps,
            _ => &[],
        }
    }
}
