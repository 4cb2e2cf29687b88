#!/usr/bin/env bash
# The fast checks: format, lints and types on both targets.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --check
scripts/structure.sh
cargo deny --offline check licenses bans sources
cargo clippy --locked -p server -p app -p model -p contract -p gate -p egress -p cluster -p helm -p oidc -p console -p store -p testbed -p split --all-targets \
    --features app/ssr -- -D warnings
cargo clippy --locked -p frontend -p app --features app/hydrate --target wasm32-unknown-unknown -- -D warnings
