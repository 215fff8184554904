"""The guide knows what a business has done, shows it to its admins, and goes away."""

from sqlalchemy import delete, select

from app import onboarding
from app.business_hours import Interval
from app.business_hours.hours_form import Entered
from app.business_hours.save_hours import save
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import FileImport, SelfTest, Service, Tenant, User, UserInvitation
from app.reports import first_steps
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, say


def test_a_new_business_has_done_nothing_though_others_have(salon: Business) -> None:
    new = onboarding.create_tenant("new", "New", "Europe/Lisbon", "PT")
    with tenant_scope(new.id):
        assert not any(first_steps.done().values())
    with tenant_scope(salon.id):
        done = first_steps.done()
        assert {key for key, taken in done.items() if taken} == {
            *("heard", "services", "staff", "team")
        }
        # Who is no longer offered or no longer signs in does not count.
        for kind in (Service, UserInvitation):
            db.session.execute(delete(kind))
        _one, *others = db.session.scalars(select(User)).all()
        for user in others:
            user.active = False
        db.session.commit()
        done = first_steps.done()
        assert not done["services"]
        assert not done["team"]


def test_the_guide_shows_what_is_left_until_all_is_done_or_it_is_hidden(
    salon: Business, garage: Business, admin: Browser
) -> None:
    page = admin.get("/admin/").text
    assert "4 of 7 done" in page
    assert "Enter your hours" in page
    assert "Add a service" not in page, "it is done"
    test = say(salon, "A test", status=MessageStatus.SENT, at=NOON)
    with tenant_scope(salon.id):
        save(Entered(((Interval(540, 720),),) * 7, (), False, None, ()), 0, NOON)
        db.session.add(SelfTest(message_id=test))
        db.session.add(FileImport(name="a.csv", rows=1, created=1, finished_at=NOON))
        db.session.commit()
    assert "of 7 done" not in admin.get("/admin/").text, "all is done"
    boss = Browser(garage.admin)
    assert "of 7 done" in boss.get("/admin/").text
    assert boss.post("/admin/first-steps/hide").status_code == 302
    assert "of 7 done" not in boss.get("/admin/").text
    with tenant_scope(salon.id):
        assert not db.session.get_one(Tenant, salon.id).first_steps_hidden, "nobody else's is"
