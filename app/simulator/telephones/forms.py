"""What the pages' forms say, read into the words of the simulator."""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from app.simulator.addresses import Channel, can_send, tidy
from app.simulator.faults import ALL_RATES, Faults
from app.simulator.rcs import services
from app.simulator.records import Phone
from app.simulator.rest.draft import is_web_address
from app.simulator.state import State
from app.simulator.telephones import uploads

NO_NUMBER = "Enter a telephone number, such as (415) 555-0101 or +44 7400 123456."
URLS = {
    "sms_url": "SMS webhook",
    "whatsapp_url": "WhatsApp webhook",
    "fallback_url": "fallback webhook",
    "voice_url": "voice webhook",
    "status_callback": "call status webhook",
}


def business_number(form: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    typed = form.get("number", "").strip()
    number = tidy(typed) or (typed if can_send("sms", typed) else None)
    if number is None:
        raise ValueError(NO_NUMBER)
    fields = {name: form.get(name, "").strip() for name in ("label", *URLS)}
    for name, label in URLS.items():
        if fields[name] and not is_web_address(fields[name]):
            raise ValueError(f"The {label} must be a web address, such as http://127.0.0.1:8000/…")
    return number, fields


def conversation(state: State, phone: Phone, query: Mapping[str, str]) -> tuple[str, Channel]:
    """The conversation asked for, else the last one, else the first business there is."""
    last = next(reversed(state.by_phone.get(phone.number, [])), None)
    business = query.get("with", "").replace(" ", "+")
    if not business:
        oldest = next(iter(state.numbers), "")
        business = last.business if last else oldest
    if service := services.of_sender(state, business):
        business = service.number
    asked = query.get("channel", "")
    if asked == "rcs" and services.of_number(state, business):
        return business, "rcs"
    if asked == "whatsapp" or not phone.number.startswith("+"):
        return business, "whatsapp"
    if asked == "sms" or last is None:
        return business, "sms"
    return business, last.channel


def embedding(form: Mapping[str, str]) -> dict[str, str]:
    """Beside other telephones a page stays without its frame."""
    return {"embed": "1"} if form.get("embed") == "1" else {}


def recipient(form: Mapping[str, str]) -> tuple[str, Channel]:
    business = form.get("with", "")
    if not can_send("sms", business):
        raise ValueError("Choose which business to write to.")
    channel = form.get("channel")
    return business, "rcs" if channel == "rcs" else "whatsapp" if channel == "whatsapp" else "sms"


def called_there(state: State, business: str, channel: Channel) -> str:
    """What the business of that number is called on the channel: by RCS its sender."""
    service = services.of_number(state, business) if channel == "rcs" else None
    return service.sender if service else business


def writing(
    form: Mapping[str, str], files: MultiDict[str, FileStorage]
) -> tuple[str, list[uploads.Upload]]:
    body = form.get("body", "").replace("\r\n", "\n")
    chosen = [each for each in files.getlist("media") if each.filename]
    if len(chosen) > uploads.MOST:
        raise ValueError(f"A message carries {uploads.MOST} files at most.")
    found = [uploads.read(each.read(), each.filename or "") for each in chosen]
    if not body.strip() and not found:
        raise ValueError("Write something, or attach a picture.")
    if len(body) > 1600:
        raise ValueError("A message holds 1600 characters at most.")
    return body, found


def faults_shown(faults: Faults) -> dict[str, Any]:
    """Rates as per cent, rejections a line each."""
    return {
        **{name: f"{getattr(faults, name) * 100:g}" for name in ALL_RATES},
        **dict(zip(("latency_min", "latency_max"), faults.latency_ms, strict=True)),
        **dict(zip(("mail_latency_min", "mail_latency_max"), faults.mail_latency_ms, strict=True)),
        "list_lag_seconds": f"{faults.list_lag_seconds:g}",
        "reject": "\n".join(f"{number} {code}" for number, code in faults.reject.items()),
        "seed": "" if faults.seed is None else faults.seed,
    }


def faults_given(form: Mapping[str, str]) -> dict[str, Any]:
    return {
        **{name: _per_cent(form.get(name, "")) for name in ALL_RATES},
        "latency_ms": [form.get("latency_min", 0), form.get("latency_max", 0)],
        "mail_latency_ms": [form.get("mail_latency_min", 0), form.get("mail_latency_max", 0)],
        "list_lag_seconds": form.get("list_lag_seconds", 0),
        "reject": dict(_rejection(line) for line in form.get("reject", "").splitlines() if line),
        "seed": form.get("seed"),
    }


def _per_cent(typed: str) -> float | str:
    try:
        return float(typed or 0) / 100
    except ValueError:
        return typed


def _rejection(line: str) -> tuple[str, str]:
    number, _, code = line.strip().rpartition(" ")
    found = tidy(number)
    if found is None:
        raise ValueError(f"Each rejection reads: number, space, code. Not {line!r}.")
    return found, code
