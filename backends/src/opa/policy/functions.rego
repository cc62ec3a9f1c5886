# ---- functions --------------------------------------------------------------------------------------------

# Those under which something is down, or a backup must not continue.
impaired := {number |
	some selection
	down := now_down[selection]
	some node in down
	some number in d.resting[node]
	d.functions[number].apart == selection
} | {number |
	some number in touched
	some backup in d.functions[number].gates
	stopped_backups[backup]
}

state(number) := "activate" if activating[number]

state(number) := "nominal" if {
	not ending[number]
	not impaired[number]
}

state(number) := "degraded" if {
	not ending[number]
	impaired[number]
}

state(number) := "fail-safe" if {
	ending[number]
	not activating[number]
	not any_down[d.functions[number].apart][d.functions[number].thing]
}

state(number) := "lost" if any_down[d.functions[number].apart][d.functions[number].thing]

# What is to be activated: along everything that is down now and would be up, to the nearest stand-ins.
coming := {selection: comes |
	some selection
	down := safe_down[selection]
	comes := now_down[selection] - down
}

members(node) := [member |
	some need in node.needs
	some member in need.of
]

# The stand-ins among these that would come up, those first that serve soonest.
called_gates(node, comes) := [member |
	some member in members(node)
	comes[member]
	d.nodes[member].gate != null
]

next_nodes(node, comes) := {gates[0]} if {
	gates := called_gates(node, comes)
	gates != []
} else := ({member | some member in members(node)} | {thing |
	thing := node.itself
	thing != null
}) & comes

# The backups that are not active and for which others hold out that serve now, with the moments until which those do.
# None of a place where something serves that holds out for nothing.
holding := {number: found |
	some number in touched
	down := now_down[d.functions[number].apart]
	serving_now := [backup |
		some backup in d.functions[number].gates
		stands_in(backup, down)
	]
	for_good := {d.backups[backup].primary |
		some backup in serving_now
		d.backups[backup].until == null
	}
	found := [[d.backups[backup].until, lasts_until(backup)] |
		some backup in serving_now
		d.backups[backup].until != null
		not active_backups[d.backups[backup].until]
		not for_good[d.backups[backup].primary]
	]
	found != []
}

holding_functions := {number |
	some number
	holding[number]
}

calls := {number: found |
	some number in activating | (holding_functions - ending)
	comes := coming[d.functions[number].apart]
	paths := {node: next_nodes(d.nodes[node], comes) | some node in comes}
	awaited := object.get(holding, number, [])
	held_calls := [call |
		some backup in {one[0] | some one in awaited}
		comes[d.backups[backup].gate]
		by := moment_or_null([one[1] |
			some one in awaited
			one[0] == backup
			one[1] != null
		])
		call := {"primary": d.backups[backup].primary, "backups": [backup], "by": by}
	]
	starts := {d.functions[number].thing | activating[number]} | {d.backups[one[0]].gate | some one in awaited}
	near_calls := [call |
		some node in graph.reachable(paths, starts)
		backups := [d.nodes[member].gate |
			some member in called_gates(d.nodes[node], comes)
			not active_backups[d.nodes[member].gate]
		]
		backups != []
		call := {"primary": d.backups[backups[0]].primary, "backups": backups, "by": null}
	]
	found := array.concat(held_calls, near_calls)
}

# The bound that applies to a loss: one for that cause before one for all, and of several the shortest.
objective(function, loss) := ms if {
	ranked := {[rank, bound.within_ms] |
		some bound in function.rto
		rank := rank_of(bound, loss)
	}
	best := greatest({pair[0] | some pair in ranked})
	ms := least({pair[1] |
		some pair in ranked
		pair[0] == best
	})
}

rank_of(bound, _) := 1 if {
	bound.on == null
	bound.of_kind == null
}

rank_of(bound, loss) := 2 if {
	bound.of_kind != null
	loss_sort(loss) == "lost"
	bound.of_kind in d.things[d.numbers[loss.element]].kinds
}

