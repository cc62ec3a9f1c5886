//! Everything that is worked out about one function.

use std::sync::Arc;

use rbp_grammar::ast::Role;
use rustc_hash::FxHashMap;

use crate::analysis::build::{Backups, Circuit, Meaning, circuit};
use crate::analysis::cone::{Cone, Index, Standing};
use crate::analysis::names::Loss;
use crate::analysis::reasons::{Cut, Fall, cut, falls, own_falls};
use crate::analysis::stale::{Stale, stale};
use crate::analysis::together::{Together, together};
use crate::db::{Db, Declaration, SourceFile, Workspace, file};
use crate::faults::{Completeness, Evaluator, EventId, Limits, State};
use crate::model::{Element, Tolerance, element_from, facts};
use crate::names::ItemId;

/// A single loss that the function survives by calling on backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The loss.
    pub loss: Loss,
    /// How long until it serves again, in milliseconds.
    pub ms: u64,
    /// The backups called on, nearest the function first.
    pub by: Vec<Index>,
    /// The backups of what is down that cannot be called on then.
    pub fallen: Vec<Fall>,
    /// The actors and controllers that are gone then, and that nothing replaces.
    pub gone: Vec<ItemId>,
}

/// The function with every backup that is declared for it, credible or not.
#[derive(Debug)]
pub struct Declared {
    /// Its elements.
    pub cone: Arc<Cone>,
    /// The single losses that would still end it.
    pub cuts: Vec<Cut>,
    /// The backups that fall with what they stand in for.
    pub own_falls: Vec<(Loss, Fall)>,
}

/// What losses do to a function.
#[derive(Debug)]
pub struct Analysis {
    /// Its elements.
    pub cone: Arc<Cone>,
    /// The single losses that end it.
    pub cuts: Vec<Cut>,
    /// The backups that fall with what they stand in for, with its loss.
    pub own_falls: Vec<(Loss, Fall)>,
    /// The minimal sets of two and more losses that end it, up to the order it says it survives.
    pub larger: Vec<Vec<Loss>>,
    /// The highest order that was asked for.
    pub order: u32,
    /// The highest order up to which `larger` has everything.
    pub complete_to: u32,
    /// The single losses after which backups are called on.
    pub restored: Vec<Restored>,
    /// Restoration after several losses at once.
    pub together: Together,
    /// Copies that several losses at once call on, and that are too far behind.
    pub stale: Stale,
    /// Loops of elements none of which starts before the others.
    pub loops: Vec<Vec<Index>>,
    /// The same with the backups that are not credible, where there are any.
    pub declared: Option<Declared>,
    /// The circuit could not be built: too large.
    pub too_large: bool,
}

/// What a function's analysis is made from, and nothing else.
#[derive(Debug, PartialEq, Eq)]
pub struct Basis {
    cone: Arc<Cone>,
    /// The cone with the backups that are not credible, where there are any.
    declared: Option<Arc<Cone>>,
    /// The highest order that is asked about.
    order: u32,
    /// How many losses the package wants survived where nobody says.
    default: u32,
}

/// Of the function that is declared there; `None` where that is no function. Gathered anew after every edit of its
/// file, which is quick; where it comes out the same, the analysis stands.
#[salsa::tracked(returns(ref))]
fn basis_of<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Arc<Basis>> {
    let at = of.file(db);
    if !at.open(db) {
        return bases(db, at).get(&of.item(db)).cloned();
    }
    let function = element_from(db, at, ItemId { file: at.id(db), item: of.item(db) })?;
    basis(db, at, &function)
}

/// Of all functions of a file that nobody edits, by their numbers.
#[salsa::tracked(returns(ref))]
fn bases(db: &dyn Db, at: SourceFile) -> FxHashMap<u32, Arc<Basis>> {
    let elements = facts(db, at).elements();
    elements.filter_map(|element| Some((element.id.item, basis(db, at, element)?))).collect()
}

fn basis(db: &dyn Db, at: SourceFile, function: &Arc<Element>) -> Option<Arc<Basis>> {
    if function.role() != Role::Function {
        return None;
    }
    let cone = Arc::new(Cone::of(db, at, function, Standing::Credible));
    let declared = cone.doubted.then(|| Arc::new(Cone::of(db, at, function, Standing::Declared)));
    let default = default_order(db, at);
    let order = wanted_order(&function.tolerances(), default);
    Some(Arc::new(Basis { cone, declared, order, default }))
}

/// What the function that is declared there rests on; `None` where that is no function.
pub(super) fn cone_of<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<&'db Cone> {
    basis_of(db, of).as_ref().map(|basis| &*basis.cone)
}

/// What was worked out about a function, the same for as long as it was not worked out anew.
#[derive(Debug, Clone)]
struct Known(Arc<Analysis>);

