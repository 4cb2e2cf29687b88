#!/usr/bin/env bash
# Everything: checks, unit and integration tests, browser tests, size. Tells how long each part took.
set -euo pipefail
cd "$(dirname "$0")/.."
parts=()
part() {
    local name=$1 begin=$SECONDS
    shift
    printf '\n== %s\n' "$name"
    "$@"
    parts+=("$name: $((SECONDS - begin)) s")
}

part packages scripts/packages.sh
part tools scripts/tools.sh
part check scripts/check.sh
part cluster-programs scripts/testbed.sh
part keycloak scripts/keycloak.sh
part tests cargo test --locked -p model -p contract -p gate -p egress -p cluster -p helm -p oidc -p store -p console -p app -p server -p testbed \
    --features app/ssr
part server cargo build --locked -p server
part site scripts/site.sh
part browser scripts/e2e.sh
part size node scripts/size.mjs
printf '\n== parts\n'
printf '%s\n' "${parts[@]}"
