#!/usr/bin/env bash
# Makes the container image of Pilothouse without a container engine: one layer with the binary, the libraries it is linked
# to, the site, and helm; an archive that containerd imports and `docker load` reads.
#   scripts/image.sh [binary] [archive] [name]
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:-target/release/pilothouse} archive=${2:-target/image/pilothouse.tar} name=${3:-pilothouse:0.1.0}
helm=${PILOTHOUSE_HELM:-${PILOTHOUSE_TOOLS:-$HOME/.cache/pilothouse/tools}/helm}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
layer=$work/layer image=$work/image
mkdir -p "$layer"/{app,data,etc/ssl/certs,tmp} "$image" "$(dirname "$archive")"

install -m 755 --strip "$binary" "$layer/app/pilothouse"
install -m 755 "$helm" "$layer/app/helm"
cp -r target/site "$layer/app/site"
# Whatever the loader says that the binary needs, the loader included.
ldd "$binary" | grep -o '/[^ ]*' | while read -r library; do
    install -D -m 755 "$library" "$layer$library"
done
cp /etc/ssl/certs/ca-certificates.crt "$layer/etc/ssl/certs/"
echo 'pilothouse:x:65532:65532::/data:/app/pilothouse' >"$layer/etc/passwd"
echo 'pilothouse:x:65532:' >"$layer/etc/group"
chmod 1777 "$layer/tmp"

# The same content makes the same archive.
pack() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$@"; }
pack "$image/layer.tar" -C "$layer" .
digest=$(sha256sum "$image/layer.tar" | cut -d' ' -f1)
machine=$(uname -m)
case $machine in x86_64) machine=amd64 ;; aarch64) machine=arm64 ;; esac
cat >"$image/config.json" <<EOF
{"architecture":"$machine","os":"linux","config":{"User":"65532:65532","WorkingDir":"/data",
"Env":["PATH=/app","PILOTHOUSE_SITE_DIR=/app/site","PILOTHOUSE_HELM=/app/helm","PILOTHOUSE_DATA_DIR=/data"],
"Entrypoint":["/app/pilothouse"],"ExposedPorts":{"8080/tcp":{}}},
"rootfs":{"type":"layers","diff_ids":["sha256:$digest"]}}
EOF
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$name" >"$image/manifest.json"
pack "$archive" -C "$image" manifest.json config.json layer.tar
echo "image: $archive ($(du -h "$archive" | cut -f1)), $name"
