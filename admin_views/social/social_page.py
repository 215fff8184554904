"""Where a business connects its Facebook page and its Instagram account."""

from flask import abort, flash, redirect, request
from flask_admin import BaseView, expose
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import DataRequired, Length

from admin_views.form_fields import tidy
from admin_views.frame import business
from admin_views.posted import id_of
from admin_views.times import shown
from app.channels import CHANNELS
from app.extensions import each_business, limiter, settings, vault
from app.inbound.social import account_watch, connect_account, utility_templates
from app.inbound.social.connect_account import NotConnected, accounts_of
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.providers.meta import Page
from app.web.guards import access

# Each asks Meta, while somebody waits.
TRIES = limiter.shared_limit(
    lambda: "20 per minute",
    scope="social",
    key_func=each_business,
    exempt_when=lambda: request.method == "GET",
)
NONE_FOUND = (
    "This access opens no page whose messages you may manage. Make it anew, and choose the page"
    " while you do."
)


class AccessForm(FlaskForm):  # type: ignore[misc]
    token = PasswordField(
        "Access token",
        [DataRequired(), Length(max=1000)],
        description="Of a person who manages the page. It is used once, to find your pages; of the"
        " page that you choose its own is stored, encrypted and never shown.",
        filters=[tidy],
        render_kw={"autocomplete": "off"},
    )


class SocialAccountsView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Social accounts",
            category="Setup",
            endpoint="social_accounts",
            url="/admin/social",
            menu_icon_type="fa",
            menu_icon_value="fa-share-alt",
        )

    def is_accessible(self) -> bool:
        return access.may("social_accounts")

    @expose("/")
    def index(self) -> str:
        return self._page()

    @expose("/find", methods=["POST"])
    @TRIES
    def find(self) -> Response | str:
        """The pages that the token opens, to choose from."""
        form = AccessForm()
        if not form.validate_on_submit():
            return self._page(form)
        try:
            pages = connect_account.pages(form.token.data)
        except NotConnected as error:
            return self._page(form, str(error))
        sealed = vault().seal(f"{business().id} {form.token.data}")
        return self._page(form, "" if pages else NONE_FOUND, pages, sealed)

    @expose("/find")
    def found_reloaded(self) -> Response:
        """Lead who reloads what was found back to the page."""
        return redirect(self.get_url(".index"))

    @expose("/connect", methods=["POST"])
    @TRIES
    def connect(self) -> Response:
        """Connect the page that was chosen, by the token that found it."""
        wanted, form = request.form.get("page", ""), request.form
        try:
            page = next((each for each in _pages() if each.id == wanted), None) or abort(404)
            chosen = accounts_of(page, "messenger" in form, "instagram" in form)
            if not chosen:
                raise NotConnected("Choose Messenger, Instagram or both.")
            connect_account.connect(chosen, now(), human_agent="human_agent" in form)
        except NotConnected as error:
            flash(str(error), "error")
        else:
            names = " and ".join(CHANNELS[each.channel].label for each in chosen)
            flash(f"Connected: {names}. Messages come into the inbox from now on.", "success")
        return redirect(self.get_url(".index"))

    @expose("/check", methods=["POST"])
    @TRIES
    def check(self) -> Response:
        """Ask Meta now what it is asked each night."""
        account_watch.check_now(now())
        flash("Meta was asked; what it said stands below.", "success")
        return redirect(self.get_url(".index"))

    @expose("/template", methods=["POST"])
    def template(self) -> Response:
        """Keep a text for reminders, which is handed in at Meta within a minute."""
        form = request.form
        try:
            given = (form.get(name, "") for name in ("name", "language", "body"))
            utility_templates.add(*given)
        except utility_templates.BadTemplate as error:
            flash(str(error), "error")
        else:
            flash("Kept. It is handed in at Meta within a minute.", "success")
        return redirect(self.get_url(".index"))

    @expose("/remove-template", methods=["POST"])
    def remove_template(self) -> Response:
        utility_templates.remove(id_of(request.form.get("template", "")) or 0)
        flash("Removed. What was made from it goes by another channel.", "success")
        return redirect(self.get_url(".index"))

    @expose("/disconnect", methods=["POST"])
    def disconnect(self) -> Response:
        connect_account.disconnect(request.form.get("channel", ""))
        flash("Disconnected. Its messages do not come into the inbox any more.", "success")
        return redirect(self.get_url(".index"))

    def _page(
        self,
        form: AccessForm | None = None,
        error: str = "",
        pages: list[Page] | None = None,
        sealed: str = "",
    ) -> str:
        page: str = self.render(
            "social/social.html",
            form=form or AccessForm(None),
            error=error,
            pages=pages or [],
            sealed=sealed,
            accounts=connect_account.connected(),
            channels_by_key=CHANNELS,
            templates=utility_templates.of_messenger(),
            waiting=utility_templates.WAITING,
            shown=shown,
            ready=bool(settings().meta_app_secrets),
        )
        return page


def _pages() -> list[Page]:
    """What the token opens that this business has just entered. Raises NotConnected."""
    try:
        owner, _, token = vault().open(request.form.get("access", "")).partition(" ")
    except VaultError:
        owner, token = "", ""
    if owner != str(business().id):
        raise NotConnected("This choice is too old. Enter the access token again.")
    return connect_account.pages(token)
