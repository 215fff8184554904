from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from tests.channels.rig import Rig
from tests.support import meta
from tests.support.world import Business

PICTURE = "https://scontent.example/face.png"


class Messenger(Rig):
    kind = "messenger"
    objects: ClassVar[dict[str, str]] = {"messenger": "page", "instagram": "instagram"}

    def connect(self, owner: Business) -> None:
        page, linked = f"10400{owner.id}", f"17841{owner.id}"
        meta.connect(owner, page=page, instagram=linked)
        told = {"token": f"token-{page}", "instagram_id": linked, "name": owner.name}
        meta.put(self.twilio, f"pages/{page}", told)
        person = {"kind": self.kind, "account": self._account(owner)}
        meta.put(self.twilio, f"people/{self._person(owner)}", person)

    def writes(self, owner: Business, id_: str, body: str, picture: bool = False) -> int:
        # What Meta's own list of the thread begins with.
        meta.says(self.twilio, self._person(owner), body)
        told: dict[str, Any] = {"mid": id_, "text": body}
        if picture:
            told["attachments"] = [{"type": "image", "payload": {"url": PICTURE}}]
        return self._post(owner, True, message=told)

    def arrived(self, owner: Business) -> Sequence[str]:
        return [each["text"] for each in meta.sent(self.twilio, self._person(owner))]

    def answers_unclearly(self, unclearly: bool) -> None:
        self.twilio.faults(reset_after=float(unclearly))

    def tells(self, owner: Business, sid: str, status: str) -> int:
        """Messenger has a delivery, and an echo says that it was sent."""
        if status == "sent":
            told = {"mid": sid, "text": "Hello you", "is_echo": True, "app_id": 1}
            return self._post(owner, False, message=told)
        return self._post(owner, True, delivery={"watermark": _stamp() + 60_000, "mids": [sid]})

    def _post(self, owner: Business, from_person: bool, **told: Any) -> int:
        ends = [{"id": self._person(owner)}, {"id": self._account(owner)}]
        sender, recipient = ends if from_person else reversed(ends)
        item = {"sender": sender, "recipient": recipient, "timestamp": _stamp(), **told}
        entry = {"id": self._account(owner), "time": _stamp(), "messaging": [item]}
        return meta.post({"object": self.objects[self.kind], "entry": [entry]}).status_code

    def _account(self, owner: Business) -> str:
        return f"10400{owner.id}"

    def _person(self, owner: Business) -> str:
        return f"7000000000000{owner.id:03d}"


def _stamp() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


RIG = Messenger
