"""Every promise, checked row by row against the telephones and what was answered."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from app.lib.message_status import MessageStatus
from faults import automatic, receivers, rules_kept, social, town, visitors
from faults.evidence import gather
from faults.records import Records
from faults.stage import Stage
from faults.town import STRANGER

RANK = {status.value: rank for rank, status in enumerate(MessageStatus)}
UNDER_WAY = ("queued", "sending", "checking")
GONE_OUT = ("accepted", "sent", "delivered", "read")
ARRIVED = ("delivered", "read")
NOT_GONE = ("failed", "cancelled")
Taken = dict[str, list[Any]]
"""What the carrier has under each of our ids."""


@dataclass
class Verdict:
    accepted: int = 0
    """Messages of staff that the product took, it said so or has them; and automatic ones."""
    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    failed: int = 0
    stuck: int = 0
    """Still queued, sending or checking after the settling."""
    misjudged: int = 0
    """Failed or taken back, it says, but on the telephone; or lower than a callback told."""
    miscounted: int = 0
    reconciled: int = 0
    """Looked for in the carrier's list."""
    unneeded: int = 0
    """The same where no call went wrong: a restart left them in doubt."""
    unclean: int = 0
    """Processes that were asked to end and had to be killed, or ended with an error."""
    strangers: int = 0
    """Rows and messages that nobody asked for."""
    stale: int = 0
    """Automatic messages that did not hold any more when their call began."""
    unwanted: int = 0
    """Messages to somebody whose STOP the product had taken before their call began."""
    notifications: dict[str, int] = field(default_factory=dict)
    """What became of automatic messages (automatic.py); lost and doubled count above, too."""
    rules: dict[str, int] = field(default_factory=dict)
    """What became of what happened (rules_kept.py); likewise."""
    told: dict[str, int] = field(default_factory=dict)
    """What businesses' own systems were told (receivers.py), likewise."""
    webhooks: int = 0
    """Customers' messages by webhooks of the run that were answered with 2xx."""
    inbound: int = 0
    inbound_lost: int = 0
    """Customers' messages that we said we have, and do not; among the lost."""
    recovered: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        bad = (self.lost, self.doubled, self.stuck, self.misjudged, self.miscounted, self.strangers)
        return not any((*bad, self.unneeded, self.unclean, self.stale, self.unwanted))

    def json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key != "notes"}

    def note(self, what: str) -> None:
        if len(self.notes) < 20:
            self.notes.append(what)


def check(stage: Stage, records: Records, moment: datetime) -> Verdict:
    """All promises; what was due at the moment is to be settled."""
    verdict = Verdict()
    carried = stage.control("GET", "messages")["messages"]
    taken = defaultdict(list)
    for each in carried:
        if each["direction"] != "inbound":
            taken[(each["status_callback"] or "").rpartition("mid=")[2]].append(each)
    for public_id, each in (*social.taken(stage), *visitors.taken(stage, records.panels)):
        taken[public_id].append(each)
    notifications = automatic.judge(gather(stage, taken, records), moment)
    rules = rules_kept.judge(stage, moment)
    told = receivers.judge(stage, [each.slug for each in town.load(stage.folder)])
    verdict.notifications, verdict.rules = notifications.json(), rules.json()
    verdict.told = told.json()
    for figures in (notifications, rules, told):
        _add(verdict, figures)
    _unwanted(verdict, stage, taken, records)
    _outbound(verdict, stage, taken, records)
    _posts(verdict, stage, records)
    texts = [each for each in carried if each["direction"] == "inbound"]
    _inbound(verdict, stage, [*texts, *social.heard(stage)], records)
    _counts(verdict, stage)
    _strangers(verdict, stage)
    verdict.reconciled = stage.sql("SELECT count(*) FROM message WHERE checks > 0")[0][0]
    return verdict


def _add(
    verdict: Verdict, figures: automatic.Figures | rules_kept.Figures | receivers.Told
) -> None:
    """What broke there counts here; figures have those of the kinds that they can find."""
    for kind in ("lost", "doubled", "stale", "stuck", "strangers"):
        setattr(verdict, kind, getattr(verdict, kind) + getattr(figures, kind, 0))
    for note in figures.notes:
        verdict.note(note)


def _unwanted(verdict: Verdict, stage: Stage, taken: Taken, records: Records) -> None:
    """What was begun to be sent to those of whom the product knew that they had said STOP."""
    rows = stage.sql(
        "SELECT slug, recipient, attempted_at, public_id::text FROM message"
        " JOIN tenant ON tenant.id = tenant_id"
        " WHERE direction = 'outbound' AND channel IN ('sms', 'rcs')"
    )
    stops = {(each.slug, each.number): each.at for each in records.stops}
    for slug, number, at, public_id in rows:
        stopped = stops.get((slug, number))
        if stopped and public_id in taken and at > stopped:
            verdict.unwanted += 1
            verdict.note(f"unwanted: {public_id} left at {at}, after the STOP of {stopped}")


def _outbound(verdict: Verdict, stage: Stage, taken: Taken, records: Records) -> None:
    """Each row against what the carrier took under its id."""
    rows = stage.sql(
        "SELECT public_id::text, status::text, coalesce(error, '') FROM message"
        " WHERE direction = 'outbound'"
    )
    for public_id, status, error in rows:
        verdict.accepted += 1
        _one(verdict, public_id, status, error, taken.pop(public_id, []))
        told = records.heard.get(public_id)
        if told and RANK[status] < RANK[told.value]:
            verdict.misjudged += 1
            verdict.note(f"{public_id} is {status}, though a callback told {told}")
    verdict.strangers += len(taken)


