from app.automation.rule_part import Action
from app.automation.texting import rule_wording
from app.automation.texting.enter_text import send

PART = Action(
    key="send_text",
    order=10,
    sentence=rule_wording.sentence("send this text:"),
    gaps=rule_wording.gaps(),
    gone=rule_wording.unusable,
    do=send,
)
