#!/usr/bin/env python3
"""Mixed load for long: soak.py SECONDS [PLOT.svg].

Memory, descriptors, the write-ahead log and the 99th percentile must stay flat; the plot shows them.
"""

import os
import sys
import tempfile
import time
from statistics import median

from clients import crew, hasten, load, wrongs
from receiver import Receiver
from server import ROOT, Server

sys.path.append(os.path.join(ROOT, "Benchmarks"))
from plot import Chart, draw

SERIES = ["MiB resident", "descriptors", "MiB write-ahead log", "99th percentile of the answers, ms"]


def main() -> int:
    seconds = float(sys.argv[1])
    folder = tempfile.mkdtemp(prefix="torture-")
    database = os.path.join(folder, "soak.db")
    server = Server(database, {"FRONTDESK_CLEANUP_INTERVAL_SECONDS": "10"})
    receiver = Receiver()
    clients = crew(8, receiver, programs=1)
    end = time.monotonic() + seconds
    threads = load(clients, server, until=lambda: time.monotonic() > end)
    samples = []
    pause = max(1.0, seconds / 120)
    while time.monotonic() < end:
        time.sleep(pause)
        memory, descriptors = server.figures()
        wal = os.path.getsize(database + "-wal") / 2**20
        times = []
        for client in clients:
            taken, client.times = client.times, []
            times += taken
        # Nobody was answered: then an answer takes longer than the pause.
        p99 = (sorted(times)[len(times) * 99 // 100] if times else pause) * 1000
        samples.append((memory, descriptors, wal, p99))
    for thread in threads:
        thread.join()
    ended = server.stop()
    hasten(database)
    found = wrongs(database, clients, thoroughly=True)
    if ended != 0:
        found.append("the server did not end well")
    # The first quarter fills caches; then nothing may grow but what the machine's noise explains.
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    allowed = [1.15, 1.05, 1.5, 1.5]
    # In a minute a p99 tells more of the machine than of the server; long runs are held to more.
    slack = [16, 4, 16, 20 if seconds >= 600 else 200]
    for number, name in enumerate(SERIES):
        before, after = (
            median(sample[number] for sample in part) for part in (early, late))
        print(f"{name}: {before:.1f} early, {after:.1f} late")
        if after > before * allowed[number] + slack[number]:
            found.append(f"{name} grew from {before:.1f} to {after:.1f}")
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w") as file:
            file.write(plot(samples, pause))
    for line in found[:40]:
        print(line)
    answers = sum(sum(c.statuses.values()) for c in clients)
    print(f"soak: {answers} answers in {seconds:.0f} s, {len(found)} wrongs; data in {folder}")
    return 1 if found else 0


def plot(samples: list[tuple], pause: float) -> str:
    """The four series below each other."""
    end = len(samples) * pause
    charts = []
    for number, name in enumerate(SERIES):
        values = [sample[number] for sample in samples]
        points = [((at + 1) * pause, value) for at, value in enumerate(values)]
        charts.append(Chart(f"{name}, up to {max(values):.1f}", points))
    return draw(charts, {0: "0 s", end: f"{end:.0f} s"})


if __name__ == "__main__":
    sys.exit(main())
