"""Times POST /auth for an unknown user, a wrong password and a disabled user, in turns.

Arguments: base URL, database, tries. Failures are forgotten before each try, or the slow-down would be
all that is measured. Prints a Markdown table, and the median difference beside what the same
comparison makes of two halves of one kind: the noise.
"""

import http.client
import json
import random
import sqlite3
import statistics
import sys
import time
from urllib.parse import urlsplit

KINDS = {
    "unknown user": ("nobody@example.com", "correct horse battery"),
    "wrong password": ("sarah@example.com", "not the password"),
    "disabled user": ("gone@example.com", "correct horse battery"),
}


def attempt(address, email, password):
    """Milliseconds that one refused sign-in takes, on a connection of its own."""
    body = json.dumps({"email": email, "password": password})
    connection = http.client.HTTPConnection(address)
    connection.connect()
    begun = time.perf_counter()
    connection.request("POST", "/auth", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - begun) * 1000
    connection.close()
    if answer.status != 401:
        sys.exit(f"POST /auth for {email} was {answer.status}, not 401")
    return taken


def halves(times):
    """The difference of the medians of two random halves."""
    mixed = random.sample(times, len(times))
    middle = len(mixed) // 2
    return abs(statistics.median(mixed[:middle]) - statistics.median(mixed[middle:]))


def main():
    base, database, tries = sys.argv[1], sys.argv[2], int(sys.argv[3])
    address = urlsplit(base).netloc
    times = {kind: [] for kind in KINDS}
    books = sqlite3.connect(database, timeout=10, isolation_level=None)
    for number in range(tries + 5):
        for kind in random.sample(list(KINDS), len(KINDS)):
            books.execute("DELETE FROM login_failures")
            taken = attempt(address, *KINDS[kind])
            # The first ones find everything cold.
            if number >= 5:
                times[kind].append(taken)
    print("| refused sign-in | p10 | median | p90 |")
    print("|---|---|---|---|")
    for kind, list_ in times.items():
        cuts = statistics.quantiles(list_, n=10)
        print(f"| {kind} | {cuts[0]:.2f} ms | {statistics.median(list_):.2f} ms | {cuts[8]:.2f} ms |")
    known, unknown = times["wrong password"], times["unknown user"]
    gap = abs(statistics.median(known) - statistics.median(unknown))
    noise = statistics.quantiles([halves(known + unknown) for _ in range(2000)], n=20)[18]
    print(f"\nUnknown user and wrong password differ by {gap:.2f} ms; random halves of both together by up to {noise:.2f} ms (95 %).")


main()
