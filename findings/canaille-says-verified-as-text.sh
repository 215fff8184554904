#!/usr/bin/env bash
# Canaille 0.3.6 (an OpenID provider): an ID token says nothing of email_verified. Where its USERINFO_MAPPING
# is told to, the claim is the text that a template renders, and no JSON boolean as OpenID Connect Core 1.0
# (5.1) has it: "True", and for an address that is not verified "False", which is true to whoever asks
# `if claims["email_verified"]`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check 'canaille[oidc]==0.3.6'
cat >"$folder/see.py" <<'EOF'
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.oidc.userinfo import generate_user_claims

app = create_app(config={"SECRET_KEY": "s", "CANAILLE": {"DATABASE": "memory"}, "CANAILLE_OIDC": {}})
with app.test_request_context():
    ann = models.User(user_name="ann", family_name="Lee", emails=["ann@example.com"])
    Backend.instance.save(ann)
    told = [generate_user_claims(ann).get("email_verified", "nothing")]
    for verified in ("{{ 1 == 1 }}", "{{ 1 == 2 }}"):
        told.append(generate_user_claims(ann, {"EMAIL_VERIFIED": verified})["email_verified"])
print(told)
assert told == ["nothing", "True", "False"]
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# ['nothing', 'True', 'False']
