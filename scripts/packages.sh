#!/usr/bin/env bash
# Debian packages that the tests need: a browser, a font for Chinese, Postgres, Prometheus, what a real node runs on.
set -euo pipefail
wanted=(chromium fonts-noto-cjk openssl postgresql prometheus containerd runc containernetworking-plugins busybox-static iproute2 iptables)
missing=()
for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "packages: the tests need ${missing[*]}; install them, as root on Debian: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "packages: installing ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
