# ---- the answer -------------------------------------------------------------------------------------------

decision := {"problems": sort([one | some one in problems])} if problems != set()

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
	problems == set()
}

# Whether the actor may activate the one backup that is asked about.
default allow := false

allow if {
	count(decision.backups) == 1
	decision.backups[0].may
	input.backups == [decision.backups[0].backup]
}
