#!/usr/bin/env bash
# Brings Keycloak, which the browser tests sign in with, into the cache of the testbed's programs. 147 MB, once.
set -euo pipefail
version=26.0.8
into=${PILOTHOUSE_TOOLS:-$HOME/.cache/pilothouse/tools}
home=$into/keycloak-$version
[ -e "$home/ready" ] && exit 0
for program in java jar mvn; do
    if ! command -v $program >/dev/null; then
        echo "keycloak: a JDK of Java 17 or newer and Maven are needed; as root on Debian: apt-get install openjdk-17-jdk-headless maven" >&2
        exit 1
    fi
done
echo "keycloak: fetching $version from Maven Central"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mvn -q --batch-mode dependency:copy -Dartifact=org.keycloak:keycloak-quarkus-dist:$version:zip -DoutputDirectory="$work"
rm -rf "$home"
mkdir -p "$into"
(cd "$work" && jar --extract --file "keycloak-quarkus-dist-$version.zip")
mv "$work/keycloak-$version" "$home"
chmod +x "$home/bin/kc.sh"
"$home/bin/kc.sh" build --db=dev-mem >/dev/null
touch "$home/ready"
