"""An agent that answers about orders from SQLite, without a model."""

import os
import re
import sqlite3
import threading
from collections.abc import AsyncGenerator

from google.adk.agents import BaseAgent
from google.adk.agents.invocation_context import InvocationContext
from google.adk.events import Event
from google.genai import types

ORDER = re.compile(r"ORD-\d+")
local = threading.local()


def orders() -> sqlite3.Connection:
    """The calling thread's own connection to the orders."""
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(os.environ["ORDERS"])
    return local.connection


class Desk(BaseAgent):
    """Answers each message with the state of the order that it names."""

    async def _run_async_impl(self, context: InvocationContext) -> AsyncGenerator[Event, None]:
        text = "".join(part.text or "" for part in context.user_content.parts or [])
        found = ORDER.search(text)
        order = found and orders().execute(
            "SELECT order_id, status, expected_on FROM orders WHERE order_id = ?",
            (found.group(),),
        ).fetchone()
        reply = (
            "Your order {} is currently {} and expected to arrive on {}.".format(*order)
            if order
            else "I cannot find that order."
        )
        yield Event(
            invocation_id=context.invocation_id,
            author=self.name,
            content=types.Content(role="model", parts=[types.Part(text=reply)]),
        )


root_agent = Desk(name="desk")
