"""What the address of the log asks for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request

from admin_views.audit.audit_words import ASKED, KINDS
from admin_views.times import zone
from app.audit.audit_log import Place, Wanted
from app.web.guards.access import BIGINT

OPERATOR = "support"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Asked:
    """As it stands in the form; nothing: of all."""

    who: str = ""
    what: str = ""
    kind: str = ""
    row: int | None = None
    customer: int | None = None
    since: date | None = None
    until: date | None = None
    """That day, too."""

    def wanted(self, tenant_id: int | None = None) -> Wanted:
        """tenant_id: of that business alone, for whoever looks across all."""
        return Wanted(
            tenant_id=tenant_id,
            actor_id=int(self.who) if self.who.isdigit() else None,
            by_operator=self.who == OPERATOR,
            actions=ASKED[self.what][1] if self.what else (),
            row_kind=self.kind,
            row_id=self.row,
            customer_id=self.customer,
            since=_midnight(self.since),
            until=_midnight(self.until + timedelta(days=1) if self.until else None),
        )

    def address(self) -> dict[str, Any]:
        """For links to other pages of the same."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in vars(self).items()
            if value
        }


def asked() -> Asked:
    """Of the request; what cannot be is left out."""
    who = request.args.get("who", "")
    known = who == OPERATOR or _number(who) is not None
    return Asked(
        who=who if known else "",
        what=_of(request.args.get("what", ""), ASKED),
        kind=_of(request.args.get("kind", ""), KINDS),
        row=_number(request.args.get("row", "")),
        customer=_number(request.args.get("customer", ""), 2**31),
        since=_day(request.args.get("since", "")),
        until=_day(request.args.get("until", "")),
    )


def before() -> Place | None:
    """Before which entry the page begins; None: with the newest."""
    micros, _, id_ = request.args.get("before", "").partition("-")
    instant, number = _number(micros, 2**52), _number(id_)
    if instant is None or number is None:
        return None
    return Place(EPOCH + timedelta(microseconds=instant), number)


def told(place: Place | None) -> str | None:
    """As the address has it."""
    return f"{(place.at - EPOCH) // MICROSECOND}-{place.id}" if place else None


def _of(given: str, known: Any) -> str:
    return given if given in known else ""


def _number(given: str, limit: int = BIGINT) -> int | None:
    plain = given.isascii() and given.isdigit() and len(given) < len(str(BIGINT))
    return int(given) if plain and int(given) < limit else None


def _day(given: str) -> date | None:
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _midnight(day: date | None) -> datetime | None:
    """With which the day begins, where the business is."""
    return datetime.combine(day, time(), zone()) if day else None
