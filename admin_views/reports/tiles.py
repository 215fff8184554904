"""The figures of the dashboard: how it stands now, and a period beside the one before."""

from datetime import date, datetime
from typing import NamedTuple

from flask import url_for
from sqlalchemy import func, select

from admin_views.reports.appointments_report import no_shows
from admin_views.reports.delivery_rates_report import failed
from admin_views.reports.report import Cell
from admin_views.reports.report_words import on_page, wait
from app.extensions import db
from app.inbox.conversations import Filter
from app.inbox.list_views import View
from app.inbox.lists.conversation_counts import counts
from app.inbox.statistics import by_day, statistics
from app.models import Conversation, What
from app.reports.answer_times import first_ones, median
from app.reports.counted import counted
from app.reports.period import Period


class Tile(NamedTuple):
    label: str
    figure: Cell
    beside: str = ""
    href: str = ""


def standing(now: datetime, today: date) -> list[Tile]:
    """How it stands at this moment, with the way to each."""
    messages = statistics(today)
    waiting, unread = counts([Filter(View.WAITING), Filter(View.ALL, unread=True)])
    longest = db.session.scalar(select(func.min(Conversation.waiting_since)))
    since = f"the longest for {wait(now - longest)}" if longest else "nobody waits for an answer"
    return [
        Tile("Waiting now", waiting or 0, since, href=url_for("inbox.index", view=View.WAITING)),
        Tile("Unread conversations", unread or 0, href=url_for("inbox.index", unread=1)),
        Tile(
            "Messages today",
            messages.today,
            f"{messages.total:,} altogether",
            href=url_for("messages.index_view"),
        ),
    ]


def compared(now: Period, before: Period) -> list[Tile]:
    """The figures of two periods."""
    return [
        Tile(label, figure, f"{'none' if earlier is None else on_page(earlier)} before")
        for (label, figure), (_, earlier) in zip(_figures(now), _figures(before), strict=True)
    ]


def _figures(period: Period) -> list[tuple[str, Cell]]:
    answers = counted(What.ANSWER, period)
    return [
        ("Messages", sum(each.messages for each in by_day(period.first, period.last))),
        ("First answer, median", median(first_ones(answers))),
        ("Any answer, median", median(answers)),
        ("Failed to arrive", failed(counted(What.SENT, period))),
        ("Did not come", no_shows(counted(What.APPOINTMENT, period))),
        ("Opt-outs", sum(each.total for each in counted(What.STOP, period))),
    ]
