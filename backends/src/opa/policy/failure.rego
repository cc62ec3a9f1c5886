# ---- the failure logic ------------------------------------------------------------------------------------

# Step 1: what stops, since it is gone or what it needs has stopped. Each round looks at what depends on those
# that stopped in the last one.
stops := gone | {node | some node in d.never}

spread(world) := world if world.last == set()

spread(world) := {"stopped": by_now, "last": more} if {
	world.last != set()
	more := {node |
		some one in world.last
		some node in d.nodes[one].ends
		not world.stopped[node]
	} | {node |
		some one in world.last
		some node in d.nodes[one].weakens
		not world.stopped[node]
		falls_short(d.nodes[node].needs, world.stopped)
	}
	by_now := world.stopped | more
}

falls_short(needs, stopped) if {
	some need in needs
	left := [member |
		some member in need.of
		not d.nodes[member].latent
		not stopped[member]
	]
	count(left) < need.k
}

# Step 2: from what runs, what can be started. `stands` says of each backup whether it stands in: "active", or
# "able" where its activation has what it needs. Needs `to run` in loops may be met by what is promised: all is
# promised first, and then what came of it. What activations call on in such loops must be up before: what runs
# first, and then what came of that; `late` is what is not.
idle := {node |
	some of in concerned
	some node in of
} | stopped

# The parts of activations under all that is in question.
concerned := array.concat(
	[d.functions[function].latent | some function in touched],
	[d.backups[backup].latent | some backup in (under | waiting) | wanted_alone],
)

start(stands, promised, late) := {
	"stands": stands,
	"down": idle,
	"promised": promised,
	"late": late,
	"next": idle - gone,
}

rise(world) := world if world.next == set()

rise(world) := {
	"stands": world.stands,
	"down": down,
	"promised": world.promised,
	"late": world.late,
	"next": next,
} if {
	world.next != set()
	more := {node |
		some node in world.next
		rises(d.nodes[node], world)
	}
	down := world.down - more
	next := {node |
		some one in more
		some node in d.nodes[one].serves
		down[node]
		not gone[node]
	}
}

# What is no gate; or a gate of a backup that is up itself. One of an active backup needs nothing more.
rises(node, world) if {
	node.gate == null
	not lacks(node, world)
}

rises(node, world) if {
	world.stands[node.gate] == "active"
	is_ready(node, world)
}

rises(node, world) if {
	world.stands[node.gate] == "able"
	is_ready(node, world)
	not lacks(node, world)
}

# Whether the backup of a gate can serve: it is up, or is but for what it holds out for.
is_ready(gate, world) if not world.down[gate.itself]

is_ready(gate, world) if {
	gate.without != null
	not gone[gate.itself]
	not lacks({"needs": gate.without}, world)
}

lacks(node, world) if {
	some need in node.needs
	unmet(need, world)
}

unmet(need, world) if {
	need.met == "up"
	not is_met(need, world.down)
	not fenced[need.fences]
}

unmet(need, world) if {
	need.met != "up"
	not is_met(need, lacking(need, world))
	not fenced[need.fences]
}

lacking(need, world) := {member |
	some member in need.of
	world.down[member]
	not world.promised[member]
} if {
	need.met == "promised"
}

lacking(need, world) := {member |
	some member in need.of
	is_late(member, world)
} if {
	need.met == "before"
}

is_late(member, world) if world.down[member]

is_late(member, world) if world.late[member]

is_met(need, without) if {
	need.k == 1
	some member in need.of
	not without[member]
}

is_met(need, without) if {
	need.k != 1
	present := [member |
		some member in need.of
		not without[member]
	]
	count(present) >= need.k
}

# What came of the promises.
keep(world) := world if promises - world.down == world.promised

keep(world) := risen(start(world.stands, promises - world.down, world.late)) if {
	promises - world.down != world.promised
}

promises := {node | some node in d.promised}

# What came of what is up before.
again(world) := world if stages & world.down == world.late

again(world) := kept(world.stands, stages & world.down) if stages & world.down != world.late

stages := {node | some node in d.staged}

not_running := stages & idle

# Eight rounds at a time, as long as the last one changed anything.
spread_on(world) := world if world.last == set()

spread_on(world) := spread(spread(spread(spread(spread(spread(spread(spread(world)))))))) if world.last != set()

rise_on(world) := world if world.next == set()

rise_on(world) := rise(rise(rise(rise(rise(rise(rise(rise(world)))))))) if world.next != set()

# ---- what is asked about ----------------------------------------------------------------------------------

touched := {d.function_numbers[id] | some id in input.functions} if some_functions

touched := {function |
	some thing in gone | {d.backups[backup].thing | some backup in active_backups}
	some function in d.resting[thing]
} if {
	not some_functions
}

# The backups under these functions.
under := {backup |
	some function in touched
	some backup in d.functions[function].gates
}

waiting := {backup |
	some signal
	shown[signal]
	some backup in d.waiting[signal]
}

wanted_alone := {d.backup_numbers[id] | some id in input.backups}

wanted := wanted_alone if count(wanted_alone) > 0

wanted := called | met_backups if count(wanted_alone) == 0

called := {backup |
	some function
	some call in calls[function]
	some backup in call.backups
}

met_backups := {backup |
	not some_functions
	some backup in waiting - active_backups
	truths[backup] == "yes"
}

# ---- what is down -----------------------------------------------------------------------------------------

# As things are: what backups and their activations rest on.
here := settled({backup: "active" | some backup in active_backups})

as_is := {"down": here, "promised": set(), "late": set()}

# Functions for which other backups count are looked at apart.
selections := {d.functions[function].apart | some function in touched}

counting(selection) := (under | active_backups) - set_of(d.apart[selection])

set_of(list) := {one | some one in list}

# By what is active now, by what may be activated, and by whatever there is.
stands_now(selection) := {backup: "active" | some backup in (counting(selection) & active_backups) - stopped_backups}

stands_safe(selection) := object.union(
	{backup: "able" | some backup in (counting(selection) - active_backups) - unsafe},
	stands_now(selection),
)

stands_any(selection) := object.union(
	{backup: "able" | some backup in counting(selection) - active_backups},
	{backup: "active" | some backup in counting(selection) & active_backups},
)

now_down := {selection: down |
	some selection in selections
	down := down_now(selection)
}

down_now(selection) := here if {
	stopped_backups == set()
	d.apart[selection] == []
} else := settled(stands_now(selection))

ending := {number |
	some number in touched
	now_down[d.functions[number].apart][d.functions[number].thing]
}

safe_down := {selection: down |
	some selection in {d.functions[number].apart | some number in ending | holding_functions}
	down := settled(stands_safe(selection))
}

activating := {number |
	some number in ending
	not safe_down[d.functions[number].apart][d.functions[number].thing]
}

any_down := {selection: down |
	some selection in {d.functions[number].apart | some number in ending - activating}
	down := settled(stands_any(selection))
}
