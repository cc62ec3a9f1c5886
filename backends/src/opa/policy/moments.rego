# ---- moments ----------------------------------------------------------------------------------------------

day_ms := 86400000

moment_form := `^([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,9}))?(?:Z|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$`

# Milliseconds since 1970 in UTC; undefined where the text is no moment.
moment(text) := ms if {
	found := regex.find_all_string_submatch_n(moment_form, text, 1)
	part := found[0]
	days := day(two(substring(part[1], 0, 2)) * 100 + two(substring(part[1], 2, 2)), two(part[2]), two(part[3]))
	seconds := ((((days * 24) + two(part[4])) * 60) + two(part[5])) * 60 + two(part[6])
	ms := ((seconds * 1000) + fraction(part[7])) - offset(part[8], part[9], part[10])
}

# Two digits as a number; engines differ on what `to_number` makes of "08".
two(text) := to_number(concat("", ["1", text])) - 100

fraction("") := 0

fraction(text) := to_number(concat("", ["1", substring(concat("", [text, "00"]), 0, 3)])) - 1000 if text != ""

offset("", _, _) := 0

offset("+", hours, minutes) := span(hours, minutes)

offset("-", hours, minutes) := 0 - span(hours, minutes)

span(hours, minutes) := ((two(hours) * 60) + two(minutes)) * 60000

# Days since 1970-01-01, in years that begin in March, so that the day that may be missing is the last.
day(year, month, of_month) := days if {
	is_day(year, month, of_month)
	y := year - early[month - 1]
	days := ((((((y * 365) + floor(y / 4)) - floor(y / 100)) + floor(y / 400)) + days_before[month - 1]) + of_month) - 719469
}

is_day(_, month, of_month) if {
	of_month >= 1
	of_month <= month_lengths[month - 1]
}

is_day(year, 2, 29) if leap(year)

month_lengths := [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

early := [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

days_before := [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275]

leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

leap(year) if year % 400 == 0

# No moment is told beyond the year 9999.
last_moment := 253402300799999

later(ms, more) := least({ms + more, last_moment})

# Numbers by size: rego-cpp's `min`, `max` and `sort` order them as texts.
least(numbers) := number if {
	some number in numbers
	every other in numbers {
		number <= other
	}
}

greatest(numbers) := number if {
	some number in numbers
	every other in numbers {
		number >= other
	}
}

day_text(days) := text if {
	shifted := days + 719468
	era := floor(shifted / 146097)
	of_era := shifted - (era * 146097)
	y := floor((((of_era - floor(of_era / 1460)) + floor(of_era / 36524)) - floor(of_era / 146096)) / 365)
	of_year := of_era - (((365 * y) + floor(y / 4)) - floor(y / 100))
	m := floor(((5 * of_year) + 2) / 153)
	month := ((m + 2) % 12) + 1
	year := (y + (era * 400)) + early[month - 1]
	text := concat("-", [digits(year, 4), digits(month, 2), digits((of_year - days_before[month - 1]) + 1, 2)])
}

powers := [1, 10, 100, 1000, 10000]

digits(number, width) := substring(format_int(number + powers[width], 10), 1, width)

moment_text(ms) := text if {
	days := floor(ms / day_ms)
	rest := ms - (days * day_ms)
	seconds := floor(rest / 1000)
	minutes := floor(seconds / 60)
	hours := floor(minutes / 60)
	clock := concat(":", [digits(hours, 2), digits(minutes - (hours * 60), 2), digits(seconds - (minutes * 60), 2)])
	text := concat("", [day_text(days), "T", clock, thousandths(rest - (seconds * 1000)), "Z"])
}

thousandths(0) := ""

thousandths(number) := concat("", [".", digits(number, 3)]) if number > 0

moment_or_null(moments) := null if count(moments) == 0

moment_or_null(moments) := moment_text(least(moments)) if count(moments) > 0
