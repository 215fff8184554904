"""Texts that Meta approves beforehand, so that reminders go out by Messenger at any time.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
A business writes one here; a job hands it in at Meta, which mostly approves it within seconds.
"""

import re
from datetime import datetime

import structlog
from sqlalchemy import delete, select, update

from app.audit.audit_record import record
from app.extensions import db, vault
from app.inbound.social.connect_account import carrier
from app.lib.fault import place
from app.lib.text.cleaning import clean
from app.lib.text.placeholders import flaw
from app.models import AuditAction, ChannelAccount, WhatsappTemplate
from app.outbox.compose.approved_template import LONGEST
from app.providers.contract import Account, Approval, SendError
from app.tenancy import tenant_scope, unscoped

CHANNEL = "messenger"
# As long as nothing can be sent by it.
WAITING = "waits for Meta's review"
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
MOST = 50

log = structlog.get_logger()


class BadTemplate(ValueError):
    """It cannot be handed in; the text says why."""


def add(name: str, language: str, body: str) -> WhatsappTemplate:
    """Keep it, to be handed in; committed. Raises BadTemplate."""
    title, text = clean(name).strip()[:60], clean(body).replace("\r\n", "\n").strip()
    known = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    if not known or not LANGUAGE.fullmatch(language):
        raise BadTemplate("Give a name in plain letters, and a language such as en, es or pt_BR.")
    if not text or len(text) > LONGEST:
        raise BadTemplate(f"Write a text of {LONGEST:,} characters at most.")
    if wrong := flaw(text):
        raise BadTemplate(wrong)
    if any(each.name == title and each.language == language for each in of_messenger()):
        raise BadTemplate("There is one of that name in that language. Choose another name.")
    made = WhatsappTemplate(
        channel=CHANNEL,
        name=title,
        language=language,
        content_sid=f"{known}/{language}",
        body=text,
        refused=WAITING,
    )
    db.session.add(made)
    db.session.commit()
    return made


def of_messenger() -> list[WhatsappTemplate]:
    """The business's, whatever Meta says of them."""
    its = select(WhatsappTemplate).where(WhatsappTemplate.channel == CHANNEL)
    return list(db.session.scalars(its.order_by(WhatsappTemplate.name)))


def remove(template_id: int) -> None:
    """Nothing is made from it any more; at Meta it stays. Committed."""
    its = WhatsappTemplate.id == template_id, WhatsappTemplate.channel == CHANNEL
    gone = delete(WhatsappTemplate).where(*its).returning(WhatsappTemplate.name)
    name = db.session.scalar(gone.execution_options(synchronize_session=False))
    if name is not None:
        row = {"row_kind": "whatsapp_template", "row_id": template_id, "row_name": name}
        record(AuditAction.DELETED, **row)
    db.session.commit()


def hand_in(now: datetime) -> int:
    """Hand in what waits, or hear what Meta says of it by now; how many are decided."""
    waiting = (
        select(WhatsappTemplate.tenant_id, WhatsappTemplate.id)
        .where(WhatsappTemplate.channel == CHANNEL, WhatsappTemplate.refused == WAITING)
        .order_by(WhatsappTemplate.id)
        .limit(MOST)
    )
    with unscoped("templates of all businesses wait in one line"):
        found = db.session.execute(waiting).all()
        db.session.rollback()
    decided = 0
    for tenant_id, id_ in found:
        with tenant_scope(tenant_id):
            decided += _hand_in(id_)
        db.session.remove()
    return decided


def _hand_in(id_: int) -> bool:
    """Each stands alone: whatever breaks over one, the next is handed in."""
    try:
        return _decide(id_)
    except SendError as error:
        log.info("template_not_handed_in", template=id_, code=error.code)
    except Exception as error:
        log.error("template_fault", template=id_, fault=place(error))
        db.session.rollback()
    return False


def _decide(id_: int) -> bool:
    row = db.session.scalar(select(ChannelAccount).where(ChannelAccount.channel == CHANNEL))
    template = db.session.get(WhatsappTemplate, id_)
    if row is None or template is None:
        return False
    account = Account(row.address, vault().open(row.token_sealed), row.node)
    sid, language, body, gaps = (
        template.content_sid,
        template.language,
        template.body,
        template.variables,
    )
    # Nothing of the database is held while Meta takes its time.
    db.session.rollback()
    said = carrier().review(account, sid)
    if said is None:
        text: dict[str, object] = {"type": "BODY", "text": body}
        if gaps:
            text["example"] = {"body_text": [["Example"] * len(gaps)]}
        name = sid.partition("/")[0]
        asked = {"name": name, "language": language, "category": "UTILITY", "components": [text]}
        carrier().make_template(account, asked)
        said = carrier().review(account, sid)
    if said is None or said.approval is Approval.WAITING:
        return False
    refused = said.said if said.approval is Approval.REFUSED else ""
    kept = update(WhatsappTemplate).where(WhatsappTemplate.id == id_).values(refused=refused)
    db.session.execute(kept.execution_options(synchronize_session=False))
    db.session.commit()
    return True
