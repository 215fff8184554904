"""What emails that come in are tested with."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import current_app

from app.extensions import settings
from tests.support import email_in
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business


@pytest.fixture
def domain(post: Mailboxes, salon: Business, garage: Business) -> Iterator[None]:
    """The operator has a domain for answers and bounces, and both businesses an inbound address."""
    before = settings()
    current_app.extensions["settings"] = replace(before, inbound_email_domain="in.kaivox.example")
    for business in (salon, garage):
        email_in.path_of(business)
    yield
    current_app.extensions["settings"] = before
