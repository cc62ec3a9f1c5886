//! Small models whose answers can be seen by eye.

use super::*;

struct Sketch(StructureBuilder);

impl Sketch {
    fn node(&mut self, delay: u64) -> NodeId {
        self.0.node(NodeSpec { delay, ..NodeSpec::default() })
    }

    fn latent(&mut self, delay: u64) -> NodeId {
        self.0.node(NodeSpec { latent: true, delay, ..NodeSpec::default() })
    }

    fn lost_with(&mut self, node: NodeId) -> EventId {
        let event = self.0.event();
        self.0.hit(event, node);
        event
    }

    fn need(&mut self, node: NodeId, k: u32, members: &[NodeId]) {
        self.needs(node, k, members, Met::ToStart);
    }

    fn needs(&mut self, node: NodeId, k: u32, members: &[NodeId], met: Met) {
        self.0.need(node, Need { k, members: members.to_vec(), met, ..Need::default() });
    }
}

fn sketch() -> Sketch {
    Sketch(StructureBuilder::new())
}

#[test]
fn a_backup_cannot_hold_itself_up() {
    // life support needs the grid or the diesel; the diesel's pump runs on the bus that the diesel feeds.
    let mut s = sketch();
    let (grid, bus, pump, diesel, life) = (s.node(0), s.node(0), s.node(0), s.latent(0), s.node(0));
    let lost_grid = s.lost_with(grid);
    s.need(bus, 1, &[grid, diesel]);
    s.need(pump, 1, &[bus]);
    s.need(diesel, 1, &[pump]);
    s.need(life, 1, &[bus]);
    let structure = s.0.build().unwrap();
    assert_eq!(structure.single_losses(&[life]), vec![vec![lost_grid]]);
    let mut evaluator = Evaluator::new(&structure);
    let state = evaluator.evaluate(&[lost_grid]);
    let witness = evaluator.witness(&state, life);
    assert_eq!(
        witness,
        vec![Witness { event: lost_grid, path: vec![grid, bus, life], interrupted: false }]
    );
    assert_eq!(structure.start_loops(false), Vec::<Vec<NodeId>>::new());
    assert_eq!(structure.start_loops(true), vec![vec![bus, pump, diesel]]);
}

#[test]
fn needs_to_run_come_back_together() {
    // The same with a pump that the diesel needs only to run: the diesel starts, and the bus brings back
    // the pump.
    let mut s = sketch();
    let (grid, bus, pump, diesel) = (s.node(0), s.node(0), s.node(1_000), s.latent(10_000));
    let slow = s.latent(8 * 3_600_000);
    let lost_grid = s.lost_with(grid);
    s.need(bus, 1, &[grid, slow, diesel]);
    s.need(pump, 1, &[bus]);
    s.needs(diesel, 1, &[pump], Met::ToRun);
    let structure = s.0.build().unwrap();
    let mut evaluator = Evaluator::new(&structure);
    let state = evaluator.evaluate(&[lost_grid]);
    assert!(!state.is_running(bus) && state.is_up(bus));
    // The pump begins last, after 11 s; a slow second backup does not make it later.
    assert_eq!(evaluator.restoration(&state, bus), Some(11_000));
    assert_eq!(evaluator.stand_ins(&state, bus), vec![diesel]);
    assert!(structure.single_losses(&[bus])[0].is_empty());
}

#[test]
fn what_is_called_on_is_there_before() {
    // A desk brings back the line and needs it; what stands in for the desk runs only over the line.
    let mut s = sketch();
    let (line, spare, power) = (s.node(0), s.latent(60), s.node(0));
    let (desk, second_desk, at_desk) = (s.node(0), s.latent(5), s.node(0));
    let lost = s.lost_with(line);
    s.need(power, 1, &[line, spare]);
    s.need(desk, 1, &[power]);
    s.need(at_desk, 1, &[desk, second_desk]);
    s.needs(spare, 1, &[at_desk], Met::Before);
    let mut refused = s.0.clone();
    let met = Met::ToRun;
    refused.need(second_desk, Need { k: 1, members: vec![power], met, ..Need::default() });
    let refused = refused.build().unwrap();
    assert_eq!(refused.single_losses(&[power]), vec![vec![lost]]);
    // One that runs on its own is called on first.
    let structure = s.0.build().unwrap();
    let mut evaluator = Evaluator::new(&structure);
    let state = evaluator.evaluate(&[lost]);
    assert_eq!(evaluator.restoration(&state, power), Some(65));
}

