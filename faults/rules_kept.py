"""The promises of rules: each thing that happened is judged once by each rule of it, and each run
did what it says, once."""

from dataclasses import asdict, dataclass, field
from datetime import datetime

from faults.evidence import RULE
from faults.stage import Stage
from faults.town import STRANGER


@dataclass
class Figures:
    """Of events, of the runs that came of them, and of what these did."""

    events: int = 0
    runs: int = 0
    done: int = 0
    texts: int = 0
    lost: int = 0
    """Events that are not there, or not judged; runs that are not; what a run did, it says, and is
    not there."""
    doubled: int = 0
    """What is there more often than runs did it."""
    strangers: int = 0
    """What a run did that failed by a fault of ours, and what a stranger's rules did."""
    notes: list[str] = field(default_factory=list)

    def json(self) -> dict[str, int]:
        return {key: value for key, value in asdict(self).items() if key != "notes"}

    def count(self, what: str, kind: str, many: int) -> None:
        if many:
            setattr(self, kind, getattr(self, kind) + many)
            self.notes.append(f"{kind}: {many} {what}")


def judge(stage: Stage, moment: datetime) -> Figures:
    """What was due at the moment has to be settled."""
    figures = Figures(*(int(stage.sql(query)[0][0]) for query in COUNTS))
    for what, (kind, query) in PROMISES.items():
        values = {"moment": moment, "rule": RULE, "stranger": STRANGER}
        figures.count(what, kind, int(stage.named(query, **values)[0][0]))
    return figures


COUNTS = (
    "SELECT count(*) FROM automation_event",
    "SELECT count(*) FROM automation_run",
    "SELECT count(*) FROM automation_run WHERE status = 'done'",
    "SELECT count(*) FROM message WHERE client_token LIKE 'rule:%'",
)
# Each counts what breaks it.
PROMISES = {
    "messages of customers without an event": (
        "lost",
        """
        SELECT count(*) FROM message
        WHERE direction = 'inbound' AND NOT recovered AND created_at <= %(moment)s
          AND NOT EXISTS (SELECT FROM automation_event
                          WHERE found_in = message.id AND type = 'message.received')
        """,
    ),
    "missed calls without an event": (
        "lost",
        """
        SELECT count(*) FROM call
        WHERE outcome = 'missed' AND customer_id IS NOT NULL AND missed_at <= %(moment)s
          AND NOT EXISTS (SELECT FROM automation_event
                          WHERE found_in = call.id AND type = 'call.missed')
        """,
    ),
    "appointments whose booking was not told": (
        "lost",
        """
        SELECT count(*) FROM appointment
        WHERE NOT EXISTS (SELECT FROM automation_event
                          WHERE appointment_id = appointment.id AND type = 'appointment.booked')
        """,
    ),
    "bookings that were told again": (
        "doubled",
        """
        SELECT coalesce(sum(many - 1), 0) FROM (
            SELECT count(*) AS many FROM automation_event
            WHERE type = 'appointment.booked' GROUP BY appointment_id
        ) AS told
        """,
    ),
    "events that nobody judged": (
        "lost",
        """
        SELECT count(*) FROM automation_event WHERE judged_at IS NULL AND due_at <= %(moment)s
        """,
    ),
    "messages that a rule of theirs did not look at": (
        "lost",
        """
        SELECT count(*) FROM automation_event AS event
        JOIN automation_rule AS rule ON rule.tenant_id = event.tenant_id
        WHERE event.type = 'message.received' AND event.at <= %(moment)s
          AND rule.trigger = 'customer_wrote' AND rule.enabled
          AND NOT EXISTS (SELECT FROM automation_run
                          WHERE rule_id = rule.id AND event_id = event.id)
        """,
    ),
    "runs that our own code broke, or that wait for nothing": (
        "strangers",
        "SELECT count(*) FROM automation_run WHERE status IN ('failed', 'waiting', 'void')",
    ),
    "runs that are done and left no note": (
        "lost",
        """
        SELECT coalesce(sum(greatest(done - noted, 0)), 0) FROM (
            SELECT (SELECT count(*) FROM automation_run
                    WHERE rule_id = rule.id AND status = 'done') AS done,
                   (SELECT count(*) FROM note WHERE note.rule_id = rule.id) AS noted
            FROM automation_rule AS rule
        ) AS rules
        """,
    ),
    "notes more than runs are done": (
        "doubled",
        """
        SELECT coalesce(sum(greatest(noted - done, 0)), 0) FROM (
            SELECT (SELECT count(*) FROM automation_run
                    WHERE rule_id = rule.id AND status = 'done') AS done,
                   (SELECT count(*) FROM note WHERE note.rule_id = rule.id) AS noted
            FROM automation_rule AS rule
        ) AS rules
        """,
    ),
    "runs that sent a text, they say, and have none": (
        "lost",
        """
        SELECT count(*) FROM automation_run AS run
        WHERE status = 'done' AND done::text LIKE '%%Sent a text%%'
          AND NOT EXISTS (SELECT FROM message WHERE client_token = %(rule)s || run.id)
        """,
    ),
    "texts of runs that are not done": (
        "doubled",
        """
        SELECT count(*) FROM message
        WHERE client_token LIKE %(rule)s || '%%'
          AND NOT EXISTS (SELECT FROM automation_run AS run
                          WHERE status = 'done' AND client_token = %(rule)s || run.id)
        """,
    ),
    "runs of the stranger": (
        "strangers",
        """
        SELECT count(*) FROM automation_run JOIN tenant ON tenant.id = tenant_id
        WHERE slug = %(stranger)s
        """,
    ),
}
