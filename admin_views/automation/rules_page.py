"""Rules: when this happens, and this holds, do that. /settings/automation"""

from collections.abc import Callable

from flask import flash, jsonify, make_response, redirect, request
from flask_admin import BaseView, expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.automation import rule_form
from admin_views.automation.rule_fields import gap_at, sentence
from admin_views.automation.run_words import happened
from admin_views.automation.text_preview import preview
from admin_views.automation.try_out import DAYS, tried
from admin_views.frame import business
from admin_views.lookup import find
from admin_views.posted import posted
from admin_views.times import shown
from app.automation import ready_made
from app.automation.editing import rule_commands
from app.automation.editing.rule_draft import Draft
from app.automation.editing.rule_sentence import whole
from app.automation.rehearse import MOST, Rehearsal
from app.automation.run_log import did_lately
from app.extensions import db
from app.lib.memo import memo_scope
from app.lib.time.clock import now
from app.models import AutomationRule
from app.notifications.configure.template_edit import Wrong
from app.web.guards import access


class AutomationView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    for_admins = ("offer", "new", "show", "switch", "move", "remove", "preview")
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Automation",
            category="Setup",
            endpoint="automation",
            url="/settings/automation",
            menu_icon_type="fa",
            menu_icon_value="fa-magic",
        )

    def is_accessible(self) -> bool:
        return access.may("automation")

    @expose("/")
    @expose("")
    def index(self) -> str:
        """All rules in their order, each as a sentence."""
        return self._list("automation/rules.html")

    def _list(self, template: str) -> str:
        query = select(AutomationRule).order_by(AutomationRule.position, AutomationRule.id)
        with memo_scope():
            rules = [(rule, whole(Draft.of(rule))) for rule in db.session.scalars(query)]
        page: str = self.render(
            template,
            rules=rules,
            did_lately=did_lately(now()),
            may_change=access.may("automation.show"),
        )
        return page

    @expose("/ready-made", methods=["POST"])
    def offer(self) -> Response:
        """The rules that a new business begins with, turned off, for one that has none."""
        if db.session.scalar(select(AutomationRule.id).limit(1)) is None:
            ready_made.make(business().locale, now())
            db.session.commit()
        return redirect(self.get_url(".index"))

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str | tuple[str, int]:
        """A rule that is not there yet; saved, it is turned off."""
        if request.method == "GET":
            return self._form(Draft())
        return self._posted(None, lambda draft: rule_commands.add(draft, now()).id)

    @expose("/<int:rule_id>", methods=["GET", "POST"])
    def show(self, rule_id: int) -> Response | str | tuple[str, int]:
        """One rule's form; a POST of its Save button stores it, any other shows it anew."""
        rule = find(AutomationRule, rule_id)
        if request.method == "GET":
            return self._form(Draft.of(rule), rule)

        def change(draft: Draft) -> int:
            rule_commands.change(rule_id, _version(), draft, now())
            return rule_id

        return self._posted(rule, change)

    def _posted(
        self, rule: AutomationRule | None, save: Callable[[Draft], int]
    ) -> Response | str | tuple[str, int]:
        draft, step = rule_form.posted(request.form), request.form.get("step", "save")
        if step not in ("save", "try"):
            return self._form(rule_form.stepped(draft, step, request.form), rule)
        try:
            if step == "try":
                return self._form(draft, rule, rehearsal=tried(draft))
            saved = save(draft)
        except Wrong as wrong:
            return self._form(draft, rule, wrong.errors), 422
        flash("Saved." if rule else "Saved. It is off: try it, then turn it on.", "success")
        return redirect(self.get_url(".show", rule_id=saved))

    def _form(
        self,
        draft: Draft,
        rule: AutomationRule | None = None,
        errors: dict[str, str] | None = None,
        rehearsal: Rehearsal | None = None,
    ) -> str:
        """With part=form the sentence alone, for the script that adds and takes away."""
        alone = request.args.get("part") == "form"
        with memo_scope():
            page: str = self.render(
                "automation/sentence.html" if alone else "automation/rule.html",
                rule=rule,
                version=request.form.get("version") or (rule.version if rule else 0),
                preview=preview,
                rehearsal=rehearsal,
                days=DAYS,
                most=MOST,
                happened=happened,
                shown=shown,
                **sentence(draft, errors or {}),
            )
        return page

    @expose("/<int:rule_id>/switch", methods=["POST"])
    def switch(self, rule_id: int) -> Response:
        """on: 1 turns it on, as it was seen; else it is off."""
        find(AutomationRule, rule_id)
        if request.form.get("on") == "1":
            return self._done(rule_id, lambda: rule_commands.turn_on(rule_id, _version(), now()))
        return self._done(rule_id, lambda: rule_commands.turn_off(rule_id))

    @expose("/<int:rule_id>/move", methods=["POST"])
    def move(self, rule_id: int) -> Response | str:
        """to: its place among all, from 0. With part=list: the list, for the script."""
        find(AutomationRule, rule_id)
        to = request.form.get("to", 0, type=int)
        done = self._done(rule_id, lambda: rule_commands.move(rule_id, to))
        listed = request.args.get("part") == "list"
        return self._list("automation/rule_list.html") if listed else done

    @expose("/<int:rule_id>/remove", methods=["POST"])
    def remove(self, rule_id: int) -> Response:
        find(AutomationRule, rule_id)
        return self._done(rule_id, lambda: rule_commands.remove(rule_id, _version()))

    def _done(self, rule_id: int, act: Callable[[], None]) -> Response:
        """Back to the list; what is wrong is told there."""
        try:
            act()
        except Wrong as wrong:
            flash(" ".join(wrong.errors.values()), "error")
        return redirect(self.get_url(".index"))

    @expose("/preview", methods=["POST"])
    def preview(self) -> Response:
        """What a text would say and cost, as JSON. Takes text, and place: that of its field."""
        values = posted()
        gap = gap_at(str(values.get("place", "")))
        if gap is None:
            return make_response(jsonify(error="There is no such text."), 422)
        return jsonify(preview(str(values.get("text", "")), gap))


def _version() -> int:
    """Of the rule as it was seen; 0, which none is, where nobody says."""
    return request.form.get("version", 0, type=int)
