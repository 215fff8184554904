"""What pages say where there is nothing yet, and what to do about it: a row a page."""

from typing import NamedTuple

from flask import url_for

from app.web.guards import access


class Deed(NamedTuple):
    button: str
    endpoint: str
    kind: str | None = None
    """What is imported there."""


class Nothing(NamedTuple):
    sentence: str
    deeds: tuple[Deed, ...] = ()


CONNECTION = Deed("Check the connection", "messaging_health.index")
WRITE = Deed("Write to a customer", "inbox.new")
BOOK = Deed("Book an appointment", "calendar.new")


def _import(kind: str, label: str) -> Deed:
    return Deed(f"Import {label}", "imports.index", kind)


# By the endpoint of the page; of a panel, by its own.
NOTHING = {
    "inbox": Nothing(
        "Nobody has written yet. What your customers write appears here by itself.",
        (CONNECTION, WRITE),
    ),
    "customers": Nothing(
        "No customers yet. Whoever writes or rings becomes one by themselves; those whom"
        " another program knows come by a file.",
        (
            Deed("Add a customer", "customers.create_view"),
            _import("customers", "customers"),
        ),
    ),
    "appointments": Nothing(
        "No appointments here. Whoever has one is reminded of it by itself.",
        (BOOK, _import("appointments", "appointments")),
    ),
    "calendar": Nothing(
        "Add who serves your customers: each has a column here.",
        (Deed("Add a staff member", "staff_members.create_view"),),
    ),
    "working_hours": Nothing(
        "Nobody takes appointments yet. Add who does, then say when.",
        (Deed("Add a staff member", "staff_members.create_view"),),
    ),
    "calls": Nothing(
        "No calls yet. Whoever rings your number is listed here, and is texted if nobody answers.",
        (CONNECTION,),
    ),
    "messages": Nothing("No messages yet, either way.", (WRITE, CONNECTION)),
    "services": Nothing(
        "No services yet. One has a name and a length, and is chosen when somebody books.",
        (Deed("Add a service", "services.create_view"), _import("services", "services")),
    ),
    "staff_members": Nothing(
        "No staff members yet. Each has a column in the calendar; they need no account.",
        (Deed("Add a staff member", "staff_members.create_view"), _import("staff", "staff")),
    ),
    "whatsapp_templates": Nothing(
        "No templates yet. More than 24 hours after a customer's last message WhatsApp takes"
        " only texts that it has approved: enter those here.",
        (Deed("Enter a template", "whatsapp_templates.create_view"),),
    ),
    "labels": Nothing(
        "No labels yet. They sort conversations, each in its colour.",
        (Deed("Add a label", "labels.create_view"),),
    ),
    "canned_replies": Nothing(
        "No canned replies yet. A text that you write often comes by / and its shortcut.",
        (Deed("Add a reply", "canned_replies.create_view"),),
    ),
    "tomorrow": Nothing(
        "Nothing is to be sent until then. Appointments bring their reminders here.",
        (BOOK, Deed("What is sent, and when", "notifications.index")),
    ),
    "automation_log": Nothing(
        "No rule has looked at anything yet.", (Deed("Turn one on", "automation.index"),)
    ),
    "notices": Nothing(
        "Nothing yet. You are told here when somebody names you in a note (write @ and a name"
        " there), gives you a conversation, or a rule asks for a look.",
        (Deed("Be told elsewhere, too", "alerts.index"),),
    ),
    "tenants": Nothing("No businesses yet.", (Deed("Add a business", "tenants.create_view"),)),
    "sender_numbers": Nothing(
        "No business has a number of its own.", (Deed("Businesses", "tenants.index_view"),)
    ),
}


def nothing_yet(page: str) -> tuple[str, list[tuple[str, str]]] | None:
    """The sentence, and the buttons, with their addresses, that whoever is signed in may press;
    None for a page that has no row here."""
    if page not in NOTHING:
        return None
    sentence, deeds = NOTHING[page]
    may = [deed for deed in deeds if access.may(deed.endpoint)]
    return sentence, [(deed.button, url_for(deed.endpoint, kind=deed.kind)) for deed in may]
