#!/usr/bin/env bash
# Counts instructions of what lists do most often and compares them with what is committed in scripts/counts.txt: more than two
# percent above is a failure. With --keep what was counted is what is committed from now on.
set -euo pipefail
cd "$(dirname "$0")/.."
committed=scripts/counts.txt
if ! command -v valgrind >/dev/null; then
    echo "counts: valgrind is needed" >&2
    exit 1
fi
# program <package> <more>: the tests of a crate, built
program() {
    cargo test --locked --profile counts -p "$1" --lib --no-run --message-format=json "${@:2}" 2>/dev/null |
        sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -1
}
rows=$(program cluster)
pages=$(program app --features app/ssr)
found=$(mktemp)
trap 'rm -f "$found" "$found".*' EXIT
failed=0
for what in decode_one_pod apply_one_event fan_out_to_200 render_50_rows render_50_rows_as_html; do
    case $what in
        *_as_html) program=$pages test=pages::rows::counts::$what ;;
        *) program=$rows test=rows::counts::$what ;;
    esac
    valgrind --tool=callgrind --callgrind-out-file="$found.out" --collect-atstart=no --toggle-collect="*counted_${what}*" \
        "$program" --exact "$test" --ignored --test-threads=1 >"$found.log" 2>&1 || { cat "$found.log"; exit 1; }
    count=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$found.log")
    echo "$what $count" >>"$found"
    known=$(sed -n "s/^$what //p" "$committed" 2>/dev/null || true)
    verdict=ok
    if [ -n "$known" ] && [ "$((count * 100))" -gt "$((known * 102))" ]; then
        verdict="more than $known"
        failed=$((failed + 1))
    fi
    echo "$what: $count instructions ($verdict)"
done
[ "${1:-}" != --keep ] || cp "$found" "$committed"
echo "counts: 5 counted, $failed over what is committed"
[ "$failed" = 0 ]
