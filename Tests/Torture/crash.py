#!/usr/bin/env python3
"""Kills the server over and over while clients write, and looks for what they were told.

crash.py ROUNDS [SHIM]: with the disk of disk.c as SHIM every kill is a power cut too, which takes
from the files what was not synced.
"""

import os
import random
import shutil
import struct
import sys
import tempfile
import time
from dataclasses import dataclass, field

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "disk"))
from clients import Client, load, wrongs
from cut import cut
from server import Server


def main() -> int:
    rounds = int(sys.argv[1])
    shim = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else None
    if shim and not os.path.exists(shim):
        raise SystemExit(f"{shim} is missing")
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    chance = random.Random(seed)
    begun = time.monotonic()
    total = Total()
    while total.rounds < rounds and not total.found:
        # A new database now and then, because looking at all of one takes longer as it grows.
        era(min(100, rounds - total.rounds), shim, chance, total)
    if total.found:
        for line in total.found[:40]:
            print(line)
        print(
            f"{len(total.found)} wrongs in round {total.rounds}; SEED={seed},"
            f" data in {total.folder}")
        return 1
    print(
        f"{'power cuts' if shim else 'kills'}: {total.rounds} in {time.monotonic() - begun:.0f} s,"
        f" {total.answers} answers, {total.facts} facts hold"
        + (f", {total.sectors} sectors taken" if shim else ""))
    return 0


@dataclass
class Total:
    """What all eras came to."""

    rounds: int = 0
    answers: int = 0
    facts: int = 0
    sectors: int = 0
    folder: str = ""
    found: list[str] = field(default_factory=list)


def era(rounds: int, shim: str | None, chance: random.Random, total: Total) -> None:
    """Kills a server on a new database `rounds` times."""
    total.folder = folder = tempfile.mkdtemp(prefix="torture-")
    database = os.path.join(folder, "crash.db")
    settings = {}
    if shim:
        control = os.path.join(folder, "disk")
        with open(control, "wb") as file:
            file.write(struct.pack("=5i", 0, 0, 0, 0, 1))
        settings = {"LD_PRELOAD": shim, "TORTURE_DISK": control}
    clients = [Client(f"c{number}") for number in range(6)]
    for _ in range(rounds):
        server = Server(database, settings)
        total.found = wrongs(database, clients, thoroughly=False)
        if total.found:
            server.kill()
            return
        threads = load(clients, server, until=lambda: False)
        time.sleep(chance.uniform(0.02, 0.35))
        server.kill()
        for thread in threads:
            thread.join()
        total.rounds += 1
        if shim:
            for name in (database, database + "-wal"):
                total.sectors += cut(name, chance)
    server = Server(database)
    total.found = wrongs(database, clients, thoroughly=True)
    if server.stop() != 0:
        total.found.append("the server did not end well")
    total.answers += sum(sum(client.statuses.values()) for client in clients)
    total.facts += sum(len(client.facts) for client in clients)
    if not total.found:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
