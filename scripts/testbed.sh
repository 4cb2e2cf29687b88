#!/usr/bin/env bash
# Builds the testbed's programs from Go modules into a cache outside the tree, where they are missing or of another version.
# With a name, only that program.
# About 10 minutes on two cores, once.
set -euo pipefail
shopt -s nullglob
cd "$(dirname "$0")/../server/testbed/tools"
only=${1:-}
into=${PILOTHOUSE_TOOLS:-$HOME/.cache/pilothouse/tools}
mkdir -p "$into"
export GOTOOLCHAIN=local GOFLAGS="-trimpath -buildvcs=false -mod=readonly" CGO_ENABLED=0
kubernetes=1.35.4
flags="-s -w"
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=35"
done

# build <family> <package> <name>
build() {
    local family=$1 package=$2 name=$3 stamp
    [ -z "$only" ] || [ "$only" = "$name" ] || return 0
    stamp="$(sha256sum "$family/go.mod" "$family/go.sum" "$family"/*.go | sha256sum | cut -c1-16) $package"
    [ -x "$into/$name" ] && [ "$(cat "$into/$name.stamp" 2>/dev/null)" = "$stamp" ] && return 0
    echo "testbed: building $name"
    (cd "$family" && go build -ldflags "$flags" -o "$into/$name" "$package")
    echo "$stamp" >"$into/$name.stamp"
}

if ! command -v go >/dev/null; then
    echo "testbed: Go 1.26 or newer is needed to build etcd and Kubernetes" >&2
    exit 1
fi
build etcd go.etcd.io/etcd/server/v3 etcd
for name in kube-apiserver kube-controller-manager kube-scheduler kubectl kubelet kube-proxy; do
    build kubernetes "k8s.io/kubernetes/cmd/$name" "$name"
done
build kwok sigs.k8s.io/kwok/cmd/kwok kwok
# Only what is measured needs it.
[ "$only" != informer ] || build informer pilothouse.dev/testbed/informer informer
flags="-s -w -X k8s.io/component-base/version.gitVersion=v0.9.0 -X k8s.io/client-go/pkg/version.gitVersion=v0.9.0"
build metrics-server sigs.k8s.io/metrics-server/cmd/metrics-server metrics-server
flags="-s -w -X helm.sh/helm/v4/internal/version.version=v4.3.1"
build helm helm.sh/helm/v4/cmd/helm helm
[ -z "$only" ] || exit 0

stages=$(cd kwok && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
for stage in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease \
    pod/fast/pod-ready pod/fast/pod-complete pod/fast/pod-delete; do
    cat "$stages/$stage.yaml"
    echo ---
done >"$into/kwok-stages.yaml"

# The real chart of metrics-server, and an image for it, which tests install.
charts=$(cd metrics-server && go list -m -f '{{.Dir}}' sigs.k8s.io/metrics-server)/charts
tar -cz -C "$charts" --sort=name --mtime=@0 --owner=0 --group=0 --mode=u+rw -f "$into/metrics-server-chart.tgz" metrics-server
if [ "$into/metrics-server" -nt "$into/metrics-server-image.tar" ]; then
    layer=$(mktemp -d)
    trap 'rm -rf "$layer"' EXIT
    mkdir "$layer/tmp" && chmod 1777 "$layer/tmp"
    cp "$into/metrics-server" "$layer/metrics-server"
    ../../../scripts/archive.sh "$layer" '{"User":"65534","Entrypoint":["/metrics-server"]}' \
        testbed.local/metrics-server:v0.9.0 "$into/metrics-server-image.tar"
fi
