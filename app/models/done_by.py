from __future__ import annotations

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.models.user import User


class DoneBy:
    """Who did it: a user, or a rule; with neither it came about by itself.

    Of a user who is deleted nothing stays; of a rule its name does, as it was then. The table has
    the keys to both itself: owned_reference("user_id", "user", …).
    """

    user_id: Mapped[int | None]
    rule_id: Mapped[int | None] = mapped_column(BigInteger)
    rule_name: Mapped[str | None]

    @declared_attr
    def user(cls) -> Mapped[User | None]:
        return relationship(User, viewonly=True)
