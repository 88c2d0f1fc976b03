"""The official SDK as a client of ours, for the tests.

First line on standard output: {"port": 0}, as nothing listens. Each line of standard input is an
order, answered by one line:
  {"versions": true}  the versions of the protocol that the SDK speaks: {"handshake", "modern"}
  {"url": …, "version": …, "headers": {…}, "do": [step, …]}
      speaks that version, or with "auto" the one that the SDK chooses, and does the steps one after
      another: {"list": true}, {"ping": true} or {"call": tool, "arguments": {…}}, with "headers"
      for this call only, and "progress": n to be told how the call goes on. The SDK itself holds
      results against the schemas that the server has listed. Answered with
      {"version", "server", "capabilities", "results"}, or {"error"} when nothing can be spoken;
      and before that with {"told": n} when a call has told n times that it goes on.
An empty line is answered with nothing. The process ends with its standard input.
"""

import json
import sys
import warnings

import anyio
import httpx2
import mcp_types
from mcp.client import session
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

warnings.simplefilter("ignore")


async def call(client, http, step):
    """Calls a tool, as a step says."""
    told = []

    async def note(progress, total, message):
        told.append(int(progress))
        if len(told) == step["progress"]:
            print(json.dumps({"told": len(told)}), flush=True)

    fields = dict(http.headers)
    http.headers.update(step.get("headers", {}))
    try:
        result = await client.call_tool(step["call"], step.get("arguments"), progress_callback=note if step.get("progress") else None)
    finally:
        http.headers = fields
    return {
        "structured": result.structured_content,
        "texts": [item.text for item in result.content],
        "isError": bool(result.is_error),
        "progress": told,
    }


async def do(client, http, step):
    """One step; what the server refuses is a result, too."""
    try:
        if "list" in step:
            return {"tools": [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in (await client.list_tools()).tools]}
        if "ping" in step:
            await client.send_ping()
            return {}
        return await call(client, http, step)
    except MCPError as error:
        return {"code": error.error.code, "message": error.error.message}


async def speak(order):
    """A conversation from its beginning to its end."""
    version = order["version"]
    # The SDK always offers the newest handshake; an older client offers its own.
    session.LATEST_HANDSHAKE_VERSION = version if version in HANDSHAKE_PROTOCOL_VERSIONS else HANDSHAKE_PROTOCOL_VERSIONS[-1]
    mode = "legacy" if version in HANDSHAKE_PROTOCOL_VERSIONS else version
    async with httpx2.AsyncClient(headers=order.get("headers"), timeout=60) as http:
        transport = streamable_http_client(order["url"], http_client=http)
        async with Client(transport, mode=mode, client_info=mcp_types.Implementation(name="test", version="1")) as client:
            return {
                "version": client.protocol_version,
                "server": client.server_info.name if client.server_info else None,
                "capabilities": client.server_capabilities.model_dump(mode="json", by_alias=True, exclude_none=True),
                "results": [await do(client, http, step) for step in order["do"]],
            }


def answer(order):
    """What an order comes to."""
    if "versions" in order:
        return {"handshake": HANDSHAKE_PROTOCOL_VERSIONS, "modern": MODERN_PROTOCOL_VERSIONS}
    try:
        return anyio.run(speak, order)
    except Exception as error:
        while isinstance(error, ExceptionGroup):
            error = error.exceptions[0]
        return {"error": f"{type(error).__name__}: {error}"}


print(json.dumps({"port": 0}), flush=True)
for line in filter(str.strip, sys.stdin):
    print(json.dumps(answer(json.loads(line))), flush=True)
