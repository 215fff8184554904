from collections.abc import Sequence
from email.message import EmailMessage

from tests.channels.rig import Rig
from tests.support import email_in
from tests.support.world import Business

ADDRESS = "eve@lee.example"


class Email(Rig):
    stop = "unsubscribe"
    reports = False

    def writes(self, owner: Business, id_: str, body: str, picture: bool = False) -> int:
        named = {"From": f"Eve Lee <{ADDRESS}>", "To": f"hello@{owner.slug}.test"}
        mail = email_in.written(body, **named, Message_ID=f"<{id_}@lee.example>")
        if picture:
            _attach(mail)
        return email_in.post(owner, mail).status_code

    def arrived(self, owner: Business) -> Sequence[str]:
        texts = [each.text for each in self.post.emails(ADDRESS) if owner.name in each.from_]
        # Below it stands who sends it.
        return [text.partition("\n\n")[0] for text in texts]

    def answers_unclearly(self, unclearly: bool) -> None:
        self.post.fault(*(["mail_reset_after"] if unclearly else []))


def _attach(mail: EmailMessage) -> None:
    mail.add_attachment(b"\x89PNG\r\n\x1a\n", "image", "png", filename="face.png")


RIG = Email
