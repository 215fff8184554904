"""An admin connects the page and its Instagram account, in the browser's own forms."""

import re

from sqlalchemy import select

from app.extensions import db, vault
from app.inbound.social import account_watch, connect_account
from app.lib.time.clock import now
from app.models import ChannelAccount
from app.simulator.social.graph_api import USER_TOKEN
from app.tenancy import tenant_scope
from tests.support import meta
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.meta import INSTAGRAM, PAGE, put
from tests.support.world import Business

PATH = "/admin/social"


def accounts(business: Business) -> list[tuple[str, str, str]]:
    db.session.remove()
    with tenant_scope(business.id):
        rows = db.session.scalars(select(ChannelAccount).order_by(ChannelAccount.id)).all()
        return [(each.channel, each.address, vault().open(each.token_sealed)) for each in rows]


def test_a_page_is_found_chosen_connected_watched_and_parted_with(
    twilio: Carrier, admin: Browser, salon: Business, garage: Business
) -> None:
    told = {"token": "page-token", "name": "Bella", "instagram_id": INSTAGRAM}
    put(twilio, f"pages/{PAGE}", told | {"instagram_name": "bella.salon"})
    wrong = admin.post(f"{PATH}/find", data={"token": "nobody's"})
    assert "does not accept our access" in wrong.text
    found = admin.post(f"{PATH}/find", data={"token": USER_TOKEN})
    assert "Bella" in found.text and "@bella.salon" in found.text
    assert "page-token" not in found.text and USER_TOKEN not in found.text
    sealed = re.search(r'name="access" value="([^"]+)"', found.text)
    chosen = {"access": sealed[1] if sealed else "", "page": PAGE, "human_agent": "1"}
    both = {"messenger": "1", "instagram": "1"}
    assert "Connected: Messenger and Instagram" in follow(admin, f"{PATH}/connect", chosen | both)
    assert accounts(salon) == [
        ("messenger", PAGE, "page-token"),
        ("instagram", INSTAGRAM, "page-token"),
    ]
    # What is lost at Meta is found, and made again where that is possible.
    put(twilio, f"pages/{PAGE}", {"token": "changed"})
    assert "connect it again" in follow(admin, f"{PATH}/check", {})
    follow(admin, f"{PATH}/disconnect", {"channel": "instagram"})
    assert [each[0] for each in accounts(salon)] == ["messenger"]
    # Nobody else has it meanwhile, and nobody's choice counts for another.
    with tenant_scope(garage.id):
        page = connect_account.Chosen("messenger", PAGE, PAGE, "Bella", "x")
        try:
            connect_account.store(page, now())
            raise AssertionError("two businesses with one page")
        except connect_account.NotConnected as error:
            assert "another business" in str(error)


def test_the_nightly_look_subscribes_again(twilio: Carrier, salon: Business) -> None:
    meta.connect(salon)
    put(twilio, f"pages/{PAGE}", {"token": f"token-{PAGE}", "instagram_id": INSTAGRAM})
    assert account_watch.check_due(now()) == 2
    assert account_watch.check_due(now()) == 0
    with tenant_scope(salon.id):
        page = db.session.scalars(select(ChannelAccount).order_by(ChannelAccount.id)).first()
        assert page and page.trouble is None and "messages" in page.subscribed


def follow(admin: Browser, path: str, form: dict[str, str]) -> str:
    return admin.post(path, data=form, follow_redirects=True).text
