"""Clients that use every way to write, and know what they were told.

A client goes through its steps one after the other. A request without an answer, or refused for
the moment, is sent again with the same key until there is one, so that each step happens once.
"""

import sqlite3
import threading
import time
from collections import Counter

from server import Broken, Server


class Client:
    """One client; `facts` is what must be true of the database from now on."""

    def __init__(self, name: str):
        self.name = name
        self.number = 0
        self.facts: dict[str, tuple[str, tuple, object]] = {}
        self.fresh: set[str] = set()
        self.surprises: list[str] = []
        self.statuses: Counter = Counter()
        self.slowest = 0.0
        self.steps = self.walk()
        self.request = next(self.steps)
        self.is_repeated = False

    def run(self, server: Server, until) -> None:
        """Works until the server is gone or `until()` holds."""
        connection = server.connect()
        while not until():
            method, path, body, key = self.request
            begun = time.monotonic()
            try:
                status, answer = connection.call(method, path, body, key)
            except Broken:
                self.is_repeated = True
                return
            self.slowest = max(self.slowest, time.monotonic() - begun)
            self.statuses[status] += 1
            waits = isinstance(answer, dict) and answer.get("code") in (
                "idempotency_in_progress", "payment_in_progress")
            if status in (429, 503) or waits:
                self.is_repeated = True
                time.sleep(0.02)
                continue
            self.request = self.steps.send((status, answer or {}))
            self.is_repeated = False

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
        while True:
            yield from self.converse()
            yield from self.route(address)
            yield from self.upgrade()
            yield from self.direct(address)

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

    def route(self, address: str):
        """A message that is sent, pulled and acknowledged."""
        mark = self.mark()
        status, answer = yield self.post(
            "/v1/messages", {"aiAgentAddress": address, "payload": {"mark": mark}})
        self.expect(status, 202)
        message = answer.get("messageId")
        self.fact(
            f"message {message}", "SELECT count(*) FROM inbox_messages WHERE message_id = ?"
            " AND ai_agent_address = ?", (message, address), 1)
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
        """A changed mapping, a health report, and a tool called over MCP."""
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
        call = self.post("/mcp", {
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
                "name": "register_complaint", "arguments": {
                    "title": f"Late parcel {mark}", "description": f"It is late: {mark}.",
                    "customer_name": "A", "order_number": "ORD-10002"}}})
        while True:
            status, answer = yield call
            self.expect(status, 200)
            result = answer.get("result", {})
            if result.get("structuredContent", {}).get("error_type") != "InternalError":
                break
        if result.get("isError", True):
            self.surprises.append(f"MCP: {answer}")
        self.fact(
            f"complaint {mark}", "SELECT count(*) FROM complaints WHERE title = ?",
            (f"Late parcel {mark}",), 1)

    def mark(self) -> str:
        self.number += 1
        return f"{self.name}-{self.number}"

    def post(self, path: str, body: dict):
        return "POST", path, body, f"{self.name}-{self.number}-{path}-{len(self.facts)}"

    def expect(self, status: int, *wanted: int) -> None:
        if status not in wanted:
            self.surprises.append(f"{self.request[0]} {self.request[1]}: {status}")

    def fact(self, name: str, sql: str, values: tuple, wanted) -> None:
        self.facts[name] = (sql, values, wanted)
        self.fresh.add(name)

    def forget(self, *names: str) -> None:
        for name in names:
            self.facts.pop(name, None)


def load(clients: list[Client], server: Server, until) -> list[threading.Thread]:
    """Lets all clients work, each in a thread of its own."""
    threads = [threading.Thread(target=c.run, args=(server, until)) for c in clients]
    for thread in threads:
        thread.start()
    return threads


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
            if (row and row[0]) != wanted:
                found.append(f"{name}: {row and row[0]} instead of {wanted}")
        client.fresh.clear()
    connection.close()
    return found
