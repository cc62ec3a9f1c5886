# Decides on facts by the rule set in `data.rbp_data`; the meaning is told in docs/decisions.md of rbp.
#
# `data.rbp.decision` answers the facts in `input`. Whatever is wrong with them stands in its `problems`, and
# then nothing is decided. Everything is by number, as in the plan of the rule set: nodes of which the first
# are the things, functions and backups. What costs an engine time is done once and looked up afterwards:
# moments are read into `moments`, what is down stands in one set for all that is asked under the same
# conditions, and what depends on the rule set alone stands in the data.
package rbp

import data.rbp_data as d
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

asked := {"functions", "backups"}

fields := ({"now", "actor", "allow_unverified"} | asked) | object.keys(lists)

fits(entry, field, "string") if is_string(entry[field])

fits(entry, field, "boolean") if is_boolean(entry[field])

fits(entry, field, "time") if is_string(object.get(entry, field, ""))

fits(entry, field, "time") if is_null(entry[field])

fits(entry, field, "sort") if loss_sorts[object.get(entry, field, "lost")]

loss_sorts := {"lost", "corrupted", "compromised"}

default malformed := false

malformed if not is_object(input)

malformed if {
	some name, _ in input
	not fields[name]
}

malformed if not is_string(object.get(input, "now", null))

malformed if {
	actor := input.actor
	not is_null(actor)
	not is_string(actor)
}

malformed if not is_boolean(object.get(input, "allow_unverified", false))

malformed if {
	some name in asked
	not is_array(object.get(input, name, []))
}

malformed if {
	some name in asked
	some id in input[name]
	not is_string(id)
}

malformed if {
	some name, _ in lists
	not is_array(object.get(input, name, []))
}

malformed if {
	some name, form in lists
	some entry in input[name]
	ill_formed(entry, form)
}

ill_formed(entry, _) if not is_object(entry)

ill_formed(entry, form) if {
	is_object(entry)
	some field, _ in entry
	not form[field]
}

ill_formed(entry, form) if {
	is_object(entry)
	some field, sort in form
	not fits(entry, field, sort)
}

# ---- what is wrong with facts -----------------------------------------------------------------------------

now := moment(input.now)

today := floor(now / day_ms)

elements := {"element", "backup"}

# What may be named where: in which list, in which field, and what it may be.
places := [
	["signals", "signal", {"signal"}], ["losses", "element", elements], ["active", "backup", {"backup"}],
	["fenced", "element", elements], ["approvals", "backup", {"backup"}], ["approvals", "by", elements],
	["tests", "backup", {"backup"}],
]

times := [["signals", "since"], ["losses", "since"], ["active", "since"], ["fenced", "since"], ["approvals", "at"], ["tests", "at"]]

# Every name in the facts other than the actor: where it stands, the name, and what may stand there.
named := array.concat(
	[[place[0], number, place[1], id, place[2]] |
		some place in places
		some number
		id := input[place[0]][number][place[1]]
	],
	[[name, number, "", id, {substring(name, 0, count(name) - 1)}] |
		some name in asked
		some number
		id := input[name][number]
	],
)

# Every moment in the facts other than `now`.
told := [[place[0], number, place[1], text] |
	some place in times
	some number
	text := input[place[0]][number][place[1]]
	is_string(text)
]

moments := {text: ms |
	some one in told
	text := one[3]
	ms := moment(text)
}

path(list, number, "") := concat("/", ["", list, format_int(number, 10)])

path(list, number, field) := concat("/", ["", list, format_int(number, 10), field]) if field != ""

problem(where, kind, given) := {"at": where, "problem": kind, "given": given}

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

problems contains problem("/actor", "unknown-name", input.actor) if {
	not malformed
	is_string(input.actor)
	not d.numbers[input.actor]
}

problems contains problem("/actor", "wrong-sort", input.actor) if {
	not malformed
	not elements[d.things[d.numbers[input.actor]].sort]
	d.numbers[input.actor]
}

problems contains problem(path(list, number, field), "unknown-name", id) if {
	not malformed
	some [list, number, field, id, _] in named
	not d.numbers[id]
}

problems contains problem(path(list, number, field), "wrong-sort", id) if {
	not malformed
	some [list, number, field, id, sorts] in named
	sort := d.things[d.numbers[id]].sort
	not sorts[sort]
}

problems contains problem(path(list, number, field), "bad-time", text) if {
	not malformed
	some [list, number, field, text] in told
	not moments[text]
}

