"""Customers on Messenger and Instagram, and what Meta has of them and of us."""

from typing import Any

import requests

from faults.stage import Stage
from faults.town import ON_META, Business, account, page, person

OURS = "kv:"


def introduce(stage: Stage, businesses: list[Business]) -> None:
    """Tell the simulator of the pages, and who writes to them."""
    stage.control("PUT", "social/webhook", url=f"{stage.web}/api/meta/webhook")
    for each in businesses:
        told = {"token": f"token-{each.slug}", "instagram_id": account(each.slug, "instagram")}
        stage.control("PUT", f"social/pages/{page(each.slug)}", **told)
        for index, channel in ON_META.items():
            who = {"kind": channel, "account": account(each.slug, channel)}
            stage.control("PUT", f"social/people/{person(each.slug, index)}", **who)


def open_all(stage: Stage, businesses: list[Business]) -> int:
    """All of them write, so that they can be answered; how many wrote."""
    for business in businesses:
        for index in ON_META:
            write(stage, business, index, "hello")
    return len(businesses) * len(ON_META)


def write(stage: Stage, business: Business, index: int, text: str) -> None:
    stage.control("POST", f"social/people/{person(business.slug, index)}/send", text=text)


def taken(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    """What Meta has of ours, under our own id: of several pieces the last."""
    found = [each for each in _messages(stage) if each["metadata"].startswith(OURS)]
    named = ((each["metadata"].removeprefix(OURS), each) for each in found)
    return [(id_, {"status": "delivered"}) for id_, _ in named if "/" not in id_]


def heard(stage: Stage) -> list[dict[str, Any]]:
    """What customers wrote there, as the simulator's other messages are told."""
    return [{"sid": each["mid"]} for each in _messages(stage) if each["inbound"]]


def quiet(stage: Stage) -> bool:
    """Whether the product was told of all that customers wrote."""
    try:
        return all(each["webhook"] == "delivered" for each in _messages(stage) if each["inbound"])
    except requests.RequestException:
        return False


def _messages(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.control("GET", "social/messages")["messages"]
    return found
