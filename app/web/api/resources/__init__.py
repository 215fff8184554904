"""What the API has: a kind of thing a file, and here their order."""

from app.web.api.resource import Resource
from app.web.api.resources import (
    appointment_resource,
    call_resource,
    conversation_resource,
    customer_resource,
    label_resource,
    message_resource,
    notification_resource,
    service_resource,
    staff_member_resource,
    template_resource,
    user_resource,
    webhook_resource,
)

RESOURCES: tuple[Resource, ...] = (
    customer_resource.RESOURCE,
    appointment_resource.RESOURCE,
    service_resource.RESOURCE,
    staff_member_resource.RESOURCE,
    conversation_resource.RESOURCE,
    message_resource.RESOURCE,
    notification_resource.RESOURCE,
    call_resource.RESOURCE,
    template_resource.RESOURCE,
    label_resource.RESOURCE,
    user_resource.RESOURCE,
    webhook_resource.RESOURCE,
)
