"""The workloads as users of FastAPI write them: plain functions, pydantic models and sqlite3.

Every write is one transaction of its own, durable before it is answered.
"""

import os
import re
import sqlite3
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from uuid import uuid4

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

app = FastAPI()
local = threading.local()
# Forty threads that poll for SQLite's one write lock would be slower.
write_lock = threading.Lock()
ORDER = re.compile(r"ORD-\d+")
PRICES = {"standard": 2500, "non-stop": 5000, "double-fun": 7500}


def connection() -> sqlite3.Connection:
    """The calling thread's own connection."""
    if not hasattr(local, "connection"):
        connection = sqlite3.connect(os.environ["DATABASE"], timeout=5, isolation_level=None)
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        local.connection = connection
    return local.connection


@contextmanager
def transaction():
    """A connection inside a transaction, which is committed unless something is thrown."""
    db = connection()
    with write_lock:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise


def now() -> str:
    """The present in UTC."""
    return datetime.now(timezone.utc).isoformat()


def later(**duration: int) -> str:
    """A moment in UTC that is to come."""
    return (datetime.now(timezone.utc) + timedelta(**duration)).isoformat()


class SessionRequest(BaseModel):
    session_id: str | None = Field(None, max_length=100)
    tenant_id: str = "default"
    metadata: dict[str, str] = {}


class SessionCreated(BaseModel):
    session_id: str
    status: str
    created_at: str
    metadata: dict[str, str]


@app.post("/agent/sessions", status_code=201)
def create_session(request: SessionRequest) -> SessionCreated:
    created_at, session_id = now(), request.session_id or f"sess_{uuid4().hex}"
    metadata = request.model_dump_json(include={"metadata"})
    with transaction() as db:
        db.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, 0, ?, ?)",
            (request.tenant_id, session_id, metadata, created_at, created_at),
        )
    return SessionCreated(
        session_id=session_id, status="created", created_at=created_at, metadata=request.metadata
    )


class MessageRequest(BaseModel):
    session_id: str = Field(min_length=1, max_length=100)
    tenant_id: str = "default"
    message: str = Field(min_length=1, max_length=10_000)


class MessageResponse(BaseModel):
    session_id: str
    response: str
    status: str
    timestamp: str


@app.post("/agent/messages")
def send_message(request: MessageRequest) -> MessageResponse:
    moment, key = now(), (request.tenant_id, request.session_id)
    with transaction() as db:
        db.execute(
            "INSERT INTO sessions VALUES (?, ?, '{}', 0, ?, ?) ON CONFLICT DO NOTHING",
            (*key, moment, moment),
        )
        (count,) = db.execute(
            "SELECT message_count FROM sessions WHERE tenant_id = ? AND session_id = ?", key
        ).fetchone()
        found = ORDER.search(request.message)
        order = found and db.execute(
            "SELECT * FROM orders WHERE order_id = ?", (found.group(),)
        ).fetchone()
        reply = (
            f"Your order {order['order_id']} is currently {order['status']} and expected to"
            f" arrive on {order['expected_on']}."
            if order
            else "I cannot find that order."
        )
        db.executemany(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (f"msg_{uuid4().hex}", *key, count + 1, "user", request.message, moment),
                (f"msg_{uuid4().hex}", *key, count + 2, "assistant", reply, moment),
            ],
        )
        db.execute(
            "UPDATE sessions SET message_count = message_count + 2, last_activity = ?"
            " WHERE tenant_id = ? AND session_id = ?",
            (moment, *key),
        )
    return MessageResponse(
        session_id=request.session_id, response=reply, status="success", timestamp=moment
    )


class Message(BaseModel):
    id: str
    seq: int
    role: str
    content: str
    timestamp: str


class History(BaseModel):
    session_id: str
    tenant_id: str
    message_count: int
    messages: list[Message]


@app.get("/api/v1/sessions/{session_id}/history")
def history(session_id: str, tenant_id: str = "default", limit: int = 100) -> History:
    db = connection()
    session = db.execute(
        "SELECT message_count FROM sessions WHERE tenant_id = ? AND session_id = ?",
        (tenant_id, session_id),
    ).fetchone()
    if session is None:
        raise HTTPException(404, "Session not found")
    rows = db.execute(
        "SELECT message_id AS id, seq, role, content, created_at AS timestamp FROM messages"
        " WHERE tenant_id = ? AND session_id = ? ORDER BY seq LIMIT ?",
        (tenant_id, session_id, limit),
    )
    return History(
        session_id=session_id,
        tenant_id=tenant_id,
        message_count=session["message_count"],
        messages=[Message(**row) for row in rows],
    )


class SessionSummary(BaseModel):
    session_id: str
    tenant_id: str
    message_count: int
    created_at: str
    last_activity: str


class SessionList(BaseModel):
    sessions: list[SessionSummary]
    total: int
    limit: int
    offset: int


