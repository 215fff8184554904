"""What is known of a customer, for them to have, and how they are erased: for admins alone."""

from tempfile import SpooledTemporaryFile
from typing import Any

from flask import flash, jsonify, make_response, redirect, send_file
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.lookup import find
from admin_views.posted import posted
from admin_views.privacy import privacy_words
from admin_views.times import shown
from app.audit.audit_record import record
from app.customers.merging.standing import standing
from app.extensions import db
from app.lib.safe_media import is_picture
from app.lib.time.clock import now
from app.models import AuditAction, Customer
from app.privacy import ask_erasure, own_data, own_files
from app.privacy.person import person
from app.retention.archive_file import Broken
from app.web.guards import access
from app.web.guards.access import wants_json

# What has to be typed.
WORD = "erase"
NOT_TYPED = f"Nothing was erased. Type {WORD} to confirm it."
UNREAD = "A file of archived messages could not be read. Ask whoever runs KaiVox, and try again."
IN_MEMORY = 1 << 24


class PrivacyView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Privacy",
            category="Setup",
            endpoint="privacy",
            url="/admin/privacy",
            menu_icon_type="fa",
            menu_icon_value="fa-user-secret",
        )

    def is_accessible(self) -> bool:
        return access.may("privacy")

    @expose("/")
    def index(self) -> str:
        """Who was erased, and how far that is."""
        return self._page("privacy/erasures.html", erasures=ask_erasure.latest())

    @expose("/<int:customer_id>")
    def show(self, customer_id: int) -> Response | str:
        """All that is known of the customer, as a page to read and print, or as JSON."""
        customer = standing(find(Customer, customer_id))
        who = person(customer)
        self._log(customer.id)
        if wants_json():
            return jsonify(own_files.as_json(who, business().name, now()))
        sections = list(own_data.sections(who))
        return self._page(
            "privacy/own_data.html",
            customer=customer,
            sections=sections,
            at=now(),
            files=_files(sections),
        )

    @expose("/<int:customer_id>/file")
    def download(self, customer_id: int) -> Response:
        """The same as a ZIP, with pictures and files."""
        customer = standing(find(Customer, customer_id))
        self._log(customer.id)
        # Closed by whoever sends it.
        whole = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        try:
            own_files.write(whole, person(customer), business().name, now())
        except (Broken, OSError):
            flash(UNREAD, "error")
            return redirect(self.get_url(".show", customer_id=customer_id))
        whole.seek(0)
        named = {"download_name": f"{business().slug}-{customer_id}.zip", "as_attachment": True}
        answer: Response = send_file(whole, "application/zip", **named)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @expose("/<int:customer_id>/erase", methods=["GET", "POST"])
    def erase(self, customer_id: int) -> Response | str:
        """What would go and what stays; posted with the word, they are erased (202)."""
        customer = standing(find(Customer, customer_id))
        typed = str(posted().get("word") or "").strip().casefold()
        if typed == WORD:
            ask_erasure.ask(customer, now())
            if wants_json():
                return make_response(jsonify(id=customer_id, state="asked"), 202)
            return redirect(self.get_url(".index"))
        return self._preview(customer, refused="word" in posted())

    def _preview(self, customer: Customer, refused: bool) -> Response | str:
        gone, kept = ask_erasure.foreseen(person(customer))
        if wants_json():
            told = {"goes": gone, "opt_outs_kept": kept} | ({"error": NOT_TYPED} if refused else {})
            return make_response(jsonify(told), 422 if refused else 200)
        page = self._page(
            "privacy/erase.html",
            customer=customer,
            goes=privacy_words.counts(gone),
            kept=kept,
            word=WORD,
            refused=NOT_TYPED if refused else "",
        )
        return make_response(page, 422 if refused else 200)

    def _log(self, customer_id: int) -> None:
        facts = {"panel": "what is known of a customer", "rows": 1}
        record(AuditAction.EXPORTED, customer_id=customer_id, facts=facts)
        db.session.commit()

    def _page(self, name: str, **values: Any) -> str:
        page: str = self.render(name, words=privacy_words, shown=shown, **values)
        return page


def _files(sections: list[own_data.Section]) -> dict[int, list[dict[str, Any]]]:
    """Pictures and files, by the id of their message."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in (row for each in sections if each.table == "media" for row in each.rows):
        picture = row["state"] == "stored" and is_picture(row["content_type"])
        found.setdefault(row["message_id"], []).append(row | {"picture": picture})
    return found
