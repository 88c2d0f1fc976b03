#!/usr/bin/env bash
# start.sh FOLDER PORT: installs Google's ADK, then serves its API with its own SQLite session
# service and an agent without a model; the data is in FOLDER.
set -euo pipefail
cd "$(dirname "$0")"

source ../lib.sh
python_environment adk
export ORDERS=$1/orders.db
sqlite3 "$ORDERS" <../schema.sql >/dev/null
# The tables as ADK makes them. WAL stays with the file, and FULL is what SQLite does unless told
# otherwise; there is no setting for either.
"$environment/bin/python" - "$1/adk.db" <<'PYTHON'
import sqlite3
import sys

from google.adk.sessions.sqlite_session_service import CREATE_SCHEMA_SQL

database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA journal_mode = WAL")
database.executescript(CREATE_SCHEMA_SQL)
PYTHON
sqlite3 "$1/adk.db" <seed.sql
exec "$environment/bin/adk" api_server --port "$2" --log_level error --auto_create_session \
    --session_service_uri "sqlite:///$1/adk.db" --artifact_service_uri memory:// \
    --memory_service_uri memory:// agents
