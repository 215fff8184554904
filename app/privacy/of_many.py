"""What of one person stands in rows that are about many."""

import json
import re
from typing import Any

from sqlalchemy import delete, select

from app.extensions import db
from app.models import FileImport, ImportStatus, SavedView
from app.privacy.person import Person

# They wait for a person, who can upload them again.
WAITING = (ImportStatus.MAPPING, ImportStatus.CHECKED)
# So many digits of a number are nobody else's, in whatever form it is written.
DIGITS = 8
NAMELESS = "file"


def forget(who: Person) -> None:
    """Part of the caller's transaction, while no import is under way."""
    waits = delete(FileImport).where(FileImport.status.in_(WAITING))
    db.session.execute(waits.execution_options(synchronize_session=False))
    for upload in db.session.scalars(select(FileImport)):
        upload.file = upload.content = None
        upload.reasons = [each for each in upload.reasons if not mentions(each, who)]
        upload.made = [each for each in upload.made if not mentions(each, who)]
        upload.error = None if mentions(upload.error, who) else upload.error
        upload.name = NAMELESS if mentions(upload.name, who) else upload.name
    for view in db.session.scalars(select(SavedView)):
        if mentions(view.address, who) or mentions(view.name, who):
            db.session.delete(view)
    db.session.flush()


def mentions(said: Any, who: Person) -> bool:
    """Whether a text, or one in what JSON is made of, has an address of theirs, in any form, or
    both of their names."""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    plain, digits = text.casefold(), re.sub(r"\D", "", text)
    numbers = [each[-DIGITS:] for each in who.addresses if each.startswith("+")]
    return any(word.casefold() in plain for word in who.words) or any(
        number in digits for number in numbers
    )
