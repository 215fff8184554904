from app.emails.kind import Kind

KIND = Kind(
    key="export_ready",
    subject="The export of $business is ready",
    text="""\
Hello $name,

everything of $business is in a file now, as $who asked: customers, messages, appointments and all \
else. Admins can download it until $until; then it is deleted.

Sign in and open Setup, Export everything: $url/admin/exports/

All admins of $business get this email. If none of you wanted it, remove the export there, and see \
under Setup, Audit log, who did what.
""",
)
