from __future__ import annotations

from sqlalchemy.orm import Mapped, declared_attr, relationship

from app.models.user import User


class DoneBy:
    """Who did it: a user, or a rule; with neither it came about by itself.

    Of a user who is deleted nothing stays; of a rule its name does, as it was then. The table has
    the key to the user itself: owned_reference("user_id", "user", …).
    """

    user_id: Mapped[int | None]
    rule_id: Mapped[int | None]
    rule_name: Mapped[str | None]

    @declared_attr
    def user(cls) -> Mapped[User | None]:
        return relationship(User, viewonly=True)
