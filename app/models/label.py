from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, column, func
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned

LONGEST = 40


class Colour(StrEnum):
    """What a label can look like (labels.css)."""

    GREY = "grey"
    RED = "red"
    ORANGE = "orange"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    VIOLET = "violet"
    PINK = "pink"


class Label(TenantOwned, Model):
    """What a business sorts its conversations by."""

    __tablename__ = "label"
    __table_args__ = (
        # «Quote» and «quote» would be one label to everybody who reads them.
        Index("uq_label_name", "tenant_id", func.lower(column("name")), unique=True),
        CheckConstraint(
            "colour IN ('grey', 'red', 'orange', 'green', 'teal', 'blue', 'violet', 'pink')",
            name="colour_known",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    colour: Mapped[str] = mapped_column(default=Colour.GREY)

    def __str__(self) -> str:
        return self.name
