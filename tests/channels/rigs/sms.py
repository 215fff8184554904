from collections.abc import Sequence
from typing import Any

from tests.channels.rig import Rig
from tests.support import twilio
from tests.support.world import Business

PHONE = "+12125550188"
PICTURE = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"


class Sms(Rig):
    path, prefix = "sms", ""

    def writes(self, owner: Business, id_: str, body: str, picture: bool = False) -> int:
        form = {
            "MessageSid": f"SM{id_}",
            "From": f"{self.prefix}{PHONE}",
            "To": self.address(owner),
            "Body": body,
            "NumMedia": "1" if picture else "0",
        }
        if picture:
            form |= {"MediaUrl0": PICTURE, "MediaContentType0": "image/png"}
        return twilio.post(f"/api/twilio/{owner.slug}/{self.path}", form).status_code

    def address(self, owner: Business) -> str:
        """Of the business there."""
        return f"{self.prefix}{owner.number}"

    def arrived(self, owner: Business) -> Sequence[str]:
        return [each["body"] for each in self._sent(owner)]

    def _sent(self, owner: Business) -> list[dict[str, Any]]:
        sent = self.twilio.sent(f"{self.prefix}{PHONE}")
        return [each for each in sent if owner.number in each["from"]]

    def answers_unclearly(self, unclearly: bool) -> None:
        self.twilio.faults(reset_after=float(unclearly))

    def tells(self, owner: Business, sid: str, status: str) -> int:
        form = {"MessageSid": sid, "MessageStatus": status, "From": self.address(owner)}
        form["To"] = f"{self.prefix}{PHONE}"
        return twilio.post(f"/api/twilio/{owner.slug}/message-status", form).status_code


RIG = Sms
