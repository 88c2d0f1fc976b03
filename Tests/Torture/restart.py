#!/usr/bin/env python3
"""Stops and starts the server under load, as an update does: restart.py ROUNDS.

Requests that run are finished, nothing is lost, and every end is a clean one.
"""

import os
import sys
import tempfile
import time
from statistics import median

from clients import crew, load, wrongs
from receiver import Receiver
from server import Server


def spread(seconds: list[float]) -> str:
    """The median and the longest; the first round has no pause before it."""
    return f"{median(seconds):.2f} s (at most {max(seconds):.2f})" if seconds else "-"


def main() -> int:
    folder = tempfile.mkdtemp(prefix="torture-")
    database = os.path.join(folder, "restart.db")
    receiver = Receiver()
    clients = crew(6, receiver, programs=0)
    found, ends, pauses = [], [], []
    begun = None
    for number in range(int(sys.argv[1])):
        server = Server(database)
        if begun is not None:
            pauses.append(time.monotonic() - begun - checked)
        threads = load(clients, server, until=lambda: False)
        time.sleep(0.5)
        begun = time.monotonic()
        if server.stop() != 0:
            found.append(f"round {number}: the server did not end well")
        ends.append(time.monotonic() - begun)
        for thread in threads:
            thread.join()
        if os.path.exists(database + "-wal") and os.path.getsize(database + "-wal"):
            found.append(f"round {number}: a write-ahead log stayed")
        found += wrongs(database, clients, thoroughly=False)
        # What is done here between the two does not keep a real update waiting.
        checked = time.monotonic() - begun - ends[-1]
        if found:
            break
    found += wrongs(database, clients, thoroughly=True)
    for line in found[:40]:
        print(line)
    print(
        f"restarts: {number + 1}, {sum(len(c.facts) for c in clients)} facts,"
        f" an end took {spread(ends)}, until the next listened {spread(pauses)},"
        f" {len(found)} wrongs; data in {folder}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
