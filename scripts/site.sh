#!/usr/bin/env bash
# Builds what the browser loads into target/site: script, wasm, editor, styles, pictures, each with a brotli copy.
# The folder of the scripts is named after what they were made from, so that browsers may keep them for good.
set -euo pipefail
cd "$(dirname "$0")/.."
site=target/site
wasm=target/wasm32-unknown-unknown/wasm-release/frontend.wasm

cargo build --locked -p split
# The split needs to know what refers to what.
cargo rustc --locked -p frontend --lib --target wasm32-unknown-unknown --profile wasm-release -- \
    -Clink-args=--emit-relocs
mkdir -p "$site/pkg"
cp public/* "$site/"
name=$(cat "$wasm" style/*.css frontend/editor.js package-lock.json scripts/site.sh target/debug/split | sha256sum | cut -c1-16)
if [ ! -d "$site/pkg/$name" ]; then
    work=target/split into=$site/pkg/$name.new
    rm -rf "$work" "$site"/pkg/*
    mkdir -p "$work" "$into"
    target/debug/split "$wasm" "$work" pilothouse
    # Names of functions are needed until the parts are bound together, the linker's exports for good.
    wasm-bindgen "$work/pilothouse.wasm" --target web --no-typescript --keep-lld-exports --no-demangle \
        --out-dir "$into" --out-name pilothouse
    for file in "$into/pilothouse_bg.wasm" "$work"/{split_,chunk_}*.wasm; do
        [ -e "$file" ] || continue
        node_modules/.bin/wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
            --enable-mutable-globals --enable-reference-types --enable-multivalue "$file" -o "$into/$(basename "$file")"
    done
    cp "$work"/pilothouse_split.js{,on} "$into/"
    cat style/*.css > "$into/pilothouse.css"
    node_modules/.bin/esbuild frontend/editor.js --bundle --minify --format=esm --target=es2022 --log-level=warning \
        --outfile="$into/editor.js"
    node scripts/compress.mjs "$into"
    mv "$into" "$site/pkg/$name"
fi
echo "$name" > "$site/package"
