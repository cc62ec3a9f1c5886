#!/usr/bin/env bash
# The editors, each for real and each by itself: `bash tests/editors.sh neovim` looks at one of them.
set -euo pipefail
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- tree-sitter vscode neovim emacs kakoune monaco
for name in "$@"; do
  echo "-- $name"
  bash "editors/$name.sh"
done
