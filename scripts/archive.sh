#!/usr/bin/env bash
# Packs a folder as a container image of one layer: an archive that containerd imports and `docker load` reads. The same
# content makes the same archive.
#   scripts/archive.sh <folder> <config as JSON> <name> <archive>
set -euo pipefail
layer=$1 config=$2 name=$3 archive=$4
image=$(mktemp -d)
trap 'rm -rf "$image"' EXIT
pack() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$@"; }
pack "$image/layer.tar" -C "$layer" .
digest=$(sha256sum "$image/layer.tar" | cut -d' ' -f1)
machine=$(uname -m)
case $machine in x86_64) machine=amd64 ;; aarch64) machine=arm64 ;; esac
printf '{"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$machine" "$config" "$digest" >"$image/config.json"
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$name" >"$image/manifest.json"
pack "$archive" -C "$image" manifest.json config.json layer.tar
