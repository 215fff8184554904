"""Where a business's emails come in: from its mailbox, or posted by its email service."""

from types import SimpleNamespace
from typing import Any

from flask import flash, jsonify, redirect, request
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.mailbox.mailbox_form import MailboxForm, TokenForm
from admin_views.mailbox.mailbox_words import CONNECTED, WORKS, said, trouble_of
from admin_views.times import shown
from app.extensions import each_business, limiter, settings
from app.inbound.emails.email_address import inbound_url
from app.inbound.mailboxes import connect_mailbox
from app.lib.time.clock import now
from app.models import Mailbox
from app.providers.imap import MailboxError
from app.providers.oauth import VENDORS
from app.web.guards import access
from app.web.guards.access import wants_json

# Each asks a mail server, while somebody waits; and nobody shall guess passwords by us.
TRIES = limiter.shared_limit(
    lambda: "10 per minute",
    scope="mailbox",
    key_func=each_business,
    exempt_when=lambda: request.method == "GET",
)


class MailboxView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Email mailbox",
            category="Setup",
            endpoint="mailbox",
            url="/admin/mailbox",
            menu_icon_type="fa",
            menu_icon_value="fa-at",
        )

    def is_accessible(self) -> bool:
        return access.may("mailbox")

    @expose("/", methods=["GET", "POST"])
    @TRIES
    def index(self) -> Response | str:
        form = MailboxForm(obj=_as_entered(connect_mailbox.mailbox()))
        if not form.validate_on_submit():
            return self._page(form)
        try:
            connect_mailbox.connect(form.entered(), now())
        except MailboxError as error:
            return self._page(form, error=said(error))
        flash(CONNECTED, "success")
        return redirect(self.get_url(".index"))

    @expose("/test", methods=["POST"])
    @TRIES
    def test(self) -> Response | str:
        """Sign in as was entered, and store nothing."""
        form = MailboxForm()
        wrong = _wrong(form) or _refused(form)
        if wants_json():
            return jsonify(ok=not wrong, said=wrong or WORKS)
        return self._page(form, error=wrong, works="" if wrong else WORKS)

    @expose("/test")
    def test_reloaded(self) -> Response:
        """Lead who reloads what the test told back to the page."""
        return redirect(self.get_url(".index"))

    @expose("/disconnect", methods=["POST"])
    def disconnect(self) -> Response:
        connect_mailbox.disconnect()
        flash(
            "Disconnected. The mailbox is read no more; what was stored of it is gone.", "success"
        )
        return redirect(self.get_url(".index"))

    @expose("/new-address", methods=["POST"])
    def new_address(self) -> Response:
        """Make the address that emails are posted to, or another one."""
        inbound_url(business(), anew=True)
        flash("Made. Enter it at your email service; one before it takes nothing more.", "success")
        return redirect(self.get_url(".index"))

    def _page(self, form: MailboxForm, error: str = "", works: str = "") -> str:
        stored = connect_mailbox.mailbox()
        page: str = self.render(
            "mailbox/mailbox.html",
            form=form,
            error=error,
            works=works,
            stored=stored,
            trouble=trouble_of(stored),
            shown=shown,
            token_form=TokenForm(None),
            vendors=VENDORS,
            connects=[each for each in VENDORS if each in settings().oauth_clients],
            address=_address(),
        )
        return page


def _as_entered(stored: Mailbox | None) -> SimpleNamespace | None:
    """What the form shows: never a secret; nothing of a mailbox that needs no form."""
    if stored is None or stored.auth != "password":
        return None
    names = ("host", "security", "port", "folder")
    shown_as: dict[str, Any] = {name: getattr(stored, name) for name in names}
    other = stored.user_name if stored.user_name != stored.address else ""
    return SimpleNamespace(email=stored.address, user_name=other, **shown_as)


def _wrong(form: MailboxForm) -> str:
    """What does not fit, by its fields; empty: all does."""
    if form.validate():
        return ""
    return " ".join(f"{form[name].label.text}: {told[0]}" for name, told in form.errors.items())


def _refused(form: MailboxForm) -> str:
    """Why one does not come in; empty: one does."""
    try:
        connect_mailbox.sign_in(form.entered())
    except MailboxError as error:
        return said(error)
    return ""


def _address() -> str:
    """Where emails are posted, or why that cannot be told; empty: there is none."""
    if business().email_token_sealed is None:
        return ""
    try:
        return inbound_url(business())
    except ValueError:
        return "It cannot be read any more. Make a new one."
