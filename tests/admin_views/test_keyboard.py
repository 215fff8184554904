"""Who does not want single letters as keys turns them off, for themselves alone."""

from tests.support.browser import Browser
from tests.support.world import Business


def test_single_letters_are_turned_off_and_on_for_one_person(
    salon: Business, garage: Business, staff: Browser, admin: Browser, operator: Browser
) -> None:
    assert "Down and up in the list" in staff.get("/keyboard/?part=keys").text
    for person in (staff, operator):
        assert person.post("/keyboard/letters", data={"letters": "off"}).location == "/keyboard"
        assert "Turn single letters on" in person.get("/keyboard/").text
    assert 'data-hotkeys="off"' in staff.get("/messages").text
    assert 'data-hotkeys="on"' in admin.get("/messages").text
    staff.post("/keyboard/letters", data={"letters": "on"})
    assert 'data-hotkeys="on"' in staff.get("/messages").text
