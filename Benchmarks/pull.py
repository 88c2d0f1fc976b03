"""Times pulls of ten messages from inboxes of different depths, in turns, on one connection.

Usage: pull.py URL ROUNDS ADDRESS…; prints "address p50 p99", times in ms. What is pulled is
acknowledged and sent anew, so an inbox keeps its depth.
"""

import http.client
import json
import sys
import time
import urllib.parse

JSON = {"Content-Type": "application/json"}


def post(connection, path, body):
    """Sends a body and returns the answer's, with the seconds it took."""
    text = json.dumps(body)
    begun = time.perf_counter()
    connection.request("POST", path, text, JSON)
    answer = connection.getresponse()
    bytes_ = answer.read()
    seconds = time.perf_counter() - begun
    if answer.status >= 300:
        raise SystemExit(f"{answer.status} {bytes_.decode()} to {path}")
    return json.loads(bytes_), seconds


def turn(connection, address):
    """Pulls ten messages, puts ten new ones in their place, and returns the pull's seconds."""
    inbox = f"/v1/inboxes/{address}"
    pulled, seconds = post(connection, inbox + "/pull", {"maxMessages": 10})
    ids = [message["ackId"] for message in pulled["receivedMessages"]]
    if len(ids) != 10:
        raise SystemExit(f"{len(ids)} messages from {address}")
    post(connection, inbox + "/ack", {"ackIds": ids})
    for _ in ids:
        post(connection, "/v1/messages", {"aiAgentAddress": address, "payload": {"text": "Hi"}})
    return seconds


def main():
    """Times all inboxes."""
    url = urllib.parse.urlsplit(sys.argv[1])
    connection = http.client.HTTPConnection(url.hostname, url.port)
    times = {address: [] for address in sys.argv[3:]}
    for _ in range(int(sys.argv[2])):
        for address, seconds in times.items():
            seconds.append(turn(connection, address))
    for address, seconds in times.items():
        seconds.sort()
        p50, p99 = (seconds[int(len(seconds) * share)] for share in (0.5, 0.99))
        print(address, f"{p50 * 1000:.3f} {p99 * 1000:.3f}")


main()
