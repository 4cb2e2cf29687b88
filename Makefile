# Each target is a few lines; the work is in scripts/.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

.PHONY: run test check e2e journey bench soak fuzz size image testbed tools site server

run: tools site server
	@exec scripts/run.sh

test:
	@scripts/test.sh

check: tools
	@scripts/check.sh

e2e: tools site server
	@scripts/e2e.sh

journey: tools site server
	@scripts/e2e.sh journey

bench: tools site server
	@cargo build --locked --release -p server
	@cargo build --locked -p testbed
	@scripts/testbed.sh
	@scripts/testbed.sh informer
	@scripts/bench.sh

soak: tools site
	@cargo build --locked --release -p server
	@cargo build --locked -p testbed
	@scripts/testbed.sh
	@node scripts/soak.mjs

fuzz:
	@scripts/fuzz.sh

image: tools site
	@cargo build --locked --release -p server
	@scripts/testbed.sh helm
	@scripts/image.sh

size: tools site server
	@node scripts/size.mjs

testbed:
	@scripts/testbed.sh
	@cargo run --locked --quiet -p testbed

tools:
	@scripts/tools.sh

site: tools
	@scripts/site.sh

server:
	@cargo build --locked -p server
