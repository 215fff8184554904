"""What the box of the search finds: customers and messages, for a page and for a program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from flask import url_for

from admin_views.frame import business, page_of
from admin_views.inbox.inbox_address import kept
from admin_views.numbers import pretty
from admin_views.times import business_time
from app.inbox import customer_search
from app.inbox.customer_search import FoundCustomer
from app.lib.text.highlight import Piece, excerpt, marked
from app.lib.time.clock import now
from app.search import found_messages, indexing
from app.search.found_messages import Cursor, Found, FoundMessage
from app.search.ranking import by_customer
from app.search.typed_search import TypedSearch, typed
from app.search.wanted_search import WantedSearch, looked_up

MOST_CUSTOMERS = 8


@dataclass(frozen=True)
class Results:
    typed: TypedSearch
    wanted: WantedSearch
    customers: list[FoundCustomer]
    messages: Found
    groups: Sequence[tuple[FoundCustomer, list[FoundMessage]]]
    """The messages of each customer, the best first."""
    left: int
    """How many per cent of what is older than the index are not in it yet."""

    today: date

    @property
    def nothing(self) -> bool:
        return not (self.customers or self.groups)

    def name(self, customer: FoundCustomer) -> list[Piece]:
        return marked(pretty(customer.name), self.wanted.words)

    def excerpt(self, message: FoundMessage) -> list[Piece]:
        return excerpt(message.text, self.wanted.words)


def results(text: str, mine: int | None, after: str = "") -> Results:
    """For what was typed; after: the cursor of the page before."""
    today = business_time().day(now())
    said = typed(text, today)
    wanted = looked_up(said, mine, business().country, business().timezone)
    cursor = Cursor.parse(after)
    messages = found_messages.page(wanted, cursor)
    groups = by_customer(wanted, messages.messages)
    people = customer_search.named({group[0].customer_id for group in groups})
    return Results(
        said,
        wanted,
        [] if cursor else customers(said.names, MOST_CUSTOMERS),
        messages,
        [(people[group[0].customer_id], group) for group in groups],
        indexing.left(),
        today,
    )


def customers(names: str, count: int) -> list[FoundCustomer]:
    """Those who are meant by it, the best first; nobody by nothing."""
    return customer_search.matching(names, 0, count) if names.strip() else []


def context(args: Mapping[str, str], mine: int | None) -> dict[str, Any]:
    """For a page that shows the results where else the list is."""
    found = results(args["q"], mine, args.get("after", ""))
    return {
        "results": found,
        "most_customers": MOST_CUSTOMERS,
        "kept": kept(args),
        "page_of": page_of,
    }


def customers_json(found: Sequence[FoundCustomer]) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "name": pretty(each.name),
            "addresses": [pretty(address) for address in each.addresses],
            "url": page_of(each.id),
        }
        for each in found
    ]


def results_json(found: Results) -> dict[str, Any]:
    following = found.messages.following
    return {
        "customers": customers_json(found.customers),
        "messages": [
            {
                "id": message.id,
                "customer_id": message.customer_id,
                "name": customer.name,
                "channel": message.channel,
                "direction": message.direction,
                "created_at": message.at.astimezone(UTC).isoformat(),
                "excerpt": "".join(piece.text for piece in found.excerpt(message)),
                "url": url_for("inbox.found", message_id=message.id),
            }
            for customer, messages in found.groups
            for message in messages
        ],
        "by_channel": found.messages.by_channel,
        "unclear": list(found.wanted.unclear),
        "after": str(following) if following else None,
    }
