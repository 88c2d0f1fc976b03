"""Opens many streams whose turns wait for a model that says nothing, and watches the server's memory.

Usage: idle.py URL PID STREAMS SECONDS; prints "before opened after last_tenth streams", memory in
KiB: before any stream, with all of them open, at the end, the most of the last tenth of the time,
and how many are open still.
"""

import asyncio
import json
import sys
import time
import urllib.parse

URL = urllib.parse.urlsplit(sys.argv[1])
PID, STREAMS, SECONDS = (int(word) for word in sys.argv[2:5])


def resident():
    """What the server holds, in KiB."""
    with open(f"/proc/{PID}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


async def open_stream(number):
    """Begins a turn in a session of its own and returns when its stream has begun."""
    reader, writer = await asyncio.open_connection(URL.hostname, URL.port)
    body = json.dumps({"session_id": f"idle-{number}", "message": "Where is my order ORD-10001?"})
    writer.write(
        f"POST /agent/messages/stream HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    await reader.readuntil(b'"type":"start"')
    return reader, writer


async def listen(reader, open_streams):
    """Reads what comes, comments that keep the connection, until it ends."""
    open_streams.append(reader)
    while await reader.read(4096):
        pass
    open_streams.remove(reader)


async def main():
    """Opens them in hundreds, then only looks."""
    loop = asyncio.get_running_loop()
    # The first ones make what all share.
    first = [await open_stream(f"first-{number}") for number in range(10)]
    before = resident()
    streams = []
    for start in range(0, STREAMS, 100):
        streams += await asyncio.gather(*(open_stream(number) for number in range(start, min(start + 100, STREAMS))))
    opened, begun = resident(), time.monotonic()
    still = []
    tasks = [loop.create_task(listen(reader, still)) for reader, _ in streams]
    samples = []
    while (passed := time.monotonic() - begun) < SECONDS:
        await asyncio.sleep(min(5, SECONDS - passed + 0.01))
        samples.append(resident())
        print(f"{passed:4.0f} s: {samples[-1]} KiB, {len(still)} streams", file=sys.stderr)
    late = samples[-max(1, len(samples) // 10) :]
    print(before, opened, samples[-1], max(late), len(still))
    for task in tasks:
        task.cancel()
    del first


asyncio.run(main())
