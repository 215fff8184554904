"""What a rule says to customers: a template of the tenant's, as notifications have them."""

from app.notifications.types.notification_type import Kind, Text


def text_kind(variables: tuple[str, ...]) -> Kind:
    """The kind of template that a gap takes, for its check and its sample."""
    return Kind(
        key="rule",
        label="Text of a rule",
        order=0,
        help="What a rule of yours says.",
        variables=variables,
        texts={"en": Text("", "")},
    )
