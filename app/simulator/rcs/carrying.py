"""By which channel a service's message goes: RCS where the telephone has it, else SMS; under one
SID."""

from dataclasses import replace

from app.simulator.rcs import services
from app.simulator.rcs.services import Service
from app.simulator.records import Message
from app.simulator.rest.draft import Draft
from app.simulator.rest.refusals import TwilioError
from app.simulator.simulator import Simulator

# The telephone cannot be reached by RCS. https://www.twilio.com/docs/api/errors/63036
UNREACHED = 63036


def service_of(sim: Simulator, account_sid: str, draft: Draft) -> Service | None:
    """The service with an RCS sender that sends it. Raises TwilioError where it names a number to
    fall back to and there is no such sender."""
    found = sim.state.services.get(draft.service or "")
    if found and found.account_sid == account_sid and found.sender:
        return found
    if draft.fallback:
        raise TwilioError(21667)
    return None


def carried(sim: Simulator, draft: Draft, service: Service | None) -> Draft:
    """The draft as it goes: by RCS, from the service's sender; or from the number it falls back
    to."""
    if service is None or draft.channel == "whatsapp":
        return draft
    if draft.channel == "rcs" or (_online(sim, service) and has_rcs(sim, draft.phone)):
        return replace(draft, channel="rcs", business=service.sender)
    return replace(draft, business=draft.fallback or service.number)


def _online(sim: Simulator, service: Service) -> bool:
    return services.status(sim.state, service) == "ONLINE"


def has_rcs(sim: Simulator, phone: str) -> bool:
    owner = sim.state.phones.get(phone)
    return owner is not None and owner.rcs


def falls_back(sim: Simulator, message: Message) -> bool:
    """Whether RCS does not reach the telephone any more. A message that may go on by SMS then
    does, with the same SID; another one fails."""
    if message.channel != "rcs" or message.inbound or has_rcs(sim, message.phone):
        return False
    if not message.fallback:
        sim.state.change(message, doom=UNREACHED)
        return False
    by_sms = {"channel": "sms", "business": message.fallback, "body": message.fallback_body}
    sim.state.change(message, **by_sms, actions=[])
    return True
