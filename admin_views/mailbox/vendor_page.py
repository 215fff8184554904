"""Connects a mailbox at Google or Microsoft: by their own page, or by tokens that were made by
hand."""

from dataclasses import replace

from flask import abort, flash, redirect
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.mailbox import vendor_sign_in
from admin_views.mailbox.mailbox_form import TokenForm
from admin_views.mailbox.mailbox_page import TRIES
from admin_views.mailbox.mailbox_words import CONNECTED, said
from app.extensions import settings
from app.inbound.mailboxes import connect_mailbox
from app.inbound.mailboxes.mailbox_access import vendor as named
from app.lib.mail.oauth_client import OAuthClient
from app.lib.time.clock import now
from app.providers.imap import MailboxError, Trouble
from app.providers.oauth import VENDORS, Vendor, exchanged, refreshed
from app.web.guards import access


class MailboxVendorView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Email mailbox", endpoint="mailbox_vendor", url="/admin/mailbox/vendor"
        )

    def is_visible(self) -> bool:
        """Reached from the page of the mailbox."""
        return False

    def is_accessible(self) -> bool:
        return access.may("mailbox_vendor")

    @expose("/<vendor>/connect")
    def connect(self, vendor: str) -> Response:
        """To them, to be asked whether we may read the mailbox."""
        asked, client = _vendor(vendor), settings().oauth_clients.get(vendor)
        if client is None:
            return self._back_to_the_page(said(MailboxError(Trouble.NOT_SET_UP)))
        return redirect(vendor_sign_in.way_there(asked, client, self._back(vendor)))

    @expose("/<vendor>/connected")
    def connected(self, vendor: str) -> Response:
        """From there, with a code if we may."""
        asked, client = _vendor(vendor), settings().oauth_clients.get(vendor)
        brought = vendor_sign_in.brought_back(asked)
        if brought is None or client is None:
            return self._back_to_the_page(
                f"{asked.label} did not let us connect the mailbox. Try it once more."
            )
        try:
            tokens = exchanged(asked, client, *brought, self._back(vendor), now())
            connect_mailbox.connect_by_tokens(asked, tokens.address, tokens, None, now())
        except MailboxError as error:
            return self._back_to_the_page(said(error))
        return self._back_to_the_page()

    @expose("/", methods=["POST"])
    @TRIES
    def by_hand(self) -> Response:
        """By an app of the business's own."""
        form = TokenForm()
        if not form.validate():
            return self._back_to_the_page("Fill in all that a connection by hand needs.")
        try:
            _connect_by_hand(form)
        except MailboxError as error:
            return self._back_to_the_page(said(error))
        return self._back_to_the_page()

    def _back(self, vendor: str) -> str:
        """Where they send the browser; it must be entered there letter by letter."""
        return f"{settings().public_url}{self.get_url('.connected', vendor=vendor)}"

    def _back_to_the_page(self, wrong: str = "") -> Response:
        flash(wrong or CONNECTED, "error" if wrong else "success")
        return redirect(self.get_url("mailbox.index"))


def _vendor(key: str) -> Vendor:
    return named(key) if key in VENDORS else abort(404)


def _connect_by_hand(form: TokenForm) -> None:
    """Raises MailboxError. The first access token shows that all of it is right."""
    vendor = named(form.vendor.data)
    client = OAuthClient(form.client_id.data, form.client_secret.data)
    tokens = refreshed(vendor, client, form.refresh_token.data, now())
    kept = replace(tokens, refresh=tokens.refresh or form.refresh_token.data)
    connect_mailbox.connect_by_tokens(vendor, form.address.data, kept, client, now())
