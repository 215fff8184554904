"""Each thing's status changes in one file, which holds the table: messages, notifications,
conversations, runs of rules, deliveries of webhooks, imports, exports, broadcasts."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.automation import transitions as runs
from app.automation.webhooks import transitions as webhooks
from app.broadcasts import transitions as broadcasts
from app.exports import transitions as exports
from app.imports import transitions as imports
from app.inbox import conversation_transitions as conversations
from app.lib.message_status import MessageStatus
from app.lib.state_machine import Move, diagram
from app.models import (
    BroadcastStatus,
    ConversationState,
    DeliveryStatus,
    ExportStatus,
    ImportStatus,
    NotificationStatus,
    RunStatus,
)
from app.notifications import transitions as notifications
from app.outbox import transitions as messages
from scripts.state_diagrams import ARCHITECTURE, drawn

PROJECT = Path(__file__).parents[2]
PACKAGES = ("app", "admin_views", "jobs")
ALLOWED = {
    "app/automation/transitions.py",
    "app/automation/webhooks/transitions.py",
    "app/broadcasts/transitions.py",
    "app/exports/transitions.py",
    "app/imports/transitions.py",
    "app/notifications/transitions.py",
    "app/outbox/transitions.py",
}
# A program of its own, with records of its own.
APART = "app/simulator/"
# What a customer does is written with what they said.
BY_INBOUND_STATEMENTS = {"begin", "hear"}
# Of a conversation; together they are its state.
LIFE = {"closed_at", "snoozed_until", "waiting_since", "waited_since"}
STATUSES = {
    "BroadcastStatus",
    "DeliveryStatus",
    "ExportStatus",
    "ImportStatus",
    "MessageStatus",
    "NotificationStatus",
    "RunStatus",
}


def code() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((PROJECT / package).rglob("*.py")):
            name = str(path.relative_to(PROJECT))
            if name not in ALLOWED and not name.startswith(APART):
                yield name, path.read_text()


def writes(source: str) -> list[int]:
    """The lines that give a row a status."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt | ast.expr) and _writes(node)
    ]


def _writes(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=targets):
            inner = (each for target in targets for each in ast.walk(target))
            return any(isinstance(each, ast.Attribute) and each.attr == "status" for each in inner)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return isinstance(target, ast.Attribute) and target.attr == "status"
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="status"), *_]):
            return True
        case ast.Call(func=function, keywords=keywords):
            return _makes_rows(function) and any(each.arg == "status" for each in keywords)
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return any(_is_status(key) and _names_a_status(value) for key, value in pairs)
    return False


def _makes_rows(function: ast.expr) -> bool:
    """Message(…) and its kin, and insert(…).values(…), update(…).values(…)."""
    match function:
        case ast.Name(
            id="AutomationRun"
            | "Broadcast"
            | "FileImport"
            | "Message"
            | "Notification"
            | "TenantExport"
            | "WebhookDelivery"
        ):
            return True
        case ast.Attribute(attr="values", value=inner):
            tables = {each.id for each in ast.walk(inner) if isinstance(each, ast.Name)}
            return not tables & {"Media", "DeadLetter", "Appointment"}
    return False


