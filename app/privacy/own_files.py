"""What is known of a person as one file: a ZIP with JSON, and the pictures and files themselves."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy import select

from app.extensions import db
from app.lib.file_names import cleaned
from app.models import DraftFile, Media, Message, MessageArchive
from app.privacy.own_data import plain, sections
from app.privacy.person import Person
from app.retention.archive_folder import file_in, folder
from app.retention.without_customer import lines_of

ABOUT = """What {business} knows of one person, {at}.

data.json   all of it, table by table; times are ISO 8601 with their offset
files/      the pictures and files of messages, as messages in data.json name them by their id
archived/   those of messages that are archived
"""


def as_json(who: Person, business: str, now: datetime) -> dict[str, Any]:
    """All but the files."""
    tables = {
        each.table: [{name: plain(value) for name, value in row.items()} for row in each.rows]
        for each in sections(who)
    }
    archived = [line for _, line in _archived(who)]
    return {"business": business, "at": now.isoformat(), **tables, "archived_messages": archived}


def write(target: IO[bytes], who: Person, business: str, now: datetime) -> None:
    """The whole file. Raises Broken and OSError where an archive cannot be read."""
    with ZipFile(target, "w", ZIP_DEFLATED) as whole:
        whole.writestr("README.txt", ABOUT.format(business=business, at=now.isoformat()))
        told = json.dumps(as_json(who, business, now), ensure_ascii=False, indent=1, default=plain)
        whole.writestr("data.json", told)
        for name, content in _files(who):
            whole.writestr(f"files/{name}", content, ZIP_STORED)
        for path, line in _archived(who):
            with ZipFile(path) as archive:
                for inside in filter(None, (each.get("file") for each in line["attachments"])):
                    name = inside.rpartition("/")[2]
                    whole.writestr(f"archived/{name}", archive.read(inside), ZIP_STORED)


def _files(who: Person) -> Iterator[tuple[str, bytes]]:
    """One after the other: together they may be more than there is memory."""
    theirs = select(Message.id).where(Message.customer_id == who.id)
    media = select(Media).where(Media.message_id.in_(theirs), Media.state == "stored")
    for each in db.session.scalars(media.order_by(Media.id)).all():
        content = db.session.scalar(select(Media.content).where(Media.id == each.id))
        if content is not None:
            yield f"{each.id}-{each.file_name}", content
    drafts = select(DraftFile).where(DraftFile.customer_id == who.id)
    for draft in db.session.scalars(drafts.order_by(DraftFile.id)).all():
        content = db.session.scalar(select(DraftFile.content).where(DraftFile.id == draft.id))
        yield f"draft-{draft.id}-{cleaned(draft.name)}", content or b""


def _archived(who: Person) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Their messages in archives' files, with where each lies."""
    where = folder()
    written = select(MessageArchive.name).where(MessageArchive.sha256 != "")
    names = db.session.scalars(written.order_by(MessageArchive.since)).all()
    for path in (file_in(where, name) for name in names) if where else ():
        if path.is_file():
            yield from ((path, each) for each in lines_of(path) if each["customer"]["id"] == who.id)
