"""Somebody who works on the same rows beside a test, until the two wait for one another."""

import threading
from collections.abc import Callable
from contextlib import nullcontext

from flask import Flask
from sqlalchemy import text

from app.extensions import db
from app.tenancy import tenant_scope
from tests.support import owner as database
from tests.support.world import Business

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND datname = current_database()"
)


class Beside(threading.Thread):
    """Somebody who works beside us, for a business or for all; what they raised."""

    def __init__(self, app: Flask, owner: Business | None, work: Callable[[], object]) -> None:
        super().__init__()
        self.error: Exception | None = None
        self._given = app, owner, work

    def run(self) -> None:
        app, owner, work = self._given
        with app.app_context(), tenant_scope(owner.id) if owner else nullcontext():
            try:
                work()
                db.session.commit()
            except Exception as error:
                self.error = error

    def waits(self) -> None:
        with database.engine().connect() as watching:
            while self.is_alive() and not watching.execute(WAITING).scalar():
                watching.rollback()
