#!/usr/bin/env bash
# Everything that is done to the server to break it, one part after the other; ends with 1 if one
# of them succeeds. Words name the parts to run; none means all.
# SHORT=1 takes less than ten minutes, for `make check`; APP is the program.
set -uo pipefail
cd "$(dirname "$0")/../.."

# either LONG SHORT: what the run has time for.
either() { [ -n "${SHORT:-}" ] && echo "$2" || echo "$1"; }

built=.build/torture
mkdir -p "$built"

# disk: builds the disk that fails; sets $shim.
disk() {
    shim=$built/disk.so
    gcc -std=gnu11 -O2 -Wall -Wextra -Werror -shared -fPIC -o "$shim" Tests/Torture/disk/disk.c \
        -lsqlite3 -lpthread
}

# fuzz: builds the parsers with the fuzzer, and lets it look; what it learns is kept. PARSER names
# the only one to look at (parsers, in Fuzz.swift).
fuzz() {
    local corpus=$built/corpus
    mkdir -p "$corpus"
    swift build --package-path Tests/Torture/fuzz --scratch-path .build/fuzz || return 1
    .build/fuzz/debug/Fuzz -max_total_time="$(either 1800 60)" -max_len=4000 -timeout=30 \
        -verbosity=0 -artifact_prefix="$built/" "$corpus" Tests/Torture/fuzz/seeds \
        >"$built/fuzz.log" 2>&1 || { tail -40 "$built/fuzz.log"; return 1; }
    echo "fuzzing: $(find "$corpus" -type f | wc -l) inputs that differ, none breaks a parser"
}

[ $# -gt 0 ] || set -- contract kills cuts faults fuzz overload crowd restarts soak
./Scripts/packages.sh wrk gcc libc6-dev libsqlite3-dev python3-venv || exit 1
failed=()
for part in "$@"; do
    echo "== $part" >&2
    case $part in
    contract) EXAMPLES=${EXAMPLES:-$(either 30 6)} Tests/Torture/contract/run.sh ;;
    kills) python3 Tests/Torture/crash.py "$(either 1000 40)" ;;
    cuts) disk && python3 Tests/Torture/crash.py "$(either 1000 40)" "$shim" ;;
    faults) disk && python3 Tests/Torture/faults.py "$shim" "$(either 20 2)" ;;
    fuzz) fuzz ;;
    overload) python3 Tests/Torture/overload.py "$(either 30 5)" ;;
    crowd) python3 Tests/Torture/crowd.py ;;
    restarts) python3 Tests/Torture/restart.py "$(either 200 10)" ;;
    soak) python3 Tests/Torture/soak.py "$(either 1800 40)" "$built/soak.svg" ;;
    *) echo "no part is called $part" >&2 && exit 2 ;;
    esac || failed+=("$part")
done
[ ${#failed[@]} -eq 0 ] && exit 0
echo "failed: ${failed[*]}" >&2
exit 1
