"""A receiver that listens on this machine, which the operator allows for the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from flask import current_app

from app.extensions import db, vault
from app.lib.outside.networks import parse
from app.models import EventType, WebhookEndpoint
from app.tenancy import tenant_scope
from tests.support.listener import Answer, Listener, listener
from tests.support.world import NOON, WEBHOOK_SECRET, Business

Receiver = Callable[..., tuple[int, Listener]]


@pytest.fixture
def allowed(salon: Business) -> Iterator[None]:
    """This machine may be called."""
    before = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(before, private_networks=(parse("127.0.0.0/8"),))
    yield
    current_app.extensions["settings"] = before


@pytest.fixture
def receiver(allowed: None) -> Iterator[Receiver]:
    """Makes an endpoint of a business at a server of its own: its id, and the server."""
    with ExitStack() as servers:

        def make(
            owner: Business, answer: Answer | None = None, types: tuple[str, ...] = tuple(EventType)
        ) -> tuple[int, Listener]:
            server = servers.enter_context(listener(answer=answer))
            return endpoint_at(owner, server.url, types), server

        yield make


def endpoint_at(owner: Business, url: str, types: tuple[str, ...] = tuple(EventType)) -> int:
    with tenant_scope(owner.id):
        endpoint = WebhookEndpoint(
            name=f"Till of {owner.slug}",
            url=url,
            secret_sealed=vault().seal(WEBHOOK_SECRET),
            event_types=list(types),
            created_at=NOON,
        )
        db.session.add(endpoint)
        db.session.commit()
        return endpoint.id