impl PartialEq for Known {
    fn eq(&self, other: &Known) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
impl Eq for Known {}

#[salsa::tracked(returns(ref))]
fn analysis_of<'db>(db: &'db dyn Db, of: Declaration<'db>) -> Option<Known> {
    let at = of.file(db);
    if !at.open(db) {
        return analyses(db, at).get(&of.item(db)).cloned();
    }
    Some(Known(analysed(db, basis_of(db, of).as_ref()?)))
}

/// What was made of what, of the functions of a file that nobody edits, by their numbers.
pub type Made = FxHashMap<u32, (Arc<Basis>, Arc<Analysis>)>;

/// Of all functions of a file that nobody edits. Of those whose basis is what it was, the analysis is what it was: that
/// shows in the time alone.
#[salsa::tracked(returns(ref))]
fn analyses(db: &dyn Db, at: SourceFile) -> FxHashMap<u32, Known> {
    let last = db.last_analyses(at.id(db)).unwrap_or_default();
    let anew = |item: &u32, basis: &Arc<Basis>| match last.get(item) {
        Some((before, analysis)) if before == basis => analysis.clone(),
        _ => analysed(db, basis),
    };
    let all = bases(db, at).iter();
    let made: Made = all.map(|(item, b)| (*item, (b.clone(), anew(item, b)))).collect();
    let known = made.iter().map(|(item, (_, analysis))| (*item, Known(analysis.clone()))).collect();
    db.keep_analyses(at.id(db), Arc::new(made));
    known
}

fn analysed(db: &dyn Db, basis: &Basis) -> Arc<Analysis> {
    let declared = basis.declared.as_ref().and_then(declared_cuts);
    let stop = || {
        // An edit that waits for this answer unwinds from here.
        db.unwind_if_revision_cancelled();
        false
    };
    let analysis = analyse(basis.cone.clone(), basis.order, basis.default, &stop);
    Arc::new(Analysis { declared, ..analysis })
}

/// How many losses the package of a file wants survived where nobody says.
pub(super) fn default_order(db: &dyn Db, at: SourceFile) -> u32 {
    let packages = Workspace::get(db).packages(db);
    packages.get(at.package(db) as usize).and_then(|p| p.survives).unwrap_or(1)
}

/// The analysis of a function.
pub fn analysis(db: &dyn Db, function: ItemId) -> Option<&Arc<Analysis>> {
    let known = analysis_of(db, Declaration::new(db, file(db, function.file)?, function.item));
    known.as_ref().map(|known| &known.0)
}

/// The same, asked for while `here` is checked.
pub(crate) fn analysis_from(
    db: &dyn Db,
    here: SourceFile,
    function: ItemId,
) -> Option<&Arc<Analysis>> {
    match function.file == here.id(db) && !here.open(db) {
        true => analyses(db, here).get(&function.item).map(|known| &known.0),
        false => analysis(db, function),
    }
}

