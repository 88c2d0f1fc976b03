#!/usr/bin/env python3
"""Lets the disk fail under a server that is in use, by the disk of disk.c.

faults.py SHIM SECONDS: each kind of failure for as long. A write is done or refused with 503, never
half; reads go on; when the disk is well again so is the server, without a restart.
"""

import os
import struct
import sys
import tempfile
import time
from collections import Counter

from clients import crew, load, wrongs
from receiver import Receiver
from server import Server, wait_for

# Of 1000 syncs and of 1000 writes how many fail, how full, how slow.
KINDS = {
    "syncs fail now and then": (50, 0, 0, 0),
    "all syncs fail": (1000, 0, 0, 0),
    "writes fail now and then": (0, 30, 0, 0),
    "all writes fail": (0, 1000, 0, 0),
    "no file may grow": (0, 0, 1, 0),
    "the disk is full": (0, 0, 2, 0),
    "syncs are slow": (0, 0, 0, 150),
}


def main() -> int:
    shim, seconds = os.path.abspath(sys.argv[1]), float(sys.argv[2])
    folder = tempfile.mkdtemp(prefix="torture-")
    database, control = os.path.join(folder, "faults.db"), os.path.join(folder, "disk")
    disk = open(control, "w+b", buffering=0)
    disk.write(struct.pack("=5i", 0, 0, 0, 0, 0))

    def wish(*values: int) -> None:
        disk.seek(0)
        disk.write(struct.pack("=4i", *values))

    server = Server(database, {"LD_PRELOAD": shim, "TORTURE_DISK": control})
    receiver = Receiver()
    clients = crew(8, receiver, programs=2)
    over = False
    threads = load(clients, server, until=lambda: over)
    found, times = [], []
    try:
        for kind, values in KINDS.items():
            time.sleep(seconds / 4)
            for client in clients:
                client.statuses.clear()
            begun = time.monotonic()
            wish(*values)
            time.sleep(seconds)
            answers = sum((c.statuses for c in clients), Counter())
            status, _ = server.connect().call("GET", "/api/v1/sessions?limit=1")
            if status != 200:
                found.append(f"{kind}: reads answer {status}")
            ready, _ = server.connect().call("GET", "/health/ready")
            wish(0, 0, 0, 0)
            healed = wait_for(f"a write after '{kind}'", lambda: is_writing(server))
            times.append(f"{kind}: from {begun:.3f} to {time.monotonic() - healed:.3f}")
            print(
                f"{kind}: {sum(answers.values()) - answers[503]} done, {answers[503]} refused,"
                f" ready {ready}, well after {healed:.2f} s")
            if kind.startswith("all") and not answers[503]:
                found.append(f"{kind}: nothing was refused")
            found += [
                f"{kind}: {line}" for client in clients for line in list(client.trail)
                if float(line.split("-")[0]) >= begun and is_strange(line)]
    finally:
        over = True
        wish(0, 0, 0, 0)
        for thread in threads:
            thread.join()
    server.kill()
    server = Server(database)
    found += wrongs(database, clients, thoroughly=True)
    if server.stop() != 0:
        found.append("the server did not end well")
    for line in found[:40]:
        print(line)
    if found:
        print(*times, sep="\n")
        print(f"{len(found)} wrongs; data and log in {folder}")
        return 1
    print(f"disk: {sum(len(c.facts) for c in clients)} facts hold")
    return 0


def is_strange(line: str) -> bool:
    """Whether a request was answered with an error that no failing disk explains.

    The built-in payment provider keeps its books in the same file, so that a payment or refund may
    find it out of reach; that is said with 502, and settled later.
    """
    status = line.partition(" -> ")[2][:3]
    pays = "/pay " in line or "/refund " in line
    return status.startswith("5") and status != "503" and not (pays and status in ("502", "504"))


def is_writing(server: Server) -> bool:
    """Whether a session can be created."""
    return server.connect().call("POST", "/agent/sessions", {})[0] == 201


if __name__ == "__main__":
    sys.exit(main())
