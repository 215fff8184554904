"""The team of the business in scope: who signs in, who takes appointments, and who does both."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import StaffMember, User


@dataclass(frozen=True)
class Person:
    """One of them at least is there; both are the same person."""

    user: User | None
    member: StaffMember | None

    @property
    def name(self) -> str:
        return str(self.user or self.member)

    @property
    def here(self) -> bool:
        """Whether they sign in or take appointments now."""
        return any(each.active for each in (self.user, self.member) if each)


def people() -> list[Person]:
    """Everybody, by name; at the end who does neither any more."""
    users = db.session.scalars(select(User).order_by(User.id)).all()
    members = db.session.scalars(select(StaffMember).order_by(StaffMember.id)).all()
    served = {member.user_id: member for member in members if member.user_id}
    found = [Person(user, served.get(user.id)) for user in users]
    found += [Person(None, member) for member in members if not member.user_id]
    return sorted(found, key=lambda person: (not person.here, person.name.casefold()))


def member_of(user: User) -> StaffMember | None:
    """Who they are among those who take appointments."""
    return db.session.scalar(select(StaffMember).where(StaffMember.user_id == user.id))


def serve(user: User, member_id: int | None = None, active: bool = True) -> None:
    """Let them take appointments, where active: as who they are already, else as the staff member
    of that id who is nobody's, else as a new one. The caller commits."""
    member = member_of(user) or _nobodys(StaffMember.id == member_id)
    if member is None:
        member = StaffMember(name=_free_name(user))
        db.session.add(member)
    member.user_id, member.active = user.id, active
    db.session.flush()


def stop_serving(user: User) -> None:
    """What was booked with them stays. The caller commits."""
    if member := member_of(user):
        member.active = False


def namesake(name: str) -> int | None:
    """Who takes appointments by that name and is no user yet. An admin says that it is the same
    person: nobody becomes a colleague by the name that they give themselves."""
    member = _nobodys(func.folded(StaffMember.name) == func.folded(name))
    return member.id if member else None


def _nobodys(which: ColumnElement[bool]) -> StaffMember | None:
    query = select(StaffMember).where(which, StaffMember.user_id.is_(None))
    return db.session.scalar(query.order_by(StaffMember.id).limit(1))


def _free_name(user: User) -> str:
    """Theirs; where a colleague has it, with the address that tells them apart."""
    taken = select(StaffMember.id).where(StaffMember.name == str(user))
    return f"{user} ({user.email})" if db.session.scalar(taken) else str(user)
