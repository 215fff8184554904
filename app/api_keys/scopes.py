"""What a key may do, each with how a person says it."""

SCOPES = {
    "customers:read": "Read customers, how they are reached, and whether they want messages",
    "customers:write": "Add and change customers",
    "conversations:read": "Read conversations",
    "messages:read": "Read messages",
    "messages:write": "Send messages",
    "appointments:read": "Read appointments, services and staff members",
    "appointments:write": "Book, move and cancel appointments",
    "notifications:read": "Read automatic messages, and why they go or do not",
    "calls:read": "Read calls",
    "setup:read": "Read templates, labels, webhooks and who signs in",
}
