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
from collections import Counter
from dataclasses import dataclass, field

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "disk"))
from clients import crew, load, undelivered, wrongs
from cut import cut
from receiver import Receiver
from server import Server, wait_for


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
        f" {total.answers} answers, {total.facts.total()} facts hold"
        + (f", {total.sectors} sectors taken by {total.losing} of them" if shim else ""))
    print("of " + ", ".join(f"{kind} {count}" for kind, count in sorted(total.facts.items())))
    return 0


@dataclass
class Total:
    """What all eras came to."""

    rounds: int = 0
    answers: int = 0
    facts: Counter = field(default_factory=Counter)
    sectors: int = 0
    losing: int = 0
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
            # A sync takes its time, or hardly any power cut would find something unsynced.
            file.write(struct.pack("=5i", 0, 0, 0, 4, 1))
        settings = {"LD_PRELOAD": shim, "TORTURE_DISK": control}
    receiver = Receiver()
    clients = crew(8, receiver, programs=2)
    for number in range(rounds):
        server = Server(database, settings)
        total.found = wrongs(database, clients, thoroughly=False)
        if total.found:
            server.kill()
            return
        threads = load(clients, server, until=lambda: False)
        # Now and then long enough for a command to come to its end.
        time.sleep(chance.uniform(0.02, 0.35) if number % 6 else chance.uniform(0.5, 2))
        server.kill()
        for thread in threads:
            thread.join()
        total.rounds += 1
        if shim:
            taken = sum(cut(name, chance) for name in (database, database + "-wal"))
            total.sectors += taken
            total.losing += taken > 0
    server = Server(database)
    wait_for("webhooks to be sent", lambda: not undelivered(database), 60)
    total.found = wrongs(database, clients, thoroughly=True)
    if server.stop() != 0:
        total.found.append("the server did not end well")
    total.answers += sum(sum(client.statuses.values()) for client in clients)
    total.facts.update(name.split()[0] for client in clients for name in client.facts)
    if not total.found:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
