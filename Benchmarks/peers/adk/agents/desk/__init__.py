"""An agent as Google's ADK finds it."""

from . import agent
