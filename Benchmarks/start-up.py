#!/usr/bin/env python3
"""How long the server takes from its start to its first answer: start-up.py DATABASE TIMES.

Prints medians: milliseconds, those of them that a processor worked, and the MiB that it then holds.
"""

import os
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "Tests", "Torture"))
from server import Server


def processor_seconds(process: int) -> float:
    """What a process has used so far."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


figures = []
for _ in range(int(sys.argv[2])):
    begun = time.monotonic()
    server = Server(sys.argv[1])
    status, _ = server.connect().call("GET", "/health")
    took = time.monotonic() - begun
    if status != 200:
        raise SystemExit(f"health answered {status}")
    used = processor_seconds(server.process.pid)
    figures.append((took * 1000, used * 1000, server.figures()[0]))
    server.stop()
print(*(f"{sorted(column)[len(column) // 2]:.1f}" for column in zip(*figures)))
