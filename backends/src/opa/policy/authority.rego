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

counts(step, who) if {
	not here[who]
	step.count == 1
}

counts(step, who) if {
	not here[who]
	step.count != 1
	not d.things[who].group
}

# Whoever acts or approves; an approval that was given before the condition was met is about something else.
voters(backup, step) := {who |
	some who in actors | approvers(backup, object.get(condition_since, backup, null))
	counts(step, who)
}

approvers(backup, since) := {d.numbers[approval.by] |
	since != null
	some approval in input.approvals
	d.backup_numbers[approval.backup] == backup
	moments[approval.at] >= since
}

# The most places that can be taken, each by another voter: of all sets of places, the fewest voters for them
# and all other places (König). `halls` lists the sets where one voter can take several places.
taken(step, all) := count(all & actors) if step.count == 1

taken(step, all) := count(seats) if {
	step.count != 1
	step.halls == null
	seats := [seat |
		some seat in step.seats
		some who in all
		takes(seat, who)
	]
}

taken(step, all) := least(sizes) if {
	step.count != 1
	step.halls != null
	sizes := {size |
		some hall in step.halls
		able := {who |
			some who in all
			some at in hall
			takes(step.seats[at], who)
		}
		size := (count(able) + count(step.seats)) - count(hall)
	}
}

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

of_step contains [backup, number, {"reason": "approval-missing", "step": number + 1, "have": have, "need": step.count}] if {
	some [backup, number] in own
	step := d.backups[backup].steps[number]
	have := taken(step, voters(backup, step))
	have < step.count
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
