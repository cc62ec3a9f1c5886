#!/usr/bin/env bash
# What is made of rule sets, read by the programs and parsers of others: promtool and amtool, Graphviz,
# and from PyPI icalendar, markdown-it-py and PyYAML; reports on screens of several widths, in Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
need promtool prometheus
need amtool prometheus-alertmanager
need dot graphviz
need chromium chromium
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install icalendar 'markdown-it-py[linkify]' pyyaml
cargo build --quiet -p rbp-cli
rbp=${CARGO_TARGET_DIR:-target}/debug/rbp
for example in payroll icu-power payments-flawed; do
  "$work/venv/bin/python" tests/targets.py "$rbp" "examples/$example" 2026-11-23
done
# Alerts, played by promtool: of the examples, and of a policy that stands beside its test.
for played in tests/alerts/*.yml; do
  name=$(basename "$played" .yml)
  policy=tests/alerts/$name.rbp
  [ -e "$policy" ] || policy=examples/$name
  "$rbp" build "$policy" --as-of 2026-11-23 --allow-unverified --quiet --target prometheus -o "$work/$name"
  cp "$played" "$work/$name/prometheus/played.yml"
  promtool test rules "$work/$name/prometheus/played.yml"
done
# A policy without a name, with a result that ends before it is due.
mkdir "$work/nameless"
cat > "$work/nameless/main.rbp" <<'POLICY'
dependency line : machine
dependency eye  : machine
signal dead { from eye  query "volts < 9"  within 1s }
function radio { owner club  rto 1h  depends on line }
backup cell : machine for line {
  protects radio
  owner    club
  restores within 1min
  activate { when dead  by automatic on eye }
  test run { every 90d  proves activation  last 2026-11-02 passed  expires 2026-12-01 }
  test once { proves load 1 kW for 1h  last 2026-11-02 passed  expires 2026-12-24 }
}
POLICY
"$work/venv/bin/python" tests/targets.py "$rbp" "$work/nameless" 2026-11-23
# It must be held by the earlier of the two days.
"$rbp" build "$work/nameless" --as-of 2026-11-23 --allow-unverified --quiet --target ics -o "$work/made"
test "$(grep -c '^DTSTART;VALUE=DATE:20261201' "$work/made/ics/drills.ics")" = 2
test "$(grep -c '^DTSTART;VALUE=DATE:20261224' "$work/made/ics/drills.ics")" = 2
if grep -q '^DTSTART;VALUE=DATE:2027' "$work/made/ics/drills.ics"; then
  echo "a drill stands on a day on which the last result does not count any more" >&2
  exit 1
fi
# Names and titles without a space in them must not push a report off a phone.
long=https://wiki.example.org/continuity/a/path/without/any/space/in/it/at/all/and/more/of/the/same
name=the-grid-of-the-region-that-nobody-ever-shortened-because-it-is-so-in-every-contract
mkdir "$work/long"
cat > "$work/long/main.rbp" <<POLICY
dependency $name : machine "$long"
function light "$long" { owner $name  rto 4h  depends on $name }
accept loss of $name for light { because "$long"  by $name  until 2027-01-01 }
POLICY
for package in examples/hospital examples/icu-power-flawed examples/payments-flawed "$work/long"; do
  "$rbp" report "$package" --as-of 2026-11-23 --quiet -o "$work/$(basename "$package").html"
done
python3 tests/widths.py "$work"/*.html
