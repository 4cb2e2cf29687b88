#!/usr/bin/env bash
# Installs what the build needs and is missing. Says what it does and how long it may take.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/^wasm-bindgen = "=\(.*\)"/\1/p' Cargo.toml)

if ! rustup target list --installed | grep -qx wasm32-unknown-unknown; then
    echo "tools: adding the wasm32 target"
    rustup target add wasm32-unknown-unknown
fi
if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
    echo "tools: installing wasm-bindgen-cli $version (about 3 minutes)"
    # Its own target folder, and without the lock of the workspace's flags.
    cargo install wasm-bindgen-cli --version "$version" --quiet
fi
deny=0.20.2
if [ "$(cargo-deny --version 2>/dev/null)" != "cargo-deny $deny" ]; then
    echo "tools: installing cargo-deny $deny (about 4 minutes)"
    cargo install cargo-deny --version "$deny" --locked --quiet
fi
if [ ! -x node_modules/.bin/wasm-opt ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "tools: installing npm packages"
    npm ci --no-fund --no-audit --loglevel=error
fi
