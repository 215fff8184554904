"""One message and its life: what staff and the operator look up when somebody got it twice, or says
that it never came."""

from flask import redirect, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.inbox.life_words import step
from admin_views.labels import CHANNEL, STATUS
from admin_views.lookup import find
from admin_views.times import business_time
from app.channels import CHANNELS
from app.inbox.reading import message_life
from app.lib.time.clock import now
from app.models import Message
from app.web.guards import access

CARRIERS = {"twilio": "Twilio", "smtp": "The mail server"}


class MessageLifeView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Message", endpoint="message_life", url="/messages/life")

    def is_accessible(self) -> bool:
        return access.may("message_life")

    def is_visible(self) -> bool:
        """Never in the menu: it is always one message's."""
        return False

    @expose("/")
    def index(self) -> Response:
        """Messages are in their threads."""
        return redirect(url_for("inbox.index"))

    @expose("/<int:message_id>")
    def show(self, message_id: int) -> str:
        """Its life; 404 for another business's."""
        message = find(Message, message_id)
        moment, there = now(), business_time()
        carrier = CHANNELS[message.channel].provider
        page: str = self.render(
            "inbox/one_message.html",
            message=message,
            steps=message_life.steps(message),
            same=message_life.same_text(message),
            step=lambda event: step(event, CARRIERS.get(carrier, carrier.title())),
            near=lambda instant: there.near(instant, moment),
            exact=lambda instant: there.exact(instant, moment),
            statuses=STATUS,
            channels=CHANNEL,
        )
        return page
