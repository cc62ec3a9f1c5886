#!/usr/bin/env bash
# `rbp serve` under load: wrk (Debian) sends facts as fast as they are answered, while the rule set changes every second, some
# clients are slow, some hang up or send nonsense, and some bodies are too long. Prints a Markdown table.
#   tests/load.sh [SECONDS]    60 where no time is given
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/need.sh
need wrk wrk
cargo build --quiet --release -p rbp-cli
python3 tests/load.py "${CARGO_TARGET_DIR:-target}/release/rbp" "${1:-60}"
