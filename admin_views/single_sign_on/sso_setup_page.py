"""A tenant admin's single sign-on: the provider, whether it works, who signs in by it."""

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.lookup import find
from admin_views.single_sign_on.sso_form import SsoForm, entered
from admin_views.times import shown
from app.extensions import db, each_business, limiter, settings
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.models import ProviderIdentity
from app.providers.openid import OpenIDError
from app.users.sso import password_door, sso_settings
from app.users.sso.business_provider import redirect_uri
from app.users.sso.sso_settings import Rejected
from app.web.guards import access
from app.web.sso import sso_trial, sso_words

# Names are looked up, and a provider is called, while somebody waits.
TRIES = limiter.shared_limit(lambda: "20 per minute", scope="sso", key_func=each_business)


class SingleSignOnView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Single sign-on",
            category="Setup",
            endpoint="single_sign_on",
            url="/admin/single-sign-on",
            menu_icon_type="fa",
            menu_icon_value="fa-id-badge",
        )

    def is_accessible(self) -> bool:
        return access.may("single_sign_on")

    @expose("/")
    def index(self) -> str:
        return self._page(SsoForm(None, data=entered(sso_settings.stored())))

    @expose("/", methods=["POST"])
    @TRIES
    def save(self) -> Response | tuple[str, int]:
        form = SsoForm()
        try:
            if not form.validate():
                raise Rejected("Put right what is marked.")
            sso_settings.save(form.wanted(), now())
        except Rejected as error:
            db.session.rollback()
            flash(f"Nothing was saved. {error}", "error")
            return self._page(form), 422
        flash("Saved.", "success")
        return redirect(self.get_url(".index"))

    @expose("/try")
    @TRIES
    def attempt(self) -> Response:
        """To the provider, as it is stored, and back with what came of it."""
        try:
            return redirect(sso_trial.begun())
        except OpenIDError as error:
            flash(sso_words.said_to_admin(error), "error")
        except VaultError:
            flash(sso_words.UNREADABLE, "error")
        return redirect(self.get_url(".index"))

    @expose("/remove", methods=["POST"])
    def remove(self) -> Response:
        sso_settings.remove()
        flash("Removed. Everybody signs in by their password again.", "success")
        return redirect(self.get_url(".index"))

    @expose("/unbind", methods=["POST"])
    def unbind(self) -> Response:
        sso_settings.unbind(find(ProviderIdentity, request.form.get("provider_identity_id", "")))
        db.session.commit()
        flash("Disconnected. At their next sign-in their email says again who they are.", "success")
        return redirect(self.get_url(".index"))

    def _page(self, form: SsoForm) -> str:
        slug = business().slug
        page: str = self.render(
            "single_sign_on/single_sign_on.html",
            form=form,
            stored=sso_settings.stored(),
            back=redirect_uri(slug),
            link=f"{settings().public_url}/login/sso/{slug}",
            bound=sso_settings.bound(),
            glass=password_door.who_breaks_glass(),
            shown=shown,
        )
        return page
