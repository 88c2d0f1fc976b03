#!/usr/bin/env bash
# start.sh FOLDER PORT: builds the limit in C, then serves with data in FOLDER.
set -euo pipefail
cd "$(dirname "$0")"

source ../lib.sh
../../../Scripts/packages.sh gcc libc6-dev libsqlite3-dev libmicrohttpd-dev
mkdir -p "$built"
gcc -std=gnu11 -O2 -Wall -Wextra -Werror -o "$built/limit-peer" *.c \
    ../../../Sources/CEpoll/epoll_wait.c -lmicrohttpd -lsqlite3 -lpthread
sqlite3 "$1/limit.db" <../schema.sql >/dev/null
exec "$built/limit-peer" "$1/limit.db" "$2"
