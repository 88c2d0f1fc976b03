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


def measure(server: Server, connections: int, seconds: int) -> dict[int, list[float]]:
    """The seconds that answers took, sorted, by status."""
    load = subprocess.Popen(
        ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s",
         "-s", os.path.join(ROOT, "Benchmarks", "create.lua"),
         f"http://{server.address}/agent/sessions"], stdout=subprocess.DEVNULL)
    times: dict[int, list[float]] = {}

    def ask() -> None:
        connection = server.connect()
        while load.poll() is None:
            begun = time.monotonic()
            status, _ = connection.call("POST", "/agent/sessions", {})
            times.setdefault(status, []).append(time.monotonic() - begun)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {status: sorted(values) for status, values in times.items()}


def p99(times: list[float]) -> float:
    """The 99th percentile in ms."""
    return times[int(len(times) * 0.99)] * 1000 if times else 0.0


def main() -> int:
    seconds = int(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="torture-")
    server = Server(os.path.join(folder, "overload.db"), {"FRONTDESK_DATABASE_WRITE_QUEUE": "16"})
    measure(server, 8, 2)
    carried = measure(server, 8, seconds)
    crowded = measure(server, 80, seconds)
    found = []
    base, taken = p99(carried.get(201, [])), p99(crowded.get(201, []))
    refused = p99(crowded.get(503, []))
    print(
        f"overload: p99 {base:.1f} ms carried; ten times as many: {len(crowded.get(201, []))}"
        f" taken at {taken:.1f} ms, {len(crowded.get(503, []))} refused at {refused:.1f} ms")
    # Below that the noise of a machine that is shared with the load decides.
    if max(taken, refused) > max(3 * base, FLOOR):
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
