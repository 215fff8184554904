"""The guide of a new business's overview: what is to be done, why, and where."""

from typing import NamedTuple

from flask import url_for

from app.reports import first_steps


class Step(NamedTuple):
    key: str
    """Of app/reports/first_steps.py, which says whether it is done."""
    title: str
    why: str
    button: str
    endpoint: str


STEPS = (
    Step(
        "heard",
        "Hear from your number",
        "Text your business's number from any telephone: it appears in the inbox within seconds.",
        "Check the connection",
        "messaging_health.index",
    ),
    Step(
        "services",
        "Say what can be booked",
        "A service has a name and a length; reminders name it, too.",
        "Add a service",
        "services.create_view",
    ),
    Step(
        "staff",
        "Name who serves your customers",
        "The calendar shows whose an appointment is. They need no account.",
        "Add a staff member",
        "staff_members.create_view",
    ),
    Step(
        "hours",
        "Say when you are open",
        "Whoever writes after hours can be told when you are back.",
        "Enter your hours",
        "business_hours.index",
    ),
    Step(
        "list",
        "Bring your customers and appointments",
        "By the files that your old program saves: first the customers, then the calendar.",
        "Import a file",
        "imports.index",
    ),
    Step(
        "test",
        "Send a test to your own telephone",
        "You see what your customers will see, and that it arrives.",
        "Send a test",
        "messaging_health.index",
    ),
    Step(
        "team",
        "Invite your team",
        "Everybody signs in for themselves, so that you see who answered.",
        "Invite somebody",
        "team.index",
    ),
)


class Taken(NamedTuple):
    step: Step
    href: str
    done: bool


def guide() -> list[Taken]:
    """Each step and how it stands; none where all are taken, or nobody wants to see them."""
    if first_steps.hidden():
        return []
    done = first_steps.done()
    steps = [Taken(step, url_for(step.endpoint), done[step.key]) for step in STEPS]
    return [] if all(done.values()) else steps
