"""What can be imported: a variant is a row of KINDS (app/imports/kinds/every_kind.py)."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.customers.import_customers import Lines
from app.lib.csv_files.csv_rows import Report, Row
from app.lib.csv_files.header import Synonyms
from app.models import Tenant


@dataclass(frozen=True)
class Taking:
    """By what a file's rows are read."""

    tenant: Tenant
    now: datetime
    lines: Lines
    """Those that told of a customer already."""
    announce: bool = False
    """Whether new appointments get a booking confirmation."""
    tell: bool = False
    """Whether the customers of moved and cancelled ones are told."""
    day_first: bool | None = None
    """Whether 3/4 is a day of April; None: no date of the file can be read in two ways."""


@dataclass(frozen=True)
class Kind:
    key: str
    columns: Synonyms
    """Those that a row may have, each with the names that it goes by."""
    needed: Iterable[Collection[str]]
    """Of each group a file must have one."""
    take: Callable[[Iterable[Row], Taking, Report], None]
    """Create or update something a row, in the caller's transaction; a row of which nothing can be
    made is rejected with its line, and leaves nothing."""
    sample: str
    """A file that can be imported as it is."""
    ordered: Callable[[list[Row]], list[Row]] = list
    """Its rows in the order in which they are taken."""
    before: Callable[[list[Row], list[Row]], Iterable[Row]] = lambda _batch, _rows: ()
    """Of the file's rows those without which the ones of a batch cannot be looked through: what was
    looked through before has left nothing behind."""
