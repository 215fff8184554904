#!/usr/bin/env bash
# twilio 9.13.0 (the Python SDK): the class of twilio/card has no body, though the API's cards have one
# (https://www.twilio.com/docs/content/twiliocard: title or body). What is given to it is left out of
# the request without a word, so that a card of a body and buttons arrives as buttons alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check twilio==9.13.0
cat >"$folder/see.py" <<'EOF'
from twilio.rest.content.v1.content import ContentList

card = ContentList.TwilioCard({"body": "See you at ten.", "actions": []})
print(card.to_dict())
assert "body" not in card.to_dict()
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# {'title': None, 'subtitle': None, 'media': None, 'actions': []}
