"""What staff read at a glance, on a customer's page and beside their conversation."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Promise
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.world import Business, hear

DAY = timedelta(days=1)
JSON = {"Accept": "application/json"}


def test_page_and_pane_say_what_matters_and_link_to_where_it_is_from(
    salon: Business, garage: Business, staff: Browser
) -> None:
    moment = now()
    hear(salon, "<b>May</b> I bring my dog?", at=moment)
    hear(garage, "A stranger's question", at=moment)
    ids = {}
    for business in (salon, garage):
        with tenant_scope(business.id):
            made = Appointment(
                customer_id=business.customer_id, starts_at=moment - 3 * DAY, status="completed"
            )
            db.session.add(made)
            db.session.commit()
            ids[business.slug] = made.id
    page = f"/customers/{salon.customer_id}"
    for path in (page, f"/customers/pane/{salon.customer_id}"):
        shown = staff.get(path).text
        assert "Not answered &lt;b&gt;May&lt;/b&gt; I bring my dog?" in " ".join(
            shown.replace("<dt>", "").replace("</dt><dd>", " ").split()
        )
        assert "Visits 1 visit" in cells(shown)
        assert f"/calendar/{ids['salon']}?to=profile" in shown
        assert f"/calendar/{ids['garage']}" not in shown
        assert "A stranger" not in shown
    told = staff.get(page, headers=JSON).json
    assert told is not None
    first = told["memory"][0]
    assert (first["label"], first["sentence"]) == ("Not answered", "<b>May</b> I bring my dog?")
    link = first["link"]
    assert "May" in staff.get(link).text
    assert f'id="{link.partition("#")[2]}"' in staff.get(link).text
    for line in told["memory"]:
        assert staff.get(line["link"]).status_code == 200, line
    assert staff.get(f"/customers/{garage.customer_id}", headers=JSON).status_code == 404


def test_staff_promise_to_call_back_and_say_when_they_have(
    salon: Business, garage: Business, staff: Browser
) -> None:
    thread = f"/messages/{salon.customer_id}"
    page = staff.post(f"{thread}/promise?until=tomorrow", follow_redirects=True).text
    assert "promised by Staff" in page
    assert "Promised Call back, by" in cells(staff.get(f"/customers/{salon.customer_id}").text)
    with tenant_scope(salon.id):
        made = db.session.scalars(select(Promise).where(Promise.done_at.is_(None))).one().id
    with tenant_scope(garage.id):
        theirs = db.session.scalars(select(Promise)).one().id
    assert staff.post(f"{thread}/promises/{theirs}/done").status_code == 404
    for _ in range(2):
        done = staff.post(f"{thread}/promises/{made}/done", follow_redirects=True)
        assert "promised by Staff" not in done.text
    listed = staff.get(f"/customers/{salon.customer_id}").text
    assert f'action="{thread}/promise"' in listed
    assert '<option value="tomorrow">' in listed
    form = {"until": "tomorrow"}
    assert (
        "promised by Staff"
        in staff.post(f"{thread}/promise", data=form, follow_redirects=True).text
    )
    wrong = staff.post(f"{thread}/promise", json={"until": "2020-01-01T10:00"}, headers=JSON)
    assert (wrong.status_code, "over already" in (wrong.json or {})["error"]) == (422, True)
