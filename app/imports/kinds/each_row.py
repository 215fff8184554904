"""Takes a file row by row: what one of them breaks, it alone leaves behind."""

from collections.abc import Callable, Iterable

import structlog
from sqlalchemy.exc import DataError, IntegrityError

from app.appointments.import_appointments import OURS
from app.customers.contact import BadAddress
from app.extensions import db
from app.lib.csv_files.csv_rows import BadRow, Report, Row
from app.lib.fault import place
from app.lib.telephone.phone import BadNumber

MEANWHILE = "it was changed by somebody else meanwhile: try again"
LONGEST = 200
YES = {"yes", "y", "true", "1", "x", "ja", "si", "sí", "oui", "on"}
NO = {"no", "n", "false", "0", "nein", "non", "off"}
log = structlog.get_logger()


def each_row(rows: Iterable[Row], report: Report, take: Callable[[dict[str, str]], str]) -> None:
    """take: of one row; whether it has created, updated or left unchanged, else BadRow."""
    for line, row in rows:
        try:
            with db.session.begin_nested():
                outcome = take(_short(row))
        except (BadRow, BadNumber, BadAddress) as error:
            report.rejected.append((line, str(error)))
        except (IntegrityError, DataError):
            report.rejected.append((line, MEANWHILE))
        except Exception as error:
            log.error("import_row_fault", fault=place(error))
            report.rejected.append((line, OURS))
        else:
            report.counts[outcome] += 1


def _short(row: dict[str, str]) -> dict[str, str]:
    for name, value in row.items():
        if len(value) > LONGEST:
            raise BadRow(f"its {name} is longer than {LONGEST} characters")
    return row


def yes_or_no(row: dict[str, str], name: str) -> bool | None:
    """What the cell says; None: nothing. Raises BadRow."""
    word = row.get(name, "").casefold()
    if word and word not in YES | NO:
        raise BadRow(f"its {name} “{row[name]}” is neither yes nor no")
    return word in YES if word else None
