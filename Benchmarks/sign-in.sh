#!/usr/bin/env bash
# Times POST /auth of the release build for an unknown user, a wrong password and a disabled user,
# which should take the same time, and prints a Markdown table. TRIES (default 200) is how often
# each is tried.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

export FRONTDESK_DATABASE_PATH=$database
for name in sarah gone; do
    .build/release/frontdesk user add "$name@example.com" --role agent --password-stdin \
        <<<"correct horse battery" >/dev/null
done
.build/release/frontdesk user disable gone@example.com >/dev/null
start
python3 Benchmarks/sign-in.py "$url" "$database" "${TRIES:-200}"
