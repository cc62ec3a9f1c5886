#!/usr/bin/env bash
# The grammar for tree-sitter: the parser in the repository is the one that the grammar makes, its own corpus
# passes, its queries fit it, and it reads every policy there is, with every clause, without an error.
# Installs the crate tree-sitter-cli and Node.js where they are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
. tests/need.sh
need node nodejs
need cc gcc
version=0.27.1
tools=${CARGO_TARGET_DIR:-$root/target}/tools
tree_sitter=$tools/bin/tree-sitter
if ! "$tree_sitter" --version 2>/dev/null | grep -q " $version"; then
  cargo install --quiet --locked --no-default-features \
    --root "$tools" --version "$version" tree-sitter-cli
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config NO_COLOR=1
"$tree_sitter" init-config > /dev/null 2>&1

mkdir -p "$work/editors" "$work/grammar"
cp -r editors/tree-sitter "$work/editors/"
cp grammar/keywords.txt "$work/grammar/"
cd "$work/editors/tree-sitter"
"$tree_sitter" generate
diff -r src "$root/editors/tree-sitter/src" > /dev/null || {
  echo "editors/tree-sitter/src is not what its grammar makes: run \`tree-sitter generate\` there" >&2
  exit 1
}
"$tree_sitter" test > "$work/test" || { cat "$work/test"; exit 1; }
tail -1 "$work/test"

mapfile -t policies < <(cd "$root" && git ls-files -- '*.rbp' | sed "s|^|$root/|")
"$tree_sitter" parse -q "${policies[@]}"
for query in queries/rbp/*.scm "$root"/editors/helix/queries/rbp/*.scm "$root"/editors/zed/languages/rbp/*.scm; do
  "$tree_sitter" query -q "$query" "$root/tests/editors/clauses.rbp" > /dev/null
done
echo "tree-sitter reads ${#policies[@]} policies"
