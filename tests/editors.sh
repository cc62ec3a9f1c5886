#!/usr/bin/env bash
# The editors: Neovim opens a faulty policy and shows what `rbp lsp` finds; the extension for VS Code
# is packed, and the engine that VS Code colours with reads its grammar. Installs by package name
# what it needs.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

. tests/need.sh
need nvim neovim
need npm npm

cargo build --quiet -p rbp-cli
rbp=${CARGO_TARGET_DIR:-$root/target}/debug/rbp

mkdir "$work/policy"
cd "$work/policy"
printf '[package]\nname = "pay"\n' > rbp.toml
printf 'dependency db\nfunction pay "Löhne 🏥" { owner ops  rto 5min  depends on db }\n' > pay.rbp
printf 'dependency alone\n' > other.rbp
timeout 120 nvim --headless -u NONE -i NONE -n \
  --cmd "set runtimepath^=$root/editors/neovim" --cmd 'filetype plugin on' --cmd 'syntax on' \
  --cmd "let g:rbp_path = '$rbp'" -c "luafile $root/tests/editors/neovim.lua"
echo

mkdir "$work/colours"
cd "$work/colours"
npm install --silent --no-audit --no-fund vscode-textmate@9 vscode-oniguruma@2 >/dev/null
node "$root/tests/editors/vscode.js"

cp -r "$root/editors/vscode" "$work/extension"
cd "$work/extension"
node --check extension.js
npm install --silent --no-audit --no-fund >/dev/null
npx --yes @vscode/vsce@3 package --allow-missing-repository --skip-license -o rbp.vsix >/dev/null
python3 -m zipfile -l rbp.vsix > files
for file in extension.js syntaxes/rbp.tmLanguage.json language-configuration.json \
  node_modules/vscode-languageclient/node.js; do
  grep -q "extension/$file" files || { echo "the packed extension lacks $file" >&2; exit 1; }
done
echo "the extension for VS Code is packed"
