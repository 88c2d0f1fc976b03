"""Clients that use every way to write, and know what they were told.

A client goes through its steps one after the other. A request without an answer, or refused for
the moment, is sent again with the same key until there is one, so that each step happens once.
"""

import os
import random
import sqlite3
import subprocess
import threading
import time
from collections import Counter, deque

from errands import deliver, key, sign_in, take_in, use_tools
from programs import Program
from receiver import Receiver
from server import APP, Broken, Server


class Client:
    """One client; `facts` is what must be true of the database from now on.

    With a receiver it sends webhooks, and with `runs_programs` it uses commands, too.
    """

    def __init__(self, name: str, receiver: Receiver | None = None, runs_programs: bool = False):
        self.name = name
        self.receiver = receiver
        self.runs_programs = runs_programs
        self.chance = random.Random(name)
        # What the errands remember: the user, and the webhook with its two newest secrets.
        self.email: str | None = None
        self.has_hook = False
        self.secret: str | None = None
        self.older: str | None = None
        self.number = 0
        self.posts = 0
        self.facts: dict[str, tuple[str, tuple, object]] = {}
        self.fresh: set[str] = set()
        self.surprises: list[str] = []
        self.statuses: Counter = Counter()
        self.times: list[float] = []
        # What was sent and answered of late, to explain a surprise.
        self.trail: deque[str] = deque(maxlen=2000)
        self.steps = self.walk()
        self.request = next(self.steps)
        self.is_repeated = False

    def run(self, server: Server, until) -> None:
        """Works until the server is gone or `until()` holds."""
        connection = server.connect()
        while not until():
            begun = time.monotonic()
            if isinstance(self.request, Program):
                outcome = self.request.run(server, self.chance)
                self.trail.append(f"{begun:.3f}-{time.monotonic():.3f} {self.request} -> {outcome}")
                self.statuses[{0: 200, -1: 503}.get(outcome[0], outcome[0])] += 1
                self.request = self.steps.send(outcome)
                if server.is_gone:
                    return
                continue
            method, path, body, key = self.request
            try:
                status, answer = connection.call(method, path, body, key)
            except Broken as error:
                self.note(begun, f"no answer: {error}")
                self.is_repeated = True
                return
            self.note(begun, f"{status} {answer}")
            self.times.append(time.monotonic() - begun)
            self.statuses[status] += 1
            waits = isinstance(answer, dict) and answer.get("code") in (
                "idempotency_in_progress", "payment_in_progress")
            if status in (429, 503) or waits:
                self.is_repeated = True
                time.sleep(0.02)
                continue
            self.request = self.steps.send((status, answer or {}))
            self.is_repeated = False

    def note(self, begun: float, outcome: str) -> None:
        """Remembers what came of the request at hand."""
        method, path, body, key = self.request
        self.trail.append(
            f"{begun:.3f}-{time.monotonic():.3f} {method} {path} {body} key={key}"
            f" -> {outcome[:600]}")

    def about(self, values: tuple) -> list[str]:
        """What was sent and answered of late that names one of these values."""
        words = [value for value in values if isinstance(value, str)]
        return [line for line in self.trail if any(word in line for word in words)]

    def walk(self):
        """All ways, over and over."""
        address = f"agent-{self.name}"
        status, _ = yield self.post("/v1/agent-inboxes", {
            "aiAgentAddress": address, "inboxDestinationType": "FRONTDESK_INBOX",
            "inboxName": "x"})
        self.expect(status, 201)
        status, _ = yield self.post("/customers", {
            "customer_id": f"cus_{self.name}", "first_name": "A", "last_name": "B",
            "email": f"{self.name}@example.com"})
        self.expect(status, 201)
        ways = [
            self.converse, lambda: self.route(address), self.upgrade,
            lambda: self.direct(address), lambda: sign_in(self), lambda: use_tools(self)]
        if self.receiver:
            ways.append(lambda: deliver(self, self.receiver))
        if self.runs_programs:
            ways += [lambda: key(self), lambda: take_in(self)]
        # Each begins elsewhere, so that a short run sees all of them.
        at = sum(self.name.encode()) * 2 % len(ways)
        while True:
            yield from ways[at]()
            at = (at + 1) % len(ways)

    def converse(self):
        """A session with messages, every third of which is deleted again."""
        mark = self.mark()
        status, answer = yield self.post("/agent/sessions", {"metadata": {"mark": mark}})
        self.expect(status, 201)
        session = answer.get("session_id")
        self.fact(
            f"session {mark}", "SELECT count(*) FROM sessions WHERE metadata ->> 'mark' = ? AND"
            " session_id = ? AND removing_since IS NULL", (mark, session), 1)
        for _ in range(2):
            text = f"What's the status of my order ORD-10001? {self.mark()}"
            status, _ = yield self.post(
                "/agent/messages", {"session_id": session, "message": text})
            self.expect(status, 200)
            self.fact(
                f"message {text}", "SELECT count(*) FROM messages WHERE tenant_id = 'default' AND content = ?"
                " AND session_id = ? AND status = 'complete'", (text, session), 1)
        if self.number % 3 == 0:
            # Until there is an answer nobody knows whether it is gone.
            self.facts = {k: f for k, f in self.facts.items() if session not in f[1]}
            status, _ = yield "DELETE", f"/agent/sessions/{session}", None, None
            self.expect(status, 200, *([404] if self.is_repeated else []))
            self.fact(
                f"session {mark}", "SELECT count(*) FROM sessions WHERE session_id = ? AND"
                " removing_since IS NULL", (session,), 0)

    def send(self, address: str):
        """A message to an agent."""
        status, answer = yield self.post(
            "/v1/messages", {"aiAgentAddress": address, "payload": {"mark": self.mark()}})
        self.expect(status, 202)
        message = answer.get("messageId")
        self.fact(
            f"message {message}", "SELECT count(*) FROM inbox_messages WHERE message_id = ?"
            " AND ai_agent_address = ?", (message, address), 1)

    def route(self, address: str):
        """A message that is sent, pulled and acknowledged."""
        yield from self.send(address)
        status, answer = yield (
            "POST", f"/v1/inboxes/{address}/pull", {"maxMessages": 5}, None)
        self.expect(status, 200)
        pulled = {m["ackId"]: m["message"]["messageId"] for m in answer["receivedMessages"]}
        if not pulled:
            return
        status, answer = yield (
            "POST", f"/v1/inboxes/{address}/ack", {"ackIds": list(pulled)}, None)
        self.expect(status, 200)
        for result in answer["results"]:
            if result["status"] == "acked":
                message = pulled[result["ackId"]]
                self.fact(
                    f"message {message}", "SELECT state FROM inbox_messages"
                    " WHERE message_id = ?", (message,), "acknowledged")

    def upgrade(self):
        """A ticket that is priced, ordered, paid, and every fourth refunded."""
        ticket, number = f"tkt_{self.mark()}", self.number
        status, _ = yield self.post("/tickets", {
            "ticket_id": ticket, "customer_id": f"cus_{self.name}",
            "ticket_number": f"{self.name}-{number:05}", "ticket_type": "general",
            "original_price": 50, "event_date": "2099-05-14"})
        self.expect(status, 201)
        ticket_is = "SELECT status FROM tickets WHERE ticket_id = ?"
        self.fact(f"ticket {ticket}", ticket_is, (ticket,), "active")
        status, answer = yield self.post(
            f"/tickets/{ticket}/pricing", {"upgrade_tier": "double-fun"})
        self.expect(status, 200)
        quote = answer["data"]["quote_id"]
        self.fact(
            f"quote {quote}", "SELECT count(*) FROM price_quotes WHERE quote_id = ?",
            (quote,), 1)
        status, answer = yield self.post("/orders", {
            "ticket_id": ticket, "customer_id": f"cus_{self.name}", "quote_id": quote,
            "upgrade_tier": "double-fun", "event_date": "2099-05-14"})
        self.expect(status, 201)
        order = answer["data"]["order"]["order_id"]
        order_is = "SELECT status FROM ticket_orders WHERE order_id = ?"
        self.fact(f"order {order}", order_is, (order,), "pending")
        if number % 5 == 0:
            self.forget(f"order {order}")
            status, _ = yield self.post(f"/orders/{order}/cancel", {"reason": "A test"})
            self.expect(status, 200)
            self.fact(f"order {order}", order_is, (order,), "cancelled")
            return
        # From here the order may be settled in more than one way until there is an answer.
        self.forget(f"order {order}", f"ticket {ticket}")
        status, answer = yield self.post(f"/orders/{order}/pay", {"payment_token": "tok_ok"})
        self.expect(status, 200, 402, 409, 502, 504)
        if status != 200:
            return
        self.fact(f"order {order}", order_is, (order,), "completed")
        self.fact(f"ticket {ticket}", ticket_is, (ticket,), "upgraded")
        self.fact(
            f"charges {order}", "SELECT count(*) FROM payments WHERE order_id = ? AND"
            " status = 'completed'", (order,), 1)
        if number % 4 == 0:
            self.forget(f"order {order}", f"ticket {ticket}", f"charges {order}")
            status, _ = yield self.post(f"/orders/{order}/refund", {"reason": "A test"})
            self.expect(status, 200, 402, 409, 502, 504)
            if status == 200:
                self.fact(f"order {order}", order_is, (order,), "refunded")

    def direct(self, address: str):
        """A changed mapping and a health report."""
        mark = self.mark()
        self.forget(f"mapping {address}")
        status, _ = yield "PUT", f"/v1/agent-inboxes/{address}", {"description": mark}, None
        self.expect(status, 200)
        self.fact(
            f"mapping {address}",
            "SELECT description FROM agent_inboxes WHERE ai_agent_address = ?",
            (address,), mark)
        status, _ = yield self.post("/v1/agent-health-check", {
            "ai_agent_address": address, "status": "HEALTHY", "details": {"mark": mark}})
        self.expect(status, 200, 201)
        self.fact(
            f"report {mark}", "SELECT count(*) FROM agent_health_checks"
            " WHERE details ->> 'mark' = ?", (mark,), 1)

    def mark(self) -> str:
        self.number += 1
        return f"{self.name}-{self.number}"

    def post(self, path: str, body: dict):
        self.posts += 1
        return "POST", path, body, f"{self.name}-post-{self.posts}"

    def expect(self, status: int, *wanted: int) -> None:
        if status not in wanted:
            request = self.request
            what = request.words if isinstance(request, Program) else request[:2]
            self.surprises.append(f"{' '.join(what)}: {status}\n    {self.trail[-1]}")

    def fact(self, name: str, sql: str, values: tuple, wanted) -> None:
        self.facts[name] = (sql, values, wanted)
        self.fresh.add(name)

    def forget(self, *names: str) -> None:
        for name in names:
            self.facts.pop(name, None)


