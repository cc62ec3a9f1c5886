# What must be so of every rule set, whatever is in it.
package rbp_test

import rego.v1

import data.rbp
import data.rbp_data as d

noon := concat("", [d.as_of, "T12:00:00Z"])

test_nothing_is_decided_without_a_moment if {
	decision := rbp.decision with input as {}
	decision.problems[0].problem == "malformed"
}

test_nothing_is_decided_on_a_day_that_is_none if {
	decision := rbp.decision with input as {"now": "2026-02-30T12:00:00Z", "allow_unverified": true}
	decision.problems[0].problem == "bad-time"
}

test_nothing_is_decided_before_the_rule_set_was_judged if {
	decision := rbp.decision with input as {"now": "1970-01-01T00:00:00Z", "allow_unverified": true}
	decision.problems[0].problem == "before-rule-set"
}

test_nothing_is_decided_on_an_unknown_name if {
	decision := rbp.decision with input as {"now": noon, "losses": [{"element": ""}], "allow_unverified": true}
	decision.problems[0].problem == "unknown-name"
}

test_what_is_not_verified_is_refused if {
	not d.verified
	decision := rbp.decision with input as {"now": noon}
	decision.problems[0].problem == "unverified"
}

test_what_is_not_verified_is_refused if d.verified

test_nobody_may_do_anything_without_facts if {
	decision := rbp.decision with input as {"now": noon, "backups": object.keys(d.backup_numbers), "allow_unverified": true}
	allowed := [backup |
		some backup in decision.backups
		backup.may
	]
	count(allowed) == 0
}

test_a_function_without_anything_is_lost if {
	everything := [loss |
		some thing in d.things
		thing.sort in ["element", "backup"]
		loss := {"element": thing.id}
	]
	decision := rbp.decision with input as {"now": noon, "losses": everything, "allow_unverified": true}
	serving := [function |
		some function in decision.functions
		function.state != "lost"
	]
	count(serving) == 0
}

test_not_allowed_unless_asked if {
	allow := rbp.allow with input as {"now": noon, "allow_unverified": true}
	not allow
}
