"""The words of a rule's text, in the customer's language, with its variables filled in."""

from collections.abc import Mapping
from datetime import datetime

from app import business_hours
from app.automation.rule_part import Gap, NotDone, Options
from app.automation.snapshot import Snapshot
from app.business_hours.tell_hours import hours_variables
from app.channels.channel import Channel
from app.lib.mail import markup
from app.lib.text.cleaning import clean
from app.models import MessageTemplate
from app.notifications.configure.template_check import check
from app.notifications.content.liquid import LONGEST, BadTemplate, fill
from app.notifications.content.template_languages import LANGUAGES, known
from app.notifications.content.variables import values
from app.notifications.content.wording import filled
from app.notifications.types.notification_type import (
    OF_AN_APPOINTMENT,
    OF_THE_HOURS,
    Kind,
    Text,
)
from app.outbox.compose.content import Content
from app.outbox.compose.email_footer import answer_to, subject_of

OF_A_RULE = Kind(
    key="rule",
    label="Text of a rule",
    order=0,
    help="Goes out when a rule says so.",
    variables=(*OF_AN_APPOINTMENT, *OF_THE_HOURS),
    texts={"en": Text("", "")},
)


def sentence(begin: str) -> str:
    """The gaps of a text, after such a beginning."""
    others = (f"to those who speak {each.label} {{text_{key}}}" for key, each in LANGUAGES.items())
    return "; ".join([f"{begin} {{text}}", *others])


def gaps() -> tuple[Gap, ...]:
    """One text, and one more for each language that customers are written to in."""
    labels = {f"text_{key}": f"Text in {each.label}" for key, each in LANGUAGES.items()}
    others = (_gap(key, label, optional=True) for key, label in labels.items())
    return (_gap("text", "Text", optional=False), *others)


def _gap(key: str, label: str, optional: bool) -> Gap:
    return Gap(
        key=key,
        kind="template",
        label=label,
        optional=optional,
        most=LONGEST,
        variables=OF_A_RULE.variables,
    )


def unusable(options: Options) -> str:
    """The check of a part with such texts: why one of them cannot be filled in; empty: all can."""
    texts = (str(options.get(gap.key) or "") for gap in gaps())
    wrong = (problem for text in texts if text for problem in check(text, OF_A_RULE))
    return next((f"Its text cannot be used. {problem}" for problem in wrong), "")


def content(options: Options, seen: Snapshot, channel: Channel, now: datetime) -> Content:
    """What is said to the customer, as the channel takes it. Raises NotDone."""
    text, language = _said(options, seen)
    told = _told(seen, language, now)
    try:
        if channel.is_markup:
            return _email(clean(fill(text, told, escape=False)).strip(), seen, language)
        template = MessageTemplate(
            type=OF_A_RULE.key, channel=channel.key, language=language, subject="", body=text
        )
        return filled(template, told, channel, seen.tenant)
    except BadTemplate as bad:
        raise NotDone(f"The text cannot be used. {bad}") from None


def _said(options: Options, seen: Snapshot) -> tuple[str, str]:
    """The text and its language: the customer's where there is one in it, else the business's."""
    theirs = known(seen.language, "")
    if theirs and (text := str(options.get(f"text_{theirs}") or "")):
        return text, theirs
    return str(options["text"]), known(seen.tenant.locale)


def _told(seen: Snapshot, language: str, now: datetime) -> Mapping[str, str]:
    appointment = seen.appointment or seen.next_appointment
    more = hours_variables(business_hours.of_tenant(), language, seen.tenant.locale, now)
    return values(OF_A_RULE, seen.tenant, language, seen.customer, appointment, more=more)


def _email(text: str, seen: Snapshot, language: str) -> Content:
    if not text:
        raise BadTemplate("It says nothing.")
    html = markup.of_text(text)
    subject = answer_to(seen.customer.id) or subject_of(seen.tenant)
    unsubscribe = LANGUAGES[language].unsubscribe
    return Content(markup.as_text(html), subject, html, unsubscribe=unsubscribe)
