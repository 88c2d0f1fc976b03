#!/usr/bin/env bash
# start.sh FOLDER PORT: installs what the FastAPI service needs, then serves with data in FOLDER.
set -euo pipefail
cd "$(dirname "$0")"

source ../lib.sh
python_environment fastapi
sqlite3 "$1/fastapi.db" <../schema.sql >/dev/null
export DATABASE=$1/fastapi.db
# A process a core, because one interpreter runs on one.
exec "$environment/bin/uvicorn" app:app --port "$2" --workers "$(nproc)" --no-access-log \
    --log-level warning
