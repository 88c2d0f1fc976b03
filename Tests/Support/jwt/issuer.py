"""An issuer of tokens for one test: serves its keys over HTTP, and signs and checks what it is told.

Prints {"port": N}, answers each JSON line of its input with one of its output, and ends with its
input. Tokens are made by PyJWT, or by Authlib where an order says so.
"""

import base64
import hashlib
import hmac
import http.server
import json
import sys
import threading
import time

import jwt
from authlib.jose import JsonWebKey, JsonWebToken
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

state = {"published": ["rsa", "ec"], "status": 200, "seconds": 0, "requests": 0, "body": None}
private = {
    "rsa": rsa.generate_private_key(65537, 2048),
    "next": rsa.generate_private_key(65537, 2048),
    "weak": rsa.generate_private_key(65537, 1024),
    "ec": ec.generate_private_key(ec.SECP256R1()),
}


def public_jwk(name):
    algorithm = jwt.algorithms.ECAlgorithm if name == "ec" else jwt.algorithms.RSAAlgorithm
    jwk = algorithm.to_jwk(private[name].public_key(), as_dict=True)
    jwk.pop("key_ops", None)
    return {**jwk, "kid": name, "use": "sig"}


def public_pem(name):
    return private[name].public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def encode(part):
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(order):
    """A sound signature over whatever claims and header."""
    algorithm = order.get("alg", "RS256")
    header = {"kid": order.get("key", "rsa"), **order.get("header", {})}
    header = {name: value for name, value in header.items() if value is not None}
    if order.get("by") == "authlib":
        key = JsonWebKey.import_key(order["jwk"])
        token = JsonWebToken([algorithm]).encode({"alg": algorithm, **header}, order["claims"], key)
        return token.decode()
    key = jwt.PyJWK(order["jwk"], algorithm).key if "jwk" in order else private[order["key"]]
    text = f"{encode({'typ': 'JWT', 'alg': algorithm, **header})}.{encode(order['claims'])}"
    maker = jwt.get_algorithm_by_name(algorithm)
    return f"{text}.{encode(maker.sign(text.encode(), key))}"


def forge(order):
    """A token whose signature is an HMAC with whatever secret, or what the order says."""
    text = f"{encode(order['header'])}.{encode(order['claims'])}"
    secret = order.get("secret")
    if secret == "pem":
        secret = public_pem(order.get("key", "rsa"))
    elif isinstance(secret, str):
        secret = secret.encode()
    if secret is None:
        return f"{text}.{order.get('signature', '')}"
    return f"{text}.{encode(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def verify(order):
    """The claims, as another library reads them."""
    if order.get("by") == "authlib":
        keys = JsonWebKey.import_key_set(order["jwks"])
        claims = JsonWebToken(["ES256", "RS256"]).decode(order["token"], keys)
        claims.validate()
        return dict(claims)
    keys = jwt.PyJWKSet.from_dict(order["jwks"])
    key = keys[jwt.get_unverified_header(order["token"])["kid"]]
    return jwt.decode(
        order["token"], key, algorithms=["ES256", "RS256"], audience=order["audience"],
        issuer=order["issuer"])


class Keys(http.server.BaseHTTPRequestHandler):
    """Serves the published keys."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        state["requests"] += 1
        time.sleep(state["seconds"])
        body = state["body"] or json.dumps({"keys": [public_jwk(n) for n in state["published"]]})
        self.send_response(state["status"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keys)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    try:
        if "set" in order:
            state.update(order["set"])
            answer = {"text": ""}
        elif order["do"] == "requests":
            answer = {"text": str(state["requests"])}
        else:
            result = {"sign": sign, "forge": forge, "verify": verify}[order["do"]](order)
            answer = {"text": result if isinstance(result, str) else json.dumps(result)}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
