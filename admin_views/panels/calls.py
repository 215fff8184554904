"""The panel of calls."""

from typing import Any

from sqlalchemy.orm import joinedload
from wtforms import SelectField
from wtforms.validators import InputRequired

from admin_views.frame import business
from admin_views.labels import CALL, badge, choices, words
from admin_views.notifications.outcomes import outcome_of
from admin_views.numbers import tel
from admin_views.panels.checks import telephone
from admin_views.panels.customers import to_profile
from admin_views.panels.filters import one_of
from admin_views.panels.panel import Panel
from admin_views.times import Between, business_time
from app.customers.add import by_phone, newcomer
from app.extensions import db
from app.inbound.incoming_calls import reachable
from app.inbox.snooze_times import offered
from app.inbox.team.staff_rights import Right
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.time.clock import now
from app.models import Call, Customer, Notification
from app.models.call import WITHHELD
from app.web.guards import access


def caller(_view: Any, _context: Any, call: Call, _name: str) -> str:
    return "Number withheld" if call.caller == WITHHELD else tel(call.caller)


def caller_plain(_view: Any, _context: Any, call: Call, _name: str) -> str:
    return "Number withheld" if call.caller == WITHHELD else call.caller


def customer(view: Any, context: Any, call: Call, name: str) -> str:
    return to_profile(view, context, call.customer, name) if call.customer else ""


def lasted(_view: Any, _context: Any, call: Call, _name: str) -> str:
    """In seconds; a call that nobody took has none."""
    return str(call.duration_seconds or "")


def follow_up(_view: Any, _context: Any, call: Call, _name: str) -> str:
    """What became of it, in a word and the reason."""
    if call.follow_up is None:
        return ""
    became = outcome_of(call.follow_up)
    return f"{became.word}. {became.why}"


class CallPanel(Panel):
    model_class = Call
    title = "Calls"
    path = "calls"
    icon = "fa-phone"
    list_template = "panel/calls.html"
    roles = access.STAFF
    for_admins = (
        "create_view",
        "edit_view",
        "delete_view",
        "action_view",
        "export",
        "ajax_lookup",
    )
    by_right = {"export": Right.EXPORT}

    column_list = (
        "started_at",
        "caller",
        "customer",
        "outcome",
        "duration_seconds",
        "follow_up",
        "notes",
    )
    column_labels = {
        "started_at": "When",
        "missed_at": "Missed since",
        "duration_seconds": "Seconds",
        "follow_up": "Follow-up",
        "reachable": "Can be texted",
    }
    column_details_list = (*column_list, "missed_at", "reachable")
    column_formatters = {
        "outcome": badge(CALL),
        "caller": caller,
        "customer": customer,
        "duration_seconds": lasted,
        "follow_up": follow_up,
    }
    column_formatters_detail = column_formatters
    column_formatters_export = {
        "outcome": words(CALL),
        "caller": caller_plain,
        "follow_up": follow_up,
    }
    loads = (
        joinedload(Call.customer).selectinload(Customer.contact_points),
        joinedload(Call.follow_up).joinedload(Notification.message),
    )
    column_sortable_list = ("started_at", "duration_seconds")
    column_default_sort = ("started_at", True)
    column_searchable_list = ("caller", "notes")
    customer_key = "customer_id"
    column_filters = (
        *one_of(Call.outcome, "Outcome", CALL),
        Between(Call.started_at, "When"),
    )
    form_columns = ("caller", "customer", "outcome", "started_at", "duration_seconds", "notes")
    form_overrides = {"outcome": SelectField}
    form_args = {
        "caller": {"validators": [InputRequired(), telephone]},
        "outcome": {"choices": choices(CALL)},
    }
    form_widget_args = {"notes": {"rows": 3}}
    form_ajax_refs = {
        "customer": {
            "fields": ("first_name", "last_name"),
            "page_size": 10,
            "placeholder": "Find a customer",
        }
    }

    @property
    def can_create(self) -> bool:
        return access.may("calls.create_view")

    @property
    def can_edit(self) -> bool:
        return access.may("calls.edit_view")

    @property
    def can_delete(self) -> bool:
        return access.may("calls.delete_view")

    def can_be_promised(self, call: Call) -> bool:
        """Whether staff can promise to call them back, which stands in their conversation."""
        return call.customer is not None and call.caller != WITHHELD

    def render(self, template: str, **context: Any) -> str:
        moment, there = now(), business_time()
        context |= {
            "snoozes": offered(moment, business().timezone),
            "near": lambda instant: there.near(instant, moment),
        }
        return super().render(template, **context)

    def on_model_change(self, form: Any, model: Call, is_created: bool) -> None:
        """What staff enter says as much as what the carrier tells."""
        super().on_model_change(form, model, is_created)
        missed = model.outcome == CallOutcome.MISSED
        model.missed_at = (model.missed_at or model.started_at) if missed else None
        model.reachable = reachable(business(), model.caller)
        if model.reachable and model.customer is None:
            # As with the carrier's calls: whoever can be texted is met again, or is new.
            with db.session.no_autoflush:
                model.customer = by_phone(model.caller) or newcomer(model.caller)
