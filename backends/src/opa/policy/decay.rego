# ---- what has run out -------------------------------------------------------------------------------------

# Test results that were reported, by backup and test: the day and how it went.
reported := [[d.backup_numbers[entry.backup], entry.test, floor(moments[entry.at] / day_ms), entry.passed] |
	some entry in input.tests
]

# Of each test of a backup the last result, or null.
results := {backup: found |
	some backup
	of := d.backups[backup]
	found := [[test, last_result(test, of_test(backup, test))] | some test in of.tests]
}

of_test(backup, test) := {[result[2], result[3]] |
	some result in reported
	result[0] == backup
	result[1] == test.name
}

recorded(test) := {[test.last_day, test.passed] | test.last_day != null}

last_result(test, told_results) := {"day": last, "passed": passed, "newer": newer} if {
	known := told_results | recorded(test)
	known != set()
	last := greatest({result[0] | some result in known})
	# Of several on one day a failed one counts.
	passed := not_failed(known, [last, false])
	newer := is_newer(last, test.last_day)
} else := null

# A later day than the one that the rule set knows of.
is_newer(last, known) := last != known

not_failed(known, failure) := false if known[failure]

not_failed(known, failure) := true if not known[failure]

tested(backup) if {
	some result in results[backup]
	result[1] != null
}

decay(rule, test, on, owner) := {"rule": rule, "test": test, "day": on, "owner": owner}

decays contains [backup, decay("untested-backup", null, null, of.owner)] if {
	some backup, of in d.backups
	not tested(backup)
}

decays contains [backup, decay("overdue-test", test.name, null, test.owner)] if {
	some backup, found in results
	some [test, last] in found
	last == null
	tested(backup)
}

decays contains [backup, decay("failed-test", test.name, day_text(last.day), test.owner)] if {
	some backup, found in results
	some [test, last] in found
	last.passed == false
}

decays contains [backup, decay("overdue-test", test.name, day_text(end), test.owner)] if {
	some backup, found in results
	some [test, last] in found
	end := least(due(test, last) | expiry(test, last))
	today > end
}

due(test, last) := {end |
	test.every_days != null
	end := last.day + test.every_days
}

# `expires` is about the result that stood there when the rule set was built.
expiry(test, last) := {test.expires_day |
	test.expires_day != null
	last.newer == false
}

accepts(backup, rule) if {
	all := d.backups[backup].accepted
	untils := {d.acceptances[accepted.acceptance].until_day |
		some accepted in all
		accepted.rule == rule
	}
	today <= least(untils)
}

owed := [[backup, found] |
	some [backup, found] in decays
	not accepts(backup, found.rule)
]

reasons contains [backup, object.union({"reason": "decayed"}, found)] if {
	some [backup, found] in owed
	wanted[backup]
}

reasons contains [backup, object.union({"reason": "decayed"}, decay(lapse.rule, null, lapse.day, lapse.owner))] if {
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

run_out(of, acceptance, found) := object.union({"of": of, "acceptance": acceptance}, found)

decayed contains run_out(d.things[d.backups[backup].thing].id, null, found) if {
	some [backup, found] in owed
}

decayed contains run_out(d.things[lapse.thing].id, null, decay(lapse.rule, null, lapse.day, lapse.owner)) if {
	some lapse in lapsed
}

decayed contains run_out(null, a.id, decay("expired-acceptance", null, a.until, a.by)) if {
	some a in d.acceptances
	today > a.until_day
}
