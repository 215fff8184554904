"""Somebody telephones a business: its webhooks are called in Twilio's order, and obeyed."""

import time
import xml.etree.ElementTree as ET
from dataclasses import asdict, replace
from typing import Literal, get_args

from app.simulator.delivery import webhooks
from app.simulator.records import Call, Number, new_sid
from app.simulator.simulator import Simulator
from app.simulator.telephones import twiml, voice_fields

Ending = Literal["answered", "voicemail", "busy", "no-answer", "hangs-up"]
ENDINGS: tuple[Ending, ...] = get_args(Ending)
TALK_SECONDS = 42


def ending(text: str) -> Ending:
    """What is to become of a call. Raises ValueError."""
    if text not in ENDINGS:
        raise ValueError(f"outcome must be one of {', '.join(ENDINGS)}, not {text!r}")
    return text


def place(sim: Simulator, phone: str, business: str, outcome: Ending) -> Call:
    """The telephone calls the business; what comes of it follows beside."""
    now = time.time()
    number = sim.state.numbers.get(business) or sim.put_number(business, now)
    call = Call(new_sid("CA"), number.account_sid, business, phone, created=now)
    _keep(sim, call)
    sim.scheduler.post(lambda: Line(sim, number, call, outcome).run(), urgent=True)
    return call


def _keep(sim: Simulator, call: Call) -> None:
    sim.state.record("call", asdict(call))


class Line:
    """One call, from its ringing to its end.
    https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application"""

    def __init__(self, sim: Simulator, number: Number, call: Call, outcome: Ending) -> None:
        self._sim = sim
        self._number = number
        self._call = call
        self._outcome = outcome
        self._child = new_sid("CA")

    def run(self) -> None:
        self._obey(self._post(self._number.voice_url, CallStatus="ringing"))
        talked = self._call.dialed == "completed"
        # Whoever was neither connected nor spoken to was never answered by Twilio.
        status = "completed" if talked or self._call.heard else "no-answer"
        seconds = TALK_SECONDS if talked else len(self._call.heard)
        if self._number.status_callback:
            over = voice_fields.over(seconds, time.time())
            self._post(self._number.status_callback, CallStatus=status, **over)
        self._note(status=status, seconds=seconds, ended=time.time())

    def _obey(self, verbs: list[ET.Element]) -> None:
        for verb in verbs:
            if verb.tag == "Say":
                self._note(heard=[*self._call.heard, verb.text or ""])
            elif verb.tag == "Dial" and self._outcome == "hangs-up":
                self._note(child=self._child, child_status="canceled")
                return
            elif verb.tag == "Dial":
                self._obey(self._dial(verb))
                return

    def _dial(self, verb: ET.Element) -> list[ET.Element]:
        """Ring the telephone; what is to be done when that is over."""
        number = verb.find("Number")
        rung = verb.text if number is None else number.text
        picked_up = self._outcome in ("answered", "voicemail")
        bridged = picked_up and self._takes(number, rung or "")
        status = "completed" if picked_up else self._outcome
        talked = TALK_SECONDS * picked_up
        self._note(rang=rung or "", dialed="completed" if bridged else "no-answer")
        self._note(child=self._child, child_status=status, child_seconds=talked)
        action = verb.get("action")
        fields = voice_fields.dialed(self._child, status, bridged, talked)
        return self._post(action, CallStatus="in-progress", **fields) if action else []

    def _takes(self, number: ET.Element | None, rung: str) -> bool:
        """Whether whoever picked up is connected; where they are asked, a voicemail is not."""
        url = None if number is None else number.get("url")
        if not url:
            return True
        child = {"CallSid": self._child, "To": rung, "Called": rung, "CallStatus": "in-progress"}
        asked = [verb for verb in self._post(url, **child) if verb.tag == "Gather"]
        if not asked:
            return True
        if self._outcome == "voicemail":
            return False
        pressed = self._post(asked[0].get("action") or url, Digits="1", **child)
        return all(verb.tag not in ("Gather", "Hangup", "Reject") for verb in pressed)

    def _post(self, url: str, **more: str) -> list[ET.Element]:
        """The verbs that the product answers."""
        if not url:
            self._note(problem="no voice URL is set for this number")
            return []
        form = voice_fields.fields(self._call) | more
        token = self._sim.settings.tokens.get(self._call.account_sid, "")
        outcome, verbs = twiml.verbs(webhooks.send(webhooks.Post(url, form, token)))
        if not outcome.ok:
            self._note(problem=outcome.problem)
        return verbs

    def _note(self, **fields: object) -> None:
        self._call = replace(self._call, **fields)  # type: ignore[arg-type]
        _keep(self._sim, self._call)
