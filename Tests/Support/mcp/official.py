"""An MCP server made with the official SDK, for the tests.

First line on standard output: {"port": N}. The server ends with its standard input.
"""

import argparse
import json
import os
import socket
import sys
import threading

import uvicorn
from mcp.server import MCPServer
from mcp_types import ToolAnnotations

server = MCPServer("tickets", version="1.0")


@server.tool(description="Adds two numbers", annotations=ToolAnnotations(readOnlyHint=True))
def add(a: int, b: int) -> int:
    """Adds."""
    return a + b


@server.tool()
def describe(ticket_id: str, tags: list[str] | None = None) -> dict:
    """Tells what it was told."""
    return {"ticket": {"ticket_id": ticket_id, "tags": tags or []}, "eligible": True}


@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("nothing works today")


def main():
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--stateless", action="store_true")
    options = parser.parse_args()
    app = server.streamable_http_app(json_response=options.json, stateless_http=options.stateless)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)

    def wait():
        print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


main()