problems contains problem(path(list, number, field), "in-the-future", text) if {
	not malformed
	some [list, number, field, text] in told
	moments[text] > now
}

# What may stand only once in a list.
single := {"signals": "signal", "active": "backup", "fenced": "element", "losses": "element"}

key("losses", entry) := [entry.element, loss_sort(entry)]

key(list, entry) := entry[single[list]] if list != "losses"

repetitive := {list |
	some list in object.keys(single)
	keys := {key(list, entry) | some entry in input[list]}
	count(keys) < count(input[list])
}

problems contains problem(path(list, number, single[list]), "twice", id) if {
	not malformed
	some list in repetitive
	some number, entry in input[list]
	id := entry[single[list]]
	right_sort(list, id)
	some before, other in input[list]
	before < number
	key(list, other) == key(list, entry)
}

right_sort(list, id) if {
	some place in places
	place[0] == list
	place[1] == single[list]
	place[2][d.things[d.numbers[id]].sort]
}

loss_sort(loss) := object.get(loss, "sort", "lost")

problems contains problem(path("losses", number, "sort"), "contradiction", loss.element) if {
	not malformed
	some number, loss in input.losses
	loss.sort == "corrupted"
	right_sort("losses", loss.element)
	d.things[d.numbers[loss.element]].losses.corrupted == []
}

problems contains problem(path("active", number, "backup"), "contradiction", entry.backup) if {
	not malformed
	some number, entry in input.active
	right_sort("active", entry.backup)
	some fence in input.fenced
	fence.element == entry.backup
}

problems contains problem(path("tests", number, "test"), "unknown-name", entry.test) if {
	not malformed
	some number, entry in input.tests
	backup := d.backups[d.backup_numbers[entry.backup]]
	not has_test(backup, entry.test)
}

has_test(backup, name) if {
	some test in backup.tests
	test.name == name
}

# ---- facts by number --------------------------------------------------------------------------------------

falls(loss) := [d.numbers[loss.element]] if loss_sort(loss) == "lost"

falls(loss) := d.things[d.numbers[loss.element]].losses.corrupted if loss.sort == "corrupted"

falls(loss) := d.things[d.numbers[loss.element]].losses.compromised if loss.sort == "compromised"

falls_later(loss) := d.things[d.numbers[loss.element]].losses.corrupted_later if loss.sort == "corrupted"

falls_later(loss) := d.things[d.numbers[loss.element]].losses.compromised_later if loss.sort == "compromised"

# Copies that are kept behind, and were not put to work before they took over what is wrong.
overtaken := {one.thing |
	some loss in input.losses
	is_string(loss.since)
	some one in falls_later(loss)
	moments[loss.since] + one.after_ms <= now
	not at_work[one.thing]
}

at_work := {d.backups[d.backup_numbers[entry.backup]].thing | some entry in input.active}

fenced := {d.numbers[fence.element] | some fence in input.fenced}

lapsed := [lapse |
	some lapse in d.lapses
	today > lapse.last_day
]

# Of each loss that says since when: that moment, what falls, the loss.
dated := [[moments[loss.since], falls(loss), loss] |
	some loss in input.losses
	is_string(loss.since)
]

gone := ((({thing |
	some loss in input.losses
	some thing in falls(loss)
} | {lapse.thing | some lapse in lapsed}) | {d.backups[one[0]].thing | some one in spent}) | fenced) | overtaken

# The active backups that have carried what they cover for as long as they do, and until when.
spent := [[backup, until] |
	some entry in input.active
	is_string(entry.since)
	backup := d.backup_numbers[entry.backup]
	lasts := d.backups[backup].lasts_ms
	lasts != null
	until := later(moments[entry.since], lasts)
	until <= now
]

# Per active backup since when, or null.
active := {d.backup_numbers[entry.backup]: since |
	some entry in input.active
	since := since_of(entry)
}

since_of(entry) := moments[entry.since] if {
	is_string(entry.since)
} else := null

active_backups := {d.backup_numbers[entry.backup] | some entry in input.active}

shown := {d.numbers[entry.signal]: {"on": entry.on, "since": since_or_now(entry)} | some entry in input.signals}

since_or_now(entry) := moments[entry.since] if {
	is_string(entry.since)
} else := now

actors := {d.numbers[input.actor] | is_string(input.actor)}

default some_functions := false

some_functions if count(input.functions) > 0