def _one(verdict: Verdict, public_id: str, status: str, error: str, taken: list[Any]) -> None:
    said = f"{public_id} is {status}, and the carrier has {[each['status'] for each in taken]}"
    verdict.unknown += status == "unknown"
    verdict.failed += status == "failed"
    if len(taken) > 1:
        verdict.doubled += len(taken) - 1
        verdict.note(f"doubled: {said}")
    if status in UNDER_WAY:
        verdict.stuck += 1
        verdict.note(f"stuck: {said}")
    elif (status in GONE_OUT and not taken) or (status in ("failed", "unknown") and not error):
        verdict.lost += 1
        verdict.note(f"lost: {said}")
    elif status in NOT_GONE and any(each["status"] in ARRIVED for each in taken):
        verdict.misjudged += 1
        verdict.note(f"misjudged: {said}")


def _posts(verdict: Verdict, stage: Stage, records: Records) -> None:
    """Each text that staff wrote: as many rows as were accepted, and no more than were posted."""
    key = ("slug", "customer_id", "channel", "body")
    posted, accepted = Counter(), Counter()
    for each in records.posted:
        name = tuple(getattr(each, part) for part in key)
        posted[name] += 1
        accepted[name] += bool(each.ids)
    rows = stage.sql(
        # A Messaging Service may have carried a text by RCS.
        "SELECT slug, customer_id, CASE channel WHEN 'rcs' THEN 'sms' ELSE channel END, body,"
        " count(*) FROM message"
        " JOIN tenant ON tenant.id = tenant_id WHERE author_id IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    stored = {tuple(row[:4]): row[4] for row in rows}
    for name in posted:
        missing, more = accepted[name] - stored.get(name, 0), stored.get(name, 0) - posted[name]
        if missing > 0 or more > 0:
            verdict.note(f"{name}: posted {posted[name]}, stored {stored.get(name, 0)}")
        verdict.lost += max(missing, 0)
        verdict.doubled += max(more, 0)
    verdict.strangers += sum(count for name, count in stored.items() if name not in posted)


def _inbound(verdict: Verdict, stage: Stage, texts: list[Any], records: Records) -> None:
    rows = stage.sql(
        "SELECT provider_sid, recovered, count(*) FROM message WHERE direction = 'inbound'"
        " GROUP BY 1, 2"
    )
    stored: Counter[str] = Counter()
    for sid, recovered, count in rows:
        stored[sid] += count
        verdict.recovered += count if recovered else 0
    must = {each["sid"] for each in texts} | {w.sid for w in records.webhooks if w.accepted}
    may = {each.sid for each in records.webhooks}
    verdict.webhooks = sum(each.accepted for each in records.webhooks)
    verdict.inbound = sum(stored.values())
    verdict.inbound_lost = len(must - set(stored))
    verdict.lost += verdict.inbound_lost
    verdict.doubled += sum(count - 1 for count in stored.values())
    verdict.strangers += len(set(stored) - must - may)
    for sid in list(must - set(stored))[:3]:
        verdict.note(f"lost: the customer's message {sid}")


def _counts(verdict: Verdict, stage: Stage) -> None:
    """The counters against the rows that they count."""
    wrong = stage.sql(
        """
        WITH rows AS (
            SELECT tenant_id, channel, direction, count(*) AS n FROM message GROUP BY 1, 2, 3
        ), totals AS (
            SELECT tenant_id, channel, direction,
                   sum(messages) FILTER (WHERE day = '0001-01-01') AS in_all,
                   sum(messages) FILTER (WHERE day > '0001-01-01') AS by_day
            FROM message_count GROUP BY 1, 2, 3
        )
        SELECT tenant_id, channel, direction, n, in_all, by_day
        FROM rows FULL JOIN totals USING (tenant_id, channel, direction)
        WHERE n IS DISTINCT FROM in_all OR n IS DISTINCT FROM by_day
        """
    )
    wrong += stage.sql(
        """
        -- A call that was told missed first and answered later may still count.
        SELECT talk.tenant_id, talk.customer_id, talk.unread_count, heard, missed, answered
        FROM conversation AS talk, LATERAL (
            SELECT count(*) AS heard FROM message
            WHERE tenant_id = talk.tenant_id AND customer_id = talk.customer_id
              AND direction = 'inbound'
        ), LATERAL (
            SELECT count(*) FILTER (WHERE outcome = 'missed') AS missed,
                   count(*) FILTER (WHERE outcome = 'answered') AS answered
            FROM call WHERE tenant_id = talk.tenant_id AND customer_id = talk.customer_id
        )
        WHERE talk.unread_count NOT BETWEEN heard + missed AND heard + missed + answered
        """
    )
    wrong += stage.sql(
        """
        SELECT customer_id FROM message
        UNION SELECT customer_id FROM call WHERE outcome = 'missed' AND customer_id IS NOT NULL
        EXCEPT SELECT customer_id FROM conversation
        """
    )
    verdict.miscounted += len(wrong)
    for row in wrong[:5]:
        verdict.note(f"miscounted: {row}")


def _strangers(verdict: Verdict, stage: Stage) -> None:
    found = stage.sql(
        "SELECT count(*) FROM message JOIN tenant ON tenant.id = tenant_id"
        " WHERE slug = %s OR channel IN ('sms', 'whatsapp')"
        " AND CASE direction WHEN 'inbound' THEN recipient ELSE sender END <> sms_from",
        STRANGER,
    )
    verdict.strangers += found[0][0]
