#!/usr/bin/env bash
# icalendar 7.3.2 takes the type of a value from the property's name: a timedelta is an ISO 8601 duration in
# REFRESH-INTERVAL (RFC 7986), and in X-PUBLISHED-TTL, which calendar programs read beside it, the text that
# Python makes of it, which none of them takes for a duration. vDuration says what is meant.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check 'icalendar==7.3.2'
cat >"$folder/see.py" <<'EOF'
from datetime import timedelta

from icalendar import Calendar, vDuration

half_an_hour = timedelta(minutes=30)
calendar = Calendar()
calendar.add("refresh-interval", half_an_hour)
calendar.add("x-published-ttl", half_an_hour)
calendar.add("x-published-ttl", vDuration(half_an_hour))
told = calendar.to_ical().decode().split("\r\n")[1:-2]
print(*told, sep="\n")
assert told == ["REFRESH-INTERVAL:PT30M", "X-PUBLISHED-TTL:0:30:00", "X-PUBLISHED-TTL:PT30M"]
EOF
"$folder/venv/bin/python" "$folder/see.py"
# Seen:
# REFRESH-INTERVAL:PT30M
# X-PUBLISHED-TTL:0:30:00
# X-PUBLISHED-TTL:PT30M
