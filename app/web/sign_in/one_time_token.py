"""A link that lets somebody in, opened: its token moves into the session, and the page that it
leads to has it neither in its address nor in a Referer, as Django does it."""

from flask import session


def keep(key: str, token: str) -> None:
    session[key] = token


def kept(key: str) -> str:
    """Empty: none was opened here."""
    token = session.get(key)
    return token if isinstance(token, str) else ""


def forget(key: str) -> None:
    session.pop(key, None)
