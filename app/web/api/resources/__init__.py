"""What the API has: a kind of thing a file, and here their order."""

from app.web.api.resource import Resource
from app.web.api.resources import (
    appointment_resource,
    conversation_resource,
    customer_resource,
    message_resource,
    service_resource,
    staff_member_resource,
)

RESOURCES: tuple[Resource, ...] = (
    customer_resource.RESOURCE,
    appointment_resource.RESOURCE,
    service_resource.RESOURCE,
    staff_member_resource.RESOURCE,
    conversation_resource.RESOURCE,
    message_resource.RESOURCE,
)
