"""An MCP server of the tests that does as it is told, good and bad; the standard library only.

First line on standard output: {"port": N}. A line {"plan": {...}} on standard input replaces the plan
and clears the diary, {} asks for the diary; both are answered with {"requests": [...], "tokens": n}.
The server ends with its standard input.

The plan:
  eras      which handshakes it takes: "modern", "legacy", "bare" (tools/call without any)
  stream    true answers by server-sent events
  session   true hands out sessions; "forget" below makes it forget them
  tools     definitions; pages: lists of definitions, one a page, instead
  ttl       ttlMs of the list
  results   tool name -> result of tools/call
  guarded   true asks for a token of /token or /cognito, which lives `expires_in` seconds
  faults    [{"on": method or "*" or "/path", "tool": name, "times": n, "do": what, ...}], the first that fits
"""

import asyncio
import json
import os
import sys

PLAN = {}
DIARY = {"requests": [], "tokens": 0}
STATE = {"sessions": set(), "valid": set(), "counts": {}}
REASON = {200: "OK", 202: "Accepted"}


def head(status, fields):
    """The bytes of a head."""
    lines = [f"HTTP/1.1 {status} {REASON.get(status, 'Text')}"] + [f"{name}: {value}" for name, value in fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(body, status=200, fields=(), kind="application/json"):
    """The bytes of an answer of known length."""
    return head(status, [("Content-Type", kind), ("Content-Length", len(body)), *fields]) + body


async def read_request(reader):
    """One request as (path, fields, body), None at the end."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = text.split("\r\n")
        path = lines[0].split(" ")[1]
        fields = dict((line.split(":", 1)[0].lower(), line.split(":", 1)[1].strip()) for line in lines[1:] if line)
        return path, fields, await reader.readexactly(int(fields.get("content-length", 0)))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def fault(path, method, tool):
    """The fault that this request meets, if any."""
    for number, entry in enumerate(PLAN.get("faults", [])):
        if entry["on"] not in ("*", method, path) or entry.get("tool", tool) != tool:
            continue
        if STATE["counts"].get(number, 0) >= entry.get("times", 1_000_000):
            continue
        STATE["counts"][number] = STATE["counts"].get(number, 0) + 1
        return entry
    return None


async def misbehave(entry, message, writer):
    """Does what the fault says; whether the connection goes on."""
    what = entry["do"]
    reply = json.dumps(result(message) or {})
    if what == "hang":
        await asyncio.sleep(3600)
    elif what == "drop":
        return False
    elif what == "status":
        body = entry.get("body", "no")
        text = body if isinstance(body, str) else json.dumps(body)
        text = text.replace('"$ID"', json.dumps(message.get("id")))
        writer.write(whole(text.encode(), entry["status"], list(entry.get("fields", {}).items())))
    elif what == "body":
        text = entry["body"].replace("$ID", json.dumps(message.get("id"))).replace("$REPLY", reply)
        writer.write(whole(text.encode(), kind=entry.get("kind", "application/json")))
    elif what == "stream":
        # Chunks as the plan cuts them; `ends` false keeps the connection open.
        writer.write(head(200, [("Content-Type", "text/event-stream"), ("Connection", "close")]))
        text = entry["body"].replace("$ID", json.dumps(message.get("id"))).replace("$REPLY", reply)
        data = text.encode()
        size = entry.get("size", len(data)) or 1
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            await writer.drain()
            await asyncio.sleep(0)
        if not entry.get("ends", True):
            await asyncio.sleep(3600)
        return False
    elif what == "error":
        error = {"jsonrpc": "2.0", "id": message.get("id"), "error": entry["error"]}
        writer.write(whole(json.dumps(error).encode(), entry.get("status", 200)))
    elif what == "huge":
        writer.write(head(200, [("Content-Type", entry.get("kind", "application/json")), ("Connection", "close")]))
        while True:
            writer.write(b"data: " + b"x" * 65_536)
            await writer.drain()
    elif what == "wait":
        # Until so many of these are here at once.
        STATE["waiting"] = STATE.get("waiting", 0) + 1
        while STATE["waiting"] < entry["for"]:
            await asyncio.sleep(0.01)
        return None
    elif what == "forget":
        STATE["sessions"].clear()
        return None
    elif what == "tools":
        PLAN["tools"] = entry["tools"]
        return None
    await writer.drain()
    return True


def refusal(message, code, words, data=None):
    """An error of JSON-RPC."""
    error = {"code": code, "message": words}
    if data is not None:
        error["data"] = data
    return {"jsonrpc": "2.0", "id": message.get("id"), "error": error}


def tools(message):
    """One page of the list."""
    pages = PLAN.get("pages", [PLAN.get("tools", [])])
    cursor = (message.get("params") or {}).get("cursor")
    number = int(cursor) if cursor else 0
    page = {"tools": pages[number]}
    if PLAN.get("loops"):
        page["nextCursor"] = "0"
    elif number + 1 < len(pages):
        page["nextCursor"] = str(number + 1)
    if "ttl" in PLAN:
        page["ttlMs"] = PLAN["ttl"]
    return page


def result(message):
    """The reply to a request, None for a notification."""
    method = message.get("method")
    if "id" not in message or method is None:
        return None
    if method == "server/discover":
        value = {"supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}}
    elif method == "initialize":
        value = {"protocolVersion": PLAN.get("version", "2025-11-25"), "capabilities": {"tools": {}}}
    elif method == "ping":
        value = {}
    elif method == "tools/list":
        value = tools(message)
    elif method == "tools/call":
        name = message["params"]["name"]
        results = PLAN.get("results", {})
        if name not in results:
            return refusal(message, -32602, "unknown tool")
        value = results[name]
        if value == "echo":
            value = {"structuredContent": {"arguments": message["params"]["arguments"]}}
    else:
        return refusal(message, -32601, "unknown method")
    return {"jsonrpc": "2.0", "id": message["id"], "result": value}


def takes(message, fields):
    """Why the era of a request is none of this server's: an answer, or None."""
    eras = PLAN.get("eras", ["modern", "legacy"])
    version = fields.get("mcp-protocol-version")
    method = message.get("method")
    if version == "2026-07-28" or method == "server/discover":
        if "modern" in eras:
            return None
        return whole(json.dumps(refusal(message, -32601, "unknown method")).encode(), 400)
    if version or method == "initialize":
        if "legacy" not in eras:
            return whole(json.dumps(refusal(message, -32601, "unknown method")).encode(), 400)
        if PLAN.get("session") and method != "initialize" and fields.get("mcp-session-id") not in STATE["sessions"]:
            return whole(b"no such session", 404)
        return None
    if "bare" in eras and method == "tools/call":
        return None
    return whole(b"a handshake is wanted", 400)


async def answer_rpc(fields, message, writer):
    """Answers a message of JSON-RPC."""
    reply = takes(message, fields)
    if reply is None:
        body = result(message)
        extra = []
        if PLAN.get("session") and message.get("method") == "initialize":
            name = f"session-{len(STATE['sessions']) + 1}"
            STATE["sessions"].add(name)
            extra = [("MCP-Session-Id", name)]
        if body is None:
            reply = whole(b"", 202)
        elif PLAN.get("stream"):
            event = f"event: message\nid: 1\ndata: {json.dumps(body)}\n\n".encode()
            reply = whole(event, fields=extra, kind="text/event-stream")
        else:
            reply = whole(json.dumps(body).encode(), fields=extra)
    writer.write(reply)
    await writer.drain()


def issue(path):
    """A new token."""
    DIARY["tokens"] += 1
    token = f"token-{DIARY['tokens']}"
    STATE["valid"] = {token}
    life = PLAN.get("expires_in", 3600)
    if path == "/cognito":
        return {"AuthenticationResult": {"AccessToken": token, "ExpiresIn": life, "TokenType": "Bearer"}}
    return {"access_token": token, "expires_in": life, "token_type": "Bearer"}


async def answer(path, fields, body, writer):
    """Answers one request; whether the connection goes on."""
    try:
        message = json.loads(body)
    except ValueError:
        message = {}
    tool = (message.get("params") or {}).get("name") if isinstance(message, dict) else None
    DIARY["requests"].append({"path": path, "fields": fields, "body": body.decode(), "method": message.get("method", "")})
    entry = fault(path.split("?")[0], message.get("method"), tool)
    if entry:
        goes_on = await misbehave(entry, message, writer)
        if goes_on is not None:
            return goes_on
    if path in ("/token", "/cognito"):
        writer.write(whole(json.dumps(issue(path)).encode()))
        await writer.drain()
    elif PLAN.get("guarded") and fields.get("authorization", "").removeprefix("Bearer ") not in STATE["valid"]:
        writer.write(whole(b"who are you", 401, [("WWW-Authenticate", "Bearer")]))
        await writer.drain()
    else:
        await answer_rpc(fields, message, writer)
    return True


async def serve(reader, writer):
    """One connection with its requests."""
    try:
        while request := await read_request(reader):
            if not await answer(*request, writer):
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    """Serves until standard input ends."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=256)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    reader = asyncio.StreamReader(limit=16_777_216)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        if "plan" in order:
            PLAN.clear()
            PLAN.update(order["plan"])
            DIARY.update({"requests": [], "tokens": 0})
            STATE.update({"sessions": set(), "valid": set(), "counts": {}, "waiting": 0})
        if order.get("break"):
            PLAN["faults"] = [{"on": "/token", "do": "status", "status": 500}]
        if order.get("revoke"):
            STATE["valid"].clear()
        print(json.dumps(DIARY), flush=True)
    os._exit(0)


asyncio.run(main())
