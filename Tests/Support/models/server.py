"""A model server of the tests that does what a script says: chat completions and messages.

First line on standard output: {"port": N}. Every line read from standard input is an order and is
answered with {"requests": [{path, headers, body}, …], "left": n}:
  {"script": [step, …]}  the steps of the coming requests, one each; the last may have "repeat"
  {"go": true}           lets streams that hold go on
A step: {"text": [piece, …], "calls": [{name, arguments, id}], "usage": [in, out]} streams a reply;
"hold": n waits for a go after n pieces, "pause": s waits s seconds after each, "cut": n closes after
n bytes of the body, "half": n in the middle of what follows n pieces, "whole": answers without
streaming, "silent_end": leaves the last events out. {"status": n, "headers": {…}}, {"raw": text},
{"drop": true} and {"hang": true} are other things that servers do.
The server ends with its standard input.
"""

import asyncio
import json
import os
import sys

STATE = {"script": [], "requests": [], "gate": asyncio.Semaphore(0)}


async def read_request(reader):
    """One request as (path, fields, body), None at the end."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    lines = text.split("\r\n")
    fields = dict((line.split(": ", 1)[0].lower(), line.split(": ", 1)[1]) for line in lines[1:] if ": " in line)
    body = await reader.readexactly(int(fields.get("content-length", 0)))
    return lines[0].split(" ")[1], fields, body


def head(status, fields):
    """The bytes of a head; the body ends with the connection."""
    lines = [f"HTTP/1.1 {status} Text", "Connection: close"] + [f"{name}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def sse(data, event=None):
    """One server-sent event."""
    name = f"event: {event}\n" if event else ""
    return (name + "data: " + (data if isinstance(data, str) else json.dumps(data)) + "\n\n").encode()


# What each piece of a chat completion says of itself.
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1771588800, "model": "scripted"}


def total(usage):
    """The usage of a chat completion."""
    return {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}


def chat(step):
    """The pieces of a chat completion: text first, then calls, the end, the usage."""
    def chunk(delta, finish=None):
        return sse(CHUNK | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield chunk({"role": "assistant", "content": ""})
    for piece in step.get("text", []):
        yield chunk({"content": piece})
    calls = step.get("calls", [])
    for index, call in enumerate(calls):
        start = {"index": index, "id": call.get("id", f"call_{index}"), "type": "function", "function": {"name": call["name"], "arguments": ""}}
        yield chunk({"tool_calls": [start]})
        text = call["arguments"]
        for part in (text[: len(text) // 2], text[len(text) // 2 :]):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
    if step.get("silent_end"):
        return
    yield chunk({}, "tool_calls" if calls else "stop")
    usage = step.get("usage", [10, 5])
    yield sse(CHUNK | {"choices": [], "usage": total(usage)})
    yield sse("[DONE]")


def messages(step):
    """The pieces of a message: text first, then calls, the end."""
    usage = step.get("usage", [10, 5])
    head = {"id": "m", "type": "message", "role": "assistant", "model": "scripted", "content": [], "stop_reason": None, "stop_sequence": None}
    yield sse({"type": "message_start", "message": head | {"usage": {"input_tokens": usage[0], "output_tokens": 1}}}, "message_start")
    yield sse({"type": "ping"}, "ping")
    index = 0
    if step.get("text"):
        yield sse({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}, "content_block_start")
        for piece in step["text"]:
            yield sse({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}, "content_block_delta")
        yield sse({"type": "content_block_stop", "index": 0}, "content_block_stop")
        index = 1
    calls = step.get("calls", [])
    for call in calls:
        block = {"type": "tool_use", "id": call.get("id", f"toolu_{index}"), "name": call["name"], "input": {}}
        yield sse({"type": "content_block_start", "index": index, "content_block": block}, "content_block_start")
        text = call["arguments"]
        for part in (text[: len(text) // 2], text[len(text) // 2 :]):
            yield sse({"type": "content_block_delta", "index": index, "delta": {"type": "input_json_delta", "partial_json": part}}, "content_block_delta")
        yield sse({"type": "content_block_stop", "index": index}, "content_block_stop")
        index += 1
    if step.get("silent_end"):
        return
    reason = "tool_use" if calls else "end_turn"
    yield sse({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": {"output_tokens": usage[1]}}, "message_delta")
    yield sse({"type": "message_stop"}, "message_stop")


def whole_message(step):
    """A message in one piece."""
    blocks = [{"type": "text", "text": "".join(step["text"])}] if step.get("text") else []
    for index, call in enumerate(step.get("calls", [])):
        blocks.append({"type": "tool_use", "id": call.get("id", f"toolu_{index}"), "name": call["name"], "input": json.loads(call["arguments"])})
    usage = dict(zip(("input_tokens", "output_tokens"), step.get("usage", [10, 5])))
    reason = "tool_use" if step.get("calls") else "end_turn"
    return json.dumps({"id": "m", "type": "message", "role": "assistant", "model": "scripted", "content": blocks, "stop_reason": reason, "stop_sequence": None, "usage": usage}).encode()


def whole_chat(step):
    """A chat completion in one piece."""
    calls = [{"id": call.get("id", "c"), "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}} for call in step.get("calls", [])]
    usage = step.get("usage", [10, 5])
    return json.dumps({
        "id": "c", "object": "chat.completion", "created": CHUNK["created"], "model": CHUNK["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "".join(step.get("text", [])), "tool_calls": calls or None}}],
        "usage": total(usage),
    }).encode()


async def answer(step, path, writer):
    """Does what a step says; the connection ends with it."""
    if step.get("drop"):
        return
    if step.get("hang"):
        await asyncio.sleep(3600)
    if "status" in step:
        writer.write(head(step["status"], step.get("headers", {})) + step.get("body", '{"error": {"message": "said sk-secret"}}').encode())
        return
    is_chat = path.endswith("/chat/completions")
    if step.get("whole"):
        writer.write(head(200, {"Content-Type": "application/json"}) + (whole_chat if is_chat else whole_message)(step))
        return
    stream = (chat if is_chat else messages)(step)
    # In chunks, so that a stream that breaks off can be told from one that ends.
    writer.write(head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}))
    pieces = [step["raw"].encode()] if "raw" in step else list(stream)
    if "cut" in step:
        pieces = [b"".join(pieces)[: step["cut"]]]
    texts = 0
    for piece in pieces:
        is_text = b'"delta": {"content"' in piece or b"text_delta" in piece
        if is_text and step.get("half") == texts:
            writer.write(b"%x\r\n" % len(piece) + piece[: len(piece) // 2])
            return
        if piece:
            writer.write(b"%x\r\n" % len(piece) + piece + b"\r\n")
            await writer.drain()
        texts += is_text
        if is_text and step.get("hold") == texts:
            await STATE["gate"].acquire()
        if is_text:
            await asyncio.sleep(step.get("pause", 0))
    if "cut" not in step:
        writer.write(b"0\r\n\r\n")


async def serve(reader, writer):
    """One connection, which has one request."""
    try:
        request = await read_request(reader)
        if request is None:
            return
        path, fields, body = request
        STATE["requests"].append({"path": path, "headers": fields, "body": body.decode()})
        step = STATE["script"][0] if STATE["script"] else {"status": 418}
        if STATE["script"] and not step.get("repeat"):
            STATE["script"].pop(0)
        if step.get("repeat") == "while_tools" and "tools" not in json.loads(body):
            step = {"text": ["Enough."]}
        await answer(step, path, writer)
        await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main():
    """Serves until standard input ends."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    reader = asyncio.StreamReader(limit=1 << 26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        if "script" in order:
            STATE["script"] = order["script"]
            STATE["requests"] = []
            STATE["gate"] = asyncio.Semaphore(0)
        if "go" in order:
            # One that comes before its hold is not lost.
            STATE["gate"].release()
        print(json.dumps({"requests": STATE["requests"], "left": len(STATE["script"])}), flush=True)
    os._exit(0)


asyncio.run(main())
