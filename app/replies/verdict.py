"""What comes of an answer. All pure."""

from dataclasses import dataclass, replace

from app.models import Answer, Outcome
from app.models.appointment import AppointmentStatus

STOPPED = (
    "The word also stops our messages, so the appointment stays. They may have meant it. You"
    " cannot write to them here: call them."
)

FOR_A_PERSON = {
    Answer.MAY_CANCEL: "They say more than that, so nothing was changed.",
    Answer.MAY_BE_LATE: "They say more than that, so nobody has answered.",
    Answer.MOVE: "",
}


@dataclass(frozen=True)
class Situation:
    """How things stand as an answer is read."""

    status: str
    """Of the appointment."""
    begun: bool
    moved: bool
    """Whether it has another start than the one that the customer was told."""
    interrupted: bool
    """Whether something else was said to them since."""
    recent: bool
    """Whether they were asked a short while ago."""
    rivals: bool
    """Whether another appointment can be meant as well."""
    another_day: bool
    """Whether they name another day than the appointment's."""
    may_cancel: bool
    """Whether the business lets answers cancel."""

    @property
    def over(self) -> bool:
        """Whether nobody expects the customer any more."""
        return self.status not in (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)

    @property
    def doubt(self) -> str:
        """Why nothing may be done on the answer alone; empty: it may."""
        reasons = (
            (self.interrupted, "Something else was written to them since they were told of it."),
            (self.rivals, "Several appointments can be meant."),
            (self.moved, "The appointment has another time by now."),
            (self.another_day, "They name another day than the appointment's."),
            (self.over, f"The appointment is {self.status.replace('_', ' ')}."),
            (self.begun, "The appointment had begun."),
        )
        return next((reason for holds, reason in reasons if holds), "")


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    text: str = ""
    """Which of ANSWERS is said to it; empty: none."""
    reason: str = ""
    """Why a person has to look at it."""

    def unsaid(self, reason: str) -> "Verdict":
        """The same without an answer, which a person has to give."""
        return replace(self, text="", reason=self.reason or reason)

    def about(self, named: str) -> "Verdict":
        """The same, with who and what it is about where that is more than the customer's one."""
        return replace(self, reason=f"{self.reason} {named}".strip())


def verdict(answer: Answer, situation: Situation) -> Verdict:
    """What comes of the answer as things stand."""
    if answer is Answer.NONE or _about_something_else(answer, situation):
        return Verdict(Outcome.NOTHING)
    if answer is Answer.STOP:
        return Verdict(Outcome.TO_STAFF, reason=STOPPED)
    if answer is Answer.UNCLEAR or situation.doubt:
        return Verdict(Outcome.TO_STAFF, reason=situation.doubt or "It is not clear.")
    if answer in FOR_A_PERSON:
        return Verdict(Outcome.TO_STAFF, reason=FOR_A_PERSON[answer])
    if answer is Answer.CONFIRM:
        return _confirmed(situation)
    if answer is Answer.CANCEL and situation.may_cancel:
        return Verdict(Outcome.CANCELLED, "answer_cancelled")
    if answer is Answer.CANCEL:
        reason = "The settings leave cancelling to a person."
        return Verdict(Outcome.TO_STAFF, "answer_to_cancel", reason)
    return Verdict(Outcome.TO_STAFF, "answer_late")


def _about_something_else(answer: Answer, situation: Situation) -> bool:
    """Whether it most likely answers no reminder: «ok» to staff, a long text days later, the end
    of all messages where nothing is left to be cancelled."""
    if answer is Answer.STOP:
        return situation.over
    if answer is Answer.CONFIRM:
        return situation.interrupted
    return answer is Answer.UNCLEAR and (situation.interrupted or not situation.recent)


def _confirmed(situation: Situation) -> Verdict:
    if situation.status == AppointmentStatus.CONFIRMED:
        return Verdict(Outcome.NOTHING)
    return Verdict(Outcome.CONFIRMED, "answer_confirmed")
