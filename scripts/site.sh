#!/usr/bin/env bash
# Builds what the browser loads into target/site: script, wasm, styles, pictures, each with a brotli copy.
set -euo pipefail
cd "$(dirname "$0")/.."
site=target/site
wasm=target/wasm32-unknown-unknown/wasm-release/frontend.wasm

cargo build --locked -p frontend --target wasm32-unknown-unknown --profile wasm-release
mkdir -p "$site/pkg"
if [ "$wasm" -nt "$site/pkg/pilothouse_bg.wasm" ]; then
    wasm-bindgen "$wasm" --target web --no-typescript --out-dir target/bindgen --out-name pilothouse
    node_modules/.bin/wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
        --enable-mutable-globals --enable-reference-types --enable-multivalue \
        target/bindgen/pilothouse_bg.wasm -o "$site/pkg/pilothouse_bg.wasm"
    cp target/bindgen/pilothouse.js "$site/pkg/pilothouse.js"
fi
cat style/*.css > "$site/pkg/pilothouse.css"
cp public/* "$site/"
node scripts/compress.mjs "$site/pkg"