@app.get("/api/v1/sessions")
def list_sessions(tenant_id: str = "default", limit: int = 50, offset: int = 0) -> SessionList:
    db = connection()
    (total,) = db.execute(
        "SELECT count(*) FROM sessions WHERE tenant_id = ?", (tenant_id,)
    ).fetchone()
    rows = db.execute(
        "SELECT session_id, tenant_id, message_count, created_at, last_activity FROM sessions"
        " WHERE tenant_id = ? ORDER BY last_activity DESC, session_id DESC LIMIT ? OFFSET ?",
        (tenant_id, limit, offset),
    )
    return SessionList(
        sessions=[SessionSummary(**row) for row in rows], total=total, limit=limit, offset=offset
    )


class Inbox(BaseModel):
    aiAgentAddress: str
    inboxDestinationType: str
    inboxName: str
    description: str
    ownerTeam: str
    status: str
    registrationTimestamp: str


@app.get("/v1/agent-inboxes/{address}")
def show_inbox(address: str) -> Inbox:
    row = connection().execute(
        "SELECT address AS aiAgentAddress, destination_type AS inboxDestinationType,"
        " inbox_name AS inboxName, description, owner_team AS ownerTeam, status,"
        " registered_at AS registrationTimestamp FROM agent_inboxes WHERE address = ?",
        (address,),
    ).fetchone()
    if row is None:
        raise HTTPException(404, "Agent not found")
    return Inbox(**row)


class InboxMessage(BaseModel):
    aiAgentAddress: str
    payload: dict[str, str]


@app.post("/v1/messages", status_code=202)
def route_message(request: InboxMessage) -> dict[str, str]:
    message_id, moment = str(uuid4()), now()
    with transaction() as db:
        try:
            db.execute(
                "INSERT INTO inbox_messages VALUES (?, ?, ?, NULL, '', ?)",
                (
                    message_id,
                    request.aiAgentAddress,
                    request.model_dump_json(include={"payload"}),
                    moment,
                ),
            )
        except sqlite3.IntegrityError:
            raise HTTPException(404, "Agent not found")
    return {"messageId": message_id}


class Pull(BaseModel):
    maxMessages: int = Field(10, ge=1, le=100)


class Received(BaseModel):
    ackId: str
    leaseUntil: str
    message: dict[str, str]


class PullResponse(BaseModel):
    receivedMessages: list[Received]


@app.post("/v1/inboxes/{address}/pull")
def pull(address: str, request: Pull) -> PullResponse:
    lease, received = later(seconds=60), []
    with transaction() as db:
        rows = db.execute(
            "SELECT message_id, payload, created_at FROM inbox_messages"
            " WHERE address = ? AND lease_until < ? ORDER BY lease_until, created_at LIMIT ?",
            (address, now(), request.maxMessages),
        ).fetchall()
        for row in rows:
            ack_id = str(uuid4())
            db.execute(
                "UPDATE inbox_messages SET ack_id = ?, lease_until = ? WHERE message_id = ?",
                (ack_id, lease, row["message_id"]),
            )
            received.append(Received(ackId=ack_id, leaseUntil=lease, message=dict(row)))
    return PullResponse(receivedMessages=received)


class Ack(BaseModel):
    ackIds: list[str]


class AckResult(BaseModel):
    ackId: str
    status: str


class AckResponse(BaseModel):
    results: list[AckResult]


@app.post("/v1/inboxes/{address}/ack")
def acknowledge(address: str, request: Ack) -> AckResponse:
    results = []
    with transaction() as db:
        for ack_id in request.ackIds:
            gone = db.execute(
                "DELETE FROM inbox_messages WHERE ack_id = ? AND address = ?", (ack_id, address)
            ).rowcount
            results.append(AckResult(ackId=ack_id, status="acked" if gone else "unknown"))
    return AckResponse(results=results)


class Pricing(BaseModel):
    upgrade_tier: str


class Quote(BaseModel):
    ticket_id: str
    ticket_type: str
    upgrade_tier: str
    upgrade_price: float
    total_amount: float
    currency: str
    quote_id: str
    quote_expires_at: str


@app.post("/tickets/{ticket_id}/pricing")
def price(ticket_id: str, request: Pricing) -> Quote:
    if request.upgrade_tier not in PRICES:
        raise HTTPException(422, "No such tier")
    cents, quote_id, end = PRICES[request.upgrade_tier], f"quo_{uuid4().hex}", later(minutes=15)
    with transaction() as db:
        ticket = db.execute(
            "SELECT * FROM tickets WHERE ticket_id = ?", (ticket_id,)
        ).fetchone()
        if ticket is None:
            raise HTTPException(404, "Ticket not found")
        total = ticket["original_cents"] + cents
        db.execute(
            "INSERT INTO price_quotes VALUES (?, ?, ?, ?, ?, ?)",
            (quote_id, ticket_id, request.upgrade_tier, cents, total, end),
        )
    return Quote(
        ticket_id=ticket_id,
        ticket_type=ticket["ticket_type"],
        upgrade_tier=request.upgrade_tier,
        upgrade_price=cents / 100,
        total_amount=total / 100,
        currency="USD",
        quote_id=quote_id,
        quote_expires_at=end,
    )


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "healthy"}