/// The highest order that any of the function's claims reaches.
fn wanted_order(tolerances: &[Tolerance<'_>], default: u32) -> u32 {
    let orders = tolerances.iter().map(|tolerance| match tolerance {
        Tolerance::Any { order, .. } => *order,
        Tolerance::Each(..) => 1,
    });
    let general = tolerances.iter().any(|t| matches!(t, Tolerance::Any { kind: None, .. }));
    orders.max().unwrap_or(default).max(if general { 0 } else { default })
}

/// Works everything out. Single losses cost about what each touches; sets of them by the engine's
/// hitting-set tree, within its default limits.
fn analyse(cone: Arc<Cone>, order: u32, default: u32, stop: &dyn Fn() -> bool) -> Analysis {
    let built =
        circuit(&cone, Backups::Real).and_then(|real| Ok((real, circuit(&cone, Backups::Ideal)?)));
    let Ok((real, ideal)) = built else {
        return Analysis {
            cone,
            cuts: Vec::new(),
            own_falls: Vec::new(),
            larger: Vec::new(),
            order,
            complete_to: 0,
            restored: Vec::new(),
            together: Together::NotAsked,
            stale: Stale::Nothing,
            loops: Vec::new(),
            declared: None,
            too_large: true,
        };
    };
    let singles = single(&real);
    let unaddressed = single(&ideal);
    let mut evaluator = Evaluator::new(&real.structure);
    let cuts = cuts(&cone, &mut evaluator, &real, &singles, &unaddressed);
    let own_falls = own_falls(&cone, &mut evaluator, &real);
    let restored = restored(&cone, &mut evaluator, &real, &singles);
    let (larger, complete_to) = larger(&real, order, stop);
    let together = together(&cone, &real, order, default);
    let stale = stale(&cone, &real, order, default);
    let loops = loops(&real);
    let declared = None;
    Analysis {
        cone,
        cuts,
        own_falls,
        larger,
        order,
        complete_to,
        restored,
        together,
        stale,
        loops,
        declared,
        too_large: false,
    }
}

fn cuts(
    cone: &Cone,
    evaluator: &mut Evaluator<'_>,
    circuit: &Circuit,
    singles: &[EventId],
    unaddressed: &[EventId],
) -> Vec<Cut> {
    let cuts = singles.iter().map(|event| {
        let addressed = unaddressed.binary_search(event).is_err();
        cut(cone, evaluator, circuit, *event, addressed)
    });
    cuts.collect()
}

/// The single losses that would end the function if every declared backup counted: what is wrong
/// with a backup beside its not being credible. `None` where the circuit cannot be built.
fn declared_cuts(cone: &Arc<Cone>) -> Option<Declared> {
    let real = circuit(cone, Backups::Real).ok()?;
    let unaddressed = single(&circuit(cone, Backups::Ideal).ok()?);
    let mut evaluator = Evaluator::new(&real.structure);
    let cuts = cuts(cone, &mut evaluator, &real, &single(&real), &unaddressed);
    let own_falls = own_falls(cone, &mut evaluator, &real);
    Some(Declared { cone: cone.clone(), cuts, own_falls })
}

fn single(circuit: &Circuit) -> Vec<EventId> {
    circuit.structure.single_losses(&[circuit.top]).into_iter().next().unwrap_or_default()
}

fn restored(
    cone: &Cone,
    evaluator: &mut Evaluator<'_>,
    circuit: &Circuit,
    cuts: &[EventId],
) -> Vec<Restored> {
    let mut restored = Vec::new();
    let acting = acting(cone);
    for (number, loss) in circuit.losses.iter().enumerate() {
        let event = EventId(number as u32);
        if cuts.binary_search(&event).is_ok() {
            continue;
        }
        let state = evaluator.evaluate(&[event]);
        if state.is_running(circuit.top) {
            continue;
        }
        let Some(ms) = evaluator.restoration(&state, circuit.top) else { continue };
        let by = evaluator.stand_ins(&state, circuit.top);
        let by = by.into_iter().filter_map(|node| match circuit.meanings[node.index()] {
            Meaning::Usable(backup) => Some(backup),
            _ => None,
        });
        let by = by.collect();
        let fallen = falls(cone, evaluator, circuit, &state);
        let gone = acting.iter().filter(|at| !served(cone, circuit, &state, **at));
        let gone = gone.map(|at| cone.elements[*at].id).collect();
        restored.push(Restored { loss: *loss, ms, by, fallen, gone });
    }
    restored
}

/// Everybody who can act, and every controller that puts a backup to work.
fn acting(cone: &Cone) -> Vec<Index> {
    let mut acting: Vec<Index> =
        (0..cone.elements.len()).filter(|at| cone.elements[*at].is("actor")).collect();
    for at in cone.stand_ins.values().flatten() {
        let activation = cone.elements[*at].activation();
        let steps = activation.map(|a| a.succession()).unwrap_or_default();
        let controllers = steps.iter().filter(|step| step.automatic).flat_map(|step| &step.who.of);
        acting.extend(controllers.filter_map(|target| cone.index.get(&target.id).copied()));
    }
    acting.sort_unstable();
    acting.dedup();
    acting
}

/// Whether an element or a backup of it is up in the end.
fn served(cone: &Cone, circuit: &Circuit, state: &State, at: Index) -> bool {
    let stand_ins = cone.stand_ins.get(&at).into_iter().flatten();
    let gates = stand_ins.filter_map(|backup| circuit.usable.get(backup));
    circuit.own.get(at).into_iter().chain(gates).any(|node| state.is_up(*node))
}

fn larger(circuit: &Circuit, order: u32, stop: &dyn Fn() -> bool) -> (Vec<Vec<Loss>>, u32) {
    if order < 2 {
        return (Vec::new(), order);
    }
    let found =
        circuit.structure.minimal_cut_sets(circuit.top, order as usize, &Limits::default(), stop);
    let complete = match found.complete {
        Completeness::Full => order,
        Completeness::UpTo { order, .. } => order as u32,
    };
    let sets = found.sets.into_iter().filter(|set| set.len() > 1);
    let sets = sets.map(|set| set.into_iter().map(|event| circuit.losses[event.index()]).collect());
    (sets.collect(), complete)
}

/// Loops of start-up needs, backups left aside.
fn loops(circuit: &Circuit) -> Vec<Vec<Index>> {
    let loops = circuit.structure.start_loops(false).into_iter().map(|nodes| {
        let mut named: Vec<Index> = Vec::new();
        for node in nodes {
            if let Meaning::Element(at) = circuit.meanings[node.index()]
                && !named.contains(&at)
            {
                named.push(at);
            }
        }
        named
    });
    loops.filter(|named| !named.is_empty()).collect()
}
