# Decides on facts by the rule set in `data.rbp_data`; the meaning is told in docs/decisions.md of rbp.
#
# `data.rbp.decision` answers the facts in `input`. Whatever is wrong with them stands in its `problems`, and
# then nothing is decided. Everything is by number, as in the plan of the rule set: nodes of which the first
# are the things, functions and backups.
package rbp

import rego.v1

# ---- what may stand in facts ------------------------------------------------------------------------------

lists := {
	"signals": {"signal": "string", "on": "boolean", "since": "time"},
	"losses": {"element": "string", "sort": "sort", "since": "time"},
	"active": {"backup": "string", "since": "time"},
	"fenced": {"element": "string", "since": "time"},
	"approvals": {"backup": "string", "by": "string", "at": "string"},
	"tests": {"backup": "string", "test": "string", "at": "string", "passed": "boolean"},
}

fields := {"now", "actor", "functions", "backups", "allow_unverified"} | {name | some name in object.keys(lists)}

fits(value, "string") if is_string(value)

fits(value, "boolean") if is_boolean(value)

fits(value, "time") if is_string(value)

fits(value, "time") if is_null(value)

fits(value, "sort") if value in loss_sorts

loss_sorts := {"lost", "corrupted", "compromised"}

optional := {"time", "sort"}

malformed if not is_object(input)

malformed if {
	some name in object.keys(input)
	not name in fields
}

malformed if not is_string(object.get(input, "now", null))

malformed if {
	actor := object.get(input, "actor", null)
	not is_null(actor)
	not is_string(actor)
}

malformed if not is_boolean(object.get(input, "allow_unverified", false))

malformed if {
	some name in ["functions", "backups"]
	not is_array(object.get(input, name, []))
}

malformed if {
	some name in ["functions", "backups"]
	some id in object.get(input, name, [])
	not is_string(id)
}

malformed if {
	some name in object.keys(lists)
	not is_array(object.get(input, name, []))
}

malformed if {
	some name in object.keys(lists)
	some entry in object.get(input, name, [])
	ill_formed(entry, lists[name])
}

ill_formed(entry, _) if not is_object(entry)

ill_formed(entry, form) if {
	some field in object.keys(entry)
	not field in object.keys(form)
}

ill_formed(entry, form) if {
	some field in object.keys(form)
	not form[field] in optional
	not field in object.keys(entry)
}

ill_formed(entry, form) if {
	some field in object.keys(form)
	field in object.keys(entry)
	not fits(entry[field], form[field])
}

# The entries of a list, each with its number.
entries(name) := [pair |
	all := object.get(input, name, [])
	some number in numbers.range(0, count(all) - 1)
	number < count(all)
	number >= 0
	pair := [number, all[number]]
]

# ---- moments ----------------------------------------------------------------------------------------------

day_ms := 86400000

moment_form := `^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})$`

# Milliseconds since 1970 in UTC; undefined where the text is no moment.
moment(text) := ms if {
	is_string(text)
	found := regex.find_all_string_submatch_n(moment_form, text, 1)
	count(found) == 1
	part := found[0]
	hour := two(part[2], 0)
	minute := two(part[3], 0)
	second := two(part[4], 0)
	hour <= 23
	minute <= 59
	second <= 59
	thousandths := concat("", [part[5], "000"])
	fraction := (two(thousandths, 0) * 10) + digits[substring(thousandths, 2, 1)]
	local := (day(part[1]) * day_ms) + (((((hour * 60) + minute) * 60) + second) * 1000)
	ms := (local + fraction) - (offset(part[6]) * 60000)
}

digits := {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9}

# Two digits as a number; engines differ on what `to_number` makes of "08".
two(text, at) := (digits[substring(text, at, 1)] * 10) + digits[substring(text, at + 1, 1)]

offset(text) := 0 if text == "Z"

offset(text) := minutes if {
	text != "Z"
	hour := two(text, 1)
	minute := two(text, 4)
	hour <= 23
	minute <= 59
	minutes := sign(substring(text, 0, 1)) * ((hour * 60) + minute)
}

sign(text) := 1 if text == "+"

sign(text) := 0 - 1 if text == "-"

# Days since 1970-01-01; undefined where there is no such day.
day(text) := days if {
	year := (two(text, 0) * 100) + two(text, 2)
	month := two(text, 5)
	of_month := two(text, 8)
	month >= 1
	month <= 12
	of_month >= 1
	of_month <= month_lengths[month - 1] + leap_day(year, month)
	march := march_based(year, month)
	y := march[0]
	m := march[1]
	days := (((((y * 365) + floor(y / 4)) - floor(y / 100)) + floor(y / 400)) + floor(((153 * m) + 2) / 5)) + (of_month - 719469)
}

# Years that begin in March, so that the day that may be missing is the last.
march_based(year, month) := [year, month - 3] if month > 2

march_based(year, month) := [year - 1, month + 9] if month <= 2

