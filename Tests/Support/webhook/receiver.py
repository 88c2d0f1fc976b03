"""A receiver of webhooks for the tests: it checks signatures by the reference library of Standard Webhooks.

Every line of its input is an order and is answered with one line:
{"at": "/path", "do": "answer" | "hang" | "drop" | "hang-body", "status": 500, "headers": {…}, "times": 3}
plans what happens next at a path, where 200 is answered else; the answer is {"planned": n}.
{"secrets": ["whsec_…"], "secret-of": "/path"} sets what signatures at a path are checked with.
{"diary": true} asks for what came in: {"requests": [{"path", "headers", "body", "valid": [true]}], "open": n}.
"""

import asyncio
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "web"))

from server import head, read_request, serve_until_told, whole  # noqa: E402
from standardwebhooks.webhooks import Webhook, WebhookVerificationError  # noqa: E402

PLANS = []
SECRETS = {}
DIARY = {"requests": [], "open": 0}


def is_valid(secret, body, headers):
    """Whether the reference library takes the request for one of the secret's owner."""
    try:
        Webhook(secret).verify(body, headers)
        return True
    except WebhookVerificationError:
        return False


def plan_for(path):
    """What is planned for a path, counted down."""
    for plan in PLANS:
        if plan["at"] == path:
            plan["times"] -= 1
            if plan["times"] == 0:
                PLANS.remove(plan)
            return plan
    return {"do": "answer", "status": 200}


async def carry_out(plan, writer):
    """Answers as planned; whether the connection goes on."""
    if plan.get("do") == "hang":
        await asyncio.sleep(3600)
    if plan.get("do") == "hang-body":
        writer.write(head(plan.get("status", 200), [("Content-Length", 1000)]))
        await writer.drain()
        await asyncio.sleep(3600)
    if plan.get("do") == "drop":
        return False
    status = plan.get("status", 200)
    writer.write(whole(b"" if status == 204 else b"heard", status, plan.get("headers", {}).items()))
    await writer.drain()
    return True


async def receive(reader, writer):
    """One connection with its requests."""
    DIARY["open"] += 1
    try:
        while request := await read_request(reader):
            method, path, fields, body = request
            headers = {name.lower(): value for name, value in fields}
            text = body.decode()
            DIARY["requests"].append({
                "method": method, "path": path, "headers": headers, "body": text,
                "valid": [is_valid(secret, text, headers) for secret in SECRETS.get(path, [])],
            })
            if not await carry_out(plan_for(path), writer):
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        DIARY["open"] -= 1
        writer.close()


def obey(order):
    """Carries out one order."""
    if "at" in order:
        PLANS.append({"times": 1, **order})
    if "secret-of" in order:
        SECRETS[order["secret-of"]] = order["secrets"]
    return DIARY if "diary" in order else {"planned": len(PLANS)}


if __name__ == "__main__":
    asyncio.run(serve_until_told(receive, obey))
