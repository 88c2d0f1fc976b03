#!/usr/bin/env bash
# start.sh FOLDER PORT: builds the Go service with Debian's packages, then serves with data in
# FOLDER.
set -euo pipefail
cd "$(dirname "$0")"

source ../lib.sh
../../../Scripts/packages.sh golang-go golang-github-mattn-go-sqlite3-dev
mkdir -p "$built"
# Debian's libraries of Go are sources below one path, without modules.
GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= go build -tags libsqlite3 \
    -o "$built/go-peer" *.go
sqlite3 "$1/go.db" <../schema.sql >/dev/null
exec "$built/go-peer" "$1/go.db" "127.0.0.1:$2"
