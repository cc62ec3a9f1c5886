#!/usr/bin/env bash
# Policy engines against `rbp decide`: random policies are built, random facts are decided by rbp and by each engine from the
# bundle, and compared. Installs by package name: regorus (crates.io), regopy and OPA's own engine (PyPI).
# RBP_FACTS=150 asks for so many fact sets of each rule set, which is 10,000 and more. RBP_SECONDS is how long rego-cpp may
# take, which decides about ten in a second.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

target=${CARGO_TARGET_DIR:-$root/target}
cargo build --quiet -p rbp-cli -p rbp-tests --bin rbp --bin engine-cases
cargo build --quiet --manifest-path tests/engines/Cargo.toml --target-dir "$target"

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install regopy
opa='opa-golib-python-bindings==0.4.4'
"$work/venv/bin/pip" --quiet download --no-deps --python-version 3.14 --only-binary=:all: \
  --platform manylinux_2_34_x86_64 -d "$work" "$opa"
python3 -m zipfile -e "$work"/*.whl "$work/opa"

mkdir "$work/cases"
"$target/debug/engine-cases" policies "$work/cases" --seed "${RBP_SEED:-7}"
for folder in "$work"/cases/*/; do
  "$target/debug/rbp" build "$folder" --allow-unverified --as-of 2026-11-23 --quiet -o "$folder/rules.json"
done
"$target/debug/engine-cases" facts "$work/cases" --count "${RBP_FACTS:-5}"
"$target/debug/rbp-engines" "$work/cases" &
regorus=$!
PYTHONPATH="$work/opa" "$work/venv/bin/python" tests/engines/engines.py opa "$work/cases"
wait "$regorus"
"$work/venv/bin/python" tests/engines/engines.py regopy "$work/cases" "${RBP_SECONDS:-60}"
