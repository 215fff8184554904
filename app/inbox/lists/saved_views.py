"""Lists of conversations that people keep under a name, for themselves or for the team.

Parts of the caller's transaction.
"""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.extensions import db
from app.lib.text.cleaning import clean, one_line, shows
from app.models import SavedView
from app.models.saved_view import LONGEST

MOST = 50


class BadView(ValueError):
    """The name, or that it is one too many; says so in a person's words."""


@dataclass(frozen=True)
class Viewer:
    user_id: int | None
    """None: the operator, who is no user of the business and has what is the team's."""
    admin: bool = False

    def may_change(self, view: SavedView) -> bool:
        """Their own; an admin also what is the team's."""
        own = self.user_id is not None and view.user_id == self.user_id
        return own or (self.admin and view.shared)


def seen_by(viewer: Viewer) -> list[SavedView]:
    """Their own and the team's, by name."""
    own = SavedView.user_id.in_([] if viewer.user_id is None else [viewer.user_id])
    query = select(SavedView).where(or_(own, SavedView.shared))
    return list(db.session.scalars(query.order_by(func.lower(SavedView.name), SavedView.id)))


def save(name: str, address: dict[str, str], viewer: Viewer, shared: bool) -> SavedView:
    """Raises BadView."""
    named = _name(name)
    if len(seen_by(viewer)) >= MOST:
        raise BadView(f"There are {MOST} views already. Delete one first.")
    shared = shared or viewer.user_id is None
    view = SavedView(name=named, address=address, user_id=viewer.user_id, shared=shared)
    db.session.add(view)
    return view


def change(view: SavedView, name: str, shared: bool) -> None:
    """Its name, and whether it is the team's. Raises BadView."""
    view.name = _name(name)
    view.shared = shared or view.user_id is None


def _name(name: str) -> str:
    named = one_line(clean(name))
    if not shows(named):
        raise BadView("Give the view a name.")
    if len(named) > LONGEST:
        raise BadView(f"The name has {len(named)} characters; {LONGEST} are kept. Shorten it.")
    return named
