#!/usr/bin/env bash
# Who may use whom: fails when a crate reaches one that its layer must not know.
# `cargo tree` per package, because `cargo metadata` merges features.
set -euo pipefail
cd "$(dirname "$0")/.."

# forbid <package> <cargo tree arguments> -- <names>
forbid() {
    local package=$1 tree name
    shift
    local arguments=()
    while [ "$1" != -- ]; do arguments+=("$1"); shift; done
    shift
    tree=$(cargo tree --locked -p "$package" -e normal --prefix none "${arguments[@]}" | awk '{print $1}' | sort -u)
    for name in "$@"; do
        if grep -qx "$name" <<<"$tree"; then
            echo "structure: $package must not reach $name" >&2
            exit 1
        fi
    done
}

forbid model -- tokio sqlx axum leptos kube
forbid contract -- sqlx axum leptos kube tokio
forbid app --features ssr -- sqlx kube gate cluster console store
forbid app --features hydrate --target wasm32-unknown-unknown -- contract axum tokio sqlx
forbid gate -- sqlx axum leptos kube
forbid store -- leptos kube
forbid cluster -- leptos axum sqlx
forbid helm -- leptos axum sqlx kube gate cluster store egress
forbid egress -- leptos axum sqlx kube gate cluster store
forbid oidc -- leptos axum sqlx kube gate cluster store
forbid console -- axum leptos
forbid testbed -- model contract app gate cluster store console server
forbid server -- testbed openssl native-tls ring
mods=$(git ls-files '*/mod.rs' '*utils*.rs')
[ -z "$mods" ] || { echo "structure: no mod.rs and no utils: $mods" >&2; exit 1; }
echo "structure: ok"
