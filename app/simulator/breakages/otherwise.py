"""What the product looks at and no button here breaks: by whom it is broken, and how it is well."""

HOW = {
    "sender_numbers": "Start with SIMULATOR_ACCOUNTS=AC…:token, let the business use that account"
    " (Setup, Business), and enter a number that it does not have.",
    "sender_paused": "Auth token replaced, above: then send a message.",
    "whatsapp_templates": "Under Setup, Automatic messages, let one go by WhatsApp, without an"
    " approved template and without SMS instead.",
    "email_answers": "Under Setup, Business, enter another address for answers, and leave the link"
    " that comes there alone.",
    "rules_off": "Let a rule name a label, delete that label, and let the rule be set off.",
    "silence": "Time alone does it, as no webhook says when a text was written: a business that"
    " hears from customers each day, and then from nobody for some days.",
    "outbox": "Urgent worker stands still, above, and a message that waits.",
    "live_streams": "Start each process by itself (README), all but python -m app.streams.",
    "database": "Let the first process of PostgreSQL stand still (kill -STOP and its id; kill -CONT"
    " lets it go on), and run `flask --app wsgi health`.",
    "redis": "Let Valkey stand still likewise.",
    "disk": "Let VAR_DIR be on a disk of a gigabyte.",
    "parked": "A fault in our own code alone does it.",
    "time_zones": "With DATABASE_URL of a server whose time zones are older than ours.",
}
"""By the check that says so; the keys are those of the product's files (app/health/checks)."""
