# ---- conditions -------------------------------------------------------------------------------------------

# What signals show; one whose monitor is not up tells nothing.
seen := {signal: shows.on |
	some signal
	shows := shown[signal]
	not here[signal]
}

# A condition is a list of ways in which it is met, each a list of signals with what they must show.
as_wanted(literal) if seen[literal[0]] == literal[1]

otherwise(literal) if seen[literal[0]] != literal[1]

met(way) if {
	every literal in way {
		as_wanted(literal)
	}
}

barred(way) if {
	some literal in way
	otherwise(literal)
}

open(ways) if {
	some way in ways
	not barred(way)
}

truth(ways) := "yes" if {
	some way in ways
	met(way)
} else := "unknown" if {
	open(ways)
} else := "no"

met_since(ways) := least({since |
	some way in ways
	met(way)
	since := greatest({shown[literal[0]].since | some literal in way})
})

silent(ways) := names({literal[0] |
	some way in ways
	some literal in way
	not as_wanted(literal)
	not otherwise(literal)
})

contrary(ways) := names({literal[0] |
	some way in ways
	some literal in way
	otherwise(literal)
})

names(things) := sort([d.things[thing].id | some thing in things])

# Of the backups in question whether their condition is met.
truths := {backup: truth(d.backups[backup].ways) |
	some backup in wanted_alone | (under | waiting)
	d.backups[backup].ways != null
}

# And of each condition under which they must not continue.
fail_safes := {backup: known |
	some backup in wanted_alone | (under | waiting)
	known := [[rule, truth(rule.ways)] | some rule in d.backups[backup].fail_safe]
}

stopped_backups := {backup |
	some backup in under & active_backups
	some rule in fail_safes[backup]
	rule[1] == "yes"
}

unsafe := {backup |
	some function in ending | holding_functions
	some backup in d.functions[function].gates
	some rule in fail_safes[backup]
	rule[1] != "no"
}

# ---- backups ----------------------------------------------------------------------------------------------

# When the condition is met, and since when it has been held long enough.
condition_since := {backup: met_since(d.backups[backup].ways) |
	some backup in wanted
	truths[backup] == "yes"
}

held := {backup: from |
	some backup in wanted
	from := later(condition_since[backup], d.backups[backup].hold_ms)
}

has_rule(backup) if {
	d.backups[backup].ways != null
	d.backups[backup].steps != []
}

ruled := {backup |
	some backup in wanted
	has_rule(backup)
}

reasons contains [backup, {"reason": "no-rule"}] if some backup in wanted - ruled

reasons contains [backup, {"reason": "not-observed", "signals": contrary(d.backups[backup].ways)}] if {
	some backup in ruled
	truths[backup] == "no"
}

reasons contains [backup, {"reason": "not-known", "signals": silent(d.backups[backup].ways)}] if {
	some backup in ruled
	truths[backup] == "unknown"
}

reasons contains [backup, {"reason": "not-held", "until": moment_text(held[backup])}] if {
	some backup in ruled
	held[backup] > now
}

reasons contains [backup, {"reason": "fail-safe", "action": rule[0].action}] if {
	some backup in ruled
	some rule in fail_safes[backup]
	rule[1] == "yes"
}

reasons contains [backup, {"reason": "fail-safe-unknown", "signals": silent(rule[0].ways)}] if {
	some backup in ruled
	some rule in fail_safes[backup]
	rule[1] == "unknown"
}

reasons contains [backup, {"reason": "already-active"}] if some backup in wanted & active_backups

reasons contains [backup, {"reason": "already-served", "by": d.things[d.backups[other].thing].id}] if {
	some backup in wanted
	d.backups[backup].primary != null
	some other in active_backups - {backup}
	d.backups[other].primary == d.backups[backup].primary
	d.backups[other].until != backup
	is_ready(d.nodes[d.backups[other].gate], as_is)
}

missing(needs) := {d.about[node] |
	some need in needs
	unmet(need, as_is)
	some node in need.of
	here[node]
}

reasons contains [backup, {"reason": "not-ready", "missing": names(absent | itself(thing, absent))}] if {
	some backup in wanted
	thing := d.backups[backup].thing
	not would_serve(backup)
	absent := missing([need |
		some need in d.nodes[thing].needs
		not need.until
	])
}

# Whether it would serve were it active: what it needs to run is no bar where it brings that back, be it with others
# that may be activated whatever signals show.
would_serve(backup) if {
	is_ready(d.nodes[d.backups[backup].gate], as_is)
} else if {
	d.backups[backup].to_run
	working := {other: "active" | some other in active_backups | {backup}}
	missed := settled(object.union({other: "able" | some other in d.unbarred}, working))
	is_ready(d.nodes[d.backups[backup].gate], risen(start(working, idle - missed, set())))
}

itself(thing, _) := {thing} if gone[thing]

itself(thing, absent) := {thing} if {
	not gone[thing]
	absent == set()
}

itself(thing, absent) := set() if {
	not gone[thing]
	absent != set()
}

reasons contains [backup, {"reason": "no-access", "missing": names(absent)}] if {
	some backup in wanted
	absent := missing(array.slice(d.nodes[d.backups[backup].gate].needs, 0, d.backups[backup].access))
	absent != set()
}

reasons contains [backup, {"reason": "not-fenced", "element": d.things[fence.target].id, "via": names(via)}] if {
	some backup in wanted
	some fence in d.backups[backup].fences
	not fenced[fence.target]
	via := {thing | some thing in fence.via}
}
