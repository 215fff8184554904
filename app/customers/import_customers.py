"""Customers from a CSV file: a row is taken whole or rejected with its line and the reason."""

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.channels import CHOSEN
from app.customers import contact
from app.customers.add import by_address, by_phone
from app.customers.contact import BadAddress
from app.customers.elders import elders_first
from app.customers.file_id import met
from app.customers.merging.standing import standing
from app.customers.reached_through import NoWay, family, reach_through
from app.extensions import db
from app.lib.csv_files import csv_rows
from app.lib.csv_files.csv_rows import BadRow, Report, Row
from app.lib.csv_files.header import CUSTOMERS, SEVERAL
from app.lib.telephone.phone import BadNumber, variants
from app.lib.text.languages import NoLanguage, language_code
from app.models import ContactPoint, Customer

DETAILS = ("first_name", "last_name", "language", "preferred_channel", "external_id")
ANOTHERS = "its number, email or external_id belongs to another customer"
NEEDED = (
    (
        *("phone", "other_phone", "email", "other_email", "external_id", "reached_at", "kaivox_id"),
        "reached_through",
    ),
)
# As people call the channels.
SPOKEN = {"text": "sms", "text message": "sms", "e-mail": "email", "whats app": "whatsapp"}
# No name is longer, and an index takes no more than some thousand bytes.
LONGEST = 200
# All addresses of a person together.
MANY = 5_000
SEVERAL_IN = {"reached_at", "phone", "other_phone", "other_email"}

# The line of a file that told of a customer, by their id.
Lines = MutableMapping[int, int]


def read(path: Path) -> tuple[list[Row], list[str]]:
    """The rows with their lines, and the columns that nobody knows. Raises BadFile."""
    return csv_rows.read(path.read_bytes(), CUSTOMERS, NEEDED)


def load(
    rows: Iterable[Row],
    country: str,
    progress: Callable[[int], object] = lambda _done: None,
) -> Report:
    """Create or update a customer a row, each in a transaction of its own."""
    report, lines = Report(), dict[int, int]()
    for row in elders_first(rows):
        take([row], country, report, lines)
        db.session.commit()
        progress(1)
    return report


def take(rows: Iterable[Row], country: str, report: Report, lines: Lines) -> None:
    """The same in the caller's transaction. lines: those of this file, by the customer whom they
    told of."""
    for line, row in rows:
        try:
            with db.session.begin_nested():
                outcome = _take(row, country, line, lines)
        except (BadRow, BadNumber, BadAddress) as error:
            report.rejected.append((line, str(error)))
        else:
            report.counts[outcome] += 1


def _take(row: dict[str, str], country: str, line: int, lines: Lines) -> str:
    _check(row)
    points = list(_points(row, country))
    if not points and not (row.get("external_id") or row.get("kaivox_id")):
        points = list(islice(_further(row, country), 1))
    through = _through(row, country)
    same = met(Customer, row.get("kaivox_id"))
    known = same or _known(row, points, through)
    if known and not same:
        _refuse_another(known, row, lines.get(known.id))
    customer = known or Customer()
    with db.session.no_autoflush:
        own, way = _parted(known, row, points)
        way = way or through
        _describe(customer, row)
        for channel, address in own:
            _reach(customer, channel, address)
        for channel, address in _further(row, country):
            if _is_free(customer, channel, address):
                _reach(customer, channel, address)
    db.session.add(customer)
    changed = bool(db.session.dirty or db.session.new)
    changed |= _goes(customer, way)
    outcome = ("updated" if changed else "unchanged") if known else "created"
    _flush()
    lines[customer.id] = line
    return outcome


def _check(row: dict[str, str]) -> None:
    for name, value in row.items():
        most = MANY if name in SEVERAL_IN else LONGEST
        if len(value) > most:
            raise BadRow(f"its {name} is longer than {most:,} characters")
    if language := row.get("language"):
        row["language"] = _language(language)
    if name := row.pop("name", ""):
        first, _, last = name.partition(" ")
        if not row.get("first_name") and not row.get("last_name"):
            row |= {"first_name": first, "last_name": last.strip()}


def _language(text: str) -> str:
    try:
        return language_code(text)
    except NoLanguage as error:
        raise BadRow(str(error)) from None


def _refuse_another(customer: Customer, row: dict[str, str], line: int | None) -> None:
    """line: of this file, which told of the customer. A file that names somebody once may rename
    them; where it names them twice, two people are meant, whom nobody would know again."""
    ids = customer.external_id and row.get("external_id")
    if line and not ids and not _called(customer, row):
        raise BadRow(
            f"its number or email is that of line {line} with another name: two people who share"
            " one need an external_id each"
        )


def _called(customer: Customer, row: dict[str, str]) -> bool:
    """Whether what the row says of their name is what is known."""
    return all(
        row[part].casefold() == getattr(customer, part).casefold()
        for part in ("first_name", "last_name")
        if row.get(part)
    )


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise BadRow(ANOTHERS) from None


def _points(row: dict[str, str], country: str) -> Iterator[tuple[str, str]]:
    for phone in filter(None, row.get("phone", "").split(SEVERAL)):
        yield "sms", contact.normal("sms", phone, country)
    if email := row.get("email"):
        yield "email", contact.normal("email", email, country)
    # As our own panel exports them: each address, with blanks between.
    for address in row.get("reached_at", "").split():
        yield _stored(address) or _of_form(address, country)


