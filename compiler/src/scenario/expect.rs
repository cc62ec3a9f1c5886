//! One expectation, held against what happens.

use std::ops::ControlFlow;
use std::sync::Arc;

use rbp_grammar::ast::{LossSort, Outcome};
use rbp_grammar::head::Head;

use super::Verdict;
use super::carried::{self, Against};
use super::choice::{Group, Tried, each, groups};
use super::coverage::Exercised;
use super::play::Stage;
use super::reasons::{self, Given};
use super::timeline::{Timeline, tell};
use crate::analysis::{After, Moments, World, loss_words};
use crate::diagnostic::Anchor;
use crate::faults::Evaluator;
use crate::model::{Decider, Element, Expected, element, policy};
use crate::names::ItemId;
use crate::quantity::duration_words;

/// How one expectation ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Where it stands.
    pub at: Anchor,
    /// It, as an author writes it.
    pub words: String,
    /// How it ended.
    pub verdict: Verdict,
    /// What happens.
    pub got: String,
    /// What was lost when that happened, where losses were chosen.
    pub example: Option<Vec<String>>,
    /// The names along which the losses travel.
    pub paths: Vec<Vec<String>>,
    /// Why, and what is doubtful about it.
    pub notes: Vec<String>,
    /// How many choices of losses were tried, where losses were chosen.
    pub tried: Option<Tried>,
}

/// One set of losses.
pub(super) struct Chosen {
    pub losses: Vec<(LossSort, ItemId)>,
    pub words: Vec<String>,
}

/// What happens to a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Called {
    /// It stands in for nothing that the function rests on.
    Beside,
    /// What it stands in for goes on.
    Idle,
    /// It is called for and cannot be called on.
    Down,
    /// It could be called on, and not by whoever acts.
    Refused,
    /// It is activated; with the step of the order of succession that is taken.
    Active(Option<usize>, Moments),
}

/// Judges an expectation, and tells what happens.
pub(super) fn judge(
    stage: &Stage<'_>,
    expected: &Expected<'_>,
    exercised: &mut Exercised,
) -> (Judged, Option<Timeline>) {
    let mut judged = Judged {
        at: expected.at,
        words: expected.words.clone(),
        verdict: Verdict::Open,
        got: String::new(),
        example: None,
        paths: Vec::new(),
        notes: Vec::new(),
        tried: None,
    };
    if let Some(policy) = policy(stage.db, expected.element) {
        super::policies::judge(stage, expected, &policy, &mut judged);
        return (judged, None);
    }
    let cast = match Cast::of(stage, expected) {
        Ok(cast) => cast,
        Err(why) => {
            judged.got = why;
            return (judged, None);
        }
    };
    let lost: Vec<ItemId> = stage.lost.iter().map(|(_, id)| *id).collect();
    let rests = |id: ItemId| cast.worlds.iter().any(|w| w.cone.index.contains_key(&id));
    let groups = match groups(stage.db, stage.here, &stage.any, &lost, &rests) {
        Ok(groups) => groups,
        Err(few) => {
            judged.got = format!(
                "it cannot be tried: {} of the kind `{}` are to be lost, and there are {}",
                few.wanted, few.kind, few.there
            );
            return (judged, None);
        }
    };
    let timeline = cast.judge(&groups, &mut judged, exercised);
    (judged, timeline)
}

/// An expectation with all that it concerns.
struct Cast<'a> {
    stage: &'a Stage<'a>,
    expected: &'a Expected<'a>,
    subject: Arc<Element>,
    /// The functions concerned: the subject, or what the backup protects.
    worlds: Vec<World>,
    /// Other functions that the same backups protect, where a level is expected.
    others: Vec<World>,
    /// What is gone by the day, and why.
    gone: Vec<(ItemId, String)>,
}

