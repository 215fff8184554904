"""Whether an email was written by a machine: three questions, which no single mark answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

AWAY = ("x-autoreply", "x-autorespond", "x-autoresponder")
LISTS = ("list-id", "list-unsubscribe")
BULK = ("bulk", "junk", "list")
MACHINES = ("mailer-daemon", "postmaster")
NOBODY_READS = re.compile(r"(no|do[-_.]?not)[-_.]?reply\b")
# What programs put before the subject of what they answer for somebody who is away.
AWAY_SUBJECTS = (
    r"auto(matic)?[- ]?(reply|response)|out[- ]of[- ](the[- ])?office|ooo:|away from the office",
    r"automatische (antwort|e-?mail)|abwesend|abwesenheit|nicht im b[uü]ro",
    r"respuesta autom[aá]tica|fuera de (la )?oficina|ausente:",
    r"r[eé]ponse automatique|absen(t|te|ce)( du bureau|:)",
    r"resposta autom[aá]tica|fora do escrit[oó]rio|aus[eê]ncia:",
    r"risposta automatica|fuori (sede|ufficio)|assente:",
    r"automatisch(e)? (antwoord|beantwoord)|afwezig|niet aanwezig",
)
AWAY_SUBJECT = re.compile("|".join(AWAY_SUBJECTS))


@dataclass(frozen=True)
class Nature:
    answerable: bool = True
    """Whether something of ours may answer by itself (RFC 3834)."""
    personal: bool = True
    """Whether it counts as a person's word, such as an answer to a reminder."""
    commands: bool = True
    """Whether a STOP in it is meant for us: below each newsletter stands how to end it."""


def nature(
    headers: Mapping[str, str], address: str, subject: str, envelope: str | None = None
) -> Nature:
    """What the marks say; headers by names in small letters. An envelope without a sender (empty;
    None: it is not known) is a bounce's.

    A mail that Microsoft 365 hands on by a rule is marked as auto-generated: that alone makes it
    nobody's but a person's.
    """
    automatic, precedence = _word(headers, "auto-submitted"), _word(headers, "precedence")
    bounced = _bounced(headers, address, envelope)
    away = automatic == "auto-replied" or precedence == "auto_reply" or _away(headers, subject)
    listed = precedence in BULK or any(name in headers for name in LISTS)
    marked = automatic not in ("", "no") or _suppressed(headers) or _unread(address)
    return Nature(
        answerable=not (bounced or away or listed or marked),
        personal=not (bounced or away),
        commands=not (bounced or away or listed),
    )


def _bounced(headers: Mapping[str, str], address: str, envelope: str | None) -> bool:
    report = _word(headers, "content-type") == "multipart/report"
    nobody = envelope in ("", "<>") or headers.get("return-path", "").strip() == "<>"
    return report or nobody or address.partition("@")[0] in MACHINES


def _away(headers: Mapping[str, str], subject: str) -> bool:
    answers = "in-reply-to" in headers or "references" in headers
    said = answers and AWAY_SUBJECT.match(subject.strip().lower().replace(" :", ":"))
    return bool(said) or any(name in headers for name in AWAY)


def _suppressed(headers: Mapping[str, str]) -> bool:
    return _word(headers, "x-auto-response-suppress") not in ("", "none")


def _unread(address: str) -> bool:
    return NOBODY_READS.match(address) is not None


def _word(headers: Mapping[str, str], name: str) -> str:
    """The first word of the header, without its parameters and comments."""
    return re.split(r"[;,(\s]", headers.get(name, "").strip().lower(), maxsplit=1)[0]