def crew(size: int, receiver: Receiver, programs: int) -> list[Client]:
    """Clients, of whom so many use commands: these take long, and keep others from writing."""
    return [
        Client(f"c{number}", receiver, runs_programs=number < programs)
        for number in range(size)]


def load(clients: list[Client], server: Server, until) -> list[threading.Thread]:
    """Lets all clients work, each in a thread of its own."""
    threads = [threading.Thread(target=c.run, args=(server, until)) for c in clients]
    for thread in threads:
        thread.start()
    return threads


def undelivered(database: str) -> int:
    """How many webhooks nobody has begun to deliver."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    (count,) = connection.execute(
        "SELECT count(*) FROM inbox_messages WHERE ai_agent_address LIKE 'hook-%'"
        " AND state = 'ready'").fetchone()
    connection.close()
    return count


def hasten(database: str) -> None:
    """Adds indexes for the questions of `wrongs` to a database that nobody uses any more: after half
    an hour of load they take an hour without."""
    connection = sqlite3.connect(database)
    for number, columns in enumerate([
            "sessions (session_id)", "orders (product_sku)", "orders (order_id)",
            "emails (subject)", "complaints (title)", "agent_health_checks (details ->> 'mark')",
            "tickets (ticket_number COLLATE NOCASE)", "customers (email COLLATE NOCASE)"]):
        connection.execute(f"CREATE INDEX torture_{number} ON {columns}")
    connection.close()


def wrongs(database: str, clients: list[Client], thoroughly: bool) -> list[str]:
    """What the database contradicts: itself, or what clients were told since the last look."""
    found = [s for c in clients for s in c.surprises]
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    pragma = "integrity_check" if thoroughly else "quick_check"
    found += [row[0] for row in connection.execute(f"PRAGMA {pragma}") if row[0] != "ok"]
    found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
    for client in clients:
        names = client.facts.keys() if thoroughly else client.fresh & client.facts.keys()
        for name in names:
            sql, values, wanted = client.facts[name]
            row = connection.execute(sql, values).fetchone()
            allowed = wanted if isinstance(wanted, set) else {wanted}
            if (row and row[0]) not in allowed:
                lines = [f"{name}: {row and row[0]} instead of {wanted}"]
                found.append("\n    ".join(lines + client.about(values)[-12:]))
        client.fresh.clear()
        if client.receiver:
            delivered = connection.execute(
                "SELECT message_id FROM inbox_messages WHERE state = 'delivered' AND"
                " ai_agent_address = ?", (f"hook-{client.name}",))
            found += [
                f"message {row[0]} is said to be delivered, and was not"
                for row in delivered if row[0] not in client.receiver.taken]
    connection.close()
    if thoroughly:
        look = subprocess.run(
            [APP, "verify"], capture_output=True, text=True,
            env=dict(os.environ) | {"FRONTDESK_DATABASE_PATH": database})
        if look.returncode != 0:
            found += look.stdout.splitlines() or [look.stderr]
    return found
