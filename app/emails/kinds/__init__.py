"""The kinds of emails to users, one file each."""

from app.emails.kind import Kind
from app.emails.kinds import (
    changed_password,
    copied_passkey,
    export_ready,
    forgotten_password,
    invited,
    mention,
    messaging_trouble,
    passkey_changed,
    rule_notice,
    second_factor_off,
    webhook_disabled,
    wrong_codes,
    wrong_passwords,
)

_FILES = (
    changed_password,
    copied_passkey,
    export_ready,
    forgotten_password,
    invited,
    mention,
    messaging_trouble,
    passkey_changed,
    rule_notice,
    second_factor_off,
    webhook_disabled,
    wrong_codes,
    wrong_passwords,
)
KINDS: dict[str, Kind] = {file.KIND.key: file.KIND for file in _FILES}
