"""Whether PostgreSQL answers."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, broken, ok

NEXT = "Start it, or put DATABASE_URL right. Until then Twilio is told to come again later."


def look(now: datetime) -> Verdict:
    try:
        db.session.scalar(select(1))
    except SQLAlchemyError:
        db.session.rollback()
        return broken("The database does not answer: nothing is stored and nothing sent.", NEXT)
    return ok("The database answers.")


CHECK = Check("database", 10, "Whether the database answers.", look)
