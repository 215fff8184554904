"""What the page of a customer's own appointment says, in the languages of our messages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    title: str
    appointment: str
    """Where it is for no service in particular."""
    scheduled: str
    confirmed: str
    cancelled: str
    over: str
    confirm: str
    move: str
    cancel: str
    sure: str
    yes: str
    late: str
    often: str
    ask: str
    taken: str
    meanwhile: str
    confirmed_now: str
    moved_now: str
    cancelled_now: str
    choose: str
    now: str
    move_here: str
    none_free: str
    earlier: str
    later: str
    back: str


WORDS = {
    "en": Words(
        title="Your appointment",
        appointment="Appointment",
        scheduled="It is booked.",
        confirmed="It is confirmed.",
        cancelled="This appointment is cancelled. Write to {business} if you want another.",
        over="This appointment is over.",
        confirm="I will come",
        move="Choose another time",
        cancel="Cancel it",
        sure="Cancel this appointment?",
        yes="Yes, cancel it",
        late="It is too late to change it here. Answer our message or call {business}.",
        often="You have moved it as often as you can here. Answer our message or call {business}.",
        ask="For another time answer our message or call {business}.",
        taken="That time is not free any more. Choose another; yours is still kept.",
        meanwhile="It has changed meanwhile. This is how it is now.",
        confirmed_now="Thank you. We know that you will come.",
        moved_now="It is moved to this time. Your old time is free for others.",
        cancelled_now="It is cancelled.",
        choose="Choose another time",
        now="{when} stays yours until you have another.",
        move_here="Move to this time",
        none_free="Nothing is free on these days.",
        earlier="Earlier",
        later="Later",
        back="Keep it as it is",
    ),
    "es": Words(
        title="Tu cita",
        appointment="Cita",
        scheduled="Está reservada.",
        confirmed="Está confirmada.",
        cancelled="Esta cita está cancelada. Escribe a {business} si quieres otra.",
        over="Esta cita ya pasó.",
        confirm="Voy a ir",
        move="Elegir otra hora",
        cancel="Cancelarla",
        sure="¿Cancelar esta cita?",
        yes="Sí, cancelarla",
        late="Ya es tarde para cambiarla aquí. Responde a nuestro mensaje o llama a {business}.",
        often="Ya la has cambiado tantas veces como se puede aquí. Responde a nuestro mensaje o"
        " llama a {business}.",
        ask="Para otra hora responde a nuestro mensaje o llama a {business}.",
        taken="Esa hora ya no está libre. Elige otra; la tuya sigue reservada.",
        meanwhile="Ha cambiado mientras tanto. Ahora es así.",
        confirmed_now="Gracias. Contamos contigo.",
        moved_now="Tu cita es ahora a esta hora. La anterior queda libre para otros.",
        cancelled_now="Está cancelada.",
        choose="Elige otra hora",
        now="{when}: es tuya hasta que tengas otra.",
        move_here="Cambiar a esta hora",
        none_free="Estos días no hay nada libre.",
        earlier="Antes",
        later="Después",
        back="Dejarla como está",
    ),
}
