"""The server as a process that the torture starts, kills and asks."""

import http.client
import json
import os
import signal
import subprocess
import time
import urllib.parse

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
APP = os.path.join(ROOT, os.environ.get("APP", ".build/release/frontdesk"))


# What every server is set to, and every command beside one.
SETTINGS = {
    "FRONTDESK_LOG_LEVEL": "warning",
    "FRONTDESK_ROUTER_WEBHOOK_ALLOW_PRIVATE": "true",
    # Passwords are not what is tortured.
    "FRONTDESK_AUTH_PASSWORD_COST": "1",
}


class Broken(Exception):
    """The connection ended without an answer."""


class Server:
    """A running server on a database, with settings from the environment."""

    def __init__(self, database: str, settings: dict[str, str] | None = None):
        self.log = open(database + ".log", "ab")
        self.database = database
        self.settings = SETTINGS | (settings or {})
        environment = dict(os.environ) | self.settings
        self.process = subprocess.Popen(
            [APP, "serve", "--demo", "--port", "0", "--database", database],
            stdout=subprocess.PIPE, stderr=self.log, env=environment, text=True,
        )
        # The commands that run beside it.
        self.beside: set[subprocess.Popen] = set()
        self.is_gone = False
        self.address = ""
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.address = urllib.parse.urlparse(line.split()[-1]).netloc
                break
        if not self.address:
            raise SystemExit(f"the server did not start; see {database}.log")

    def connect(self, timeout: float = 30) -> "Connection":
        """A connection that is kept for many requests."""
        return Connection(self.address, timeout)

    def kill(self) -> None:
        """Ends it at once, and what runs beside it, which would put the database in order."""
        self.is_gone = True
        self.process.kill()
        for process in list(self.beside):
            process.kill()
        self.process.wait()
        self.close()

    def stop(self, within: float = 40) -> int:
        """Asks it to end, and returns with what it did."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(within)
        self.close()
        return code

    def close(self) -> None:
        self.process.stdout.close()
        self.log.close()

    def waiting(self) -> tuple[float, int]:
        """Milliseconds for which threads that could run waited for a core, and how often."""
        waited, turns = 0, 0
        for task in os.scandir(f"/proc/{self.process.pid}/task"):
            with open(f"{task.path}/schedstat") as file:
                _, delay, count = map(int, file.read().split())
            waited, turns = waited + delay / 1e6, turns + count
        return waited, turns

    def figures(self) -> tuple[float, int]:
        """Resident MiB and open descriptors."""
        proc = f"/proc/{self.process.pid}"
        with open(f"{proc}/status") as status:
            kib = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
        return kib / 1024, len(os.listdir(f"{proc}/fd"))


class Connection:
    """One kept connection."""

    def __init__(self, address: str, timeout: float):
        self.http = http.client.HTTPConnection(address, timeout=timeout)
        # Milliseconds that the newest answer spent in the server, as it says itself.
        self.spent = 0.0

    def call(self, method: str, path: str, body=None, key: str | None = None):
        """Status and body of the answer; throws `Broken` if there is none."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if key:
            headers["Idempotency-Key"] = key
        try:
            data = json.dumps(body) if body is not None else None
            self.http.request(method, path, data, headers)
            answer = self.http.getresponse()
            text = answer.read()
            self.spent = float(answer.headers.get("X-Response-Time", "0ms").removesuffix("ms"))
        except (OSError, http.client.HTTPException) as error:
            self.http.close()
            raise Broken(str(error)) from error
        return answer.status, json.loads(text) if text else None


def wait_for(what: str, condition, seconds: float = 30) -> float:
    """Waits until a condition holds, and returns how long that took."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() - begun > seconds:
            raise SystemExit(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)
    return time.monotonic() - begun
