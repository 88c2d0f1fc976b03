"""The web server of the tests: raw bytes on a free loopback port, good and bad, chosen by the path.

First line on standard output: {"port": N}. Every line read from standard input asks for the diary
and is answered with {"connections": n, "requests": {path: n}, "sent": n, "open": n}.
The server ends with its standard input.
"""

import argparse
import asyncio
import json
import os
import ssl
import sys
from urllib.parse import parse_qs, urlsplit

DIARY = {"connections": 0, "requests": {}, "sent": 0, "open": 0}


def head(status, fields, version="HTTP/1.1"):
    """The bytes of a head."""
    lines = [f"{version} {status} Text"] + [f"{name}: {value}" for name, value in fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(body, status=200, fields=()):
    """The bytes of an answer of known length."""
    return head(status, [*fields, ("Content-Length", len(body))]) + body


async def read_request(reader):
    """One request as (method, target, fields, body), None at the end."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    lines = text.split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    fields = [line.split(": ", 1) if ": " in line else [line.rstrip(":"), ""] for line in lines[1:] if line]
    length = next((int(value) for name, value in fields if name.lower() == "content-length"), 0)
    return method, target, fields, await reader.readexactly(length)


async def endless(writer, size):
    """Chunks without an end; the diary tells how much the client took."""
    writer.write(head(200, [("Transfer-Encoding", "chunked")]))
    chunk = b"%x\r\n" % size + b"x" * size + b"\r\n"
    while True:
        writer.write(chunk)
        await writer.drain()
        DIARY["sent"] += size


async def chunked(writer, query):
    """Numbered lines in chunks, with pauses and a trailer."""
    writer.write(head(200, [("Transfer-Encoding", "chunked"), ("Trailer", "X-Sum")]))
    for number in range(query.get("n", 1)):
        line = b"line %d\n" % number
        writer.write(b"%x\r\n" % len(line) + line + b"\r\n")
        await writer.drain()
        await asyncio.sleep(query.get("ms", 0) / 1000)
    writer.write(b"0\r\nX-Sum: 1\r\n\r\n")


def redirect(query):
    """A redirect to a path that the diary would show."""
    return whole(b"elsewhere", query.get("status", 302), [("Location", "/echo")])


async def bad(path, writer):
    """Answers that are none; whether the path asked for one. The connection ends with them."""
    answers = {
        "/drop": b"",
        "/drop-head": b"HTTP/1.1 200 OK\r\nContent-Le",
        "/drop-body": head(200, [("Content-Length", 1000)]) + b"only this",
        "/drop-chunk": head(200, [("Transfer-Encoding", "chunked")]) + b"ff\r\nonly this",
        "/garbage": b"SSH-2.0-OpenSSH_9.2\r\n",
        "/large-head": b"HTTP/1.1 200 OK\r\n" + b"X-Fill: " + b"x" * 1000 + b"\r\n",
        "/bad-chunk": head(200, [("Transfer-Encoding", "chunked")]) + b"zz\r\nno\r\n",
        "/until-close": head(200, []) + b"all of it",
    }
    if path not in answers:
        return False
    if path == "/large-head":
        writer.write(b"HTTP/1.1 200 OK\r\n" + (b"X-Fill: " + b"x" * 1000 + b"\r\n") * 1000)
    else:
        writer.write(answers[path])
    await writer.drain()
    return True


async def answer(method, target, fields, body, writer):
    """Answers one request; whether the connection goes on."""
    url = urlsplit(target)
    query = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
    path = url.path
    if await bad(path, writer):
        return False
    if path == "/echo":
        facts = {"method": method, "target": target, "fields": fields, "body": body.decode("latin-1")}
        writer.write(whole(json.dumps(facts).encode(), fields=[("X-Empty", ""), ("X-Twice", "1"), ("x-twice", "2")]))
    elif path == "/bytes":
        writer.write(whole(b"" if method == "HEAD" else b"x" * query["n"]))
    elif path == "/head":
        writer.write(head(200, [("Content-Length", 99_999_999)]))
    elif path == "/status":
        writer.write(whole(b"" if query["code"] == 204 else b"said", query["code"]))
    elif path == "/early":
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + whole(b"late", fields=[("X-Late", "yes")]))
    elif path == "/redirect":
        writer.write(redirect(query))
    elif path == "/chunked":
        await chunked(writer, query)
    elif path == "/endless":
        await endless(writer, query.get("size", 65_536))
    elif path == "/slow":
        await asyncio.sleep(query["ms"] / 1000)
        writer.write(whole(b"at last"))
    elif path == "/hang":
        await asyncio.sleep(3600)
    elif path == "/hang-body":
        writer.write(head(200, [("Content-Length", 1000)]) + b"a beginning")
        await asyncio.sleep(3600)
    else:
        writer.write(whole(b"unknown", 404))
    await writer.drain()
    return True


async def serve(reader, writer):
    """One connection with its requests."""
    DIARY["connections"] += 1
    DIARY["open"] += 1
    try:
        while request := await read_request(reader):
            path = urlsplit(request[1]).path
            DIARY["requests"][path] = DIARY["requests"].get(path, 0) + 1
            if not await answer(*request, writer):
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        DIARY["open"] -= 1
        writer.close()


async def serve_until_told(handler, obey, **options):
    """Serves on a free port and answers the lines of standard input, until it ends."""
    options.setdefault("host", "127.0.0.1")
    server = await asyncio.start_server(handler, port=0, backlog=1024, **options)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    reader = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(obey(json.loads(line))), flush=True)
    # Connections that still wait for something would be told of their end at length.
    os._exit(0)


async def main():
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args()
    tls = None
    if options.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(options.certificate, options.key)
    await serve_until_told(serve, lambda order: DIARY, host=options.host, ssl=tls)


if __name__ == "__main__":
    asyncio.run(main())
