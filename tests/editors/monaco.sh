#!/usr/bin/env bash
# Monaco with its own language client in headless Chromium. Installs Node.js and Chromium where they are missing.
# `RBP_BLESS=1` keeps the pictures in docs/pictures.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
. tests/need.sh
need npm npm
need chromium chromium
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet -p rbp-cli

cp -r tests/editors/monaco "$work/monaco"
cp -r examples/hospital "$work/hospital"
pictures=$work/pictures
mkdir "$pictures"
cd "$work/monaco"
npm install --silent --no-audit --no-fund > /dev/null
RBP_REPOSITORY=$root timeout 300 node run.mjs "${CARGO_TARGET_DIR:-$root/target}/debug/rbp" "$work/hospital/life-support.rbp" "$pictures"
if [ -n "${RBP_BLESS:-}" ]; then
  mkdir -p "$root/docs/pictures"
  cp "$pictures"/*.png "$root/docs/pictures/"
fi
