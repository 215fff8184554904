"""What the product looks at and no button here breaks: by whom it is broken, and how it is well."""

HOW = {
    "whatsapp_templates": "It is what a business has set up: under Setup, Automatic messages, let"
    " one go by WhatsApp, without an approved template and without SMS instead.",
    "rules_off": "It is what a business does: let a rule name a label, delete that label, and let"
    " the rule be set off.",
    "silence": "Time alone does it, as no webhook says when a text was written: a business that"
    " hears from customers each day, and then from nobody for some days.",
    "disk": "Nothing here fills a disk: let VAR_DIR be on one of a gigabyte.",
    "time_zones": "With DATABASE_URL of a server whose time zones are older than ours.",
}
"""By the check that says so; the keys are those of the product's files (app/health/checks)."""
