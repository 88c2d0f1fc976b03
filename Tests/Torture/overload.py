#!/usr/bin/env python3
"""More load than a server can carry: overload.py SECONDS.

wrk with 8 connections shows what is carried, with 80 and a short queue what is refused. Clients
beside it note how long both kinds of answers take: what is taken keeps its 99th percentile within
three times, and a refusal comes no later than that.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time

from server import ROOT, Server


# Milliseconds that nobody is blamed for; a quiet machine stands less.
FLOOR = float(os.environ.get("FLOOR", "200"))


class Times:
    """How long answers took, in ms: for their client, and of that within the server."""

    def __init__(self):
        self.all: list[float] = []
        self.within: list[float] = []

    def __len__(self):
        return len(self.all)

    def __str__(self):
        return f"{p99(self.all):.1f} ms ({p99(self.within):.1f} in the server)"


def measure(server: Server, connections: int, seconds: int) -> dict[int, Times]:
    """What answers took by status."""
    load = subprocess.Popen(
        ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s",
         "-s", os.path.join(ROOT, "Benchmarks", "create.lua"),
         f"http://{server.address}/agent/sessions"], stdout=subprocess.DEVNULL)
    times: dict[int, Times] = {}

    def ask() -> None:
        connection = server.connect()
        while load.poll() is None:
            begun = time.monotonic()
            status, _ = connection.call("POST", "/agent/sessions", {})
            taken = times.setdefault(status, Times())
            taken.all.append((time.monotonic() - begun) * 1000)
            taken.within.append(connection.spent)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def p99(times: list[float]) -> float:
    """The 99th percentile."""
    return sorted(times)[int(len(times) * 0.99)] if times else 0.0


def each(before: tuple[float, int], after: tuple[float, int]) -> float:
    """How long a turn between two readings waited on average."""
    return (after[0] - before[0]) / max(1, after[1] - before[1])


def main() -> int:
    seconds = int(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="torture-")
    server = Server(os.path.join(folder, "overload.db"), {"FRONTDESK_DATABASE_WRITE_QUEUE": "16"})
    measure(server, 8, 2)
    before = server.waiting()
    carried = measure(server, 8, seconds)
    between = server.waiting()
    crowded = measure(server, 80, seconds)
    after = server.waiting()
    found = []
    base = carried.get(201, Times())
    taken, refused = crowded.get(201, Times()), crowded.get(503, Times())
    print(
        f"overload: p99 {base} carried; ten times as many: {len(taken)} taken at {taken},"
        f" {len(refused)} refused at {refused}")
    # On its way through the server a request takes turns on five threads, one after the other.
    print(
        f"each turn of a thread waited for a core {each(before, between):.2f} ms, then"
        f" {each(between, after):.2f} ms")
    # Below that the noise of a machine that is shared with the load decides.
    if max(p99(taken.all), p99(refused.all)) > max(3 * p99(base.all), FLOOR):
        found.append("those that were taken or refused waited too long")
    if not crowded.get(503):
        found.append("nothing was refused")
    strange = (set(carried) | set(crowded)) - {201, 503}
    if strange:
        found.append(f"answered {strange}")
    if server.stop() != 0:
        found.append("the server did not end well")
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
