#!/usr/bin/env bash
# Fuzzes what strangers send, guided by coverage: each target for SECONDS_EACH (60), from its seeds and what earlier runs found in
# target/fuzz/corpus. A failure leaves the input beside it. The first run compiles everything anew, with counters.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR=target/fuzz
export RUSTFLAGS="--cfg erase_components --cfg fuzzing -Cdebug-assertions -Cpasses=sancov-module \
-Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
# For the target alone: what runs while compiling needs no counters, and has nobody to read them.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --locked --manifest-path fuzz/Cargo.toml --target "$host"
for target in kubeconfig claims forwarded cookies; do
    mkdir -p "target/fuzz/corpus/$target"
    printf '\n== %s\n' "$target"
    "target/fuzz/$host/debug/$target" -max_total_time="${SECONDS_EACH:-60}" -timeout=5 -rss_limit_mb=2048 -verbosity=0 -print_funcs=0 \
        -print_final_stats=1 -artifact_prefix="target/fuzz/$target-" "target/fuzz/corpus/$target" "fuzz/seeds/$target"
done
printf '\nfuzz: ok\n'
