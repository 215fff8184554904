"""Whether an account or a number at fault keeps messages from leaving."""

from datetime import datetime

from app.channels import CHANNELS
from app.health.check import Check
from app.health.finding import Verdict, broken, ok
from app.outbox.queue.paused_senders import Paused, pauses

NEXT = "Put it right at Twilio; then press “Try again now” under Setup, Business."
CONNECT = "Connect it again under Setup, Social accounts."


def look(now: datetime) -> Verdict:
    paused = pauses()
    if not paused:
        return ok("No error keeps your messages from leaving.")
    carriers = {CHANNELS[each.channel].provider for each in paused}
    steps = [CONNECT] if carriers == {"meta"} else [NEXT, CONNECT] if "meta" in carriers else [NEXT]
    return broken(" ".join(map(_told, paused)), " ".join(steps))


def _told(pause: Paused) -> str:
    return f"{CHANNELS[pause.channel].label} waits since an error: {pause.reason}"


CHECK = Check("sender_paused", 10, "Whether an error has stopped what you send.", look)
