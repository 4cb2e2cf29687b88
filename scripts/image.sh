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
layer=$work
mkdir -p "$layer"/{app,data,etc/ssl/certs,tmp} "$(dirname "$archive")"

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

scripts/archive.sh "$layer" '{"User":"65532:65532","WorkingDir":"/data","Env":["PATH=/app","PILOTHOUSE_SITE_DIR=/app/site",
"PILOTHOUSE_HELM=/app/helm","PILOTHOUSE_DATA_DIR=/data"],"Entrypoint":["/app/pilothouse"],"ExposedPorts":{"8080/tcp":{}}}' \
    "$name" "$archive"
echo "image: $archive ($(du -h "$archive" | cut -f1)), $name"
