#!/usr/bin/env bash
# What continuous integration reads: the files for GitHub, GitLab and pre-commit against their schemas, GitLab's report
# against its own, and the hooks run by pre-commit itself.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install check-jsonschema pre-commit
check() { "$work/venv/bin/check-jsonschema" --quiet --builtin-schema "$@"; }
check vendor.github-actions action.yml
check vendor.github-workflows .github/workflows/*.yml
check vendor.gitlab-ci ci/gitlab.yml
"$work/venv/bin/pre-commit" validate-manifest .pre-commit-hooks.yaml

cargo build --quiet -p rbp-cli
rbp=$(realpath "${CARGO_TARGET_DIR:-target}/debug/rbp")
"$rbp" check examples/hospital --format gitlab > "$work/quality.json" || [ $? -eq 1 ]
cat > "$work/quality.schema.json" <<'SCHEMA'
{ "type": "array", "minItems": 1, "items": { "type": "object",
  "required": ["description", "check_name", "fingerprint", "severity", "location"],
  "properties": { "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
    "location": { "type": "object", "required": ["path", "lines"],
      "properties": { "path": { "type": "string" }, "lines": { "type": "object", "required": ["begin"] } } } } } }
SCHEMA
"$work/venv/bin/check-jsonschema" --quiet --schemafile "$work/quality.schema.json" "$work/quality.json"

# The hooks, in a repository that takes them from here.
mkdir -p "$work/bin" "$work/hooks" "$work/user"
ln -s "$rbp" "$work/bin/rbp"
export PATH="$work/bin:$PATH" PRE_COMMIT_HOME="$work/cache"
repository() { git -C "$1" init -q && git -C "$1" add -A && git -C "$1" -c user.name=t -c user.email=t@t commit -qm made; }
cp .pre-commit-hooks.yaml "$work/hooks"
repository "$work/hooks"
mkdir "$work/user/policies"
cp -r examples/payroll examples/hospital "$work/user/policies"
cat > "$work/user/.pre-commit-config.yaml" <<CONFIG
repos: [{ repo: "$work/hooks", rev: "$(git -C "$work/hooks" rev-parse HEAD)", hooks: [{ id: rbp-check, args: [policies, --as-of, "2026-11-23"] }, { id: rbp-fmt }] }]
CONFIG
repository "$work/user"
cd "$work/user"
"$work/venv/bin/pre-commit" run rbp-fmt --all-files
# A finding is told whichever file was changed, and where none was, nothing is checked.
"$work/venv/bin/pre-commit" run rbp-check --files .pre-commit-config.yaml
if "$work/venv/bin/pre-commit" run rbp-check --files policies/payroll/*.rbp > "$work/found"; then
  echo "the hook lets findings through" >&2
  exit 1
fi
grep -q single-point-of-failure "$work/found"
rm -r policies/hospital
"$work/venv/bin/pre-commit" run rbp-check --files policies/payroll/*.rbp
echo "the files for continuous integration are valid, and the hooks run"
