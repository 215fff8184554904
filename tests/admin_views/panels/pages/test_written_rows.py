"""What a panel says of a row that was added, changed or deleted, and what it is asked before."""

import re

from app.models import Appointment, Label, Service, StaffMember
from tests.admin_views.reading import filled, rows, told
from tests.support.browser import Browser
from tests.support.world import Business

# Flask-Admin's own.
FOREIGN = re.compile(r"\bRecord\b|this record|With selected|items in the table")
LIST = "/admin/labels/"


def test_a_panel_names_what_was_done_to_what(
    salon: Business, garage: Business, admin: Browser
) -> None:
    named = {"name": "No-show <b>", "colour": "red"}
    assert admin.post(f"{LIST}new/", data=named).location == LIST
    assert told(admin.get(LIST)) == "The label “No-show <b>” was added."
    label = rows(salon, Label)[-1]
    page = admin.get(LIST).text
    assert 'aria-label="Edit the label “No-show &lt;b&gt;”"' in page
    assert 'data-confirm="Delete the selected labels? This cannot be undone."' in page
    admin.post(f"{LIST}edit/?id={label.id}", data=named | {"name": "VIP"})
    assert told(admin.get(LIST)) == "The label “VIP” was saved."
    wrong = admin.post(f"{LIST}new/", data=named | {"name": ""}).text
    assert '<a href="#name">Name</a>: This field is required.' in wrong
    admin.post(f"{LIST}delete/", data={"id": label.id})
    assert told(admin.get(LIST)) == "The label “VIP” was deleted."
    for chosen, said in (([], "Nothing was ticked."), ([2], "The label"), ([0], "")):
        ids = [row.id for row in rows(salon, Label)][: len(chosen)] if chosen != [0] else [10**6]
        done = admin.post(f"{LIST}action/", data={"action": "delete", "rowid": ids})
        assert done.status_code == (404 if chosen == [0] else 302)
        assert told(admin.get(LIST)).startswith(said)
    theirs = rows(garage, Label)
    assert theirs and admin.post(f"{LIST}delete/", data={"id": theirs[0].id}).status_code == 404
    assert rows(garage, Label) == theirs


def test_no_panel_speaks_flask_admins_words(
    salon: Business, garage: Business, admin: Browser
) -> None:
    for panel, kind in (("services", Service), ("staff-members", StaffMember)):
        row = rows(salon, kind)[0]
        pages = (f"edit/?id={row.id}", f"details/?id={row.id}", "new/", "", "?search=qqqq")
        for page in pages:
            assert not FOREIGN.search(admin.get(f"/admin/{panel}/{page}").text), (panel, page)
    [one] = rows(salon, Appointment)
    path = f"/admin/appointments/edit/?id={one.id}"
    admin.post(path, data=filled(admin.get(path)) | {"customer": salon.customer_id})
    said = told(admin.get("/admin/appointments/"))
    assert "The appointment of Ann Salon (" in said and said.endswith(") was saved.")
