from tests.channels.rigs.messenger import Messenger
from tests.support.world import Business


class Instagram(Messenger):
    kind = "instagram"
    # It tells of what was seen, and never of what was delivered.
    reports = False

    def _account(self, owner: Business) -> str:
        return f"17841{owner.id}"

    def _person(self, owner: Business) -> str:
        return f"900000000000{owner.id:03d}"


RIG = Instagram
