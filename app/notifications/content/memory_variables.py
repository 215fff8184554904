"""What is remembered of a customer, as it stands in a template's gaps."""

from collections.abc import Sequence

from app.lib.memo import memoized
from app.memory.customer_history import Attended, asked_visits
from app.memory.usual_line import usual_staff
from app.models import Customer
from app.notifications.content.template_languages import Language
from app.notifications.types.notification_type import OF_THE_CUSTOMER


def remembered(customer: Customer, words: Language, text: str) -> dict[str, str]:
    """The variables OF_THE_CUSTOMER, as of now; what is not known is a word that fits its place.
    Nothing is asked where the text (empty: any) names none of them."""
    named = not text or any(name in text for name in OF_THE_CUSTOMER)
    visits = _visits(customer) if named else ()
    came = [each for each in visits if each.came]
    return {
        "last_service": (came[0].service if came else None) or words.service,
        "visits": str(len(came)),
        "usual_staff": usual_staff(came) or words.staff,
    }


def _visits(customer: Customer) -> Sequence[Attended]:
    """None of somebody who is made up."""
    id_ = customer.id
    return memoized(("visits", id_), lambda: asked_visits(id_).answer) if id_ else ()
