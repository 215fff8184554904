"""How many conversations a list has, as the bar of a telephone tells it."""

from tests.support import world
from tests.support.browser import Browser
from tests.support.world import Business


def test_the_bar_counts_what_this_business_has_not_read(
    salon: Business, garage: Business, staff: Browser
) -> None:
    for number in ("+12125550301", "+12125550302", "+12125550302"):
        world.hear(salon, "Hello", number=number)
    before = staff.get("/messages?part=unread").json
    world.hear(garage, "Hallo", number="+12125550303")
    assert staff.get("/messages?part=unread").json == before == {"unread": 3}
    bar = staff.get("/calendar").text.partition('class="bottom-bar"')[2]
    assert 'data-unread-count="/messages?part=unread"' in bar.replace("/?", "?")


def test_the_operator_has_places_of_their_own(operator: Browser) -> None:
    bar = operator.get("/admin/people/").text.partition('class="bottom-bar"')[2]
    assert 'href="/admin/people/" aria-current="page"' in bar
    assert "data-unread-count" not in bar