month_lengths := [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

leap_day(year, month) := 1 if {
	month == 2
	leap(year)
} else := 0

leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

leap(year) if year % 400 == 0

# No moment is told beyond the year 9999.
last_moment := 253402300799999

later(ms, more) := min([ms + more, last_moment])

day_text(days) := text if {
	shifted := days + 719468
	era := floor(shifted / 146097)
	of_era := shifted - (era * 146097)
	year := floor((((of_era - floor(of_era / 1460)) + floor(of_era / 36524)) - floor(of_era / 146096)) / 365)
	of_year := of_era - (((365 * year) + floor(year / 4)) - floor(year / 100))
	m := floor(((5 * of_year) + 2) / 153)
	of_month := (of_year - floor(((153 * m) + 2) / 5)) + 1
	month := calendar_month(m)
	full := (year + (era * 400)) + january_based(month)
	text := sprintf("%s-%s-%s", [padded(full, 4), padded(month, 2), padded(of_month, 2)])
}

calendar_month(m) := m + 3 if m < 10

calendar_month(m) := m - 9 if m >= 10

january_based(month) := 1 if month <= 2

january_based(month) := 0 if month > 2

padded(number, width) := text if {
	plain := format_int(number, 10)
	text := substring(concat("", ["0000", plain]), (4 + count(plain)) - width, width)
}

moment_text(ms) := text if {
	days := floor(ms / day_ms)
	rest := ms - (days * day_ms)
	seconds := floor(rest / 1000)
	thousandths := rest - (seconds * 1000)
	hour := floor(seconds / 3600)
	minute := floor((seconds - (hour * 3600)) / 60)
	second := (seconds - (hour * 3600)) - (minute * 60)
	text := sprintf("%sT%s:%s:%s%sZ", [day_text(days), padded(hour, 2), padded(minute, 2), padded(second, 2), fraction_text(thousandths)])
}

fraction_text(thousandths) := "" if thousandths == 0

fraction_text(thousandths) := concat("", [".", padded(thousandths, 3)]) if thousandths > 0

moment_or_null(moments) := null if count(moments) == 0

moment_or_null(moments) := moment_text(min(moments)) if count(moments) > 0

# ---- what is wrong with facts -----------------------------------------------------------------------------

d := data.rbp_data

now := moment(input.now)

today := floor(now / day_ms)

is_known(id) if d.numbers[id] >= 0

sort_of(id) := d.things[d.numbers[id]].sort

elements := {"element", "backup"}

# Every name in the facts: where it stands, the name, and what may stand there.
named contains ["/actor", input.actor, elements] if is_string(input.actor)

named contains [sprintf("/functions/%d", [number]), id, {"function"}] if {
	some pair in entries("functions")
	number := pair[0]
	id := pair[1]
}

named contains [sprintf("/backups/%d", [number]), id, {"backup"}] if {
	some pair in entries("backups")
	number := pair[0]
	id := pair[1]
}

places := {
	["signals", "signal", {"signal"}], ["losses", "element", elements], ["active", "backup", {"backup"}],
	["fenced", "element", elements], ["approvals", "backup", {"backup"}], ["approvals", "by", elements],
	["tests", "backup", {"backup"}],
}

named contains [at, id, sorts] if {
	some place in places
	some pair in entries(place[0])
	at := sprintf("/%s/%d/%s", [place[0], pair[0], place[1]])
	id := pair[1][place[1]]
	sorts := place[2]
}

# Every moment in the facts other than `now`.
told contains [at, text] if {
	some place in [["signals", "since"], ["losses", "since"], ["active", "since"], ["fenced", "since"], ["approvals", "at"], ["tests", "at"]]
	some pair in entries(place[0])
	text := object.get(pair[1], place[1], null)
	is_string(text)
	at := sprintf("/%s/%d/%s", [place[0], pair[0], place[1]])
}

problem(at, kind, given) := {"at": at, "problem": kind, "given": given}

problems contains problem("", "malformed", "") if malformed

problems contains problem("", "unverified", "") if {
	not malformed
	not d.verified
	not object.get(input, "allow_unverified", false)
}

problems contains problem("/now", "bad-time", input.now) if {
	not malformed
	not now
}

problems contains problem("/now", "before-rule-set", input.now) if {
	not malformed
	today < d.as_of_day
}

problems contains problem(name[0], "unknown-name", name[1]) if {
	not malformed
	some name in named
	not is_known(name[1])
}

problems contains problem(name[0], "wrong-sort", name[1]) if {
	not malformed
	some name in named
	is_known(name[1])
	not sort_of(name[1]) in name[2]
}

problems contains problem(time[0], "bad-time", time[1]) if {
	not malformed
	some time in told
	not moment(time[1])
}

problems contains problem(time[0], "in-the-future", time[1]) if {
	not malformed
	some time in told
	moment(time[1]) > now
}

keys := {["signals", "signal"], ["active", "backup"], ["fenced", "element"]}

problems contains problem(at, "twice", id) if {
	not malformed
	some key in keys
	some pair in entries(key[0])
	id := pair[1][key[1]]
	right_sort(key[0], id)
	some other in entries(key[0])
	other[0] < pair[0]
	other[1][key[1]] == id
	at := sprintf("/%s/%d/%s", [key[0], pair[0], key[1]])
}

right_sort(list, id) if {
	some place in places
	place[0] == list
	sort_of(id) in place[2]
}

problems contains problem(at, "twice", id) if {
	not malformed
	some pair in entries("losses")
	id := pair[1].element
	right_sort("losses", id)
	some other in entries("losses")
	other[0] < pair[0]
	other[1].element == id
	loss_sort(other[1]) == loss_sort(pair[1])
	at := sprintf("/losses/%d/element", [pair[0]])
}

loss_sort(loss) := object.get(loss, "sort", "lost")

problems contains problem(at, "contradiction", id) if {
	not malformed
	some pair in entries("losses")
	id := pair[1].element
	loss_sort(pair[1]) == "corrupted"
	right_sort("losses", id)
	count(d.things[d.numbers[id]].losses.corrupted) == 0
	at := sprintf("/losses/%d/sort", [pair[0]])
}

problems contains problem(at, "contradiction", id) if {
	not malformed
	some pair in entries("active")
	id := pair[1].backup
	right_sort("active", id)
	some fence in object.get(input, "fenced", [])
	fence.element == id
	at := sprintf("/active/%d/backup", [pair[0]])
}

problems contains problem(at, "unknown-name", test) if {
	not malformed
	some pair in entries("tests")
	backup := d.backups[d.backup_numbers[pair[1].backup]]
	test := pair[1].test
	not test in {exercise.name | some exercise in backup.tests}
	at := sprintf("/tests/%d/test", [pair[0]])
}

# ---- facts by number --------------------------------------------------------------------------------------

falls(loss) := [d.numbers[loss.element]] if loss_sort(loss) == "lost"

falls(loss) := d.things[d.numbers[loss.element]].losses.corrupted if loss_sort(loss) == "corrupted"

falls(loss) := d.things[d.numbers[loss.element]].losses.compromised if loss_sort(loss) == "compromised"

fenced := {d.numbers[fence.element] | some fence in object.get(input, "fenced", [])}

lapsed := [lapse |
	some lapse in d.lapses
	today > lapse.last_day
]

gone := ({thing |
	some loss in object.get(input, "losses", [])
	some thing in falls(loss)
} | {lapse.thing | some lapse in lapsed}) | fenced

# Per active backup since when, or null.
active := {number: since |
	some entry in object.get(input, "active", [])
	number := d.backup_numbers[entry.backup]
	since := since_of(entry)
}

since_of(entry) := moment(entry.since) if is_string(object.get(entry, "since", null))

since_of(entry) := null if not is_string(object.get(entry, "since", null))

is_active(backup) if backup in object.keys(active)

shown := {number: shows |
	some entry in object.get(input, "signals", [])
	number := d.numbers[entry.signal]
	shows := {"on": entry.on, "since": since_or_now(entry)}
}

since_or_now(entry) := moment(entry.since) if is_string(object.get(entry, "since", null))

since_or_now(entry) := now if not is_string(object.get(entry, "since", null))

actors := {d.numbers[input.actor] | is_string(input.actor)}

# ---- the failure logic ------------------------------------------------------------------------------------

waived(need) if need.fences in fenced

# Step 1: what stops, since it is gone or what it needs has stopped. A root's `order` looks at each level as
# often as a loss can travel in it.
stops(node, _) if node in gone

stops(node, _) if d.nodes[node].latent

stops(node, stopped) if {
	some need in d.nodes[node].needs
	left := [member |
		some member in need.of
		not d.nodes[member].latent
		not member in stopped
	]
	count(left) < need.k
}

stop(root, at, world) := world if at >= count(root.order)

stop(root, at, world) := world if {
	at < count(root.order)
	passed(root.order[at], world)
}

stop(root, at, world) := next if {
	at < count(root.order)
	not passed(root.order[at], world)
	level := root.order[at][0]
	more := {node |
		some node in root.levels[level]
		not node in world.stopped
		stops(node, world.stopped)
	}
	stopped := world.stopped | more
	next := {"stopped": stopped, "still": still(level, more)}
}

passed(look_at, _) if look_at[1] != "grow"

passed(look_at, world) if look_at[0] == world.still

# Nothing changes any more on this level.
still(level, more) := level if count(more) == 0

still(_, more) := 0 - 1 if count(more) > 0

running(root) := {node |
	stopped := stop_all(root)
	some level in root.levels
	some node in level
	not node in stopped
}

# Step 2: from what runs, what can be started. `stands` says of each backup whether it stands in: "active", or
# "able" where its activation has what it needs. Needs `to run` may be met by what is promised.
is_there(member, need, world) if member in world.up

is_there(member, need, world) if {
	need.to_run
	member in world.promised
}

unmet(need, world) if {
	not waived(need)
	present := [member |
		some member in need.of
		is_there(member, need, world)
	]
	count(present) < need.k
}

lacks(node, world) if {
	some need in d.nodes[node].needs
	unmet(need, world)
}

starts(node, stands, world) if {
	not node in gone
	opens(d.nodes[node], stands, world.up)
	not lacks(node, world)
}

# What is no gate; or a gate of a backup that is up itself. One of an active backup needs nothing more.
opens(node, _, _) if node.gate == null

opens(node, stands, up) if {
	stands[node.gate] == "able"
	node.itself in up
}

starts(node, stands, world) if {
	stands[d.nodes[node].gate] == "active"
	d.nodes[node].itself in world.up
}

look(root, _, _, at, world) := world if at >= count(root.order)

look(root, _, _, at, world) := world if {
	at < count(root.order)
	root.order[at][1] == "grow"
	root.order[at][0] == world.still
}

look(root, _, stands, at, world) := next if {
	at < count(root.order)
	root.order[at][1] == "grow"
	level := root.order[at][0]
	level != world.still
	more := {node |
		some node in root.levels[level]
		not node in world.up
		starts(node, stands, world)
	}
	up := world.up | more
	next := {"up": up, "promised": world.promised, "still": still(level, more)}
}

look(root, runs, _, at, world) := next if {
	at < count(root.order)
	root.order[at][1] != "grow"
	level := {node | some node in root.levels[root.order[at][0]]}
	next := promise(root.order[at][1], level, runs, world)
}

promise("promise", level, _, world) := {"up": world.up, "promised": promised, "still": 0 - 1} if {
	promised := world.promised | (level - gone)
}

promise("keep", level, runs, world) := {"up": up, "promised": promised, "still": 0 - 1} if {
	promised := (world.promised - level) | (level & world.up)
	up := (world.up - level) | (level & runs)
}

promise("kept", level, _, world) := {"up": world.up, "promised": promised, "still": 0 - 1} if {
	promised := world.promised - level
}

gates(root) := {backup | some backup in root.gates}

active_gates(root) := {backup: "active" |
	some backup in gates(root)
	is_active(backup)
}

# ---- conditions -------------------------------------------------------------------------------------------

# A condition is a list of ways in which it is met, each a list of signals with what they must show. A signal
# whose monitor is not up tells nothing.
as_wanted(literal, up) if {
	literal[0] in up
	shown[literal[0]].on == literal[1]
}

otherwise(literal, up) if {
	literal[0] in up
	shown[literal[0]].on != literal[1]
}

met(way, up) if {
	wrong := [literal |
		some literal in way
		not as_wanted(literal, up)
	]
	count(wrong) == 0
}

barred(way, up) if {
	some literal in way
	otherwise(literal, up)
}

truth(ways, up) := "yes" if {
	some way in ways
	met(way, up)
} else := "no" if {
	open := [way |
		some way in ways
		not barred(way, up)
	]
	count(open) == 0
} else := "unknown"

met_since(ways, up) := min({since |
	some way in ways
	met(way, up)
	since := max({shown[literal[0]].since | some literal in way})
})

silent(ways, up) := names({literal[0] |
	some way in ways
	some literal in way
	not as_wanted(literal, up)
	not otherwise(literal, up)
})

contrary(ways, up) := names({literal[0] |
	some way in ways
	some literal in way
	otherwise(literal, up)
})

names(things) := sort([id |
	some thing in things
	id := d.things[thing].id
])

# ---- backups ----------------------------------------------------------------------------------------------

# What a backup and its activation rest on, as it is now.
worlds := {backup: up |
	some backup in (((active_under | called_on) | waiting) | wanted_alone)
	up := settled(d.backups[backup], active_gates(d.backups[backup]))
}

# The active backups under the functions in question, and every backup under those that do not serve.
active_under := {backup |
	some function in touched
	some backup in gates(d.functions[function])
	is_active(backup)
}

called_on := {backup |
	some function in touched
	not serves(function)
	some backup in gates(d.functions[function])
}

waiting := {backup |
	some signal in object.keys(shown)
	some backup in d.waiting[signal]
}

active_worlds := {backup: up |
	some backup in active_under
	up := settled(d.backups[backup], active_gates(d.backups[backup]))
}

stopped_backups := {backup |
	some backup in active_under
	some rule in d.backups[backup].fail_safe
	truth(rule.ways, active_worlds[backup]) == "yes"
}

unsafe := {backup |
	some backup in called_on
	some rule in d.backups[backup].fail_safe
	truth(rule.ways, worlds[backup]) != "no"
}

wanted_alone := {d.backup_numbers[id] | some id in object.get(input, "backups", [])}

wanted := wanted_alone if count(wanted_alone) > 0

wanted := called | met_backups if count(wanted_alone) == 0

called := {backup |
	some function in touched
	some call in answers[function].calls
	some backup in call.backups
}

met_backups := {backup |
	count(object.get(input, "functions", [])) == 0
	some backup in waiting
	not is_active(backup)
	truth(d.backups[backup].ways, worlds[backup]) == "yes"
}

# When the condition is met, and since when it has been held long enough.
condition_since := {backup: since |
	some backup in wanted
	ways := d.backups[backup].ways
	not is_null(ways)
	truth(ways, worlds[backup]) == "yes"
	since := met_since(ways, worlds[backup])
}

held := {backup: from |
	some backup in object.keys(condition_since)
	from := later(condition_since[backup], d.backups[backup].hold_ms)
}

has_rule(backup) if {
	not is_null(d.backups[backup].ways)
	count(d.backups[backup].steps) > 0
}

reasons contains [backup, {"reason": "no-rule"}] if {
	some backup in wanted
	not has_rule(backup)
}

reasons contains [backup, {"reason": "not-observed", "signals": signals}] if {
	some backup in wanted
	has_rule(backup)
	truth(d.backups[backup].ways, worlds[backup]) == "no"
	signals := contrary(d.backups[backup].ways, worlds[backup])
}

reasons contains [backup, {"reason": "not-known", "signals": signals}] if {
	some backup in wanted
	has_rule(backup)
	truth(d.backups[backup].ways, worlds[backup]) == "unknown"
	signals := silent(d.backups[backup].ways, worlds[backup])
}

reasons contains [backup, {"reason": "not-held", "until": until}] if {
	some backup in wanted
	has_rule(backup)
	held[backup] > now
	until := moment_text(held[backup])
}

reasons contains [backup, {"reason": "fail-safe", "action": rule.action}] if {
	some backup in wanted
	has_rule(backup)
	some rule in d.backups[backup].fail_safe
	truth(rule.ways, worlds[backup]) == "yes"
}

reasons contains [backup, {"reason": "fail-safe-unknown", "signals": signals}] if {
	some backup in wanted
	has_rule(backup)
	some rule in d.backups[backup].fail_safe
	truth(rule.ways, worlds[backup]) == "unknown"
	signals := silent(rule.ways, worlds[backup])
}

reasons contains [backup, {"reason": "already-active"}] if {
	some backup in wanted
	is_active(backup)
}

reasons contains [backup, {"reason": "already-served", "by": by}] if {
	some backup in wanted
	some other in object.keys(active)
	other != backup
	not is_null(d.backups[backup].primary)
	d.backups[other].primary == d.backups[backup].primary
	d.backups[other].thing in worlds[backup]
	by := d.things[d.backups[other].thing].id
}

missing(needs, up) := {thing |
	some need in needs
	unmet(need, {"up": up, "promised": set()})
	some node in need.of
	not node in up
	thing := d.about[node]
}

reasons contains [backup, {"reason": "not-ready", "missing": absent}] if {
	some backup in wanted
	thing := d.backups[backup].thing
	up := worlds[backup]
	not thing in up
	absent := names(missing(d.nodes[thing].needs, up) | itself(thing, up))
}

itself(thing, _) := {thing} if thing in gone

itself(thing, up) := {thing} if {
	not thing in gone
	count(missing(d.nodes[thing].needs, up)) == 0
}

itself(thing, up) := set() if {
	not thing in gone
	count(missing(d.nodes[thing].needs, up)) > 0
}

reasons contains [backup, {"reason": "no-access", "missing": absent}] if {
	some backup in wanted
	needs := array.slice(d.nodes[d.backups[backup].gate].needs, 0, d.backups[backup].access)
	lacking := missing(needs, worlds[backup])
	count(lacking) > 0
	absent := names(lacking)
}

reasons contains [backup, {"reason": "not-fenced", "element": element, "via": via}] if {
	some backup in wanted
	some fence in d.backups[backup].fences
	not fence.target in fenced
	element := d.things[fence.target].id
	via := names({thing | some thing in fence.via})
}

# ---- who may act ------------------------------------------------------------------------------------------

takes(seat, who) if who in seat.members

takes(seat, who) if {
	some deputy in seat.deputies
	deputy[1] == who
	is_active(deputy[0])
}

sits(step, who) if {
	some seat in step.seats
	takes(seat, who)
}

reasons contains [backup, {"reason": "no-actor"}] if {
	some backup in wanted
	count(actors) == 0
}

takes_part(backup, who) if {
	some step in d.backups[backup].steps
	sits(step, who)
}

reasons contains [backup, {"reason": "not-authorised"}] if {
	some backup in wanted
	some actor in actors
	not takes_part(backup, actor)
}

reasons contains [backup, {"reason": "actor-lost"}] if {
	some backup in wanted
	some actor in actors
	takes_part(backup, actor)
	not actor in worlds[backup]
}

counts(step, who, up) if {
	who in up
	step.count == 1
}

counts(step, who, up) if {
	who in up
	step.count > 1
	not d.things[who].group
}

voters(backup, step, up) := {who |
	some who in actors
	counts(step, who, up)
} | {who |
	some approval in object.get(input, "approvals", [])
	d.backup_numbers[approval.backup] == backup
	moment(approval.at) >= condition_since[backup]
	who := d.numbers[approval.by]
	counts(step, who, up)
}

# The most places that can be taken, each by another voter: of all sets of places, the fewest voters for them
# and all other places (König). `halls` lists the sets where one voter can take several places.
taken(_, step, all) := 1 if {
	step.count == 1
	some actor in actors
	actor in all
}

taken(_, step, all) := 0 if {
	step.count == 1
	here := actors & all
	count(here) == 0
}

taken(_, step, all) := count(seats) if {
	step.count > 1
	is_null(step.halls)
	seats := [seat |
		some seat in step.seats
		some who in all
		takes(seat, who)
	]
}

taken(_, step, all) := min(sizes) if {
	step.count > 1
	not is_null(step.halls)
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

there(backup, number) if d.backups[backup].steps[number].node in worlds[backup]

# How long those before a step have; undefined where one of them that is there has no bound.
before(backup, number) := longest if {
	earlier := [step |
		some at in numbers.range(0, number)
		at < number
		there(backup, at)
		step := d.backups[backup].steps[at]
	]
	unbound := [step |
		some step in earlier
		is_null(step.within_ms)
	]
	count(unbound) == 0
	bounds := [bound |
		some step in earlier
		bound := step.within_ms
	]
	longest := max(array.concat(bounds, [0]))
}

turn_from(backup, number) := later(held[backup], before(backup, number))

from_text(backup, number) := text if {
	text := moment_text(turn_from(backup, number))
} else := null

until_text(backup, number) := text if {
	within := d.backups[backup].steps[number].within_ms
	is_number(within)
	text := moment_text(later(held[backup], within))
} else := null

step_numbers(backup) := [number |
	steps := d.backups[backup].steps
	some number in numbers.range(0, count(steps))
	number < count(steps)
]

# Why the actor may not act in a step.
of_step contains [backup, number, {"reason": "not-your-turn", "step": number + 1, "from": from}] if {
	some backup in wanted
	some number in step_numbers(backup)
	some actor in actors
	sits(d.backups[backup].steps[number], actor)
	is_number(held[backup])
	not is_turn(backup, number)
	from := from_text(backup, number)
}

is_turn(backup, number) if turn_from(backup, number) <= now

of_step contains [backup, number, {"reason": "approval-missing", "step": number + 1, "have": have, "need": step.count}] if {
	some backup in wanted
	some number in step_numbers(backup)
	step := d.backups[backup].steps[number]
	some actor in actors
	sits(step, actor)
	have := taken(backup, step, voters(backup, step, worlds[backup]))
	have < step.count
}

free_step(backup) if {
	some number in step_numbers(backup)
	some actor in actors
	sits(d.backups[backup].steps[number], actor)
	barred_steps := {of[1] |
		some of in of_step
		of[0] == backup
	}
	not number in barred_steps
}

reasons contains [backup, reason] if {
	some of in of_step
	backup := of[0]
	not free_step(backup)
	reason := of[2]
}

# ---- what has run out -------------------------------------------------------------------------------------

# Test results that were reported: the day and how it went.
reported(backup, test) := {[on, held_test.passed] |
	some held_test in object.get(input, "tests", [])
	d.backup_numbers[held_test.backup] == backup
	held_test.test == test.name
	on := floor(moment(held_test.at) / day_ms)
}

recorded(test) := {[test.last_day, test.passed] | is_number(test.last_day)}

last_result(backup, test) := {"day": last, "passed": passed, "newer": newer} if {
	known := reported(backup, test) | recorded(test)
	count(known) > 0
	last := max({result[0] | some result in known})
	passed := not_failed(known, last)
	newer := has_newer(backup, test, last)
}

# Of several on one day a failed one counts.
not_failed(known, on) := false if [on, false] in known

not_failed(known, on) := true if not [on, false] in known

has_newer(backup, test, on) := true if on in {result[0] | some result in reported(backup, test)}

has_newer(backup, test, on) := false if not on in {result[0] | some result in reported(backup, test)}

results := {number: found |
	some number in numbers.range(0, count(d.backups))
	number < count(d.backups)
	found := [result |
		some test in d.backups[number].tests
		result := {"test": test, "last": last_or_null(number, test)}
	]
}

last_or_null(backup, test) := result if {
	result := last_result(backup, test)
} else := null

untested(backup) if {
	held_tests := [result |
		some result in results[backup]
		not is_null(result.last)
	]
	count(held_tests) == 0
}

decays contains [backup, {"rule": "untested-backup", "test": null, "day": null, "owner": d.backups[backup].owner}] if {
	some backup in object.keys(results)
	untested(backup)
}

decays contains [backup, {"rule": "overdue-test", "test": result.test.name, "day": null, "owner": result.test.owner}] if {
	some backup in object.keys(results)
	not untested(backup)
	some result in results[backup]
	is_null(result.last)
}

decays contains [backup, {"rule": "failed-test", "test": result.test.name, "day": on, "owner": result.test.owner}] if {
	some backup in object.keys(results)
	some result in results[backup]
	not result.last.passed
	is_object(result.last)
	on := day_text(result.last.day)
}

decays contains [backup, {"rule": "overdue-test", "test": result.test.name, "day": on, "owner": result.test.owner}] if {
	some backup in object.keys(results)
	some result in results[backup]
	is_object(result.last)
	last_days := due(result) | expiry(result)
	count(last_days) > 0
	end := min(last_days)
	today > end
	on := day_text(end)
}

due(result) := {end |
	is_number(result.test.every_days)
	end := result.last.day + result.test.every_days
}

# `expires` is about the result that stood there when the rule set was built.
expiry(result) := {result.test.expires_day |
	is_number(result.test.expires_day)
	not result.last.newer
}

accepts(backup, rule) if {
	of_rule := [accepted |
		some accepted in d.backups[backup].accepted
		accepted.rule == rule
	]
	count(of_rule) > 0
	over := [accepted |
		some accepted in of_rule
		today > d.acceptances[accepted.acceptance].until_day
	]
	count(over) == 0
}

reasons contains [backup, {"reason": "decayed", "rule": found.rule, "test": found.test, "day": found.day, "owner": found.owner}] if {
	some decay in decays
	backup := decay[0]
	backup in wanted
	found := decay[1]
	not accepts(backup, found.rule)
}

reasons contains [backup, {"reason": "decayed", "rule": lapse.rule, "test": null, "day": lapse.day, "owner": lapse.owner}] if {
	some backup in wanted
	some lapse in lapsed
	lapse.thing == d.backups[backup].thing
}

reasons contains [backup, {"reason": "acceptance-expired", "acceptance": a.id, "rule": accepted.rule, "until": a.until, "by": a.by}] if {
	some backup in wanted
	some accepted in d.backups[backup].accepted
	a := d.acceptances[accepted.acceptance]
	today > a.until_day
}

decayed contains {"rule": found.rule, "of": of, "test": found.test, "acceptance": null, "day": found.day, "owner": found.owner} if {
	some decay in decays
	found := decay[1]
	not accepts(decay[0], found.rule)
	of := d.things[d.backups[decay[0]].thing].id
}

decayed contains {"rule": lapse.rule, "of": of, "test": null, "acceptance": null, "day": lapse.day, "owner": lapse.owner} if {
	some lapse in lapsed
	of := d.things[lapse.thing].id
}

decayed contains {"rule": "expired-acceptance", "of": null, "test": null, "acceptance": a.id, "day": a.until, "owner": a.by} if {
	some a in d.acceptances
	today > a.until_day
}

# ---- functions --------------------------------------------------------------------------------------------

touched := {d.function_numbers[id] | some id in input.functions} if count(object.get(input, "functions", [])) > 0

touched := {function |
	some thing in gone | {d.backups[backup].thing | some backup in object.keys(active)}
	some function in d.resting[thing]
} if {
	count(object.get(input, "functions", [])) == 0
}

# By what is active now, by what may be activated, and by whatever there is.
stands_now(root) := {backup: "active" |
	some backup in gates(root)
	is_active(backup)
	not backup in stopped_backups
}

stands_safe(root) := object.union(
	{backup: "able" |
		some backup in gates(root)
		not is_active(backup)
		not backup in unsafe
	},
	stands_now(root),
)

stands_any(root) := object.union(
	{backup: "able" |
		some backup in gates(root)
		not is_active(backup)
	},
	active_gates(root),
)

now_up := {number: up |
	some number in touched
	function := d.functions[number]
	up := settled(function, stands_now(function))
}

serves(number) if d.functions[number].thing in now_up[number]

answers := {number: answer |
	some number in touched
	answer := answer_for(d.functions[number], now_up[number])
}

answer_for(function, up) := {"state": state, "up": up, "calls": []} if {
	function.thing in up
	state := serving_state(function, up)
} else := {"state": "activate", "up": up, "calls": calls} if {
	may := settled(function, stands_safe(function))
	function.thing in may
	calls := calls_of(function, up, may)
} else := {"state": state, "up": up, "calls": []} if {
	state := ended_state(function, settled(function, stands_any(function)))
}

whole(function, up) if {
	down := [node |
		some level in function.levels
		some node in level
		node < count(d.things)
		not node in up
	]
	count(down) == 0
	count(gates(function) & stopped_backups) == 0
}

serving_state(function, up) := "nominal" if whole(function, up)

serving_state(function, up) := "degraded" if not whole(function, up)

ended_state(function, up) := "fail-safe" if function.thing in up

ended_state(function, up) := "lost" if not function.thing in up

# What is to be activated: along everything that is down now and would be up, to the nearest stand-ins.
comes(up, may) := may - up

first_gate(node, coming) := gate if {
	able := [member |
		some need in d.nodes[node].needs
		some member in need.of
		member in coming
		is_number(d.nodes[member].gate)
	]
	gate := able[0]
}

next_nodes(node, coming) := {gate} if {
	gate := first_gate(node, coming)
} else := ({member |
	some need in d.nodes[node].needs
	some member in need.of
	member in coming
} | {thing |
	thing := d.nodes[node].itself
	thing in coming
})

calls_of(function, up, may) := [call |
	coming := comes(up, may)
	paths := {node: next |
		some node in coming
		next := next_nodes(node, coming)
	}
	reached := graph.reachable(paths, {function.thing})
	some node in reached
	is_number(first_gate(node, coming))
	backups := [backup |
		some need in d.nodes[node].needs
		some member in need.of
		member in coming
		backup := d.nodes[member].gate
		is_number(backup)
		not is_active(backup)
	]
	count(backups) > 0
	call := {"primary": d.backups[backups[0]].primary, "backups": backups}
]

objective(function, loss) := ms if {
	ranked := {[rank, within] |
		some bound in function.rto
		rank := rank_of(bound, loss)
		within := bound.within_ms
	}
	best := max({pair[0] | some pair in ranked})
	ms := min({pair[1] |
		some pair in ranked
		pair[0] == best
	})
}

rank_of(bound, _) := 1 if {
	is_null(bound.on)
	is_null(bound.of_kind)
}

rank_of(bound, loss) := 2 if {
	is_string(bound.of_kind)
	loss_sort(loss) == "lost"
	bound.of_kind in d.things[d.numbers[loss.element]].kinds
}

rank_of(bound, loss) := 2 if {
	is_null(bound.of_kind)
	bound.on == loss_sort(loss)
	bound.on != "lost"
}

# The losses under a function that say since when.
dated(function) := [pair |
	under := {node |
		some level in function.levels
		some node in level
	}
	some loss in object.get(input, "losses", [])
	is_string(object.get(loss, "since", null))
	hit := {thing |
		some thing in falls(loss)
		thing in under
	}
	count(hit) > 0
	pair := [moment(loss.since), loss]
]

serving_states := {"nominal", "degraded"}

ends contains [number, "restore", by] if {
	some number in touched
	not answers[number].state in serving_states
	some pair in dated(d.functions[number])
	by := later(pair[0], objective(d.functions[number], pair[1]))
}

ends contains [number, "end", by] if {
	some number in touched
	not answers[number].state in serving_states
	is_number(d.functions[number].mtpd_ms)
	some pair in dated(d.functions[number])
	by := later(pair[0], d.functions[number].mtpd_ms)
}

end_of(number, which) := moment_or_null([by |
	some end in ends
	end[0] == number
	end[1] == which
	by := end[2]
])

serving_until(backup) := moment_text(later(active[backup], d.backups[backup].lasts_ms)) if {
	is_number(active[backup])
	is_number(d.backups[backup].lasts_ms)
} else := null

serving(function, up) := [one |
	some backup in sort([of | some of in gates(function)])
	is_active(backup)
	is_number(d.backups[backup].primary)
	d.backups[backup].gate in up
	not d.backups[backup].primary in up
	one := {"backup": d.things[d.backups[backup].thing].id, "until": serving_until(backup)}
]

stop_list(function) := [one |
	some backup in sort([of | some of in gates(function) & stopped_backups])
	actions := [action |
		rules := d.backups[backup].fail_safe
		some at in numbers.range(0, count(rules))
		at < count(rules)
		truth(rules[at].ways, active_worlds[backup]) == "yes"
		action := rules[at].action
		is_string(action)
	]
	one := {"backup": d.things[d.backups[backup].thing].id, "actions": actions}
]

call_list(calls) := [one |
	some primary in sort([call.primary | some call in calls])
	some call in calls
	call.primary == primary
	backups := [id |
		some backup in call.backups
		id := d.things[d.backups[backup].thing].id
	]
	one := {"for": d.things[primary].id, "backups": backups}
]

gone_under(function) := names({node |
	some level in function.levels
	some node in level
	node in gone
})

told_functions := [number |
	some number in sort([of | some of in touched])
	tell(number)
]

tell(number) if answers[number].state != "nominal"

tell(_) if count(object.get(input, "functions", [])) > 0

function_decisions := [one |
	some number in told_functions
	function := d.functions[number]
	answer := answers[number]
	one := {
		"function": d.things[function.thing].id,
		"state": answer.state,
		"lost": gone_under(function),
		"serving": serving(function, answer.up),
		"activate": call_list(answer.calls),
		"stop": stop_list(function),
		"restore_by": end_of(number, "restore"),
		"end_by": end_of(number, "end"),
	}
]

nominal := 0 if count(object.get(input, "functions", [])) > 0

nominal := count(d.functions) - count(told_functions) if count(object.get(input, "functions", [])) == 0

since_text(backup) := moment_text(condition_since[backup]) if backup in object.keys(condition_since)

since_text(backup) := null if not backup in object.keys(condition_since)

id_or_null(thing) := null if is_null(thing)

id_or_null(thing) := d.things[thing].id if is_number(thing)

actor_id := id if {
	some actor in actors
	id := d.things[actor].id
} else := null

backup_decisions := [one |
	some backup in sort([of | some of in wanted])
	against := sort([reason |
		some pair in reasons
		pair[0] == backup
		reason := pair[1]
	])
	turns := [turn |
		some number in step_numbers(backup)
		turn := turn_of(backup, number)
	]
	one := {
		"backup": d.things[d.backups[backup].thing].id,
		"stands_in_for": id_or_null(d.backups[backup].primary),
		"actor": actor_id,
		"may": count(against) == 0,
		"reasons": against,
		"met_since": since_text(backup),
		"steps": turns,
	}
]

turn_of(backup, number) := {
	"automatic": step.automatic,
	"count": step.count,
	"who": names({seat.named | some seat in step.seats}),
	"there": is_there_now(backup, number),
	"from": from_text(backup, number),
	"until": until_text(backup, number),
} if {
	step := d.backups[backup].steps[number]
}

is_there_now(backup, number) := true if there(backup, number)

is_there_now(backup, number) := false if not there(backup, number)

# ---- the answer -------------------------------------------------------------------------------------------

decision := {"problems": sort([one | some one in problems])} if count(problems) > 0

decision := {
	"package": d.package,
	"as_of": d.as_of,
	"verified": d.verified,
	"now": moment_text(now),
	"functions": function_decisions,
	"nominal": nominal,
	"backups": backup_decisions,
	"decayed": sort([one | some one in decayed]),
} if {
	count(problems) == 0
}

# Whether the actor may activate the one backup that is asked about.
default allow := false

allow if {
	count(decision.backups) == 1
	decision.backups[0].may
	input.backups == [decision.backups[0].backup]
}
