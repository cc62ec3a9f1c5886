#!/usr/bin/env bash
# Emacs: rbp-mode colours and indents, and eglot shows what `rbp lsp` finds. Installs Debian's emacs-nox and elpa-eglot.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
. tests/need.sh
need emacs emacs-nox
[ -d /usr/share/emacs/site-lisp/elpa-src ] || need eglot elpa-eglot

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet -p rbp-cli
cd "$work"
git init --quiet .
printf '[package]\nname = "pay"\n' > rbp.toml
cat > pay.rbp <<'RBP'
dependency db
function pay {
  owner ops
  rto 5min
  depends on db
}
backup b for db {
  activate {
    by ops within 5min
  }
}
RBP
RBP=${CARGO_TARGET_DIR:-$root/target}/debug/rbp timeout 180 emacs -q --batch \
  -L "$root/editors/emacs" -l "$root/tests/editors/emacs.el"