#[test]
fn nothing_is_up_by_virtue_of_who_needs_it() {
    // A node needs either of two, and one of them needs the node: it is the other that counts.
    for (need, needed_back) in [(Met::Before, Met::ToRun), (Met::ToRun, Met::Before)] {
        let mut s = sketch();
        let (one, user, other) = (s.latent(0), s.latent(0), s.latent(0));
        s.lost_with(one);
        let mut ends = vec![vec![s.lost_with(user)]];
        (0..3).for_each(|_| ends.push(vec![s.lost_with(other)]));
        s.needs(one, 1, &[user], needed_back);
        s.needs(user, 1, &[one, other], need);
        let structure = s.0.build().unwrap();
        let found = structure.search_cut_sets(user, 2, &Limits::default(), &|| false);
        assert_eq!(found.sets, ends);
    }
}

#[test]
fn a_stopped_loop_stays_stopped() {
    // Two services need each other, one of them a network with a backup: a short interruption is final.
    let mut s = sketch();
    let (line, backup, network, a, b) = (s.node(0), s.latent(5), s.node(0), s.node(0), s.node(0));
    let lost_line = s.lost_with(line);
    s.need(network, 1, &[line, backup]);
    s.need(a, 2, &[network, b]);
    s.need(b, 1, &[a]);
    let structure = s.0.build().unwrap();
    let mut evaluator = Evaluator::new(&structure);
    let state = evaluator.evaluate(&[lost_line]);
    assert_eq!(evaluator.restoration(&state, network), Some(5));
    assert!(!state.is_up(a) && !state.is_up(b));
    let witness = evaluator.witness(&state, b);
    assert_eq!(
        witness,
        vec![Witness { event: lost_line, path: vec![line, network, a, b], interrupted: true }]
    );
    assert_eq!(structure.start_loops(false), vec![vec![a, b]]);
}

#[test]
fn succession_is_by_order_and_choice_by_speed() {
    let mut s = sketch();
    let (primary, first, second) = (s.node(0), s.latent(60), s.latent(5));
    let (gate, quick) = (s.latent(1), s.latent(1));
    let lost = s.lost_with(primary);
    let lost_first = s.lost_with(first);
    s.0.need(gate, Need { k: 1, members: vec![first, second], ordered: true, ..Need::default() });
    s.need(quick, 1, &[first, second]);
    let (in_turn, fastest) = (s.node(0), s.node(0));
    s.need(in_turn, 1, &[primary, gate]);
    s.need(fastest, 1, &[primary, quick]);
    let structure = s.0.build().unwrap();
    let mut evaluator = Evaluator::new(&structure);
    let state = evaluator.evaluate(&[lost]);
    assert_eq!(evaluator.restoration(&state, in_turn), Some(61));
    assert_eq!(evaluator.stand_ins(&state, in_turn), vec![gate, first]);
    assert_eq!(evaluator.restoration(&state, fastest), Some(6));
    assert_eq!(evaluator.stand_ins(&state, fastest), vec![quick, second]);
    let state = evaluator.evaluate(&[lost, lost_first]);
    assert_eq!(evaluator.restoration(&state, in_turn), Some(6));
}

#[test]
fn an_impossible_top_fails_with_nothing_lost() {
    let mut s = sketch();
    let (top, part) = (s.node(0), s.node(0));
    let lost = s.lost_with(part);
    s.need(top, 2, &[part]);
    let structure = s.0.build().unwrap();
    assert_eq!(structure.single_losses(&[top]), vec![vec![lost]]);
    let found = structure.search_cut_sets(top, 3, &Limits::default(), &|| false);
    assert_eq!(found, CutSets { sets: vec![vec![]], complete: Completeness::Full });
}

#[test]
fn the_builder_refuses_what_it_never_gave_out() {
    let mut s = sketch();
    let node = s.node(0);
    s.need(node, 1, &[NodeId(7)]);
    assert_eq!(s.0.build().err(), Some(BuildError::UnknownNode(NodeId(7))));
    let mut s = sketch();
    let node = s.node(0);
    s.0.hit(EventId(3), node);
    assert_eq!(s.0.build().err(), Some(BuildError::UnknownEvent(EventId(3))));
}

#[test]
fn an_empty_structure_is_fine() {
    let structure = StructureBuilder::new().build().unwrap();
    assert!(structure.single_losses(&[]).is_empty());
    assert!(structure.start_loops(true).is_empty());
    let state = Evaluator::new(&structure).evaluate(&[]);
    assert_eq!(state.up().iter().count(), 0);
    assert_eq!(structure.cone(&[]).unwrap().structure.node_count(), 0);
}
