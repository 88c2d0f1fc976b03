"""A model server for the benchmarks: every chat completion is one short stream.

Usage: upstream.py DELAY; answers DELAY seconds after the request, or never if that is negative.
Prints "listening on URL" first, and ends with its standard input.
"""

import asyncio
import json
import sys

DELAY = float(sys.argv[1])


def event(delta, finish, **more):
    """One piece of a completion."""
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, **more}).encode() + b"\n\n"


BODY = (
    event({"role": "assistant", "content": "Your order is on its way. "}, None)
    + event({"content": "Is there anything else I can do for you?"}, None)
    + event({}, "stop", usage={"prompt_tokens": 900, "completion_tokens": 20, "total_tokens": 920})
    + b"data: [DONE]\n\n"
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


class Model(asyncio.Protocol):
    """One connection, kept alive, with one request at a time."""

    def connection_made(self, transport):
        """Begins with nothing."""
        self.transport = transport
        self.bytes = b""

    def data_received(self, data):
        """Answers when a request is whole."""
        self.bytes += data
        head, end, body = self.bytes.partition(b"\r\n\r\n")
        if not end:
            return
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        if len(body) < int(lengths[0].split(b":")[1]):
            return
        self.bytes = b""
        if DELAY >= 0:
            asyncio.get_running_loop().call_later(DELAY, self.answer)

    def answer(self):
        """Says it all in one piece."""
        if not self.transport.is_closing():
            self.transport.write(ANSWER)


async def main():
    """Serves until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Model, "127.0.0.1", 0, backlog=4096)
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
