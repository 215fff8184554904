"""The templates of automatic messages: listed on their page, edited on their own."""

from typing import Any

from flask import flash, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.lookup import find
from admin_views.notifications.approved_template_fields import chosen, offers
from admin_views.notifications.template_fields import (
    named,
    only_known,
    only_texts,
    template_json,
    unknown_choices,
)
from admin_views.notifications.template_preview import Preview, preview
from admin_views.posted import posted, stored
from admin_views.times import shown
from app.channels import CHANNELS
from app.extensions import db
from app.lib.time.clock import now
from app.models import Customer, MessageTemplate
from app.notifications.configure.sample import soon
from app.notifications.configure.template_choice import TemplateChoice, possible
from app.notifications.configure.template_edit import Wrong, add, restore, write
from app.notifications.content.template_languages import LANGUAGES, known
from app.notifications.content.templates import KINDS
from app.web.guards import access
from app.web.guards.access import wants_json


class MessageTemplatesView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Templates", endpoint="message_templates", url="/settings/message-templates"
        )

    def is_accessible(self) -> bool:
        return access.may("message_templates")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    @expose("")
    def index(self) -> Response:
        """All templates as JSON; for a person they stand on the page of automatic messages."""
        if not wants_json():
            return redirect(url_for("notifications.index", tab="texts"))
        rows = db.session.scalars(select(MessageTemplate).order_by(MessageTemplate.id))
        return jsonify(templates=[template_json(row) for row in rows])

    @expose("/<int:template_id>", methods=["GET", "PUT", "POST"])
    def show(self, template_id: int) -> Response | str | tuple[str, int]:
        """One template; a PUT or POST stores subject, body, and approved with gaps, and leaves
        what is not given."""
        template = find(MessageTemplate, template_id)
        if request.method in ("PUT", "POST"):
            return self._save(template)
        if wants_json():
            return jsonify(template_json(template))
        return self._editor(template, template.subject, template.body, TemplateChoice.of(template))

    def _save(self, template: MessageTemplate) -> Response | tuple[str, int]:
        """422 with what is wrong, by field."""
        given = posted()
        values = {"subject": template.subject, "body": template.body} | given
        subject, body, instead = values["subject"], values["body"], None
        try:
            only_known(given, template)
            only_texts(subject=subject, body=body)
            instead = chosen(given, template.approved_id)
            write(template, subject, body, instead)
        except Wrong as wrong:
            if wants_json():
                return make_response(jsonify(errors=wrong.errors), 422)
            instead = instead or TemplateChoice.of(template)
            return self._editor(template, subject, body, instead, wrong.errors), 422
        return self._stored(template, "Saved.")

    @expose("/<int:template_id>/restore", methods=["POST"])
    def restore(self, template_id: int) -> Response:
        template = find(MessageTemplate, template_id)
        restore(template)
        return self._stored(template, "The default text is back.")

    @expose("/<int:template_id>/remove", methods=["POST"])
    def remove(self, template_id: int) -> Response:
        """Take a language away; the business's own stays."""
        template = find(MessageTemplate, template_id)
        if template.language == known(business().locale):
            flash("The text in your own language stays: the others fall back to it.", "error")
        else:
            db.session.delete(template)
            db.session.commit()
            flash(f"Removed. These customers get {_instead(template)}.", "success")
        return redirect(url_for("notifications.index", tab="texts"))

    @expose("/add", methods=["POST"])
    def add(self) -> Response:
        """A template in one more language, made from our default, and open to be edited."""
        values = posted()
        if errors := unknown_choices(values):
            return make_response(jsonify(errors=errors), 422)
        try:
            template = _added(values)
        except IntegrityError:
            # Somebody else added it at the same moment.
            db.session.rollback()
            template = _added(values)
        if wants_json():
            return make_response(jsonify(template_json(template)), 201)
        return redirect(url_for(".show", template_id=template.id))

    @expose("/preview", methods=["POST"])
    def preview(self) -> Response:
        """What a text would say, as JSON: to a customer with their next appointment, or a sample.

        Takes type, channel, language, subject, body, approved with gaps, and customer_id (or
        nothing).
        """
        values = posted()
        errors = unknown_choices(values)
        if errors:
            return make_response(jsonify(errors=errors), 422)
        id_ = values.get("customer_id")
        customer: Customer | None = find(Customer, id_) if id_ else None
        try:
            subject, body = values.get("subject", ""), values.get("body", "")
            only_texts(subject=subject, body=body)
            instead = chosen(values)
            seen = preview(named(values), subject, body, business(), now(), customer, instead)
        except Wrong as wrong:
            return make_response(jsonify(errors=wrong.errors), 422)
        return jsonify(seen.json())

    def _stored(self, template: MessageTemplate, told: str) -> Response:
        db.session.commit()
        if wants_json():
            return jsonify(template_json(template))
        flash(told, "success")
        return stored(url_for(".show", template_id=template.id))

    def _editor(
        self,
        template: MessageTemplate,
        subject: Any,
        body: Any,
        instead: TemplateChoice,
        errors: dict[str, str] | None = None,
    ) -> str:
        moment = now()
        kind, channel = KINDS[template.type], CHANNELS[template.channel]
        page: str = self.render(
            "notifications/editor.html",
            row=template,
            kind=kind,
            channel=channel,
            language=LANGUAGES[template.language].label,
            own=template.language == known(business().locale),
            in_its_place=_instead(template),
            subject=subject,
            body=body,
            instead=instead,
            may_choose=possible(kind, channel),
            offers=offers(template) if possible(kind, channel) else [],
            errors=errors or {},
            seen=None if errors else _seen(template, subject, body, instead),
            coming=soon(moment),
            shown=shown,
        )
        return page


def _instead(template: MessageTemplate) -> str:
    """What goes where it is removed."""
    answers = KINDS[template.type].answers
    return "our default text" if answers else "the text in your own language"


def _seen(
    template: MessageTemplate, subject: str, body: str, instead: TemplateChoice
) -> Preview | None:
    try:
        return preview(template, subject, body, business(), now(), chosen=instead)
    except Wrong:
        # It was stored before it was checked as it is today.
        return None


def _added(values: dict[str, Any]) -> MessageTemplate:
    kind, channel = KINDS[values["type"]], CHANNELS[values["channel"]]
    template = add(kind, channel, values["language"])
    db.session.commit()
    return template