def _is_status(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "status"


def _names_a_status(value: ast.expr) -> bool:
    return any(isinstance(each, ast.Name) and each.id in STATUSES for each in ast.walk(value))


def test_nothing_else_writes_a_status() -> None:
    found = {f"{name}:{line}" for name, source in code() for line in writes(source)}
    assert found == set()


@pytest.mark.parametrize(
    "line",
    [
        "message.status = status",
        "row.status, row.cause = status, cause",
        'setattr(row, "status", status)',
        "update(Message).where(mine).values(status=status)",
        "Message(status=MessageStatus.QUEUED)",
        "Notification(type=kind, status=status)",
        "AutomationRun(status=RunStatus.DONE)",
        "WebhookDelivery(status=status)",
        'values = {"status": MessageStatus.FAILED if broke else MessageStatus.QUEUED}',
    ],
)
def test_a_write_elsewhere_would_be_seen(line: str) -> None:
    assert writes(line) == [1]


def test_only_the_inbound_statement_writes_messages_in_sql() -> None:
    texts = {
        str(path.relative_to(PROJECT)): path.read_text()
        for package in PACKAGES
        for path in (PROJECT / package).rglob("*.sql")
    }
    into = {name for name, text in texts.items() if "INTO message (" in text}
    changed = {name for name, text in texts.items() if "UPDATE message " in text}
    assert (into, changed) == ({"app/inbound/receive.sql"}, set())
    assert "'inbound', 'received'" in texts["app/inbound/receive.sql"]


@pytest.mark.parametrize(
    ("module", "all_states"),
    [
        (messages, set(MessageStatus) - {MessageStatus.RECEIVED}),
        (notifications, set(NotificationStatus)),
        (runs, set(RunStatus)),
        (webhooks, set(DeliveryStatus)),
        (conversations, set(ConversationState)),
        (imports, set(ImportStatus)),
        (exports, set(ExportStatus)),
        (broadcasts, set(BroadcastStatus)),
    ],
)
def test_every_state_has_a_meaning_and_a_way_in(
    module: ModuleType,
    all_states: set[str],
) -> None:
    moves: dict[str, Move] = module.MOVES
    assert set(module.STATES) == all_states
    assert {target for move in moves.values() for target in move.targets} == all_states
    assert {origin for move in moves.values() for origin in move.origins} <= all_states


@pytest.mark.parametrize(
    "module", [messages, notifications, runs, webhooks, conversations, imports, exports, broadcasts]
)
def test_the_table_names_the_functions_that_make_its_moves(module: ModuleType) -> None:
    here = inspect.getmembers(module, inspect.isfunction)
    functions = {name for name, one in here if one.__module__ == module.__name__}
    used = set(re.findall(r'_(?:move|in)\("(\w+)"', inspect.getsource(module)))
    assert set(module.MOVES) - BY_INBOUND_STATEMENTS <= functions | used
    assert used <= set(module.MOVES)


def test_the_pictures_are_those_of_the_tables() -> None:
    document = ARCHITECTURE.read_text()
    assert drawn(document) == document
    assert diagram(messages.MOVES) in document
    assert diagram(notifications.MOVES) in document
    assert diagram(runs.MOVES) in document
    assert diagram(webhooks.MOVES) in document
    assert diagram(conversations.MOVES) in document
    assert diagram(imports.MOVES) in document
    assert diagram(exports.MOVES) in document
    assert diagram(broadcasts.MOVES) in document


def lives(source: str) -> list[int]:
    """The lines that give a conversation a state."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Assign(targets=[ast.Attribute(attr=name)]) if name in LIFE:
                found.append(node.lineno)
            case ast.Call(keywords=keywords) if {each.arg for each in keywords} & LIFE:
                found.append(node.lineno)
            case ast.Call(func=ast.Attribute(attr="values"), args=[ast.Dict(keys=keys)]):
                named = {key.value for key in keys if isinstance(key, ast.Constant)}
                found += [node.lineno] if named & LIFE else []
    return found


def test_nothing_else_writes_the_state_of_a_conversation() -> None:
    found = {f"{name}:{line}" for name, source in code() for line in lives(source)}
    assert {name.partition(":")[0] for name in found} == {"app/inbox/conversation_transitions.py"}


@pytest.mark.parametrize(
    "line",
    [
        "talk.closed_at = now",
        "update(Conversation).where(mine).values(snoozed_until=None)",
        'update(Conversation).values({"waiting_since": None})',
    ],
)
def test_a_conversation_that_is_moved_elsewhere_would_be_seen(line: str) -> None:
    assert lives(line) == [1]


def test_what_a_customer_does_only_says_that_they_wait() -> None:
    """So a webhook knows nothing of what staff have done with the conversation."""
    texts = {path.name: path.read_text() for path in (PROJECT / "app").rglob("*.sql")}
    who = {column: {name for name, text in texts.items() if column in text} for column in LIFE}
    waiting = who.pop("waiting_since")
    assert waiting == {"receive.sql", "incoming_calls.sql", "taken.sql"}
    assert set.union(*who.values()) == set()
