from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import CheckConstraint, Computed, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship, validates

from app.extensions import Model
from app.lib.text.cleaning import shows
from app.tenancy import TenantOwned, owned_reference

if TYPE_CHECKING:
    from app.models.contact_point import ContactPoint

# Longer than any number that somebody could dial (Meta's ids: 15 to 17 digits).
MADE_UP = re.compile(r"\d{14,}")
# A visitor of the live chat (app/webchat).
VISITOR = re.compile(r"[uv]-[0-9a-f]{32}")
NAME = "first_name || ' ' || last_name"


def known_by(first_name: str, last_name: str, addresses: Sequence[str]) -> str:
    """A person's name, or how they can be reached as long as nobody has asked for it."""
    name = f"{first_name} {last_name}".strip()
    if shows(name):
        return name
    return addresses[0] if addresses else "No name"


def shown_addresses(known: Iterable[str]) -> list[str]:
    """Each once; a WhatsApp user id only where nothing else is known, and nothing that a carrier
    made up."""
    once = [named_visitor(text) for text in dict.fromkeys(known) if not MADE_UP.fullmatch(text)]
    return [text for text in once if text.startswith("+") or "@" in text] or once


def named_visitor(address: str) -> str:
    """What a visitor's address is called; the end of what a carrier made up; any other as it
    stands."""
    if MADE_UP.fullmatch(address):
        return f"…{address[-4:]}"
    return f"Visitor {address[-4:].upper()}" if VISITOR.fullmatch(address) else address


def named_by(known: Iterable[str]) -> list[str]:
    """What somebody without a name is called by: how they are reached, else the end of what a
    carrier made up, so that two are told apart."""
    every = list(known)
    return shown_addresses(every) or [f"No name …{text[-4:]}" for text in every]


class Person(NamedTuple):
    """A customer in a list, as plain columns."""

    first_name: str
    last_name: str
    known_addresses: Sequence[str]

    @property
    def name(self) -> str:
        return known_by(self.first_name, self.last_name, named_by(self.known_addresses))

    @property
    def addresses(self) -> list[str]:
        return shown_addresses(self.known_addresses)


class Customer(TenantOwned, Model):
    """A person whom the business serves, however they write."""

    __tablename__ = "customer"
    __table_args__ = (
        # The business's own number for the person: an import meets them again by it.
        UniqueConstraint("tenant_id", "external_id"),
        owned_reference("reached_through_id", "customer", ondelete="SET NULL (reached_through_id)"),
        CheckConstraint("reached_through_id <> id", name="reached_through_another"),
        owned_reference("merged_into_id", "customer"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        Index(
            "ix_customer_merged_into",
            "tenant_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index("ix_customer_search", "search", postgresql_using="gin"),
        Index(
            "ix_customer_reached_through",
            "tenant_id",
            "reached_through_id",
            postgresql_where=text("reached_through_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(default="", server_default="")
    last_name: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str | None]
    # Where they live, if not where the business is: an IANA name, for their quiet hours.
    timezone: Mapped[str | None]
    preferred_channel: Mapped[str | None]
    external_id: Mapped[str | None]
    # Who is written to about them; null: they are themselves (docs/adr/0029-shared-numbers.md).
    # Written by app/customers/reached_through.py alone.
    reached_through_id: Mapped[int | None]
    # Who they turned out to be: this row has nothing any more, and shows nowhere. Written by
    # app/customers/merging alone.
    merged_into_id: Mapped[int | None]
    notes: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # The name as people search for it: without accents, case and apostrophes.
    folded: Mapped[str | None] = deferred(
        mapped_column(Text, Computed(f"folded({NAME})", persisted=True))
    )
    search: Mapped[str] = deferred(
        mapped_column(
            TSVECTOR,
            Computed(
                f"to_tsvector('simple', {NAME}) || to_tsvector('simple', folded({NAME}))",
                persisted=True,
            ),
        )
    )

    contact_points: Mapped[list[ContactPoint]] = relationship(
        back_populates="customer",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="ContactPoint.id",
    )
    reached_through: Mapped[Customer | None] = relationship(
        viewonly=True,
        primaryjoin="foreign(Customer.reached_through_id) == remote(Customer.id)",
    )

    @property
    def name(self) -> str:
        # The addresses of somebody with a name need not be known.
        named = shows(f"{self.first_name} {self.last_name}")
        known = () if named else [point.address for point in self.contact_points]
        return known_by(self.first_name, self.last_name, named_by(known))

    @validates("first_name", "last_name")
    def _shown(self, _key: str, name: str) -> str:
        """A name of which nobody sees anything is none."""
        return name if shows(name or "") else ""

    @property
    def addresses(self) -> list[str]:
        """How they can be reached."""
        return shown_addresses(point.address for point in self.contact_points)

    @property
    def address(self) -> str | None:
        return self.addresses[0] if self.addresses else None

    def __str__(self) -> str:
        return self.name
