"""Ways to write that begin outside of conversations: sign-in, keys, webhooks, imports, tools.

Each is a part of a client's walk: it yields requests and commands, is sent what came of them, and
notes the facts that follow.
"""

import atexit
import hashlib
import os
import shutil
import tempfile

from programs import Program
from receiver import Receiver

PASSWORD = "long enough for a test"
# Users of the demo data.
DEMO = [
    "sarah.johnson", "michael.chen", "emma.oneil", "jose.garcia", "priya.patel", "agent", "admin"]
DEMO_PASSWORD = "frontdesk-demo-1"
TOKEN_IS = (
    "SELECT (used_at IS NOT NULL) || (revoked_at IS NOT NULL) FROM refresh_tokens"
    " WHERE token_hash = ?")
FILES = tempfile.mkdtemp(prefix="torture-files-")
atexit.register(shutil.rmtree, FILES, ignore_errors=True)


def account(client):
    """A user who is added by command, and now and then disabled; returns the address."""
    email = f"{client.mark()}@example.com"
    code, _ = yield from command(
        client, "user", "add", email, "--role", "agent", "--password-stdin",
        text=PASSWORD + "\n", already="has a user")
    client.expect(code, 0)
    client.fact(
        f"user {email}", "SELECT disabled_at IS NULL FROM users WHERE email = ?", (email,), 1)
    return email


def sign_in(client):
    """A sign-in whose tokens are used one after the other, until it is ended."""
    # Those who may not add a user sign in as one whom others have.
    email = client.email or f"{DEMO[sum(client.name.encode()) % len(DEMO)]}@example.com"
    if not client.email and client.runs_programs:
        email = client.email = yield from account(client)
    status, answer = yield "POST", "/auth", {
        "email": email, "password": PASSWORD if client.email else DEMO_PASSWORD}, None
    client.expect(status, 200)
    if status != 200:
        return
    family = [noted(client, answer)]
    for _ in range(2):
        # Until there is an answer nobody knows which of them is good.
        client.forget(*(f"token {token}" for token in family))
        status, answer = yield "POST", "/auth/refresh", {"refresh_token": family[-1]}, None
        # The first answer may have been lost, and then it looks like a theft.
        client.expect(status, 200, *([401] if client.is_repeated else []))
        if status != 200:
            return
        for token in family:
            client.fact(f"token {token}", TOKEN_IS, (hash_of(token),), "10")
        family.append(noted(client, answer))
    client.forget(*(f"token {token}" for token in family))
    status, _ = yield "POST", "/auth/logout", {"refresh_token": family[-1]}, None
    client.expect(status, 200)
    for token in family:
        is_used = token != family[-1]
        client.fact(f"token {token}", TOKEN_IS, (hash_of(token),), "11" if is_used else "01")
    if client.number % 3 == 0 and client.runs_programs:
        client.email = None
        client.forget(f"user {email}")
        code, _ = yield from command(client, "user", "disable", email)
        client.expect(code, 0)
        client.fact(
            f"user {email}", "SELECT disabled_at IS NULL FROM users WHERE email = ?", (email,),
            0)


def noted(client, answer: dict) -> str:
    """The refresh token of a sign-in, good from now on."""
    token = answer["tokens"]["refresh_token"]
    client.fact(f"token {token}", TOKEN_IS, (hash_of(token),), "00")
    return token


def hash_of(text: str) -> str:
    """What the database keeps of a token or key."""
    return hashlib.sha256(text.encode()).hexdigest()


def key(client):
    """A program's key, which is made, used and revoked."""
    if not client.runs_programs:
        return
    while True:
        name = client.mark()
        code, answer = yield from command(
            client, "key", "create", name, "--scope", "chat:send", already="has a key")
        # Of one whose command was killed nobody knows the text.
        if isinstance(answer, dict):
            break
    client.expect(code, 0)
    key_is = "SELECT revoked_at IS NULL FROM api_keys WHERE key_hash = ?"
    values = (hash_of(answer["key"]),)
    client.fact(f"key {name}", key_is, values, 1)
    if client.number % 2 == 0:
        client.forget(f"key {name}")
        code, _ = yield from command(client, "key", "revoke", answer["key_id"])
        client.expect(code, 0)
        client.fact(f"key {name}", key_is, values, 0)


def take_in(client):
    """Files of customers and of their tickets, of which all lines are there or none."""
    if not client.runs_programs:
        return
    mark = client.mark()
    customers = [f"{mark}-{number}@example.com,A,B" for number in range(300)]
    yield from taken_in(client, "customers", mark, "email,first_name,last_name", customers)
    tickets = [
        f"{mark}-{number},general,50,2099-05-14,{mark}-{number}@example.com"
        for number in range(300)]
    yield from taken_in(
        client, "tickets", mark,
        "ticket_number,ticket_type,original_price,event_date,customer_email", tickets)


