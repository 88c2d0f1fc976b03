#!/usr/bin/env bash
# Builds and runs every test target; arguments go to `swift build` and `swift test`, such as
# `--sanitize=thread --scratch-path .build/thread`.
#
# Each target runs in a process of its own, and a few of its tests at once: hundreds of tests with
# databases would keep those with clocks and sockets from their turn.
set -uo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests "$@" || exit 1
width=()
if swift test --help-hidden | grep -q -- --experimental-maximum-parallelization-width; then
    width=(--experimental-maximum-parallelization-width 8)
fi
failed=()
for folder in Tests/*Tests; do
    target=$(basename "$folder")
    swift test --skip-build --filter "^$target\." "${width[@]}" "$@" || failed+=("$target")
done
if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}" >&2
    exit 1
fi