def _further(row: dict[str, str], country: str) -> Iterator[tuple[str, str]]:
    """What stands beside their own telephone, of those that can be read: at home, at work."""
    for channel, name in (("sms", "other_phone"), ("email", "other_email")):
        for text in filter(None, row.get(name, "").split(SEVERAL)):
            with suppress(BadNumber, BadAddress):
                yield channel, contact.normal(channel, text, country)


def _is_free(customer: Customer, channel: str, address: str) -> bool:
    """Whether nobody else has it: a family has one telephone at home, a firm one at work."""
    owner = by_phone(address) if channel == "sms" else by_address(channel, address)
    return owner in (None, customer)


def _stored(address: str) -> tuple[str, str] | None:
    """What was taken once is taken as it stands, though nobody could enter it: a short code."""
    query = select(ContactPoint.channel).where(ContactPoint.address == address)
    channel = db.session.scalar(query.order_by(ContactPoint.id).limit(1))
    return (channel, address) if channel else None


def _of_form(address: str, country: str) -> tuple[str, str]:
    channel = "email" if "@" in address else "sms"
    return channel, contact.normal(channel, address, country)


def _through(row: dict[str, str], country: str) -> Customer | None:
    """Who is written to for them, as a column of its own says: by number, email, the business's own
    number for that one, or as our panel has exported them. Raises BadRow and BadNumber."""
    text = row.get("reached_through", "")
    if not text:
        return None
    ours = db.session.scalar(select(Customer).where(Customer.external_id == text))
    found = met(Customer, text) or ours
    found = found or _who_has(*(_stored(text) or _of_form(text, country)))
    if found is None:
        raise BadRow(f"it is reached through “{text}”, whom nobody knows: import that one first")
    return standing(found)


def _known(
    row: dict[str, str], points: list[tuple[str, str]], through: Customer | None
) -> Customer | None:
    """Met by external_id where there is one, else by number or email; whoever has another
    external_id is another person, who shares it. Without any of these, by name among those who are
    reached through the same one."""
    if external_id := row.get("external_id"):
        found = db.session.scalar(select(Customer).where(Customer.external_id == external_id))
        if found and found.merged_into_id:
            # Their other number goes on leading to them.
            row.pop("external_id")
        if found:
            return standing(found)
    for channel, address in points:
        found = _who_has(channel, address)
        if found:
            ids = {found.external_id, external_id} - {None, ""}
            return found if len(ids) < 2 else None
    if not points and not row.get("external_id"):
        name = f"{row.get('first_name', '')} {row.get('last_name', '')}".strip()
        if not (through and name):
            raise BadRow("it has no phone, email or external_id")
        same = (each for each in family(through) if each.name.casefold() == name.casefold())
        return next(same, None)
    return None


def _who_has(channel: str, address: str) -> Customer | None:
    return by_phone(address) if channel == "sms" else by_address(channel, address)


def _parted(
    known: Customer | None, row: dict[str, str], points: list[tuple[str, str]]
) -> tuple[list[tuple[str, str]], Customer | None]:
    """The addresses that are theirs, and through whom they are reached, where the others are that
    one's. Raises BadRow where they have addresses of their own, or could not be met again."""
    holders = {point: _who_has(*point) for point in points}
    own = [point for point, holder in holders.items() if holder in (None, known)]
    ways = {holder.id: holder for holder in holders.values() if holder not in (None, known)}
    if not ways:
        return own, None
    if len(ways) > 1 or not row.get("external_id") or (known and known.contact_points):
        raise BadRow(ANOTHERS)
    (way,) = ways.values()
    return own, db.session.get_one(Customer, way.reached_through_id or way.id)


def _goes(customer: Customer, way: Customer | None) -> bool:
    """Whether they are reached through another one than before."""
    db.session.flush()
    if way is None or customer.reached_through_id == way.id:
        return False
    try:
        reach_through(customer, way)
    except NoWay as error:
        raise BadRow(f"{error}".removesuffix(".")) from None
    return True


def _describe(customer: Customer, row: dict[str, str]) -> None:
    preferred = row.get("preferred_channel", "").lower()
    preferred = SPOKEN.get(preferred, preferred)
    if preferred and preferred not in CHOSEN:
        raise BadRow(f"preferred_channel “{preferred}” is none of {', '.join(CHOSEN)}")
    # An empty cell leaves what is known; an import never makes anybody forget.
    for name in DETAILS:
        value = preferred if name == "preferred_channel" else row.get(name)
        if value and not _says(customer, name, value):
            setattr(customer, name, value)


def _says(customer: Customer, name: str, value: str) -> bool:
    known = getattr(customer, name)
    # A region that stands there, as in es-MX, is no other language.
    return known == value or bool(
        name == "language" and known and known.replace("_", "-").partition("-")[0] == value
    )


def _reach(customer: Customer, channel: str, address: str) -> None:
    known = {(point.channel, point.address) for point in customer.contact_points}
    if channel == "sms" and any(a in variants(address) for _, a in known):
        return
    if channel == "sms" and by_phone(address) not in (None, customer):
        raise BadRow(ANOTHERS)
    if (channel, address) not in known:
        customer.contact_points.append(ContactPoint(channel=channel, address=address))
