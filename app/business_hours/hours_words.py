"""The words of opening hours, a language each; the languages are those of the templates."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HoursWords:
    """What ends with _one is said of one o'clock."""

    today: str
    tomorrow: str
    other_day: str
    at: str
    at_one: str
    until: str
    until_one: str
    until_day: str
    closed: str
    always: str
    whole_day: str
    by_appointment: str
    """Where there are no hours, or nobody has entered them."""
    soon: str
    """When it opens, where that is not known."""


WORDS = {
    "en": HoursWords(
        today="today",
        tomorrow="tomorrow",
        other_day="{}",
        at="{day} at {time}",
        at_one="{day} at {time}",
        until="open until {time}",
        until_one="open until {time}",
        until_day="open until {day}",
        closed="closed, opens {day}",
        always="open around the clock",
        whole_day="24 hours",
        by_appointment="by appointment",
        soon="soon",
    ),
    "es": HoursWords(
        today="hoy",
        tomorrow="mañana",
        other_day="el {}",
        at="{day} a las {time}",
        at_one="{day} a la {time}",
        until="abierto hasta las {time}",
        until_one="abierto hasta la {time}",
        until_day="abierto hasta {day}",
        closed="cerrado, abre {day}",
        always="abierto las 24 horas",
        whole_day="24 horas",
        by_appointment="con cita previa",
        soon="pronto",
    ),
}
