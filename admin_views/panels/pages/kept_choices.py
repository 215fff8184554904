"""For how long a business keeps what is no message: a field of its form for each kind."""

from wtforms import SelectField

from app.retention.kept_kinds import KINDS, YEAR

PREFIX = "kept_"
FIELDS = {f"{PREFIX}{kind}": kind for kind in KINDS}


def kept(kind: str) -> SelectField:
    """What holds unless somebody chooses is said, and stands first."""
    known = KINDS[kind]
    return SelectField(
        f"Keep {known.what} for",
        choices={"": f"{_lasts(known.usual)} (as usual)"}
        | {str(days): _lasts(days) for days in known.days},
        coerce=lambda days: int(days) if days else None,
        description=known.about,
    )


def _lasts(days: int | None) -> str:
    if days is None:
        return "For ever"
    count, unit = (days // YEAR, "year") if days % YEAR == 0 else (days, "day")
    return f"{count} {unit}{'' if count == 1 else 's'}"
