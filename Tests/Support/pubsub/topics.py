"""Topics of Google Cloud Pub/Sub for the tests: it checks every request against the public REST reference.

It plays three servers: pubsub.googleapis.com (`projects.topics.publish`), the OAuth token endpoint of service
accounts (RFC 7523, RS256, by the public key of --key), and the metadata server of a machine in Google's cloud.

Orders: {"status": 429, "reason": "RESOURCE_EXHAUSTED", "headers": {…}, "times": 2} plans answers to publishing;
{"refuse": "text"} refuses requests that hold a message with this in its data; {"short": true} leaves an id out;
{"revoke": true} makes present tokens worthless. Each is answered with the diary:
{"problems": ["…"], "published": [{"topic", "data", "attributes", "orderingKey"}], "batches": [n], "tokens": n},
with the first 1000 characters of each message.
"""

import argparse
import asyncio
import base64
import binascii
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from urllib.parse import parse_qs

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "web"))

from server import read_request, serve_until_told, whole  # noqa: E402

TOPIC = re.compile(r"^/v1/(projects/[^/]+/topics/[A-Za-z][A-Za-z0-9._~+%-]{2,254}):publish$")
SCOPES = {"https://www.googleapis.com/auth/pubsub", "https://www.googleapis.com/auth/cloud-platform"}
DIARY = {"problems": [], "published": [], "batches": [], "tokens": 0}
STATE = {"plans": [], "refuse": None, "short": False, "valid": set(), "asks": False}


def answer(body, status=200, fields=()):
    """A JSON answer."""
    return whole(json.dumps(body).encode(), status, [("Content-Type", "application/json"), *fields])


def error(status, reason, message="as planned", fields=()):
    """An error in Google's form."""
    return answer({"error": {"code": status, "message": message, "status": reason}}, status, fields)


def problems_of(message):
    """What is wrong with a PubsubMessage as one publishes it."""
    if not isinstance(message, dict):
        yield "a message is no object"
        return
    for name in set(message) - {"data", "attributes", "orderingKey"}:
        yield f"{name} is not for publishers"
    data = message.get("data", "")
    try:
        base64.b64decode(data, validate=True)
    except (binascii.Error, TypeError, ValueError):
        yield "data is not base64"
    attributes = message.get("attributes", {})
    if not isinstance(attributes, dict):
        yield "attributes is no map"
        return
    for name, value in attributes.items():
        if not isinstance(value, str) or len(value.encode()) > 1024:
            yield f"the attribute {name} is no text of at most 1024 bytes"
        if not 1 <= len(name.encode()) <= 256 or name.startswith("goog"):
            yield f"the attribute's name {name} is not allowed"
    if not data and not attributes:
        yield "a message needs data or attributes"
    key = message.get("orderingKey", "")
    if not isinstance(key, str) or len(key.encode()) > 1024:
        yield "orderingKey is no text of at most 1024 bytes"


def publish(topic, headers, body):
    """Takes the messages of one request, all or none."""
    if STATE["plans"]:
        plan = STATE["plans"][0]
        plan["times"] -= 1
        if plan["times"] == 0:
            STATE["plans"].pop(0)
        return error(plan["status"], plan.get("reason", "UNKNOWN"), fields=plan.get("headers", {}).items())
    if STATE["asks"] and headers.get("authorization", "").removeprefix("Bearer ") not in STATE["valid"]:
        return error(401, "UNAUTHENTICATED")
    problems = []
    if headers.get("content-type") != "application/json":
        problems.append("the Content-Type is not application/json")
    request = json.loads(body)
    messages = request.get("messages")
    if set(request) != {"messages"} or not isinstance(messages, list) or not 1 <= len(messages) <= 1000:
        problems.append("the body is not {messages: [1 to 1000]}")
        messages = []
    if len(body) > 10_000_000:
        problems.append("the request is larger than 10 MB")
    for message in messages:
        problems += problems_of(message)
    DIARY["problems"] += problems
    if problems:
        return error(400, "INVALID_ARGUMENT", problems[0])
    texts = [base64.b64decode(message["data"]).decode() for message in messages]
    if STATE["refuse"] and any(STATE["refuse"] in text for text in texts):
        return error(400, "INVALID_ARGUMENT", "a message is not taken")
    DIARY["batches"].append(len(messages))
    ids = []
    for message, text in zip(messages, texts):
        DIARY["published"].append({
            "topic": topic, "data": text[:1000], "attributes": message.get("attributes", {}),
            "orderingKey": message.get("orderingKey", ""),
        })
        ids.append(str(len(DIARY["published"])))
    return answer({"messageIds": ids[1:] if STATE["short"] else ids})


