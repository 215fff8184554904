from app.automation.choices import fixed
from app.automation.rule_part import Gap, Options, Trigger
from app.automation.snapshot import Snapshot
from app.models import Answer, EventType

ANSWERS = {
    "confirm": (Answer.CONFIRM,),
    "cancel": (Answer.CANCEL, Answer.MAY_CANCEL),
    "late": (Answer.LATE, Answer.MAY_BE_LATE),
    "move": (Answer.MOVE,),
    "unclear": (Answer.UNCLEAR,),
}


def wants(seen: Snapshot, options: Options) -> bool:
    said = str(seen.event.facts.get("answer", ""))
    return any(said in ANSWERS.get(key, ()) for key in options["answers"])


PART = Trigger(
    key="reply_read",
    order=110,
    sentence="a customer answers a reminder, saying {answers}",
    gaps=(
        Gap(
            key="answers",
            kind="choices",
            label="What they say",
            default=["confirm"],
            choices=fixed(
                ("confirm", "that they come"),
                ("cancel", "that they do not come"),
                ("late", "that they are late"),
                ("move", "that they want another time"),
                ("unclear", "what nobody but a person can read"),
            ),
        ),
    ),
    events=frozenset({EventType.REPLY_READ}),
    wants=wants,
)
