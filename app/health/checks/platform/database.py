"""Whether PostgreSQL answers, and takes new connections."""

from datetime import datetime

from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db, direct_engine
from app.health.check import Check
from app.health.finding import Verdict, broken, ok

NEXT = "Start it, or put DATABASE_URL right. Until then Twilio is told to come again later."
FULL = "The database takes no new connection: who has one goes on, and whatever starts anew fails."
NEXT_FULL = "See its log: it hangs, or it has as many connections as it may have (max_connections)."
CONNECT_SECONDS = 3


def look(now: datetime) -> Verdict:
    try:
        db.session.scalar(select(1))
    except SQLAlchemyError:
        db.session.rollback()
        return broken("The database does not answer: nothing is stored and nothing sent.", NEXT)
    return ok("The database answers.") if _takes_another() else broken(FULL, NEXT_FULL)


def _takes_another() -> bool:
    """Whether it takes a connection beside those that are kept."""
    within = {"connect_timeout": CONNECT_SECONDS}
    engine = create_engine(direct_engine().url, poolclass=NullPool, connect_args=within)
    try:
        with engine.connect():
            return True
    except SQLAlchemyError:
        return False


CHECK = Check("database", 10, "Whether the database answers, and takes new connections.", look)
