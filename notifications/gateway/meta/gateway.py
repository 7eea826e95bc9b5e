"""Facebook's Send API as a gateway: what the engine asks for, each from its own module. Pure."""

from notifications.gateway.answers import kept
from notifications.gateway.meta.build import build
from notifications.gateway.meta.interpret import interpret

__all__ = ["build", "interpret", "kept"]
