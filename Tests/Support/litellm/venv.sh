#!/bin/sh
# Makes .build/litellm with LiteLLM's proxy, a model server that is not ours. It takes minutes and
# most of a gigabyte, hence only `make check` and CI ask for it; without it its tests are skipped.
set -eu

root=$(cd "$(dirname "$0")/../../.." && pwd)
venv="$root/.build/litellm"
requirements="$root/Tests/Support/litellm/proxy.txt"

if [ -x "$venv/bin/litellm" ] && cmp -s "$requirements" "$venv/proxy.txt"; then
    exit 0
fi
echo "venv: installing LiteLLM's proxy into .build/litellm" >&2
rm -rf "$venv"
mkdir -p "$root/.build"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --no-deps \
    --require-hashes \
    --requirement "$requirements"
cp "$requirements" "$venv/proxy.txt"