def taken_in(client, kind: str, mark: str, header: str, lines: list[str]):
    """Imports one file."""
    path = os.path.join(FILES, f"{mark}.{kind}")
    with open(path, "w") as file:
        file.write("\n".join([header, *lines]) + "\n")
    column = {"customers": "email", "tickets": "ticket_number"}[kind]
    rows = f"SELECT count(*) FROM {kind} WHERE {column} LIKE ?"
    # Whatever becomes of the command.
    client.fact(f"import {path}", rows, (f"{mark}-%",), {0, len(lines)})
    code, answer = yield from command(client, "import", kind, path)
    client.expect(code, 0)
    if code == 0:
        client.fact(f"import {path}", rows, (f"{mark}-%",), len(lines))
        if answer["added"] + answer["skipped"] != len(lines):
            client.surprises.append(f"import {path}: {answer}")
    os.unlink(path)


def command(client, *words: str, text: str = "", already: str | None = None):
    """Runs a command until it comes to an end; with `already` it may find its work done."""
    is_repeated = False
    while True:
        code, answer = yield Program(words, text)
        if code >= 0:
            break
        is_repeated = True
    if code == 1 and is_repeated and already and already in answer:
        code = 0
    return code, answer


def deliver(client, receiver: Receiver):
    """Messages to a webhook whose secret changes."""
    address = f"hook-{client.name}"
    current = (
        "SELECT valid_until IS NULL FROM webhook_secrets"
        " WHERE ai_agent_address = ? AND secret = ?")
    if not client.has_hook:
        client.has_hook = True
        status, answer = yield client.post("/v1/agent-inboxes", {
            "aiAgentAddress": address, "inboxDestinationType": "HTTP_WEBHOOK",
            "inboxName": receiver.address})
        client.expect(status, 201)
        client.secret = answer.get("webhookSecret")
        if client.secret:
            client.fact(f"secret {client.secret}", current, (address, client.secret), 1)
    for _ in range(3):
        yield from client.send(address)
    # Only the newest of the secrets before are sure to be kept.
    client.forget(f"secret {client.older}", f"secret {client.secret}")
    status, answer = yield client.post(f"/v1/agent-inboxes/{address}/rotate-secret", {})
    client.expect(status, 200)
    client.older, client.secret = client.secret, answer.get("webhookSecret")
    for secret, is_current in ((client.older, 0), (client.secret, 1)):
        # A repeat does not tell the secret.
        if secret:
            client.fact(f"secret {secret}", current, (address, secret), is_current)


def use_tools(client):
    """An order, an e-mail and a complaint that are made and changed by tools over MCP."""
    mark = client.mark()
    content = yield from tool(client, "create_new_order", {
        "customer_name": "A", "billing_address": "1 Way", "product_sku": mark, "quantity": 1,
        "order_amount": 9.5})
    order = content.get("order", {}).get("order_id")
    once = "SELECT count(*) FROM orders WHERE product_sku = ?"
    client.fact(f"order of {mark}", once, (mark,), 1)
    address_is = "SELECT billing_address FROM orders WHERE order_id = ?"
    client.fact(f"address {mark}", address_is, (order,), {"1 Way", f"2 Way, {mark}"})
    yield from tool(
        client, "update_order", {"order_id": order, "billing_address": f"2 Way, {mark}"})
    client.fact(f"address {mark}", address_is, (order,), f"2 Way, {mark}")
    yield from tool(client, "send_simple_email", {
        "recipients": f"{client.name}@example.com", "subject": mark, "body": "Hello"})
    client.fact(
        f"e-mail {mark}", "SELECT count(*) FROM emails WHERE subject = ?", (mark,), 1)
    title = f"Late parcel {mark}"
    yield from tool(client, "register_complaint", {
        "title": title, "description": f"It is late: {mark}.", "customer_name": "A",
        "order_number": "ORD-10002"})
    client.fact(
        f"complaint {mark}", "SELECT count(*) FROM complaints WHERE title = ?", (title,), 1)


def tool(client, name: str, arguments: dict):
    """Calls a tool until it has done its work; what it answered."""
    client.mark()
    call = client.post("/mcp", {
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": name, "arguments": arguments}})
    while True:
        status, answer = yield call
        client.expect(status, 200)
        result = answer.get("result", {})
        content = result.get("structuredContent", {})
        if content.get("error_type") != "InternalError":
            break
    if result.get("isError", True):
        client.surprises.append(f"{name}: {answer}")
    return content
