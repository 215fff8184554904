"""What one person's mistake marks is marked on their page alone."""

from tests.support.browser import Browser
from tests.support.world import Business


def test_a_field_that_was_wrong_is_not_marked_on_the_next_page(
    salon: Business, garage: Business, admin: Browser
) -> None:
    """Flask-Admin's template writes `is-invalid` into attributes that all pages share."""
    new = "/admin/whatsapp-templates/new/"
    wrong = [admin.post(new, data={"body": ""}).text.count("is-invalid") for _ in range(3)]
    assert wrong[0] > 0
    assert wrong == wrong[:1] * 3
    assert "is-invalid" not in admin.get(new).text
    assert "is-invalid" not in Browser(garage.admin).get(new).text
