"""Commands that work on the database beside the server, and are killed now and then."""

import json
import os
import random
import subprocess
from dataclasses import dataclass

from server import APP, Server

# What a command says when only the moment was wrong.
PASSING = ("disk", "overloaded", "locked", "busy", "rolled back", "I/O")


@dataclass(frozen=True)
class Program:
    """A command line with its input."""

    words: tuple[str, ...]
    text: str = ""

    def run(self, server: Server, chance: random.Random) -> tuple[int, object]:
        """Its exit code and what it printed; one time in three it is killed before it ends.

        A code below zero, or of a wrong moment, means that nobody knows what it did.
        """
        process = subprocess.Popen(
            [APP, *self.words, "--json"], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=dict(os.environ) | server.settings
            | {"FRONTDESK_DATABASE_PATH": server.database})
        server.beside.add(process)
        if server.is_gone:
            process.kill()
        within = chance.uniform(0.01, 0.5) if chance.random() < 1 / 3 else 60
        try:
            output, notes = process.communicate(self.text, within)
        except subprocess.TimeoutExpired:
            process.kill()
            output, notes = process.communicate()
        server.beside.discard(process)
        if process.returncode < 0:
            return process.returncode, "killed"
        if process.returncode == 0:
            return 0, json.loads(output)
        if any(word in notes for word in PASSING):
            return -1, notes
        return process.returncode, notes
