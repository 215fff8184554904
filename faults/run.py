"""One run, from the first message to the verdict."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from app.lib.time.clock import now
from faults import people, receivers, social, town
from faults.dose import Dose
from faults.evidence import waiting
from faults.mutations import SCHEMA
from faults.records import Records
from faults.rolling import PATIENCE_SECONDS
from faults.stage import (
    WORKERS,
    Hangs,
    OneMachine,
    Stage,
    end_parts,
    start_parts,
    stop_parts,
    until,
)
from faults.town import Business
from faults.traffic import Traffic
from faults.trouble import Trouble
from faults.verdict import UNDER_WAY, Verdict, check

Say = Callable[[str], None]
# How often the workers may end in the middle of something before that is a fault.
ROUNDS = 5


def play(stage: OneMachine, dose: Dose, say: Say) -> tuple[Verdict, dict[str, object]]:
    """Messages and trouble, then peace, then the verdict; and what there was of each.

    Raises Hangs.
    """
    begin = time.monotonic()
    _dress(stage, dose)
    records = Records()
    businesses, wrote = open_town(stage, say)
    traffic, trouble = Traffic(stage, dose, businesses, records), Trouble(stage, dose, say)
    if dose.weather is not None:
        stage.control("PUT", "faults", **dose.weather)
    traffic.start()
    trouble.deal(traffic.until)
    traffic.join()
    say(
        f"{len(records.posted)} messages of staff, {traffic.texted + len(records.webhooks) + wrote}"
        f" of customers, {len(records.booked)} appointments, {len(records.calls)} calls,"
        f" {trouble.counts['kill']} kills, {trouble.rolling.restarts} rolling restarts:"
        " now it may settle"
    )
    verdict, rolling = settle(stage, dose, records, begin, say), trouble.rolling
    verdict.unneeded = verdict.reconciled if dose.restarts else 0
    verdict.unclean = rolling.unclean
    counts = {
        "kills": trouble.counts["kill"],
        "restarts": rolling.restarts,
        "ended": rolling.ends,
        "longest_end_seconds": rolling.longest,
        "messages": len(records.posted) + traffic.texted + len(records.webhooks) + wrote,
        "appointments": len(records.booked),
        "booked": sum(bool(each.id) for each in records.booked),
        "calls": len(records.calls),
        "stops": len(records.stops),
        "flushes": trouble.counts["flush"] + trouble.counts["empty"],
        "database_stops": trouble.counts["database"],
        "retried": sum(each.posts > 1 for each in records.posted),
        "refused": sum(bool(each.refused) for each in records.posted),
        "surprises": len(records.surprises),
        "fell": stage.tell("report")["fell"],
        "seconds": round(time.monotonic() - begin, 1),
    }
    for each in records.surprises[:5]:
        verdict.note(f"surprise: {each}")
    stop_parts(stage)
    return verdict, counts


def open_town(stage: Stage, say: Say) -> tuple[list[Business], int]:
    """Start the parts, and let the first customers write, and so many. Raises Hangs."""
    businesses = town.load(stage.folder)
    for each in businesses:
        webhooks = f"{stage.web}/api/twilio/{each.slug}"
        urls = {"sms_url": f"{webhooks}/sms", "whatsapp_url": f"{webhooks}/whatsapp"}
        stage.control("PUT", f"numbers/{each.number}", label=each.slug, **urls)
        if each.service:
            rcs = {
                "sender": each.rcs_sender,
                "number": each.number,
                "callback_url": urls["sms_url"],
            }
            stage.control("PUT", f"services/{each.service}", **rcs)
    for index in town.ON_RCS:
        stage.control("PUT", f"phones/{town.phone(index)}", rcs=True)
    social.introduce(stage, businesses)
    receivers.introduce(stage, {each.slug: each.secret for each in businesses})
    start_parts(stage)
    wrote = people.open_whatsapp(stage, businesses) + social.open_all(stage, businesses)
    until(lambda: _heard(stage) == wrote, 20, "the first customers' messages do not come in")
    say(f"{len(businesses)} businesses and a stranger; everything runs")
    return businesses, wrote


def _dress(stage: OneMachine, dose: Dose) -> None:
    """A clean stage, and the children told how they are to be."""
    stage.environ |= {
        "FAULTS_MUTATION": dose.mutation,
        "FAULTS_QUICK": "1" if dose.quick else "0",
        "FAULTS_LEASE": str(dose.lease_seconds),
    }
    stage.control("DELETE", "state")
    stage.flush_redis()
    if dose.mutation in SCHEMA:
        stage.sql(SCHEMA[dose.mutation])


def settle(stage: Stage, dose: Dose, records: Records, begin: float, say: Say) -> Verdict:
    """Peace: wait until nothing is under way, look once for what was missed, let nothing more
    begin, and check."""
    if dose.weather is not None:
        # Until all have been out in it.
        with suppress(Hangs):
            until(lambda: not _rows(stage, "queued", "sending"), 5, "")
    stage.control("DELETE", "faults")
    stage.hurry("plan", "plan-missed", "dispatch", "judge")
    left, moment = begin + dose.seconds - time.monotonic(), now()
    try:
        _until_quiet(stage, moment, left - 5)
        until(lambda: people.quiet(stage), 20, "the simulator still has something to tell", 0.25)
        stage.run("find_missed")
        # What it found sets off more, such as a rule about what failed.
        stage.hurry("dispatch", "judge")
        _until_quiet(stage, moment, 60)
        stand_still(stage, moment)
        say("settled; every message is looked up")
    except Hangs as hangs:
        say(f"{hangs}; {stage.tell('report')}")
        for line in stage.explain():
            say(line)
        # What is found of it is found of one picture, too.
        end_parts(stage, ("scheduler", *WORKERS), PATIENCE_SECONDS)
    return check(stage, records, moment)


def stand_still(stage: Stage, moment: datetime) -> None:
    """Let nothing begin that is due after the moment, so that what is read of the database and of
    the carrier is one picture: without a timetable, and with workers that ended when nothing was
    under way. Raises Hangs."""
    stage.tell("stop", name="scheduler")
    for _ in range(ROUNDS):
        # A task may have been enqueued, a status told, while we looked.
        _until_quiet(stage, moment, 20)
        end_parts(stage, WORKERS, PATIENCE_SECONDS)
        until(lambda: people.quiet(stage), 20, "the simulator still has something to tell", 0.25)
        if not waiting(stage, moment) and not _rows(stage, *UNDER_WAY):
            return
        start_parts(stage, WORKERS)
    raise Hangs("whenever the workers end, messages are under way")


def _until_quiet(stage: Stage, moment: datetime, seconds: float) -> None:
    """Until nothing that was due then waits, and no message is under way. Raises Hangs."""
    until(
        lambda: not waiting(stage, moment) and not _rows(stage, *UNDER_WAY),
        seconds,
        "messages are still under way",
        0.25,
    )


def _heard(stage: Stage) -> int:
    # Rules may have answered some by now.
    return int(stage.sql("SELECT count(*) FROM message WHERE direction = 'inbound'")[0][0])


def _rows(stage: Stage, *statuses: str) -> int:
    query = "SELECT count(*) FROM message WHERE status::text = ANY(%s)"
    return int(stage.sql(query, list(statuses))[0][0])
