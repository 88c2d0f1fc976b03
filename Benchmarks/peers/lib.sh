# Shared by the peers' scripts: what is installed and built for them lives in .build/bench-venv.

# Where the peers' environments and programs are.
built=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.build/bench-venv

# python_environment NAME: installs the peer's pinned packages unless they are there; sets
# $environment.
python_environment() {
    environment=$built/$1
    if ! cmp -s requirements.txt "$environment/requirements.txt"; then
        echo "Installing what the peer $1 needs" >&2
        rm -rf "$environment"
        mkdir -p "$built"
        python3 -m venv "$environment"
        "$environment/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
            --require-hashes --requirement requirements.txt
        cp requirements.txt "$environment/requirements.txt"
    fi
}
