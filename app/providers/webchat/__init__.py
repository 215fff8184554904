"""The live chat on a business's site: what is sent waits for the visitor's panel."""

from app.providers.webchat.provider import WebchatProvider

__all__ = ["WebchatProvider"]
