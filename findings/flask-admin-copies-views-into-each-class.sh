#!/usr/bin/env bash
# Flask-Admin 2.2.1: each class that inherits from BaseView gets a copy of every exposed view that it
# can reach, as if it had written it. A mixin that itself inherits from ModelView and changes nothing
# but, say, get_query() therefore stands with an edit_view of its own before its sibling that
# overrides edit_view: the override is not called, though by Python's order of methods it would be.
# What is not exposed (get_query) follows Python's order, so that half of the sibling is in effect.
# A mixin that inherits from nothing of Flask-Admin's hides nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check Flask-Admin==2.2.1 Flask-SQLAlchemy==3.1.1
cat >"$folder/see.py" <<'EOF'
from inspect import unwrap

from flask_admin import expose
from flask_admin.contrib.sqla import ModelView


class Panel(ModelView):
    """What is ours in all panels."""

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self):
        return "our words"

    def create_form(self):
        return "our form"


class Dated(ModelView):
    """A mixin that touches neither."""

    def get_query(self):
        return super().get_query()


class Plain:
    """The same, of nothing of Flask-Admin's."""

    def get_query(self):
        return super().get_query()


class Appointments(Dated, Panel):
    pass


class Calls(Plain, Panel):
    pass


for kind in (Appointments, Calls):
    order = " > ".join(each.__name__ for each in kind.__mro__[:4])
    print(order, "|", unwrap(kind.edit_view).__qualname__, "|", kind.create_form.__qualname__)
print("edit_view in the mixin itself:", "edit_view" in vars(Dated))
assert unwrap(Appointments.edit_view).__qualname__ == "BaseModelView.edit_view"
assert Appointments.create_form.__qualname__ == "Panel.create_form"
assert unwrap(Calls.edit_view).__qualname__ == "Panel.edit_view"
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# Appointments > Dated > Panel > ModelView | BaseModelView.edit_view | Panel.create_form
# Calls > Plain > Panel > ModelView | Panel.edit_view | Panel.create_form
# edit_view in the mixin itself: True