impl<'a> Cast<'a> {
    fn of(stage: &'a Stage<'a>, expected: &'a Expected<'a>) -> Result<Cast<'a>, String> {
        let unread = || "it rests on something that could not be read".to_owned();
        let subject = element(stage.db, expected.element).ok_or_else(unread)?;
        let functions = match expected.outcome {
            Outcome::Continues | Outcome::Fails | Outcome::Passes => vec![subject.clone()],
            Outcome::Activates | Outcome::StaysIdle => {
                let named = subject.named(Head::Protects);
                named.iter().filter_map(|f| element(stage.db, f.id)).collect()
            }
        };
        if functions.is_empty() {
            return Err(format!(
                "`{}` protects no function, so nothing calls on it",
                subject.name()
            ));
        }
        if let Some((level, written)) = expected.level {
            reasons::unfit_level(&subject, level, written).map_or(Ok(()), Err)?;
        }
        let level = expected.level.map(|(level, _)| level);
        let too_large = || "what it rests on is too large to be tried".to_owned();
        let worlds = functions.iter().map(|f| World::of(stage.db, f, level));
        let worlds: Vec<World> = worlds.collect::<Option<_>>().ok_or_else(too_large)?;
        if worlds.iter().any(|world| world.cone.incomplete) {
            return Err(unread() + "; `rbp check` says what");
        }
        let others = match (level, worlds.first()) {
            (Some(_), Some(world)) => carried::others(stage, world),
            _ => Vec::new(),
        };
        let mut gone = Vec::new();
        for element in worlds.iter().flat_map(|world| &world.cone.elements) {
            if let Some(why) = reasons::run_out(element, stage.day)
                && !gone.iter().any(|(id, _)| *id == element.id)
            {
                gone.push((element.id, why));
            }
        }
        Ok(Cast { stage, expected, subject, worlds, others, gone })
    }

    /// Tries every choice; tells of the first that is not as expected, else of the one with the longest
    /// wait.
    fn judge(
        &self,
        groups: &[Group],
        judged: &mut Judged,
        exercised: &mut Exercised,
    ) -> Option<Timeline> {
        let mut evaluators: Vec<_> = self.worlds.iter().map(|w| Some(w.evaluator())).collect();
        let mut worst: Option<(Verdict, u64, Vec<ItemId>)> = None;
        let tried = each(groups, &mut |set| {
            let chosen = self.chosen(set);
            let (verdict, ms) = self.with(&mut evaluators, &chosen, |cast, all| {
                for (world, after) in cast.worlds.iter().zip(all.iter_mut()) {
                    exercised.add(cast.stage, world, after);
                }
                cast.verdict(all, &chosen)
            });
            let worse = worst.as_ref().is_none_or(|(v, m, _)| (verdict, ms) > (*v, *m));
            if worse {
                worst = Some((verdict, ms, set.to_vec()));
            }
            if verdict == Verdict::Passed {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        let Some((verdict, _, mut set)) = worst else {
            judged.got = "it cannot be tried: more are to be lost than there are".into();
            return None;
        };
        if verdict == Verdict::Failed && self.expected.outcome == Outcome::Continues {
            self.shorten(&mut evaluators, &mut set);
        }
        let chosen = self.chosen(&set);
        let timeline = self.with(&mut evaluators, &chosen, |cast, all| {
            cast.describe(all, &chosen, verdict, judged);
            let at = cast.concerned(all);
            let (world, after) = (cast.worlds.get(at)?, all.get_mut(at)?);
            Some(tell(cast.stage, world, after, &chosen))
        });
        judged.verdict = verdict;
        if !self.stage.any.is_empty() {
            judged.tried = Some(tried);
            judged.example = Some(chosen.words);
            if verdict == Verdict::Passed && tried.tried < tried.of {
                judged.verdict = Verdict::Open;
                judged.got = format!(
                    "not everything was tried: {} of {} choices, and none was otherwise",
                    tried.tried, tried.of
                );
            }
        }
        timeline
    }

    /// Takes losses out of a set for as long as it still is not as expected.
    fn shorten<'w>(&'w self, evaluators: &mut Vec<Option<Evaluator<'w>>>, set: &mut Vec<ItemId>) {
        let mut at = 0;
        while at < set.len() {
            let mut fewer = set.clone();
            fewer.remove(at);
            let chosen = self.chosen(&fewer);
            let (verdict, _) =
                self.with(evaluators, &chosen, |cast, all| cast.verdict(all, &chosen));
            if verdict == Verdict::Failed { *set = fewer } else { at += 1 }
        }
    }

    /// What is lost for certain, on that day, and by choice.
    fn chosen(&self, set: &[ItemId]) -> Chosen {
        let name = |id: &ItemId| self.stage.name(*id);
        let by_choice = set.iter().map(|id| (LossSort::Lost, *id));
        let mut losses: Vec<(LossSort, ItemId)> = self.stage.lost.clone();
        losses.extend(by_choice);
        let mut words: Vec<String> = losses
            .iter()
            .map(|(sort, id)| match sort {
                LossSort::Lost => name(id),
                _ => loss_words(*sort, &name(id)).replace('`', ""),
            })
            .collect();
        for (id, why) in &self.gone {
            losses.push((LossSort::Lost, *id));
            words.push(format!("{} ({why})", name(id)));
        }
        Chosen { losses, words }
    }

    /// Asks all of the worlds what the losses do.
    fn with<'w, R>(
        &'w self,
        evaluators: &mut Vec<Option<Evaluator<'w>>>,
        chosen: &Chosen,
        ask: impl FnOnce(&Self, &mut Vec<After<'w>>) -> R,
    ) -> R {
        let mut all = Vec::with_capacity(self.worlds.len());
        for (world, evaluator) in self.worlds.iter().zip(evaluators.iter_mut()) {
            let evaluator = evaluator.take().unwrap_or_else(|| world.evaluator());
            all.push(world.after(evaluator, &world.events(&chosen.losses)));
        }
        let answer = ask(self, &mut all);
        for (after, evaluator) in all.into_iter().zip(evaluators.iter_mut()) {
            *evaluator = Some(after.into_evaluator());
        }
        answer
    }

    /// Whether it is as expected, and how long that takes.
    fn verdict(&self, all: &mut [After<'_>], chosen: &Chosen) -> (Verdict, u64) {
        match (self.by_losses(all), self.against(all, chosen)) {
            ((Verdict::Passed, ms), Some((verdict, _))) => (verdict, ms),
            (by_losses, _) => by_losses,
        }
    }

    /// What speaks against it where it is met as far as losses go.
    fn against(&self, all: &mut [After<'_>], chosen: &Chosen) -> Option<Against> {
        let (stage, timed) = (self.stage, self.expected.within.is_some());
        match self.expected.outcome {
            Outcome::Continues => {
                let (world, after) = (self.worlds.first()?, all.first_mut()?);
                let level = self.expected.level.map(|(level, _)| level);
                let weak = level
                    .and_then(|l| carried::weak(world, &self.others, after, &chosen.losses, l));
                let backups = after.served_by();
                weak.or_else(|| carried::timeless(stage, world, after, &backups).filter(|_| timed))
            }
            Outcome::Activates if timed => {
                self.worlds.iter().zip(all).find_map(|(world, after)| {
                    let own = *world.cone.index.get(&self.subject.id)?;
                    after.usable(own).then(|| carried::timeless(stage, world, after, &[own]))?
                })
            }
            _ => None,
        }
    }

    /// Whether it is as expected as far as losses go, and how long that takes.
    fn by_losses(&self, all: &mut [After<'_>]) -> (Verdict, u64) {
        let passed = |yes: bool| if yes { Verdict::Passed } else { Verdict::Failed };
        let (Some(world), Some(after)) = (self.worlds.first(), all.first_mut()) else {
            return (Verdict::Open, 0);
        };
        let bound = self.expected.within.map(|within| within.ms);
        match self.expected.outcome {
            Outcome::Fails => (passed(after.fails()), 0),
            // A policy is asked elsewhere.
            Outcome::Passes => (Verdict::Open, 0),
            Outcome::Continues => match after.restoration() {
                Some(ms) => (passed(bound.is_none_or(|bound| ms <= bound)), ms),
                None if world.unsure.is_empty() => (Verdict::Failed, 0),
                None => (Verdict::Open, 0),
            },
            Outcome::Activates => {
                let called = self.called(all).into_iter().filter_map(|called| match called {
                    Called::Active(step, moments) => Some((step, moments)),
                    _ => None,
                });
                let times = called.filter(|(step, _)| self.decides(*step));
                let ms = times.filter_map(|(_, moments)| moments.serving).min();
                let within = ms.is_some_and(|ms| bound.is_none_or(|bound| ms <= bound));
                (passed(within), ms.unwrap_or(0))
            }
            Outcome::StaysIdle => {
                let active = |called: &Called| matches!(called, Called::Active(..));
                (passed(!self.called(all).iter().any(active)), 0)
            }
        }
    }

    /// What happens to the backup, function by function.
    pub(super) fn called(&self, all: &mut [After<'_>]) -> Vec<Called> {
        self.worlds.iter().zip(all).map(|(world, after)| self.called_in(world, after)).collect()
    }

    fn called_in(&self, world: &World, after: &mut After<'_>) -> Called {
        let index = &world.cone.index;
        let at = index.get(&self.subject.id).copied();
        let primary = self.subject.primary().and_then(|p| index.get(&p.id).copied());
        let (Some(at), Some(primary)) = (at, primary) else { return Called::Beside };
        if !world.cone.stand_ins.get(&primary).is_some_and(|all| all.contains(&at)) {
            return Called::Beside;
        }
        if after.runs(primary) {
            return Called::Idle;
        }
        if !after.usable(at) {
            return Called::Down;
        }
        match self.stage.decider(world, after, at) {
            None if self.stage.actor.is_some() => Called::Refused,
            step => Called::Active(step, after.moments(at, step)),
        }
    }

    /// Whether the step of the order of succession is the one expected.
    fn decides(&self, step: Option<usize>) -> bool {
        let Some(wanted) = &self.expected.by else { return true };
        let succession = self.subject.activation().map(|a| a.succession()).unwrap_or_default();
        let Some(step) = step.and_then(|at| succession.get(at)) else { return false };
        let (automatic, refs) = match wanted {
            Decider::Automatic(refs) => (true, refs),
            Decider::People(refs) => (false, refs),
        };
        let includes = |id: ItemId| step.who.of.iter().any(|who| who.id == id);
        step.automatic == automatic && refs.iter().all(|r| includes(r.id))
    }

    /// Which of the worlds is told of: for a backup the first that calls on it.
    fn concerned(&self, all: &mut [After<'_>]) -> usize {
        let called = self.called(all);
        let rank = |called: &Called| match called {
            Called::Active(..) => 0,
            Called::Refused => 1,
            Called::Down => 2,
            Called::Idle => 3,
            Called::Beside => 4,
        };
        (0..called.len()).min_by_key(|at| called.get(*at).map(rank)).unwrap_or(0)
    }

    fn describe(
        &self,
        all: &mut [After<'_>],
        chosen: &Chosen,
        verdict: Verdict,
        judged: &mut Judged,
    ) {
        let against = self.against(all, chosen).filter(|(against, _)| *against == verdict);
        let at = self.concerned(all);
        let called = self.called(all).get(at).copied().unwrap_or(Called::Beside);
        let (Some(world), Some(after)) = (self.worlds.get(at), all.get_mut(at)) else { return };
        let given =
            Given { stage: self.stage, world, subject: &self.subject, losses: &chosen.losses };
        match self.expected.outcome {
            Outcome::Continues | Outcome::Fails | Outcome::Passes => {
                judged.got = function_words(world, after);
                if after.fails() {
                    judged.paths = after.ways();
                    judged.notes = given.why_it_ends(after);
                } else if verdict == Verdict::Passed {
                    judged.notes = given.doubts(&after.served_by());
                }
            }
            Outcome::Activates | Outcome::StaysIdle => {
                judged.got = self.backup_words(called);
                judged.notes = given.why_so(called, after);
                if let (Called::Active(..), Some(at)) =
                    (called, world.cone.index.get(&self.subject.id))
                {
                    judged.notes.extend(given.doubts(&[*at]));
                }
            }
        }
        judged.notes.extend(against.map(|(_, why)| why));
    }

    fn backup_words(&self, called: Called) -> String {
        let primary = self.subject.primary().map_or("", |p| &p.name.text);
        match called {
            Called::Beside => "it stays idle: it does not stand in for anything here".into(),
            Called::Idle => format!("it stays idle: `{primary}` goes on"),
            Called::Down => format!("`{primary}` is lost, and it cannot be called on"),
            Called::Refused => {
                let actor = self.stage.actor.map(|actor| self.stage.name(actor));
                format!("`{}` may not activate it", actor.unwrap_or_default())
            }
            Called::Active(step, moments) => {
                let succession = self.subject.activation().map(|a| a.succession());
                let step = succession
                    .unwrap_or_default()
                    .get(step.unwrap_or(usize::MAX))
                    .map(|s| s.words());
                let by = step.map_or(String::new(), |step| format!(" by {step}"));
                let serving = moments.serving.map_or(String::new(), |ms| {
                    format!(", and serves after {}", duration_words(ms))
                });
                format!("it is activated{by}{serving}")
            }
        }
    }
}

fn function_words(world: &World, after: &mut After<'_>) -> String {
    let Some(ms) = after.restoration() else { return "it fails".into() };
    let by = after.served_by();
    let by = by.iter().filter_map(|at| world.cone.elements.get(*at)).map(|e| e.name());
    let by: Vec<&str> = by.collect();
    match by.is_empty() && ms == 0 {
        true => "it goes on, and no backup is called on".into(),
        false => format!("it serves again after {}, by {}", duration_words(ms), by.join(", ")),
    }
}
