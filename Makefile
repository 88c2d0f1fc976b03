# Frontdesk: everything a fresh Debian or Ubuntu machine with Swift 6.2 or newer needs.

SHELL := /bin/bash
PACKAGES := libsqlite3-dev libmicrohttpd-dev libcurl4-openssl-dev libssl-dev libcjose-dev \
    libcrypt-dev libjemalloc-dev pkg-config python3-venv openssl curl sqlite3
BENCH_PACKAGES := wrk
APP := .build/release/frontdesk

.PHONY: help run build test check torture bench format lint packages venv litellm clean

help: ## lists the goals
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

run: build ## builds, loads the demo data and serves on http://localhost:9080
	@exec $(APP) serve --demo

build: packages ## builds the release program
	swift build -c release --product frontdesk

test: packages venv ## runs every test
	./Scripts/test.sh

check: export REQUIRE_LITELLM := 1
check: packages venv litellm lint test ## format, tests, a short torture, tests under both sanitizers
	APP=.build/debug/frontdesk SHORT=1 Tests/Torture/run.sh
	./Scripts/test.sh --sanitize=thread --scratch-path .build/thread
	./Scripts/test.sh --sanitize=address --scratch-path .build/address

torture: build ## kills, starves, fuzzes and overloads the server, for long
	APP=$(APP) Tests/Torture/run.sh

bench: build ## measures the server with wrk, then others beside it
	@./Scripts/packages.sh $(BENCH_PACKAGES)
	Benchmarks/router.sh
	Benchmarks/model.sh
	Benchmarks/compare.sh

format: ## formats all Swift sources
	swift format --in-place --recursive --parallel Sources Tests Migrations Package.swift

lint: ## fails when a file is not formatted
	swift format lint --strict --recursive --parallel Sources Tests Migrations Package.swift

packages: ## installs missing Debian packages
	@./Scripts/packages.sh $(PACKAGES)

venv: packages ## makes the Python environment of the tests
	@./Tests/Support/venv.sh

litellm: packages ## makes the environment of LiteLLM's proxy, which takes minutes
	@./Tests/Support/litellm/venv.sh

clean: ## removes what was built
	rm -rf .build
