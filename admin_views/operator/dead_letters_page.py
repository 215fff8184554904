"""The operator's page of what stands aside in all businesses, and how the work goes."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from redis import RedisError
from werkzeug.wrappers import Response

from admin_views import limits
from admin_views.lookup import within
from admin_views.times import shown, zone
from app.lib.time.clock import lasted, now
from app.operations import dead_letter_list, failed_jobs, retry_or_discard
from app.operations.dead_letter_list import PAGE, Aside
from app.operations.health import health
from app.operations.retry_or_discard import Settled
from app.web.guards import access

ROW = re.compile(r"row-(\d{1,18})", re.ASCII)
JOB = re.compile(r"job-([A-Za-z0-9_-]{1,100})")
REDIS_AWAY = "Redis cannot be reached: jobs that failed are not shown, and cannot be settled."
# The sweep comes every 20 seconds, and a message leaves within a few: later is a sign of trouble.
LATE = timedelta(minutes=2)
LEFT_ALONE = "Left alone, as settled meanwhile: {}."
BUSY = "Not now, as a message just like it is on its way: {}. Try again in a minute."
ACTS: dict[str, tuple[Callable[[int], Settled], Callable[[str], Settled]]] = {
    "retry": (lambda row: retry_or_discard.retry(row, now()), failed_jobs.retry),
    "discard": (retry_or_discard.discard, failed_jobs.discard),
}
DONE = {"retry": "One new attempt each: {}.", "discard": "Discarded: {}."}


class DeadLettersView(BaseView):  # type: ignore[misc]
    roles = access.PLATFORM
    in_tenant = False

    def __init__(self) -> None:
        super().__init__(
            name="Parked work",
            endpoint="parked",
            url="/admin/parked",
            menu_icon_type="fa",
            menu_icon_value="fa-life-ring",
        )

    def is_accessible(self) -> bool:
        return access.may("parked")

    @expose("/")
    def index(self) -> str:
        before = within(request.args.get("before", 0, type=int), access.BIGINT - 1)
        rows = dead_letter_list.listed(before)
        jobs = [] if before else _failed_jobs()
        page: str = self.render(
            "operator/dead_letters.html",
            asides=[*jobs, *rows],
            before=before,
            older=rows[-1].id if len(rows) == PAGE else None,
            health=health(now()),
            now=now(),
            late=LATE,
            lasted=lasted,
            shown=shown,
            zone=zone(),
            most=dead_letter_list.MOST_COUNTED,
            **limits.of_all(),
        )
        return page

    @expose("/settle", methods=["POST"])
    def settle(self) -> Response:
        """Retry or discard the one whose button was pressed, or all that are ticked."""
        for verb in ("retry", "discard"):
            chosen = request.form.get(verb)
            if chosen is not None:
                keys = [chosen] if chosen != "ticked" else request.form.getlist("key")
                _settle(verb, keys[: 2 * PAGE])
        return redirect(self.get_url(".index"))


def _failed_jobs() -> list[Aside]:
    try:
        return failed_jobs.listed()
    except RedisError:
        flash(REDIS_AWAY, "error")
        return []


def _settle(verb: str, keys: list[str]) -> None:
    if not keys:
        flash("Tick what you mean first.", "info")
    try:
        told = Counter(_act(verb, key) for key in dict.fromkeys(keys))
    except RedisError:
        flash(REDIS_AWAY, "error")
        return
    said = {Settled.DONE: DONE[verb], Settled.LEFT_ALONE: LEFT_ALONE, Settled.BUSY: BUSY}
    for settled, number in told.items():
        done = settled is Settled.DONE
        flash(said[settled].format(number), "success" if done else "info")


def _act(verb: str, key: str) -> Settled:
    """What is no key of ours names nothing that stands aside."""
    on_row, on_job = ACTS[verb]
    if row := ROW.fullmatch(key):
        return on_row(int(row[1]))
    if job := JOB.fullmatch(key):
        return on_job(job[1])
    return Settled.LEFT_ALONE
