"""The simulator's memory: in RAM under one lock, each change also a line of the journal."""

import shutil
import threading
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.simulator.addresses import WHATSAPP_USER, whatsapp_user
from app.simulator.faults import NORMAL, Faults
from app.simulator.hooks.receivers import Receivers
from app.simulator.journal import Journal, Line
from app.simulator.mail.emails import Email
from app.simulator.mail.letterbox import Letter, Letterboxes
from app.simulator.mail.mailboxes import Mailboxes
from app.simulator.ownership import only_one
from app.simulator.rcs.services import Service
from app.simulator.records import (
    Call,
    Content,
    Json,
    Message,
    Number,
    Phone,
    Site,
    message_from,
)
from app.simulator.social.social_records import Social

Pair = tuple[str, str]


class State:
    def __init__(self, directory: Path) -> None:
        self.lock = threading.RLock()
        self.media_directory = directory / "media"
        self._owner = only_one(directory)
        self._journal = Journal(directory / "journal.jsonl")
        self._forget()
        self._changes: dict[str, Callable[[Json], None]] = {
            "message": self._add_message,
            "change": self._change_message,
            "number": self._put_number,
            "phone": self._put_phone,
            "call": self._put_call,
            "content": self._put_content,
            "service": self._put_service,
            "email": self._add_email,
            "email_change": self._change_email,
            "inbox": self._put_inbox,
            "letter": self._put_letter,
            "receiver": self._put_receiver,
            "told": self._tell_receiver,
            "social_url": lambda data: self.social.put_url(data),
            "social_page": lambda data: self.social.put_page(data),
            "social_person": lambda data: self.social.put_person(data),
            "social_said": lambda data: self.social.say(data),
            "social_change": lambda data: self.social.change(data),
            "site": self._put_site,
            "opt_out": self._opt_out,
            "opt_in": self._opt_in,
            "faults": self._set_faults,
        }
        for line in self._journal.replay():
            self._apply(line)
        self._journal.rewrite(self._snapshot())

    def record(self, op: str, data: Json) -> None:
        """Make a change: written down first, then done, as a restart would do it."""
        with self.lock:
            line = {"op": op, "data": data}
            self._journal.append(line)
            self._apply(line)

    def change(self, message: Message, **fields: Any) -> None:
        self.record("change", {"sid": message.sid, **fields})

    def clear(self) -> None:
        """Forget everything, faults included."""
        with self.lock:
            self._forget()
            self._journal.rewrite([])
            shutil.rmtree(self.media_directory, ignore_errors=True)

    def inbox(self, address: str) -> str:
        """Where what is emailed there is posted; empty: nobody takes it. A key that begins with @
        is a domain, of which every address is taken."""
        domain = "@" + address.rpartition("@")[2]
        return self.inboxes.get(address) or self.inboxes.get(domain, "")

    def telephone(self, address: str) -> str:
        """The number of whoever has that WhatsApp user id; anything else stays as it is."""
        if not WHATSAPP_USER.fullmatch(address):
            return address
        with self.lock:
            return next((each for each in self.phones if whatsapp_user(each) == address), address)

    def close(self) -> None:
        with self.lock:
            self._journal.close()
            self._owner.close()

    def _forget(self) -> None:
        self.order: list[Message] = []
        self.messages: dict[str, Message] = {}
        self.by_to: defaultdict[str, list[Message]] = defaultdict(list)
        self.by_from: defaultdict[str, list[Message]] = defaultdict(list)
        self.by_phone: defaultdict[str, list[Message]] = defaultdict(list)
        self.media_owner: dict[str, Message] = {}
        self.numbers: dict[str, Number] = {}
        self.contents: dict[str, Content] = {}
        self.services: dict[str, Service] = {}
        self.calls: dict[str, Call] = {}
        self.mailboxes = Mailboxes()
        # Where the emails to a business are posted, by its address or its domain.
        self.inboxes: dict[str, str] = {}
        self.letterboxes = Letterboxes()
        self.receivers = Receivers()
        self.social = Social()
        # The businesses' own sites, by slug.
        self.sites: dict[str, Site] = {}
        # The telephone that had a message last comes last.
        self.phones: dict[str, Phone] = {}
        self.unread: defaultdict[str, dict[str, Message]] = defaultdict(dict)
        self.opted_out: set[Pair] = set()
        self.last_whatsapp_in: dict[Pair, float] = {}
        self.faults: Faults = NORMAL

    def _apply(self, line: Line) -> None:
        change = self._changes.get(line.get("op", ""))
        if change is not None:
            change(line["data"])

    def _add_message(self, data: Json) -> None:
        message = message_from({**data, "place": len(self.order)})
        self.order.append(message)
        self.messages[message.sid] = message
        self.by_to[message.to].append(message)
        self.by_from[message.from_].append(message)
        self.by_phone[message.phone].append(message)
        self.media_owner.update({each.sid: message for each in message.media})
        self.phones[message.phone] = self.phones.pop(message.phone, Phone(message.phone))
        if message.inbound and message.channel == "whatsapp":
            self.last_whatsapp_in[message.business, message.phone] = message.created
        self._count_unread(message)

    def _change_message(self, data: Json) -> None:
        message = self.messages.get(data["sid"])
        if message is None:
            return
        moves = "channel" in data
        if moves:
            self.by_to[message.to].remove(message)
            self.by_from[message.from_].remove(message)
        for name, value in data.items():
            setattr(message, name, value)
        if moves:
            insort(self.by_to[message.to], message, key=lambda each: each.place)
            insort(self.by_from[message.from_], message, key=lambda each: each.place)
        self._count_unread(message)

    def _count_unread(self, message: Message) -> None:
        if not message.inbound and message.status == "delivered" and not message.seen:
            self.unread[message.phone][message.sid] = message
        elif message.phone in self.unread:
            self.unread[message.phone].pop(message.sid, None)

    def _put_number(self, data: Json) -> None:
        self.numbers[data["number"]] = Number(**data)

    def _put_content(self, data: Json) -> None:
        self.contents[data["sid"]] = Content(**data)

    def _put_service(self, data: Json) -> None:
        self.services[data["sid"]] = Service(**data)

    def _add_email(self, data: Json) -> None:
        self.mailboxes.add(Email(**data))

    def _change_email(self, data: Json) -> None:
        self.mailboxes.change(**data)

    def _put_inbox(self, data: Json) -> None:
        self.inboxes[data["address"]] = data["url"]

    def _put_letter(self, data: Json) -> None:
        self.letterboxes.put(Letter(**data))

    def _put_receiver(self, data: Json) -> None:
        self.receivers.put(**data)

    def _tell_receiver(self, data: Json) -> None:
        self.receivers.tell(**data)

    def _put_site(self, data: Json) -> None:
        self.sites[data["slug"]] = Site(**data)

    def _put_call(self, data: Json) -> None:
        call = Call(**data)
        self.calls[call.sid] = call
        self.phones.setdefault(call.phone, Phone(call.phone))

    def _put_phone(self, data: Json) -> None:
        phone = Phone(**data)
        known = self.phones.setdefault(phone.number, phone)
        known.name = phone.name
        known.rcs = bool(data.get("rcs", known.rcs))
        known.hidden = bool(data.get("hidden", known.hidden))

    def _opt_out(self, data: Json) -> None:
        self.opted_out.add((data["business"], data["phone"]))

    def _opt_in(self, data: Json) -> None:
        self.opted_out.discard((data["business"], data["phone"]))

    def _set_faults(self, data: Json) -> None:
        self.faults = Faults.read(data)

    def _snapshot(self) -> Iterator[Line]:
        yield {"op": "faults", "data": self.faults.json()}
        for number in self.numbers.values():
            yield {"op": "number", "data": asdict(number)}
        for content in self.contents.values():
            yield {"op": "content", "data": asdict(content)}
        for service in self.services.values():
            yield {"op": "service", "data": asdict(service)}
        for business, phone in self.opted_out:
            yield {"op": "opt_out", "data": {"business": business, "phone": phone}}
        for message in self.order:
            yield {"op": "message", "data": message.json()}
        for call in self.calls.values():
            yield {"op": "call", "data": asdict(call)}
        for address, url in self.inboxes.items():
            yield {"op": "inbox", "data": {"address": address, "url": url}}
        for letter in self.letterboxes.letters:
            yield {"op": "letter", "data": asdict(letter)}
        for site in self.sites.values():
            yield {"op": "site", "data": asdict(site)}
        for op, data in (*self.receivers.lines(), *self.social.lines()):
            yield {"op": op, "data": data}
        for email in self.mailboxes.emails():
            yield {"op": "email", "data": asdict(email)}
        for owner in self.phones.values():
            yield {"op": "phone", "data": asdict(owner)}
