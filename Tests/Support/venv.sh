#!/bin/sh
# Makes .build/venv with what the tests' own servers need; does nothing when it is up to date.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
venv="$root/.build/venv"
wanted=$(cat "$root"/Tests/Support/*/requirements.txt)

if [ -x "$venv/bin/python" ] && [ "$wanted" = "$(cat "$venv/requirements.txt" 2>/dev/null)" ]; then
    exit 0
fi
echo "venv: installing what the tests' own servers need into .build/venv" >&2
rm -rf "$venv"
mkdir -p "$root/.build"
python3 -m venv "$venv"
echo "$wanted" >"$venv/requirements.new"
"$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    --require-hashes --requirement "$venv/requirements.new"
mv "$venv/requirements.new" "$venv/requirements.txt"
