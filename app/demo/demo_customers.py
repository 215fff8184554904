"""The demo business's customers, and what they and the business wrote to each other."""

from dataclasses import dataclass
from datetime import datetime

from app.channels import CHANNELS
from app.customers.reached_through import add_to_family
from app.extensions import db
from app.models import ContactPoint, Customer


@dataclass(frozen=True)
class Person:
    name: str
    number: str
    channel: str
    unread: bool = False
    lines: str = ""
    """One a line: when, who (customer ← or business with its state ✓ ✓✓), text.

    When is hours ago, or days from today@wall time; {2} is the weekday in two days: see Days.
    """
    language: str = ""
    email: str = ""
    """Where they want to be written to, if anywhere."""


PEOPLE = (
    Person("Ann Becker", "+12125550142", "sms", True, """
        -3@11:12 ← Perfect, thank you!
        -3@11:25 ✓ Sofia is looking forward to it, Ann!
        2.2 ← Hi! Is it possible to add a color treatment to my appointment on {2}?
        2.1 ← And how much longer would it take? 😊"""),
    Person("Marcus Lee", "+16465550117", "whatsapp", True, """
        -2@10:30 ← Do you also do beard trims?
        -2@10:40 ✓✓ We do! 25 minutes, $30. Shall I book you in, Marcus?
        -2@10:52 ← Yes please, {0} if possible
        -2@11:10 ✓✓ {0} {soon} with Leo – done.
        0.6 ← Running 10 minutes late, sorry!"""),
    Person("Priya Nair", "+19175550163", "whatsapp", False, """
        27.0 ← Hello, can I move my balayage from {0} to {1}?
        26.5 ✓✓ Of course, Priya. {1} 11:00 is free with Sofia. Would that suit you?
        26.4 ← 11:00 is great. Thanks so much 🙏
        26.2 ✓✓ See you {1}! Please come with dry hair, no product."""),
    Person("Tom Alvarez", "+13475550128", "sms", False, """
        30.0 ← STILL WAITING for the invoice of last week
        29.5 ✓ Sorry for the wait, Tom. I have just sent it to your email.
        29.4 ← Got it, thanks."""),
    Person("Grace Kim", "+17185550191", "sms", False, """
        -2@13:40 ← I wanted to ask about gift cards
        -2@13:46 ✓ We have them from $25. Come by any time, or tell me the amount and I prepare one.
        -2@14:20 ← $100 please, I pick it up on {5}"""),
    Person("Olivia Brandt", "+12015550176", "sms", False, """
        -6@18:05 ← Loved it! Leo is the best."""),
    Person("Lena Fuchs", "7100000000000001", "messenger", True, """
        -1@17:20 ← Hi! I saw your page. Do you do bridal hair, also on a Saturday?
        -1@17:31 ✓✓ We do, Lena! Which Saturday is it, and how many are you?
        1.4 ← The second one in June, it is me and my two sisters 👰"""),
    Person("noor.cuts", "900000000000011", "instagram", False, """
        -1@12:05 ← Is this fade still free this week?
        -1@12:12 ✓✓ It is: {0} at 16:00 or 17:30 with Leo.
        -1@12:13 ← 17:30 please!"""),
    Person("Henry Osei", "+15515550109", "sms"),
    Person("Camila Duarte", "+13055550155", "whatsapp", False, """
        -5@12:05 ← ¿Hablan español?
        -5@12:10 ✓✓ ¡Claro que sí, Camila! ¿En qué te ayudo?
        -5@12:30 ← Quiero una cita para corte y color la próxima semana
        -5@12:55 ✓✓ Tengo el {es[3]} a las 15:00 con Sofia. ¿Te va bien?
        -5@13:00 ← Perfecto, gracias""", "es"),
    Person("Noah Fischer", "+19295550134", "sms", False, """
        146.0 ← Do you take walk-ins on public holidays?
        145.4 ✓ Then we are closed, Noah. Early mornings are usually quiet, though."""),
    Person("", "+18485550187", "sms", True, """
        5.5 ← Hello, how much is a highlights session?"""),
    Person("Ruth Abrams", "+12125550199", "sms", False, """
        -7@10:05 ← Please cancel my next appointment, I have the flu
        -7@10:20 ✓ Done, Ruth. Get well soon! Write us when you want a new time.
        -7@10:30 ← Will do, thank you dear"""),
    Person("Jasmine Cole", "+12125550171", "sms", False, """
        -1@10:05 ← Y"""),
    Person("Hannah Weiss", "+19175550112", "sms", True, """
        -1@11:20 ← Sorry, I can't make it"""),
    Person("Isabel Moreno", "+13055550118", "sms", False, """
        -1@15:10 ← Sí, gracias""", "es"),
    Person("Derek Shaw", "+16465550149", "sms"),
    Person("Luca Ferri", "+13475550183", "sms"),
    Person("Nina Popov", "+17185550127", "sms", email="nina.popov@mail.example"),
    Person("Sam Whitfield", "+19295550166", "sms"),
    Person("Amelia Grant", "+12015550139", "sms"),
    Person("Victor Reyes", "+15515550174", "sms", language="es",
           email="victor.reyes@mail.example"),
    Person("Zoe Laurent", "+12125550115", "sms"),
)  # fmt: skip


# Who is reached through whose number.
FAMILY = {"+12015550139": ("Ella Grant",)}


def create(at: datetime) -> None:
    """Enter those who have a name, known since then: by SMS nobody introduces themselves."""
    made = {person.number: _customer(person, at) for person in PEOPLE if person.name}
    db.session.add_all(made.values())
    db.session.flush()
    for number, names in FAMILY.items():
        for name in names:
            add_to_family(made[number], name).created_at = at
    db.session.commit()


def _customer(person: Person, at: datetime) -> Customer:
    first_name, _, last_name = person.name.partition(" ")
    channel = CHANNELS[person.channel].key
    prefers = "email" if person.email else channel
    points = [ContactPoint(channel=channel, address=person.number)]
    if person.email:
        points.append(ContactPoint(channel="email", address=person.email))
    return Customer(
        first_name=first_name,
        last_name=last_name,
        language=person.language,
        created_at=at,
        preferred_channel=None if prefers == "sms" else prefers,
        contact_points=points,
    )
