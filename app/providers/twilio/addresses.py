"""Addresses as Twilio writes them: with the prefix of their channel, and a number bare."""

from app.channels import CHANNELS
from app.channels.channel import Channel


def channel_of(*addresses: str) -> Channel | None:
    """The channel whose prefix one of them has; None for bare numbers."""
    prefixed = (channel for channel in CHANNELS.values() if channel.prefix)
    return next((one for one in prefixed if any(a.startswith(one.prefix) for a in addresses)), None)