rank_of(bound, loss) := 2 if {
	bound.of_kind == null
	bound.on == loss_sort(loss)
	bound.on != "lost"
}

# The losses under functions that do not serve, with the moment since when.
hits := [[number, found] |
	some number in ending
	some found in dated
	falls_under(found[1], number)
]

falls_under(things, number) if {
	some thing in things
	some function in d.resting[thing]
	function == number
}

restore_by(number, function) := moment_or_null([by |
	some hit in hits
	hit[0] == number
	by := later(hit[1][0], objective(function, hit[1][2]))
])

end_by(number, function) := moment_or_null([by |
	function.mtpd_ms != null
	some hit in hits
	hit[0] == number
	by := later(hit[1][0], function.mtpd_ms)
])

lasts_until(backup) := later(active[backup], d.backups[backup].lasts_ms) if {
	active[backup] != null
	d.backups[backup].lasts_ms != null
} else := null

# Whether a backup is active and serves in the place of what is not there.
stands_in(backup, down) if {
	active_backups[backup]
	d.backups[backup].primary != null
	not down[d.backups[backup].gate]
	down[d.backups[backup].primary]
}

serving(function, down) := [one |
	some backup in function.gates
	stands_in(backup, down)
	one := {"backup": d.things[d.backups[backup].thing].id, "until": text_or_null(lasts_until(backup))}
]

spent_list(function) := [one |
	some backup in function.gates
	some pair in spent
	pair[0] == backup
	one := {"backup": d.things[d.backups[backup].thing].id, "until": moment_text(pair[1])}
]

stop_list(function) := [one |
	some backup in function.gates
	stopped_backups[backup]
	actions := [rule[0].action |
		some rule in fail_safes[backup]
		rule[1] == "yes"
		rule[0].action != null
	]
	one := {"backup": d.things[d.backups[backup].thing].id, "actions": actions}
]

call_list(found) := [one |
	some primary in sort([d.things[call.primary].id | some call in found])
	some call in found
	d.things[call.primary].id == primary
	one := {"for": primary, "by": call.by, "backups": [d.things[d.backups[backup].thing].id | some backup in call.backups]}
]

gone_under(number) := names({thing |
	some thing in gone
	falls_under([thing], number)
})

told_functions := [number |
	some id in sort([d.things[d.functions[one].thing].id | some one in touched])
	number := d.function_numbers[id]
	tell(number)
]

tell(_) if some_functions

tell(number) if state(number) != "nominal"

function_decisions := [one |
	some number in told_functions
	function := d.functions[number]
	one := {
		"function": d.things[function.thing].id,
		"state": state(number),
		"lost": gone_under(number),
		"serving": serving(function, now_down[function.apart]),
		"spent": spent_list(function),
		"activate": call_list(object.get(calls, number, [])),
		"stop": stop_list(function),
		"restore_by": restore_by(number, function),
		"end_by": end_by(number, function),
	}
]

nominal := 0 if some_functions

nominal := count(d.functions) - count(told_functions) if not some_functions

id_or_null(null) := null

id_or_null(thing) := d.things[thing].id if thing != null

actor_id := id if {
	some actor in actors
	id := d.things[actor].id
} else := null

backup_decisions := [one |
	some id in sort([d.things[d.backups[one].thing].id | some one in wanted])
	backup := d.backup_numbers[id]
	against := sort([pair[1] |
		some pair in reasons
		pair[0] == backup
	])
	steps := [step |
		some turn in turns[backup]
		step := {
			"automatic": turn.step.automatic,
			"count": turn.step.count,
			"who": names({seat.named | some seat in turn.step.seats}),
			"there": turn.there,
			"from": text_or_null(turn.from),
			"until": text_or_null(turn.until),
		}
	]
	one := {
		"backup": id,
		"stands_in_for": id_or_null(d.backups[backup].primary),
		"actor": actor_id,
		"may": against == [],
		"reasons": against,
		"met_since": text_or_null(object.get(condition_since, backup, null)),
		"steps": steps,
	}
]
