#!/usr/bin/env bash
# The browser tests, against servers that they start themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
node_modules/.bin/playwright test --config end2end/playwright.config.ts "$@"
