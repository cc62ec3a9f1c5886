#!/usr/bin/env bash
# Kakoune: the file type is told and the words are coloured. Installs Debian's kakoune.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
. tests/need.sh
need kak kakoune

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work/config
mkdir -p "$work/config/kak/autoload"
ln -s "$(dirname "$(find /usr/share/kak -name kakrc | head -1)")/rc" "$work/config/kak/autoload/standard"
cp editors/kakoune/rbp.kak "$work/config/kak/autoload/"
printf 'dependency db "a // title"\n' > "$work/pay.rbp"
cat > "$work/look.kak" <<KAK
edit $work/pay.rbp
echo -to-file $work/type %opt{filetype}
echo -to-file $work/words %opt{static_words}
buffer *debug*
write $work/debug
KAK
cd "$work"
timeout 60 kak -ui json -s rbp-test -e "source $work/look.kak; evaluate-commands %{ quit! }" > "$work/ui" < /dev/null || true
[ "$(cat "$work/type")" = rbp ] || { echo "Kakoune does not tell the file type" >&2; exit 1; }
! grep "rbp).*error\|error.*rbp[).]" "$work/debug" >&2 || exit 1
grep -q "readiness" "$work/words" || { echo "Kakoune does not know the words" >&2; exit 1; }
echo "Kakoune: $(wc -w < "$work/words") words"
