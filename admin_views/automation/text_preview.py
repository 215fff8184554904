"""How the text of a rule reads to a sample customer, and what it costs, while it is written."""

from typing import Any

from admin_views.frame import business
from app import business_hours
from app.automation.rule_part import Gap
from app.automation.texting.rule_wording import OF_A_RULE
from app.business_hours.tell_hours import hours_variables
from app.channels import CHANNELS
from app.lib.time.clock import now
from app.models import MessageTemplate, Tenant
from app.notifications.configure.sample import sample
from app.notifications.configure.template_check import check
from app.notifications.configure.template_edit import tidy
from app.notifications.content.cost import cost
from app.notifications.content.liquid import LONGEST
from app.notifications.content.template_languages import LANGUAGES, known
from app.notifications.content.wording import BadTemplate, filled

# What a rule says goes by the customer's channel; this is the one that is billed by its length.
SMS = CHANNELS["sms"]


def preview(text: str, gap: Gap) -> dict[str, Any]:
    """body and count; or error, with what to put right."""
    text = tidy(text)
    if not text:
        return {"body": "", "count": ""}
    if len(text) > LONGEST:
        return {"error": f"It is too long: {LONGEST:,} characters at most."}
    if flaws := check(text, OF_A_RULE):
        return {"error": " ".join(flaws)}
    try:
        return _seen(text, gap)
    except BadTemplate as bad:
        return {"error": str(bad)}


def _seen(text: str, gap: Gap) -> dict[str, Any]:
    tenant = business()
    language = _language(gap, tenant)
    template = MessageTemplate(subject="", body=text, language=language)
    found = filled(template, _sample(tenant, language), SMS, tenant)
    costs = cost(found.body, SMS, tenant)
    left = f"{costs.encoding}, {costs.left} characters left"
    return {"body": found.body, "count": f"By SMS {costs} · {left}"}


def _language(gap: Gap, tenant: Tenant) -> str:
    """That of a text for those who speak it (text_es), else the business's."""
    language = gap.key.removeprefix("text_")
    return language if language in LANGUAGES else known(tenant.locale)


def _sample(tenant: Tenant, language: str) -> dict[str, str]:
    moment = now()
    more = hours_variables(business_hours.of_tenant(), language, tenant.locale, moment)
    return sample(OF_A_RULE, tenant, language, moment, more=more)
