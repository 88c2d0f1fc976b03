#!/usr/bin/env python3
"""Kills the server over and over while clients write, and looks for what they were told.

crash.py ROUNDS [SHIM]: with the disk of disk.c as SHIM every kill is a power cut too, which takes
from the files what was not synced.
"""

import os
import random
import struct
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "disk"))
from clients import Client, load, wrongs
from cut import cut
from server import Server


def main() -> int:
    rounds = int(sys.argv[1])
    shim = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    chance = random.Random(seed)
    folder = tempfile.mkdtemp(prefix="torture-")
    database = os.path.join(folder, "crash.db")
    settings = {}
    if shim:
        control = os.path.join(folder, "disk")
        with open(control, "wb") as file:
            file.write(struct.pack("=5i", 0, 0, 0, 0, 1))
        settings = {"LD_PRELOAD": shim, "TORTURE_DISK": control}
    clients = [Client(f"c{number}") for number in range(6)]
    begun = time.monotonic()
    sectors = 0
    for number in range(1, rounds + 1):
        server = Server(database, settings)
        thoroughly = number % 50 == 0
        found = wrongs(database, clients, thoroughly)
        if found:
            server.kill()
            return fail(found, folder, seed, number)
        threads = load(clients, server, until=lambda: False)
        time.sleep(chance.uniform(0.02, 0.35))
        server.kill()
        for thread in threads:
            thread.join()
        if shim:
            for name in (database, database + "-wal"):
                sectors += cut(name, chance)
    server = Server(database)
    found = wrongs(database, clients, thoroughly=True)
    if server.stop() != 0:
        found.append("the server did not end well")
    if found:
        return fail(found, folder, seed, rounds)
    known = sum(len(c.facts) for c in clients)
    answers = sum(sum(c.statuses.values()) for c in clients)
    print(
        f"{'power cuts' if shim else 'kills'}: {rounds} in {time.monotonic() - begun:.0f} s,"
        f" {answers} answers, {known} facts hold"
        + (f", {sectors} sectors taken" if shim else ""))
    return 0


def fail(found: list[str], folder: str, seed: int, number: int) -> int:
    for line in found[:40]:
        print(line)
    print(f"{len(found)} wrongs in round {number}; SEED={seed}, data in {folder}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
