"""What the product looks at and no button here breaks: by whom it is broken, and how it is well."""

HOW = {
    "sender_numbers": "Number gone, above: then enter that number anew under Setup, Business.",
    "sender_paused": "Auth token replaced, above: then send a message.",
    "whatsapp_templates": "Under Setup, Automatic messages, let one go by WhatsApp, without an"
    " approved template and without SMS instead.",
    "email_answers": "Under Setup, Business, enter another address for answers, and leave the link"
    " that comes there alone.",
    "mailbox": "Under Setup, Email mailbox, connect one of yours, and change its password.",
    "rules_off": "Let a rule name a label, delete that label, and let the rule be set off.",
    "silence": "Time alone does it: a business that hears from customers each day, and then from"
    " nobody for some days.",
    "waiting": "Stop the urgent worker (kill -STOP and its id), send a message and wait for two"
    " minutes. kill -CONT lets it go on.",
    "outbox": "The same, as the operator is told of it.",
    "timetable": "Stop the scheduler likewise, and wait for some minutes.",
    "database": "With DATABASE_URL of a server of yours: stop it, and run `flask --app wsgi"
    " health`.",
    "redis": "Stop Valkey likewise (kill -STOP and its id).",
    "disk": "Let VAR_DIR be on a disk of a gigabyte.",
    "parked": "A fault in our own code alone does it.",
    "time_zones": "With DATABASE_URL of a server whose time zones are older than ours.",
}
"""By the check that says so; the keys are those of the product's files (app/health/checks)."""
