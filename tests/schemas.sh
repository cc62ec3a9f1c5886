#!/usr/bin/env bash
# Checks what rbp writes against the schemas of others: SARIF 2.1.0 as its authors publish it, and the
# rule set's own schema. Installs by package name what it needs: check-jsonschema, and the npm package
# that carries the SARIF schema.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install check-jsonschema
(cd "$work" && npm pack --silent @microsoft/sarif-multitool-linux >/dev/null && tar xzf ./*.tgz package/sarif-2.1.0.json)
check() { "$work/venv/bin/check-jsonschema" --schemafile "$1" "${@:2}"; }

cargo build --quiet -p rbp-cli
rbp=${CARGO_TARGET_DIR:-target}/debug/rbp

count=0
for example in examples/*/; do
  name=$(basename "$example")
  "$rbp" check "$example" --as-of 2026-11-23 --format sarif > "$work/$name.sarif" || [ $? -eq 1 ]
  "$rbp" build "$example" --as-of 2026-11-23 --allow-unverified --quiet -o "$work/$name.json"
  count=$((count + 1))
done
check "$work/package/sarif-2.1.0.json" "$work"/*.sarif
check ruleset/schema.json "$work"/*.json
# Anybody can compute the digest with the command that the page gives.
command=$(sed -n "s/^\(python3 -c '.*'\) < .*$/\1/p" docs/rule-sets.md)
for rules in "$work"/*.json; do
  digest=$(bash -c "$command" < "$rules")
  grep -q "\"digest\": \"$digest\"" "$rules" || { echo "$rules: its digest is not $digest"; exit 1; }
done
echo "$count SARIF reports and $count rule sets are valid"
