"""An email as it goes over the wire (RFC 5322), from a message of ours."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import localtime
from html import escape
from mimetypes import guess_extension
from string import Template
from typing import Any

import idna

from app.lib.mail import markup
from app.lib.mail.display_name import display_name, visible
from app.lib.text.cleaning import one_line
from app.providers.contract import Letter, Outcome, Outgoing, SendError

UNWRITABLE = SendError(
    "An email to this address cannot be sent: it has letters that mail servers do not take. Ask the"
    " customer for another.",
    Outcome.REFUSED,
)


class Wire(EmailPolicy):
    """As SMTP wants it; but an address in ASCII stands on one line, as whoever breaks it in two
    loses the quotes around the name: «Hair, Nails and …» would be two writers. So does a link,
    which would be written as encoded words (RFC 2047) that nobody reads as one."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        whole = name in WHOLE and str(value).isascii()
        return super(Wire, self.clone(max_line_length=None) if whole else self).fold_binary(
            name, value
        )


WHOLE = ("From", "To", "Reply-To", "List-Unsubscribe")
WIRE = Wire(linesep="\r\n")
HEAD = '<p style="margin:0 0 24px;font-weight:bold">{}</p>\n'
FOOT = '\n<p style="margin:16px 0 0;font-size:13px;opacity:0.7">{}</p>'
ENCODED_WORD = re.compile(r"=\?(?=[^?]*\?[bq]\?)", re.IGNORECASE)
# Styles stand in it, as mail programs drop style sheets.
PAGE = Template(
    """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$subject</title>
</head>
<body style="margin:0;padding:24px 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,\
sans-serif">
<div style="max-width:600px;margin:0 auto;overflow-wrap:break-word">
$head$html$foot
</div>
</body>
</html>
"""
)


def mail(message: Outgoing, letter: Letter) -> EmailMessage:
    """The email, with its text as plain text and as HTML. Raises SendError."""
    made = EmailMessage(policy=WIRE)
    name = line(display_name(letter.sender_name))
    made["From"] = Address(name, addr_spec=written(message.sender))
    made["To"] = Address(addr_spec=written(message.recipient))
    made["Reply-To"] = Address(name, addr_spec=written(letter.reply_to))
    made["Subject"] = line(letter.subject)
    made["Date"] = localtime()
    made["Message-ID"] = message_id(message, letter)
    if letter.answers:
        made["In-Reply-To"] = letter.answers[-1]
        made["References"] = " ".join(letter.answers)
    if letter.unsubscribe_url:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.unsubscribe_url or letter.automatic:
        # RFC 3834: nobody's absence is answered to it; by Exchange only for what it knows itself.
        made["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"
        made["X-Auto-Response-Suppress"] = "All"
    html = markup.of_text(message.body) if letter.html is None else letter.html
    text = message.body if letter.html is None else markup.as_text(html)
    made.set_content(f"{text}\n\n{line(letter.foot)}" if letter.foot else text)
    made.add_alternative(_page(letter, name, html), subtype="html")
    for place, file in enumerate(letter.files, 1):
        kind, _, subtype = file.content_type.partition("/")
        name = f"{place}{guess_extension(file.content_type) or ''}"
        made.add_attachment(file.content, maintype=kind, subtype=subtype, filename=name)
    return made


def message_id(message: Outgoing, letter: Letter) -> str:
    return f"<{letter.id}@{written(message.sender).rpartition('@')[2]}>"


def line(text: str) -> str:
    """On one line: a header ends where a line does. What looks like an encoded word (RFC 2047) is
    taken apart: EmailMessage would decode it, with the line ends that are written in it."""
    return one_line(ENCODED_WORD.sub("= ?", visible(text)))


def written(address: str) -> str:
    """The address with its domain as mail servers know it. Raises SendError where letters before
    the @ are none of theirs."""
    name, _, domain = address.rpartition("@")
    if not name.isascii():
        raise UNWRITABLE
    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        raise UNWRITABLE from None


def _page(letter: Letter, name: str, html: str) -> str:
    return PAGE.substitute(
        subject=escape(line(letter.subject)),
        head=HEAD.format(escape(name)) if name else "",
        html=html,
        foot=FOOT.format(escape(line(letter.foot))) if letter.foot else "",
    )
