#!/usr/bin/env bash
# standardwebhooks 1.1.0 (Python): Webhook.sign() takes an aware time's wall clock for UTC, so that a
# time of another zone makes a signature that no receiver verifies; hand it UTC. And verify() raises
# ValueError, not WebhookVerificationError, for a signature header without a comma or with broken
# base64: a receiver that catches the one alone answers a forgery with 500.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check standardwebhooks==1.1.0
cat >"$folder/see.py" <<'EOF'
from datetime import UTC, datetime, timedelta, timezone

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook("whsec_c2VjcmV0IG9mIHRoaXMgZmluZGluZw==")
now = datetime.now(UTC)
seen = {}


def verified(signature):
    headers = {"webhook-id": "1", "webhook-timestamp": str(int(now.timestamp()))}
    try:
        webhook.verify("{}", headers | {"webhook-signature": signature})
    except Exception as error:
        return type(error)
    return None


for name, signature in (
    ("UTC", webhook.sign("1", now, "{}")),
    ("two hours east", webhook.sign("1", now.astimezone(timezone(timedelta(hours=2))), "{}")),
    ("no comma", "nonsense"),
    ("broken base64", "v1,A"),
):
    seen[name] = verified(signature)
    print(name, "→", seen[name].__name__ if seen[name] else "verified")
assert seen["UTC"] is None
assert seen["two hours east"] is WebhookVerificationError
assert issubclass(seen["no comma"], ValueError) and issubclass(seen["broken base64"], ValueError)
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# UTC → verified
# two hours east → WebhookVerificationError
# no comma → ValueError
# broken base64 → Error
