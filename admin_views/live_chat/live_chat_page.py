"""A tenant admin's live chat: where it is shown, how it looks, who is signed in, who is blocked."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, session
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.live_chat.chat_form import ChatForm, entered
from admin_views.lookup import find
from admin_views.numbers import pretty
from admin_views.posted import id_of
from admin_views.times import shown
from app.extensions import db, vault
from app.lib.colours import ink
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.models import ChatSession, ChatSettings
from app.web.guards import access
from app.webchat import enable_chat
from app.webchat.abuse import block_list
from app.webchat.abuse.block_list import BadNetwork
from app.webchat.chat_sites import BadSite
from app.webchat.enable_chat import BadChat
from app.webchat.panel_words import LANGUAGES
from app.webchat.visitor_sessions import of_late

# The new secret, sealed, on its way to the page that tells it once.
TOLD = "chat_secret"
WEEK = timedelta(days=7)


class LiveChatView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Live chat",
            category="Setup",
            endpoint="live_chat",
            url="/admin/live-chat",
            menu_icon_type="fa",
            menu_icon_value="fa-commenting-o",
        )

    def is_accessible(self) -> bool:
        return access.may("live_chat")

    @expose("/")
    def index(self) -> str:
        return self._page(ChatForm(None, data=entered(enable_chat.stored())))

    @expose("/", methods=["POST"])
    def save(self) -> Response | tuple[str, int]:
        form = ChatForm()
        try:
            if not form.validate():
                raise BadChat("Nothing was saved. Put right what is marked.")
            form.store(enable_chat.of_tenant(), now())
        except (BadSite, BadChat) as error:
            db.session.rollback()
            flash(str(error), "error")
            return self._page(form), 422
        db.session.commit()
        flash("Saved.", "success")
        return redirect(self.get_url(".index"))

    @expose("/secret", methods=["POST"])
    def new_secret(self) -> Response:
        """Make one; the present one holds beside it."""
        secret = enable_chat.rotate_secret(enable_chat.of_tenant())
        db.session.commit()
        session[TOLD] = vault().seal(secret)
        return redirect(self.get_url(".index"))

    @expose("/old-secret", methods=["POST"])
    def drop_old_secret(self) -> Response:
        enable_chat.drop_old_secret(enable_chat.of_tenant())
        db.session.commit()
        flash("The former secret is taken no more.", "success")
        return redirect(self.get_url(".index"))

    @expose("/block", methods=["POST"])
    def block(self) -> Response:
        """A network, or a visitor by their session."""
        chat_session_id = request.form.get("chat_session_id", "")
        user_id = current_user.id if current_user.tenant_id else None
        try:
            if chat_session_id:
                one = find(ChatSession, chat_session_id)
                block_list.block_visitor(
                    one.address, one.name or pretty(one.address), user_id, now()
                )
            else:
                network = block_list.network_of(request.form.get("network", ""))
                block_list.block_network(network, request.form.get("note", ""), user_id, now())
        except BadNetwork as error:
            flash(str(error), "error")
        else:
            flash("Blocked. Nothing is said to them: what they write seems sent.", "success")
        db.session.commit()
        return redirect(self.get_url(".index"))

    @expose("/unblock", methods=["POST"])
    def unblock(self) -> Response:
        block_list.unblock(id_of(request.form.get("chat_block_id")) or 0)
        db.session.commit()
        flash("No longer blocked.", "success")
        return redirect(self.get_url(".index"))

    def _page(self, form: ChatForm) -> str:
        chat = enable_chat.stored() or ChatSettings(colour=form.colour.data, identity_mode="off")
        values: dict[str, Any] = {
            "chat": chat,
            "ink": ink(chat.colour),
            "line": enable_chat.line(business()),
            "policy": enable_chat.policy(),
            "unsigned": enable_chat.unsigned_since(now() - WEEK),
            "visitors": of_late(),
            "blocked": block_list.blocked(),
            "secret": _told_once(),
        }
        page: str = self.render(
            "live_chat/live_chat.html", form=form, languages=LANGUAGES, shown=shown, **values
        )
        return page


def _told_once() -> str:
    """A secret that was made just now; empty: there is none."""
    try:
        return vault().open(session.pop(TOLD, ""))
    except VaultError:
        return ""
