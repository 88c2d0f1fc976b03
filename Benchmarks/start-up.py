#!/usr/bin/env python3
"""How long the server takes from its start to its first answer: start-up.py DATABASE TIMES.

Prints the median in milliseconds and the MiB that it then holds.
"""

import os
import sys
import time

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "Tests", "Torture"))
from server import Server

figures = []
for _ in range(int(sys.argv[2])):
    begun = time.monotonic()
    server = Server(sys.argv[1])
    status, _ = server.connect().call("GET", "/health")
    took = time.monotonic() - begun
    if status != 200:
        raise SystemExit(f"health answered {status}")
    figures.append((took * 1000, server.figures()[0]))
    server.stop()
print(*(f"{sorted(column)[len(column) // 2]:.1f}" for column in zip(*figures)))
