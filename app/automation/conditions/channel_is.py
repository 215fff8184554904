from app.automation.choices import affirmed, channels, whether, words_of
from app.automation.rule_part import Condition, Gap, Options
from app.automation.snapshot import Snapshot
from app.channels import home


def holds(seen: Snapshot, options: Options) -> bool:
    # Who chose SMS means what comes from the same number by RCS, too.
    by = {seen.channel, home(seen.channel)}
    return bool(by.intersection(options["channels"])) == affirmed(options, "is")


PART = Condition(
    key="channel",
    order=10,
    sentence="they {is} by {channels}",
    gaps=(
        whether("is", "Whether they did", "wrote", "did not write"),
        Gap(key="channels", kind="choices", label="Channels", default=["sms"], choices=channels),
    ),
    fact="Channel",
    seen=lambda seen: words_of([seen.channel], channels()) if seen.channel else "no message",
    holds=holds,
)
