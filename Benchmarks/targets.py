#!/usr/bin/env python3
"""Holds compare.sh's rows against what Frontdesk is meant to reach: targets.py ROWS.

Prints one line of Markdown a target, with the worst of the figures that it speaks of.
"""

import sys

READS = ["history of 20", "list 50 of 10 000", "read a mapping", "health"]
TARGETS = [
    ("reads", READS, "limit", 0.8),
    ("durable creates", ["create session"], "limit", 0.8),
    ("message turns", ["message turn"], "limit", 0.5),
    ("every row", None, "Go", 1.0),
    ("message turns", ["message turn"], "FastAPI", 8.0),
    ("message turns", ["message turn"], "ADK", 60.0),
]


def read(path: str) -> dict[tuple[str, str], dict[str, float]]:
    """Operations per second by workload and connections, then by server."""
    rates: dict[tuple[str, str], dict[str, float]] = {}
    with open(path) as file:
        for line in file:
            _, workload, connections, server, rate, *_ = map(str.strip, line.split("|"))
            rates.setdefault((workload, connections), {})[server] = float(rate)
    return rates


def main() -> None:
    rates = read(sys.argv[1])
    print("| target | figure | met |")
    print("|---|---|---|")
    for what, workloads, peer, least in TARGETS:
        ratios = [
            (servers["Frontdesk"] / max(servers[peer], 1e-9), workload, connections)
            for (workload, connections), servers in rates.items()
            if (workloads is None or workload in workloads) and {"Frontdesk", peer} <= set(servers)]
        target = f"{what} ≥ {least:g} × {peer}"
        if ratios:
            worst, workload, connections = min(ratios)
            print(f"| {target} | {worst:.2f} ({workload}, {connections} connections) |"
                  f" {'yes' if worst >= least else 'no'} |")
        else:
            print(f"| {target} | not measured | no |")


if __name__ == "__main__":
    main()
