"""What the product looks at and no button here breaks: by whom it is broken, and how it is well."""

HOW = {
    "disk": "Nothing here fills a disk, as it is your machine's: let VAR_DIR be on one of a"
    " gigabyte.",
}
"""By the check that says so; the keys are those of the product's files (app/health/checks)."""
