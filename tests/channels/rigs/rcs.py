from collections.abc import Sequence

from tests.channels.rigs.sms import PHONE, Sms
from tests.support import rcs
from tests.support.world import Business


class Rcs(Sms):
    """By the salon's Messaging Service, which has a sender; the garage has none."""

    prefix = "rcs:"

    def connect(self, owner: Business) -> None:
        if owner.slug == "salon":
            rcs.at_twilio(self.twilio, owner)
            rcs.granted(owner)
            rcs.has_rcs(self.twilio, PHONE)

    def address(self, owner: Business) -> str:
        return f"rcs:{rcs.SENDER}"

    def arrived(self, owner: Business) -> Sequence[str]:
        sent = rcs.on_the_telephone(self.twilio, PHONE) if owner.slug == "salon" else []
        return [each["body"] for each in sent]


RIG = Rcs
