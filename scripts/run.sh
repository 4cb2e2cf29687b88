#!/usr/bin/env bash
# Runs the console: with the cluster of KUBECONFIG when that is set, otherwise with an embedded one that it starts.
set -euo pipefail
cd "$(dirname "$0")/.."
helm=${PILOTHOUSE_HELM:-${PILOTHOUSE_TOOLS:-$HOME/.cache/pilothouse/tools}/helm}
if [ -n "${KUBECONFIG:-}" ]; then
    scripts/testbed.sh helm
    exec target/debug/pilothouse --data-dir target/data --helm "$helm" --kubeconfig "${KUBECONFIG%%:*}"
fi

scripts/testbed.sh
cargo build --locked --quiet -p testbed
echo "run: starting the embedded cluster; what is in it is kept in target/data/cluster"
coproc testbed { exec target/debug/testbed target/data/cluster; }
cluster=$testbed_PID
trap 'kill "$cluster" 2>/dev/null || true; wait "$cluster" 2>/dev/null || true' EXIT
if ! IFS== read -r _ kubeconfig <&"${testbed[0]}"; then
    echo "run: the embedded cluster does not start" >&2
    exit 1
fi
echo "run: kubectl --kubeconfig $kubeconfig"
target/debug/pilothouse --data-dir target/data --helm "$helm" --kubeconfig "$kubeconfig" --administrators-are-cluster-admins &
console=$!
trap 'kill "$console" 2>/dev/null || true' INT TERM
while kill -0 "$console" 2>/dev/null; do
    wait "$console" || true
done
