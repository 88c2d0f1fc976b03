#!/usr/bin/env python3
"""Clients that no server should suffer from: crowd.py.

Ten thousand idle connections, half requests, heads and bodies that are too large or never end;
all the while an ordinary client is served as before.
"""

import os
import resource
import socket
import sys
import tempfile
import threading
import time

from server import Server, wait_for

HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
IDLE = int(os.environ.get("IDLE", "10000"))


class Ordinary(threading.Thread):
    """Asks for a session's creation over and over, and keeps how long each answer took."""

    def __init__(self, server: Server):
        super().__init__(daemon=True)
        self.server, self.times, self.over, self.surprises = server, [], False, []

    def run(self) -> None:
        connection = self.server.connect()
        while not self.over:
            begun = time.monotonic()
            status, _ = connection.call("POST", "/agent/sessions", {})
            self.times.append(time.monotonic() - begun)
            if status != 201:
                self.surprises.append(f"a session was answered {status}")
            time.sleep(0.005)

    def p99(self) -> float:
        """The 99th percentile since the last time, in ms."""
        times, self.times = sorted(self.times), []
        return times[int(len(times) * 0.99)] * 1000


def status_of(address, data: bytes, pause: float = 0) -> int:
    """The status of the answer to raw bytes; 0 for a connection that is ended without one."""
    with socket.create_connection(address, timeout=30) as client:
        try:
            client.sendall(data)
            while pause:
                time.sleep(pause)
                client.sendall(b"x")
        except OSError:
            pass
        try:
            answer = client.recv(4096)
        except OSError:
            return 0
        return int(answer.split()[1]) if answer else 0


def main() -> int:
    folder = tempfile.mkdtemp(prefix="torture-")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    idle = min(IDLE, hard - 500)
    server = Server(os.path.join(folder, "crowd.db"), {
        "FRONTDESK_SERVER_READ_TIMEOUT_SECONDS": "3",
        "FRONTDESK_SERVER_IDLE_TIMEOUT_SECONDS": "300",
        "FRONTDESK_SERVER_MAX_CONNECTIONS": str(idle + 200),
    })
    host, port = server.address.split(":")
    address, found = (host, int(port)), []
    ordinary = Ordinary(server)
    ordinary.start()
    time.sleep(3)
    alone = ordinary.p99()
    memory, descriptors = server.figures()

    crowd = [socket.create_connection(address) for _ in range(idle)]
    # One that has never asked anything is cut off by the read timeout.
    for client in crowd:
        client.sendall(HEALTH)
    for client in crowd:
        client.recv(4096)
    ordinary.p99()
    time.sleep(4)
    beside = ordinary.p99()
    crowded, _ = server.figures()
    for client in crowd[:20]:
        client.sendall(HEALTH)
        if b" 200 " not in client.recv(4096):
            found.append("an idle connection was not served")
    for client in crowd:
        client.close()
    wait_for("the idle ones to be forgotten", lambda: server.figures()[1] < descriptors + 50)
    print(f"idle: {idle} connections, {crowded - memory:.0f} MiB, p99 {alone:.1f} ms alone,"
          f" {beside:.1f} ms beside them")

    post = b"POST /agent/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    cases = {
        "a body that is too large": (post + b"Content-Length: 9999999\r\n\r\n", {413}),
        "a head that is too large": (
            b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000 + b"\r\n\r\n", {0, 400, 413, 431}),
        "a thousand fields": (
            b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
            {0, 200, 400, 413, 431}),
        "a length that is none": (post + b"Content-Length: -1\r\n\r\n", {0, 400, 413}),
        "two lengths": (
            post + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", {0, 400}),
        "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {0, 400}),
        "chunks without an end": (
            post + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", {0, 400, 408}),
    }
    for name, (data, allowed) in cases.items():
        status = status_of(address, data)
        if status not in allowed:
            found.append(f"{name}: {status}")
    slow = [b"", b"GET / HT", post, post + b"Content-Length: 900\r\n\r\n{"]
    begun = time.monotonic()
    threads = [threading.Thread(target=status_of, args=(address, s, 0.3)) for s in slow * 50]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"slow senders: {len(threads)} cut off within {time.monotonic() - begun:.1f} s,"
          f" p99 beside them {ordinary.p99():.1f} ms")
    ordinary.over = True
    ordinary.join()
    found += ordinary.surprises
    if server.stop() != 0:
        found.append("the server did not end well")
    for line in found[:40]:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
