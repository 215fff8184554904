"""What a rule would have done of late, asked while it is written."""

from dataclasses import replace

from app.automation.editing.rule_check import checked
from app.automation.editing.rule_draft import Draft
from app.automation.rehearse import Rehearsal, Unusable, rehearse
from app.extensions import each_business, limiter
from app.lib.time.clock import now
from app.models import AutomationRule
from app.notifications.configure.template_edit import Wrong

# Of a business. Each looks at hundreds of things that happened.
TRIES = "20 per minute"
DAYS = 30


@limiter.limit(lambda: TRIES, key_func=each_business)
def tried(draft: Draft) -> Rehearsal:
    """The rule as it stands in the form, which needs no name for it. Raises Wrong."""
    rule = AutomationRule(**checked(replace(draft, name=draft.name or "Rule")).stored())
    try:
        return rehearse(rule, now(), DAYS)
    except Unusable as unusable:
        raise Wrong({"": str(unusable)}) from None
