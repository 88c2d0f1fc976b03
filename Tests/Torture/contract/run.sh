#!/usr/bin/env bash
# Lets schemathesis send what the OpenAPI document allows and forbids to a server, first without
# sign-in, then with it, and holds each answer against the document: no 5xx, no status and no body
# that it does not name.
# EXAMPLES (default 30) is how many requests an operation gets, SEED makes a run repeatable.
set -euo pipefail
cd "$(dirname "$0")/../../.."

root=$PWD
app=$root/${APP:-.build/debug/frontdesk}
venv=$root/.build/torture-venv
wanted=$root/Tests/Torture/contract/requirements.txt
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

if ! cmp -s "$wanted" "$venv/requirements.txt"; then
    echo "Installing schemathesis into $venv" >&2
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
        --require-hashes --requirement "$wanted"
    cp "$wanted" "$venv/requirements.txt"
fi
# It leaves what it remembers where it is started.
cd "$folder"

# serve NAME: starts a server on a database of its own; sets $url.
serve() {
    "$app" serve --demo --port 0 --database "$folder/$1.db" \
        >"$folder/$1.out" 2>"$folder/$1.log" &
    server=$!
    for _ in $(seq 300); do
        url=$(sed -n 's/^listening on //p' "$folder/$1.out")
        [ -n "$url" ] && return
        sleep 0.1
    done
    cat "$folder/$1.log" >&2
    exit 1
}

# try NAME EXCEPT [OPTION…]: lets schemathesis loose on all but the paths that match EXCEPT, then
# stops the server.
try() {
    local name=$1 except=$2
    shift 2
    "$venv/bin/schemathesis" --config-file "$root/Tests/Torture/contract/schemathesis.toml" run \
        "$url/openapi.json" --workers 1 --max-examples "${EXAMPLES:-30}" \
        --continue-on-failure --request-timeout 30 --exclude-path-regex "$except" \
        --generation-database :memory: --no-color ${SEED:+--seed "$SEED"} "$@" \
        >"$folder/$name.txt" 2>&1 || {
        cut -c1-1000 "$folder/$name.txt"
        failed=1
    }
    if grep -E '"request\.failed"' "$folder/$name.log"; then failed=1; fi
    kill "$server"
    wait "$server" || failed=1
    server=
    echo "contract, $name: $(grep -c '"request.done"' "$folder/$name.log") requests"
}

failed=0
# Streams last as long as their readers want; the tests of events look after them.
streams='/(stream|events)$'
serve open
try open "$streams"

export FRONTDESK_AUTH_MODE=required FRONTDESK_DATABASE_PATH=$folder/signed-in.db
echo "correct horse battery" | "$app" user add boss@example.com --role admin --password-stdin \
    >/dev/null
serve signed-in
token=$(curl -sf "$url/auth" -H 'Content-Type: application/json' \
    -d '{"email": "boss@example.com", "password": "correct horse battery"}' |
    grep -o '"access_token":"[^"]*' | cut -d'"' -f4)
# Signing out would end the run for all that comes after it.
try signed-in "$streams|/auth/logout" --header "Authorization: Bearer $token"
exit "$failed"
