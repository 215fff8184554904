from sqlalchemy import select

from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Row, Told
from app.extensions import db
from app.models import User, What
from app.reports.answer_times import first_ones, median
from app.reports.counted import Count, counted
from app.reports.period import Period


def tell(now: Period, before: Period) -> Told:
    """Of messages that people wrote; those of an operator, and of who is deleted, are nobody's."""
    users = {user.id: str(user) for user in db.session.scalars(select(User))}
    sent, answers = (
        [each for each in counted(what, now) if each.who_id] for what in (What.SENT, What.ANSWER)
    )
    earlier = [each for each in counted(What.SENT, before) if each.who_id]
    ids = {each.who_id for each in (*sent, *answers, *earlier)} & users.keys()
    rows = [_row(id_, users[id_], sent, earlier, answers) for id_ in ids]
    rows.sort(key=lambda row: str(row[0]))
    names, totals = [str(row[0]) for row in rows], [int(str(row[1])) for row in rows]
    return Told(
        (
            "Name",
            "Messages sent",
            "Period before",
            "Answers",
            "Median of first answers",
            "Median of all answers",
        ),
        rows,
        Stacks(names, {"Messages sent": totals}) if sent else None,
    )


def _row(id_: int, name: str, sent: list[Count], earlier: list[Count], answers: list[Count]) -> Row:
    own = [each for each in answers if each.who_id == id_]
    times = median(first_ones(own)), median(own)
    return name, _sum(sent, id_), _sum(earlier, id_), sum(each.total for each in own), *times


def _sum(counts: list[Count], id_: int) -> int:
    return sum(each.total for each in counts if each.who_id == id_)


REPORT = Report("people", "By staff member", "Nobody wrote by hand in these days.", tell)
