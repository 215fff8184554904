"""What happens while somebody writes: the draft is kept, files are uploaded one by one."""

from flask import abort, flash, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response

from admin_views.inbox.inbox_page import mine
from admin_views.lookup import find
from admin_views.posted import id_of, posted, token
from app.extensions import db
from app.lib.text.cleaning import clean
from app.lib.time.clock import now
from app.models import Customer
from app.outbox.compose import draft_files, drafts
from app.outbox.compose.attachments import Upload
from app.outbox.compose.drafts import Begun
from app.outbox.refused import Refused
from app.web.guards.access import wants_json

LONGEST_NAME = 100


class DraftActions(BaseView):  # type: ignore[misc]
    """Each is for the user who is signed in and one customer; what is another's is 404."""

    @expose("/<int:customer_id>/draft", methods=["POST"])
    def draft(self, customer_id: int) -> Response:
        """Keep body, subject and channel as they are now; says whether there is a draft."""
        find(Customer, customer_id)
        return make_response(jsonify(kept=_keep(customer_id)))

    @expose("/<int:customer_id>/files", methods=["POST"])
    def attach(self, customer_id: int) -> Response:
        """Keep a file for the message that is being written; 422 says why it cannot be sent."""
        find(Customer, customer_id)
        sent = request.files.get("file") or abort(400)
        upload = Upload(clean(sent.filename or "")[:LONGEST_NAME], sent.read())
        try:
            file = draft_files.add(mine(), customer_id, upload, now())
        except Refused as refused:
            return make_response(jsonify(error=str(refused)), 422)
        return make_response(jsonify(draft_files.shown(file)), 201)

    @expose("/<int:customer_id>/files/remove", methods=["POST"])
    def detach(self, customer_id: int) -> Response:
        """Take the file draft_file_id out again; what stands in the form meanwhile is kept."""
        find(Customer, customer_id)
        file_id = id_of(posted().get("draft_file_id")) or abort(400)
        try:
            draft_files.remove(mine(), customer_id, file_id)
        except draft_files.NoSuchFile:
            abort(404)
        if wants_json():
            return Response(status=204)
        _keep(customer_id)
        return redirect(url_for(".show", customer_id=customer_id))

    @expose("/send-key", methods=["POST"])
    def send_key(self) -> Response:
        """By which key the user sends a text from now on: key=enter or ctrl. Of an operator, who is
        no user of the business, nothing is kept."""
        if mine() is not None:
            current_user.ctrl_enter_sends = posted().get("key") == "ctrl"
            db.session.commit()
        if wants_json():
            return Response(status=204)
        flash("Kept.", "success")
        return redirect(url_for(".index"))


def _keep(customer_id: int) -> bool:
    said, user_id = posted(), mine()
    if user_id is None:
        return False
    what = Begun(*(str(said.get(name) or "") for name in ("body", "subject", "channel")))
    return drafts.keep(user_id, customer_id, what, now(), token(said))
