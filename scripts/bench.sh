#!/usr/bin/env bash
# Everything that is measured beside its reference, one after another; fails at the end when a goal was missed.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
for part in "node scripts/bench.mjs" "node scripts/fleet.mjs" "node scripts/scale.mjs" scripts/counts.sh; do
    printf '\n== %s\n' "$part"
    # Words, not a path.
    $part || failed=$((failed + 1))
done
echo "bench: 4 parts, $failed over their goals"
[ "$failed" = 0 ]
