#!/usr/bin/env bash
# What is made of rule sets, read by the programs and parsers of others: promtool and amtool, Graphviz,
# and from PyPI icalendar, markdown-it-py and PyYAML.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
need promtool prometheus
need amtool prometheus-alertmanager
need dot graphviz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install icalendar 'markdown-it-py[linkify]' pyyaml
cargo build --quiet -p rbp-cli
rbp=${CARGO_TARGET_DIR:-target}/debug/rbp
for example in payroll icu-power payments-flawed; do
  "$work/venv/bin/python" tests/targets.py "$rbp" "examples/$example" 2026-11-23
done
