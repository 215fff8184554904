"""Messages flow, both ways, evenly over the run."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from random import Random

import requests

from app.lib.time.clock import now
from faults import bookings, people, social, staff, visitors
from faults.dose import Dose
from faults.records import Booked, Posted, Records
from faults.stage import Stage
from faults.town import CUSTOMERS, ON_CHAT, ON_META, ON_WHATSAPP, STOPPING, Business, phone

WRITERS = 8
CALLERS = 3
BOOKERS = 8
# So many of what is booked is for the children of a family, who share a telephone.
FAMILIES = 0.3
# Words that go to the same customer again and again: a listing cannot tell them apart.
SAME_WORDS = ("Ok!", "See you tomorrow.")


@dataclass
class Pace:
    """Hands out the next piece of work when its time has come; None when there is no more."""

    amount: int
    begin: float
    seconds: float
    until: float
    done: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()

    def take(self) -> int | None:
        with self._lock:
            if self.done >= self.amount or time.monotonic() > self.until:
                return None
            number, self.done = self.done, self.done + 1
        due = self.begin + self.seconds * number / self.amount
        time.sleep(max(0.0, due - time.monotonic()))
        return number


class Traffic:
    """Threads that write, from start() until all is written or the time is over."""

    def __init__(
        self, stage: Stage, dose: Dose, businesses: list[Business], records: Records
    ) -> None:
        self._stage, self._dose, self._records = stage, dose, records
        self._businesses = businesses
        self._staff = {each.slug: staff.sign_in(stage.web, each) for each in businesses}
        # Those who are not answered in time are given up with the settling.
        begin, seconds = time.monotonic(), dose.traffic_seconds
        self.until = begin + seconds * 1.2 + 15
        self._outbound = Pace(dose.messages, begin, seconds * 0.95, self.until)
        self._inbound = Pace(dose.inbound, begin, seconds * 0.95, self.until)
        self._appointments = Pace(dose.appointments, begin, seconds * 0.9, self.until)
        self._calls = Pace(dose.calls, begin, seconds * 0.95, self.until)
        stops = min(len(STOPPING) * len(businesses), dose.appointments // 5)
        self._stops = Pace(stops, begin, seconds * 0.95, self.until)
        self._diary = bookings.Diary(now() + timedelta(seconds=seconds), dose.rest_seconds)
        self._threads: list[threading.Thread] = []
        self.texted = 0
        records.panels = visitors.panels(businesses)

    def start(self) -> None:
        for number in range(WRITERS):
            self._thread(self._write, number)
        for number in range(CALLERS):
            self._thread(self._call, number)
        for number in range(BOOKERS):
            self._thread(self._book, number)
        self._thread(self._telephone, 0)
        self._thread(self._stop, 0)
        self._thread(self._repeat, 0)
        self._thread(self._look, 0)

    @property
    def flowing(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(max(0.1, self.until + 15 - time.monotonic()))

    def _thread(self, work: Callable[[Random], None], number: int) -> None:
        dice = Random(f"{self._dose.seed} {work.__name__} {number}")  # noqa: S311
        self._threads.append(
            threading.Thread(target=work, args=(dice,), daemon=True, name=work.__name__)
        )
        self._threads[-1].start()

    def _write(self, dice: Random) -> None:
        while (number := self._outbound.take()) is not None:
            business = dice.choice(self._businesses)
            message = _message(business, number, dice)
            with self._records.lock:
                self._records.posted.append(message)
            who = self._staff[business.slug]
            if self._dose.posts_each > 1:
                staff.press_at_once(who, message, self._records, self._dose.posts_each)
            else:
                staff.write(who, message, self._records, dice, self.until)

    def _call(self, dice: Random) -> None:
        while (number := self._inbound.take()) is not None:
            business = dice.choice(self._businesses)
            if dice.random() < 0.5 or self._dose.copies > 1:
                people.call_webhook(
                    self._stage, business, self._records, dice, self._dose.copies, self.until
                )
            else:
                self._text(business, number, dice)
            if number % 50 == 0 and (wrong := people.forge(self._stage)):
                self._records.surprise(wrong)

    def _text(self, business: Business, number: int, dice: Random) -> None:
        if dice.random() < 0.15:
            social.write(self._stage, business, dice.choice(list(ON_META)), f"question {number}")
            self.texted += 1
            return
        if dice.random() < 0.1:
            visitors.write(self._stage, business, f"question {number}", self._records, dice)
            return
        by_phone = "rcs" if business.service and dice.random() < 0.4 else "sms"
        channel = "whatsapp" if dice.random() < 0.2 else by_phone
        if dice.random() < 0.3:
            people.switch_rcs(self._stage, people.anybody(dice), dice.random() < 0.5)
        # «C» confirms what they were asked about, if they were.
        body = "C" if dice.random() < 0.2 else f"question {number}"
        people.text(self._stage, business, people.anybody(dice), channel, body)
        self.texted += 1

    def _book(self, dice: Random) -> None:
        while (number := self._appointments.take()) is not None:
            business = dice.choice(self._businesses)
            who = self._staff[business.slug]
            if dice.random() < FAMILIES:
                family = [
                    Booked(business.slug, id_, f"booking {number} of {name}", attendee=name)
                    for id_, name in dice.choice(business.families)
                ]
                self._records.booked_now(*family)
                bookings.live_together(who, family, self._diary, self._records, dice)
                continue
            booked = Booked(business.slug, dice.choice(business.customer_ids), f"booking {number}")
            self._records.booked_now(booked)
            bookings.live(who, booked, self._diary, self._records, dice)

    def _telephone(self, dice: Random) -> None:
        while self._calls.take() is not None:
            business = dice.choice(self._businesses)
            people.telephone(self._stage, business, self._records, dice, self.until)

    def _stop(self, dice: Random) -> None:
        while (number := self._stops.take()) is not None:
            index, which = divmod(number, len(self._businesses))
            address = phone(STOPPING[index])
            people.stop(self._stage, self._businesses[which], address, self._records, self.until)

    def _repeat(self, dice: Random) -> None:
        """Callbacks that come again, the wrong way round."""
        numbers: Iterator[str] = cycle(phone(index) for index in range(CUSTOMERS))
        while self._others_are_at_work():
            # Where the simulator is busy, another time.
            with suppress(requests.RequestException):
                people.tell_belated(self._stage, next(numbers), self._records, dice)
            time.sleep(self._dose.traffic_seconds / 100)

    def _look(self, _dice: Random) -> None:
        """The panels of visitors are open, and look again and again."""
        while self._others_are_at_work():
            visitors.look(self._stage, self._records.panels)
            time.sleep(1)

    def _others_are_at_work(self) -> bool:
        waits = (self._repeat.__name__, self._look.__name__)
        return any(each.is_alive() for each in self._threads if each.name not in waits)


def _message(business: Business, number: int, dice: Random) -> Posted:
    index = dice.randrange(CUSTOMERS)
    channel = "whatsapp" if index < ON_WHATSAPP and dice.random() < 0.3 else "sms"
    if index in ON_CHAT and dice.random() < 0.7:
        channel = "webchat"
    if index in ON_META and dice.random() < 0.7:
        channel = ON_META[index]
    same = dice.random() < 0.1
    body = dice.choice(SAME_WORDS) if same else f"answer {number}"
    if channel == "instagram" and dice.random() < 0.2:
        # It takes several calls.
        body += " für Ihre Anfrage" * 80
    token = f"{number}-{dice.getrandbits(64):x}"
    return Posted(business.slug, business.customer_ids[index], channel, body, token)
