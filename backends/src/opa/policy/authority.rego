# ---- who may act ------------------------------------------------------------------------------------------

takes(seat, who) if {
	some member in seat.members
	member == who
}

takes(seat, who) if {
	some deputy in seat.deputies
	deputy[1] == who
	active_backups[deputy[0]]
}

sits(step, who) if {
	some seat in step.seats
	takes(seat, who)
}

# The steps of which the actor is: [backup, number].
own := [[backup, number] |
	some actor in actors
	some backup in wanted
	some number
	step := d.backups[backup].steps[number]
	sits(step, actor)
]

own_backups := {backup | some [backup, _] in own}

reasons contains [backup, {"reason": "no-actor"}] if {
	some backup in wanted
	actors == set()
}

reasons contains [backup, {"reason": "not-authorised"}] if {
	some backup in wanted - own_backups
	actors != set()
}

reasons contains [backup, {"reason": "actor-lost"}] if {
	some backup in own_backups
	some actor in actors
	here[actor]
}

counts(way, who) if {
	not here[who]
	way.need == 1
}

counts(way, who) if {
	not here[who]
	way.need != 1
	not d.things[who].group
}

# Whoever acts or approves; an approval that was given before the condition was met is about something else.
voters(backup, way) := {who |
	some who in actors | approvers(backup, object.get(condition_since, backup, null))
	counts(way, who)
}

approvers(backup, since) := {d.numbers[approval.by] |
	since != null
	some approval in input.approvals
	d.backup_numbers[approval.backup] == backup
	moments[approval.at] >= since
}

# How many places of a way are taken, each by another voter. `halls` lists the sets of places where one voter can
# take several: of all these sets, the fewest voters for them and the most that the other places count (König).
taken(way, all) := count(all & actors) if way.need == 1

taken(way, all) := sum(sizes) if {
	way.need != 1
	way.halls == null
	sizes := [size |
		some pool in way.pools
		able := {at |
			some at in pool.of
			some who in all
			takes(way.seats[at], who)
		}
		size := least({pool.k, count(able)})
	]
}

taken(way, all) := least(sizes) if {
	way.need != 1
	way.halls != null
	sizes := {size |
		some hall in way.halls
		able := {who |
			some who in all
			some at in hall.of
			takes(way.seats[at], who)
		}
		size := count(able) + hall.others
	}
}

# Of each way in which the actor takes part how many places are taken, and how many must be.
filled := [[backup, number, have, way.need] |
	some [backup, number] in own
	some way in d.backups[backup].steps[number].ways
	some actor in actors
	sits(way, actor)
	have := taken(way, voters(backup, way))
]

enough := {[backup, number] |
	some [backup, number, have, need] in filled
	have >= need
}

# Of the ways in which the actor takes part, the one that lacks the fewest. A team acts through its people.
closest(backup, number) := [need - gap, need] if {
	lacking := {[one[3] - one[2], one[3]] |
		some one in filled
		one[0] == backup
		one[1] == number
	}
	gap := least({pair[0] | some pair in lacking})
	need := least({pair[1] |
		some pair in lacking
		pair[0] == gap
	})
} else := [0, d.backups[backup].steps[number].least]

# The steps of the wanted backups, with the moments from which and until which it is the turn of each, or null.
turns := {backup: of |
	some backup in wanted
	of := [turn |
		some number
		step := d.backups[backup].steps[number]
		turn := {"step": step, "from": turn_from(backup, number), "until": turn_until(backup, step), "there": is_there(step)}
	]
}

is_there(step) := true if not here[step.node]

is_there(step) := false if here[step.node]

# Those before a step who are there have their time first; it is never the turn of those behind one without bound.
turn_from(backup, number) := ms if {
	earlier := [step.within_ms |
		some step in array.slice(d.backups[backup].steps, 0, number)
		not here[step.node]
	]
	every within in earlier {
		within != null
	}
	ms := later(held[backup], greatest(array.concat(earlier, [0])))
} else := null

turn_until(backup, step) := ms if {
	step.within_ms != null
	ms := later(held[backup], step.within_ms)
} else := null

text_or_null(null) := null

text_or_null(ms) := moment_text(ms) if ms != null

# Why the actor may not act in a step.
of_step contains [backup, number, {"reason": "not-your-turn", "step": number + 1, "from": text_or_null(turn.from)}] if {
	some [backup, number] in own
	held[backup]
	turn := turns[backup][number]
	not is_turn(turn)
}

is_turn(turn) if {
	turn.from != null
	turn.from <= now
}

of_step contains [backup, number, {"reason": "step-not-there", "step": number + 1}] if {
	some [backup, number] in own
	here[d.backups[backup].steps[number].node]
}

of_step contains [backup, number, {"reason": "approval-missing", "step": number + 1, "have": best[0], "need": best[1]}] if {
	some [backup, number] in own
	not enough[[backup, number]]
	best := closest(backup, number)
}

barred_steps := {[backup, number] | some [backup, number, _] in of_step}

free := {backup |
	some [backup, number] in own
	not barred_steps[[backup, number]]
}

reasons contains [backup, reason] if {
	some [backup, _, reason] in of_step
	not free[backup]
}
