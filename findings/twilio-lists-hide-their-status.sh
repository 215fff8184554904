#!/usr/bin/env bash
# twilio 9.13.0 (the Python SDK): a resource's list() that is answered with 401 does not raise
# TwilioRestException, as fetch() of the same resource does, but its parent TwilioException, which
# has neither status nor code. The answer is the second of its args. Code that catches
# TwilioRestException to tell wrong credentials from an outage takes the one for the other in lists.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check twilio==9.13.0
cat >"$folder/see.py" <<'EOF'
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

ANSWER = '{"code": 20003, "message": "Authenticate", "more_info": "", "status": 401}'


class Refuses(HttpClient):
    def __init__(self):
        super().__init__(None, False)

    def request(self, method, url, **_more):
        return Response(401, ANSWER)


client = Client("AC" + "1" * 32, "a token", http_client=Refuses())
seen = {}
for name, ask in (
    ("fetch", lambda: client.messages("SM" + "1" * 32).fetch()),
    ("list", lambda: client.messages.list(limit=1)),
):
    try:
        ask()
    except TwilioException as error:
        seen[name] = error
        print(name, "raises", type(error).__name__, "status", getattr(error, "status", "none"))
print("list: args[1] is", type(seen["list"].args[1]).__name__, seen["list"].args[1].status_code)
assert type(seen["fetch"]) is TwilioRestException and seen["fetch"].status == 401
assert type(seen["list"]) is TwilioException and not hasattr(seen["list"], "status")
assert seen["list"].args[1].status_code == 401
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# fetch raises TwilioRestException status 401
# list raises TwilioException status none
# list: args[1] is Response 401
