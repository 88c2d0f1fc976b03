#!/usr/bin/env bash
# Times POST /auth for an unknown user, a wrong password and a disabled user: they should take the
# same time. Prints the median and the 90th percentile of each in milliseconds.
set -euo pipefail
cd "$(dirname "$0")/.."

tries=${TRIES:-200}
port=${PORT:-19085}
folder=$(mktemp -d)
app=${APP:-.build/release/frontdesk}
export FRONTDESK_DATABASE_PATH="$folder/sign-in.db"
for name in sarah gone; do
    echo "correct horse battery" |
        "$app" user add "$name@example.com" --role agent --password-stdin >/dev/null
done
"$app" user disable gone@example.com >/dev/null
"$app" serve --port "$port" 2>/dev/null >/dev/null &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
    curl -sf "http://127.0.0.1:$port/health/live" >/dev/null && break
    sleep 0.1
done

# Failures are forgotten before each try, or the slow-down would be all that is measured.
measure() {
    for _ in $(seq "$tries"); do
        sqlite3 -cmd '.timeout 5000' "$FRONTDESK_DATABASE_PATH" 'DELETE FROM login_failures'
        curl -s -o /dev/null -w '%{time_total}\n' -H 'Content-Type: application/json' \
            -d "{\"email\": \"$1\", \"password\": \"$2\"}" "http://127.0.0.1:$port/auth"
    done | sort -n | awk -v name="$3" '{ times[NR] = $1 * 1000 }
        END { printf "%-16s median %7.2f  p90 %7.2f\n", name, times[int((NR + 1) / 2)],
              times[int(NR * 0.9)] }'
}

measure nobody@example.com "correct horse battery" "unknown user"
measure sarah@example.com "not the password" "wrong password"
measure gone@example.com "correct horse battery" "disabled user"
