"""Where a quotation begins that quotequail does not see: intros of more languages, of more lines or
with the text behind them, and the head of the quoted email without a line above it, as Outlook
writes it."""

import re
from collections.abc import Sequence

from app.lib.text.cleaning import one_line

# Mail programs break an intro at about eighty letters.
INTRO_LINES, LONGEST_INTRO = 4, 400
INTRO = re.compile(
    r"On (?=.*\d).*<[^<>@]+@[^<>@]+> ?wrote:"
    r"|(On (?=.*\d).* wrote|Am (?=.*\d).* schrieb .*|Le (?=.*\d).* a écrit|El (?=.*\d).* escribió"
    r"|(Em|No dia) (?=.*\d).* escreveu|Il (?=.*\d).* ha scritto|Op (?=.*\d).* schreef .*"
    r"|.*<[^<>@]+@[^<>@]+> (wrote|escreveu|ha scritto|escribió|a écrit)( \(.*\d.*\))?) ?:$"
)
BEGINS_INTRO = re.compile(r"(On|Am|Le|El|Em|No dia|Il|Op) \S|.*<")
LABEL = re.compile(r"\s*\*?([^\W\d_][^\W\d_ ]*( el)?)[ \xa0]?:\*?(\s|$)")
KINDS = {
    "from": ("from", "von", "de", "da", "van"),
    "date": (
        *("sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "enviada"),
        *("fecha", "data", "inviato", "verzonden"),
    ),
    "subject": ("subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp"),
}
KIND = {label: kind for kind, labels in KINDS.items() for label in labels}
# With blank ones, and with broken lists of recipients.
HEAD_LINES = 12
# Nobody writes more above what they quote.
MOST_LINES = 5000
RULE = re.compile(r"[\s>]*[_-]{5,}\s*")


def beginning(lines: Sequence[str]) -> int | None:
    """The first line of the first such quotation; None: there is none."""
    some = range(min(len(lines), MOST_LINES))
    found = next((n for n in some if _begins_intro(lines, n) or _begins_head(lines, n)), None)
    return None if found is None else _with_rule(lines, found)


def _begins_intro(lines: Sequence[str], at: int) -> bool:
    if not BEGINS_INTRO.match(_bare(lines[at])):
        return False
    joined = ""
    for line in lines[at : at + INTRO_LINES]:
        if not _bare(line):
            return False
        joined = f"{joined} {_bare(line)}".replace("< ", "<").strip()
        if INTRO.match(joined[:LONGEST_INTRO]):
            return True
    return False


def _begins_head(lines: Sequence[str], at: int) -> bool:
    if _kind(lines[at]) not in ("from", "date"):
        return False
    return KINDS.keys() <= set(map(_kind, lines[at : at + HEAD_LINES]))


def _kind(line: str) -> str:
    found = LABEL.match(line)
    return KIND.get(found[1].lower(), "") if found else ""


def _bare(line: str) -> str:
    return one_line(line.lstrip("> "))


def _with_rule(lines: Sequence[str], at: int) -> int:
    """A line that is drawn above it belongs to it."""
    above = at
    while above and not lines[above - 1].strip():
        above -= 1
    return above - 1 if above and RULE.fullmatch(lines[above - 1]) else at
