#!/usr/bin/env bash
# The extension for VS Code: its types hold, it is packed by its one command, the packed file has what it needs,
# and its grammar colours as `colours.rbp` says. Installs Node.js where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
. tests/need.sh
need npm npm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r editors/vscode "$work/extension"
cd "$work/extension"
rm -rf node_modules dist
npm ci --silent --no-audit --no-fund > /dev/null
npm run --silent package > "$work/packing" 2>&1 || { cat "$work/packing"; exit 1; }
python3 -m zipfile -l rbp.vsix > "$work/files"
for file in dist/extension.js syntaxes/rbp.tmLanguage.json language-configuration.json snippets/rbp.json \
  walkthrough/findings.md; do
  grep -q "extension/$file" "$work/files" || { echo "the packed extension lacks $file" >&2; exit 1; }
done
! grep -q "extension/src\|node_modules" "$work/files" || { echo "the packed extension holds too much" >&2; exit 1; }
echo "the extension for VS Code is packed"

mkdir "$work/colours"
cd "$work/colours"
npm install --silent --no-audit --no-fund vscode-textmate@9 vscode-oniguruma@2 vscode-tmgrammar-test@0.1 > /dev/null
npx vscode-tmgrammar-test -g "$root/editors/vscode/syntaxes/rbp.tmLanguage.json" "$root/tests/editors/colours.rbp"
node "$root/tests/editors/vscode.js"
