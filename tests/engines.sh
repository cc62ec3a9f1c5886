#!/usr/bin/env bash
# Policy engines against `rbp decide`: random policies are built, random facts are decided by rbp and by each engine from the
# bundle, and compared. Installs by package name: regorus (crates.io), regopy and OPA's own engine (PyPI).
# RBP_FACTS=150 asks for so many fact sets of each of 67 rule sets, which is 10,000.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --quiet -p rbp-cli
rbp=${CARGO_TARGET_DIR:-$root/target}/debug/rbp
cargo build --quiet --manifest-path tests/engines/Cargo.toml
engines=${CARGO_TARGET_DIR:-$root/tests/engines/target}/debug/rbp-engines

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install regopy
opa='opa-golib-python-bindings==0.4.4'
"$work/venv/bin/pip" --quiet download --no-deps --python-version 3.14 --only-binary=:all: \
  --platform manylinux_2_34_x86_64 -d "$work" "$opa"
python3 -m zipfile -e "$work"/*.whl "$work/opa"

mkdir "$work/cases"
"$engines" policies "$work/cases" 67 "${RBP_SEED:-7}"
for folder in "$work"/cases/*/; do
  "$rbp" build "$folder" --allow-unverified --as-of 2026-11-23 --quiet -o "$folder/rules.json"
done
"$engines" cases "$work/cases" "${RBP_FACTS:-10}" 3
PYTHONPATH="$work/opa" "$work/venv/bin/python" tests/engines/engines.py opa "$work/cases"
"$engines" regorus "$work/cases"
"$work/venv/bin/python" tests/engines/engines.py regopy "$work/cases" "${RBP_REGOPY:-1}"
