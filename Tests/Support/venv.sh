#!/bin/sh
# Makes .build/venv with what the tests' own servers need; does nothing when it is up to date.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
venv="$root/.build/venv"
requirements="$root/Tests/Support/smtp/requirements.txt"

if [ -x "$venv/bin/python" ] && cmp -s "$requirements" "$venv/requirements.txt"; then
    exit 0
fi
echo "venv: installing the tests' mail server into .build/venv" >&2
rm -rf "$venv"
mkdir -p "$root/.build"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
    --require-hashes --requirement "$requirements"
cp "$requirements" "$venv/requirements.txt"
