#!/usr/bin/env bash
# Compares reads of small and large data in one run: a list of 50 sessions out of 100 and out of
# 10 000, and the newest 50 messages of 100 and of 50 000.
set -euo pipefail
cd "$(dirname "$0")/.."
source Benchmarks/lib.sh

seconds=${SECONDS_EACH:-5}
now=$(date -u +%Y-%m-%dT%H:%M:%S.000000Z)
.build/release/frontdesk migrate --database "$database" >/dev/null
for size in 100 10000; do sessions "list$size" $size 0 "$now" | sqlite3 "$database"; done
for size in 100 50000; do sessions "tail$size" 1 $size "$now" | sqlite3 "$database"; done
start

compare() { # name, path with SIZE in it, small, large
    read -r small _ p99_small _ <<<"$(measure 32 "$seconds" "${2//SIZE/$3}")"
    read -r large _ p99_large _ <<<"$(measure 32 "$seconds" "${2//SIZE/$4}")"
    awk -v name="$1" -v s="$small" -v l="$large" -v ps="$p99_small" -v pl="$p99_large" \
        'BEGIN { printf "| %s | %s | %s | %.2f | %s ms | %s ms |\n", name, s, l, s / l, ps, pl }'
}

echo "| read | small, requests/s | large, requests/s | ratio | small, p99 | large, p99 |"
echo "|---|---|---|---|---|---|"
compare "list 50 of 100 / 10 000" "/api/v1/sessions?tenant_id=listSIZE&limit=50" 100 10000
compare "newest 50 messages of 100 / 50 000" \
    "/api/v1/sessions/seeded-0000001/history?tenant_id=tailSIZE&limit=50&order=desc" 100 50000