def fresh_token():
    """A token that the topics take from now on."""
    DIARY["tokens"] += 1
    token = f"ya29.token-{DIARY['tokens']}"
    STATE["valid"].add(token)
    return answer({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})


def decoded(part):
    """The bytes of a part of a token."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def grant(headers, body, options, port):
    """Gives a token for a signed assertion."""
    form = {name: values[0] for name, values in parse_qs(body).items()}
    problems = []
    if headers.get("content-type") != "application/x-www-form-urlencoded":
        problems.append("the token request is no form")
    if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
        problems.append("the grant_type is another one")
    head, claims, signature = form["assertion"].split(".")
    if json.loads(decoded(head)).get("alg") != "RS256":
        problems.append("the assertion is not signed by RS256")
    facts = json.loads(decoded(claims))
    now = time.time()
    if facts.get("iss") != options.account or facts.get("aud") != f"http://127.0.0.1:{port}/token":
        problems.append("iss or aud is another one")
    if not set(facts.get("scope", "").split()) & SCOPES:
        problems.append("the scope does not allow publishing")
    if not (facts["iat"] <= now + 60 and now < facts["exp"] <= facts["iat"] + 3600):
        problems.append("iat and exp do not fit")
    with tempfile.NamedTemporaryFile() as file:
        file.write(decoded(signature))
        file.flush()
        checked = subprocess.run(
            ["openssl", "dgst", "-sha256", "-verify", options.key, "-signature", file.name],
            input=f"{head}.{claims}".encode(), stdout=subprocess.DEVNULL, check=False)
    if checked.returncode != 0:
        problems.append("the signature is wrong")
    DIARY["problems"] += problems
    return answer({"error": "invalid_grant"}, 400) if problems else fresh_token()


def respond(options, port, method, target, headers, body):
    """The answer of whichever server the path belongs to."""
    if method == "POST" and (match := TOPIC.match(target)):
        return publish(match.group(1), headers, body)
    if method == "POST" and target == "/token":
        return grant(headers, body, options, port)
    if target == "/computeMetadata/v1/instance/service-accounts/default/token":
        if method == "GET" and headers.get("metadata-flavor") == "Google":
            return fresh_token()
        return error(403, "FORBIDDEN")
    DIARY["problems"].append(f"{method} {target} is nothing that there is")
    return error(404, "NOT_FOUND")


def obey(order):
    """Carries out one order."""
    if "status" in order:
        STATE["plans"].append({"times": 1, **order})
    if "refuse" in order:
        STATE["refuse"] = order["refuse"]
    if "short" in order:
        STATE["short"] = order["short"]
    if "revoke" in order:
        STATE["valid"].clear()
    return DIARY


async def main():
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--key", help="the public key of the service account")
    parser.add_argument("--account", default="")
    parser.add_argument("--asks", action="store_true", help="publishing needs a token")
    options = parser.parse_args()
    STATE["asks"] = options.asks

    async def serve(reader, writer):
        port = writer.get_extra_info("sockname")[1]
        try:
            while request := await read_request(reader):
                method, target, fields, body = request
                headers = {name.lower(): value for name, value in fields}
                writer.write(respond(options, port, method, target, headers, body.decode()))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    await serve_until_told(serve, obey)


if __name__ == "__main__":
    asyncio.run(main())
